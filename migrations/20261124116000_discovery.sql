-- What the site tells machines about itself: one row, once somebody has changed it.

create table discovery (
    only_row      boolean primary key default true check (only_row),
    -- Feeds carry whole articles, or their summaries.
    full_text     boolean not null default true,
    -- WebSub: addresses of hubs that are told of news, one a line.
    hubs          text    not null default '' check (char_length(hubs) <= 2000),
    -- robots.txt: everybody; search but no training of models; nobody. Then lines of the operator's own.
    robots        text    not null default 'all' check (robots in ('all', 'search', 'none')),
    robots_lines  text    not null default '' check (char_length(robots_lines) <= 8000),
    llms          boolean not null default false,
    -- IndexNow: the key is public by its nature, and made when it is switched on.
    indexnow      boolean not null default false,
    indexnow_key  text    not null default '' check (indexnow_key ~ '^([0-9a-f]{32})?$'),
    trust_lines   text    not null default '' check (char_length(trust_lines) <= 8000),
    -- Pages of the publisher by their name in schema.org, as {"ethicsPolicy": "https://..."}.
    policies      jsonb   not null default '{}'
);

-- When something that readers saw went away: a feed has changed then, though nothing new is in it.
create index articles_withdrawn on articles (updated_at desc) where state = 'withdrawn';
create index articles_expired on articles (expire_at desc) where expire_at is not null;
