insert into autosaves (user_id, article_id, draft_key, fields) values
    (1, 1, 'scheduled-edit', '{"headline": "For tomorrow"}');
