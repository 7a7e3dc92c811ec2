-- What a topic gathers, what it opens with, and its dates.

alter table topics
    -- Any of the tags, or all of them; within one section, if it names one. Without tags: all of the section.
    add column match_all   boolean  not null default false,
    add column section_id  bigint   references sections (id) on delete set null;

-- Picked by hand: on top of the page in their order, among the others by date, or left out whatever the rule says.
alter table topic_articles
    add column place     text     not null default 'in' check (place in ('top', 'in', 'out')),
    add column position  integer  not null default 0;

-- "Start here": where somebody begins who has read nothing of it.
create table topic_links (
    topic_id    bigint   not null references topics (id) on delete cascade,
    position    integer  not null,
    label       text     not null check (char_length(label) between 1 and 100),
    article_id  bigint   references articles (id) on delete cascade,
    address     text     not null default '' check (char_length(address) <= 500),
    primary key (topic_id, position),
    check ((article_id is null) <> (address = ''))
);
create index topic_links_article on topic_links (article_id) where article_id is not null;

-- The days on which it turned.
create table topic_dates (
    topic_id    bigint   not null references topics (id) on delete cascade,
    position    integer  not null,
    day         date     not null,
    text        text     not null check (char_length(text) between 1 and 300),
    article_id  bigint   references articles (id) on delete set null,
    address     text     not null default '' check (char_length(address) <= 500),
    primary key (topic_id, position),
    check (article_id is null or address = '')
);
create index topic_dates_article on topic_dates (article_id) where article_id is not null;
