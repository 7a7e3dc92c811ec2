-- Links in published articles that lead to no page of ours. Found by the clock: what was saved lately first, then
-- everything again, a little at a time. Nothing foreign is ever asked.

create table link_checks (
    article_id  bigint      primary key references articles (id) on delete cascade,
    -- The version that was looked at.
    version     integer     not null,
    checked_at  timestamptz not null default now()
);
create index link_checks_checked_at on link_checks (checked_at);

create table broken_links (
    article_id  bigint      not null references articles (id) on delete cascade,
    -- As the body has it.
    href        text        not null,
    found_at    timestamptz not null default now(),
    primary key (article_id, href)
);
create index broken_links_found_at on broken_links (found_at desc);
