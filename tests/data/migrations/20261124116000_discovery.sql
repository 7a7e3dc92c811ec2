insert into discovery (full_text, hubs, robots, robots_lines, llms, indexnow, indexnow_key, trust_lines, policies)
values (false, 'https://hub.example/', 'search', 'User-agent: Greedy', true, true,
        '0123456789abcdef0123456789abcdef', 'contact=https://news.example/about',
        '{"ethicsPolicy": "https://news.example/ethics"}');
