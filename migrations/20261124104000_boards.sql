-- The front page as editors arrange it, and the banner on top of every page.
--
-- A board is a document: blocks in order, and in each the articles placed by hand with their times. It is read
-- whole, changed whole and published whole; nothing joins its parts, so they are no tables of their own. The page
-- asks for the last one published and decides by the clock which placings are in force.

create table boards (
    id            bigint generated always as identity primary key,
    content       jsonb       not null check (jsonb_typeof(content -> 'blocks') = 'array'),
    published_at  timestamptz not null default now(),
    -- The name as it was then, as in the audit log.
    published_by  text        not null,
    -- The older board that was brought back.
    restores      bigint      references boards (id)
);

-- What is being arranged: one for the whole desk, so that two editors never publish over one another.
create table board_draft (
    only_one    boolean     primary key default true check (only_one),
    content     jsonb       not null check (jsonb_typeof(content -> 'blocks') = 'array'),
    -- Optimistic lock, as in articles.
    version     integer     not null default 1,
    updated_at  timestamptz not null default now(),
    updated_by  text        not null
);

-- The page as it was drawn until now, with the editor's choice in its block. The table editors_choice is read by
-- nothing any more.
with placings as (
    select coalesce(jsonb_agg(jsonb_build_object('id', 100 + n, 'article', article_id, 'starts_at', starts_at, 'ends_at', ends_at)
                              order by n), '[]') as chosen
    from (select article_id, row_number() over (order by position, id) as n,
                 to_char(starts_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as starts_at,
                 to_char(ends_at   at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ends_at
          from editors_choice) numbered
), first as (
    insert into boards (content, published_by)
    select jsonb_build_object('blocks', jsonb_build_array(
               '{"id": 1, "kind": "news",        "on": true, "size": 7,  "rule": {"by": "latest"}, "placings": []}'::jsonb,
               '{"id": 2, "kind": "choice",      "on": true, "size": 5,  "rule": {"by": "hand"}}'::jsonb
                   || jsonb_build_object('placings', chosen),
               '{"id": 3, "kind": "most_viewed", "on": true, "size": 5,  "rule": {"by": "hand"},   "placings": []}'::jsonb,
               '{"id": 4, "kind": "in_focus",    "on": true, "size": 24, "rule": {"by": "hand"},   "placings": []}'::jsonb,
               '{"id": 5, "kind": "map",         "on": true, "size": 4,  "rule": {"by": "latest"}, "placings": []}'::jsonb,
               '{"id": 6, "kind": "sections",    "on": true, "size": 4,  "rule": {"by": "latest"}, "placings": []}'::jsonb,
               '{"id": 7, "kind": "gallery",     "on": true, "size": 4,  "rule": {"by": "hand"},   "placings": []}'::jsonb)),
           'Broadsheet'
    from placings
    returning content, published_by
)
insert into board_draft (content, updated_by) select content, published_by from first;

-- Breaking news: one line on top of every public page, from a time until a time. Of two in force the later begun
-- is shown; ended is a fact of the query.
create table banners (
    id          bigint generated always as identity primary key,
    text        text        not null check (char_length(text) between 1 and 200),
    -- What it leads to: an article, or an address, or nothing.
    article_id  bigint      references articles (id) on delete set null,
    address     text        not null default '' check (char_length(address) <= 500),
    starts_at   timestamptz not null,
    ends_at     timestamptz not null,
    created_at  timestamptz not null default now(),
    check (ends_at > starts_at),
    check (article_id is null or address = '')
);
create index banners_ends on banners (ends_at);
