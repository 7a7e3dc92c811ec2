-- Articles and what hangs on them.
--
-- Visible is a fact of the query, never a state flipped by a job:
--     state = 'published' and publish_at <= now() and (expire_at is null or expire_at > now())
-- so a scheduled article is simply one whose time has not come.

create table articles (
    id               bigint generated always as identity primary key,
    state            text        not null default 'draft' check (state in ('draft', 'published', 'withdrawn')),
    section_id       bigint      not null references sections (id),
    kicker           text        not null default '' check (char_length(kicker) <= 60),
    headline         text        not null check (char_length(headline) between 1 and 200),
    slug             text        not null check (octet_length(slug) between 1 and 80),
    standfirst       text        not null default '' check (char_length(standfirst) <= 1000),
    -- What the editor typed, what the cleaner made of it, and its words alone (search, excerpts).
    body_source      text        not null default '',
    body_html        text        not null default '',
    body_text        text        not null default '',
    words            integer     not null default 0,
    byline           text        not null default '' check (char_length(byline) <= 300),
    dateline         text        not null default '' check (char_length(dateline) <= 60),
    -- BCP 47, decides lang, dir and the dictionary of the search.
    language         text        not null default 'en',
    picture_id       bigint      references media (id),
    picture_alt      text        not null default '' check (char_length(picture_alt) <= 500),
    picture_caption  text        not null default '' check (char_length(picture_caption) <= 500),
    picture_credit   text        not null default '' check (char_length(picture_credit) <= 200),
    place_id         bigint      references places (id) on delete set null,
    comments_open    boolean     not null default false,
    publish_at       timestamptz,
    expire_at        timestamptz,
    -- When it really came out. Later than publish_at for an article that carries an older date: feeds must still
    -- show it to those who read them every day.
    released_at      timestamptz,
    -- Shown on the page that answers 410.
    withdrawn_note   text        not null default '' check (char_length(withdrawn_note) <= 500),
    -- Optimistic lock: each save adds one; a save that names an older version is refused.
    version          integer     not null default 1,
    created_by       bigint      references users (id) on delete set null,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),
    check (state = 'draft' or publish_at is not null),
    check (expire_at is null or publish_at is null or expire_at > publish_at)
);
-- Every public list walks one of these; measured flat at a million rows.
create index articles_latest  on articles (publish_at desc, id desc) where state = 'published';
create index articles_section on articles (section_id, publish_at desc, id desc) where state = 'published';
create index articles_place   on articles (publish_at desc, id desc) where state = 'published' and place_id is not null;
create index articles_picture on articles (picture_id) where picture_id is not null;
create index articles_late     on articles (released_at desc, id desc)
    where state = 'published' and released_at - publish_at > interval '1 day';
-- The desk's list: whatever was touched last.
create index articles_updated on articles (updated_at desc, id desc);
-- Spelling mistakes in a search find headlines by likeness.
create index articles_headline_trgm on articles using gin (lower(headline) gin_trgm_ops) where state = 'published';

-- The date is copied into the link so that a tag's page is one index walk (0.3 ms at a million articles
-- instead of 770). 'infinity' stands for a draft without a time. `article::set_tags` keeps it true.
create table article_tags (
    tag_id      bigint      not null references tags (id) on delete cascade,
    publish_at  timestamptz not null default 'infinity',
    article_id  bigint      not null references articles (id) on delete cascade,
    position    smallint    not null default 0,
    primary key (tag_id, publish_at, article_id)
);
create unique index article_tags_article on article_tags (article_id, tag_id) include (position);

create table article_authors (
    author_id   bigint      not null references authors (id) on delete cascade,
    publish_at  timestamptz not null default 'infinity',
    article_id  bigint      not null references articles (id) on delete cascade,
    position    smallint    not null default 0,
    primary key (author_id, publish_at, article_id)
);
create unique index article_authors_article on article_authors (article_id, author_id) include (position);

-- Related content that an editor chose, in order. Suggestions are computed, not stored.
create table article_related (
    article_id  bigint    not null references articles (id) on delete cascade,
    target_id   bigint    not null references articles (id) on delete cascade,
    position    smallint  not null,
    primary key (article_id, target_id),
    check (article_id <> target_id)
);
create index article_related_target on article_related (target_id);

-- Every save, whole, so that nothing an editor wrote is ever lost.
create table revisions (
    id          bigint generated always as identity primary key,
    article_id  bigint      not null references articles (id) on delete cascade,
    version     integer     not null,
    action      text        not null,
    user_id     bigint      references users (id) on delete set null,
    saved_at    timestamptz not null default now(),
    content     jsonb       not null,
    unique (article_id, version)
);

-- Apart from articles, so that lists never meet the vectors. The planner takes the date walk for frequent
-- words and the GIN index for rare ones; fastupdate off keeps reads flat.
create table article_search (
    article_id  bigint      primary key references articles (id) on delete cascade,
    publish_at  timestamptz not null,
    section_id  bigint      not null,
    doc         tsvector    not null
);
create index article_search_doc  on article_search using gin (doc) with (fastupdate = off);
create index article_search_date on article_search (publish_at desc, article_id desc);
