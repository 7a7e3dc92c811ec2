-- Edits that carry their own time. The one in force is decided by the query that reads an article:
--     not held and effective_at <= now()
-- and a job later folds it into the article, which is then right by itself. So this table holds only what waits.

create table scheduled_edits (
    id               bigint generated always as identity primary key,
    -- One at a time: what comes after it is written once it is known.
    article_id       bigint      not null unique references articles (id) on delete cascade,
    effective_at     timestamptz not null,
    -- The version whose text the editor had before them.
    based_on         integer     not null,
    -- The article was saved since: nothing happens until a person has looked.
    held             boolean     not null default false,
    -- The whole of it, as a revision keeps it; beside it what pages and lists show.
    content          jsonb       not null,
    kicker           text        not null,
    headline         text        not null,
    standfirst       text        not null,
    body_html        text        not null,
    words            integer     not null,
    byline           text        not null,
    dateline         text        not null,
    language         text        not null,
    picture_id       bigint      references media (id),
    picture_alt      text        not null,
    picture_caption  text        not null,
    picture_credit   text        not null,
    place_id         bigint      references places (id) on delete set null,
    comments_open    boolean     not null,
    why              text        not null default '' check (char_length(why) <= 500),
    -- What readers are told of it; '' for a minor change.
    correction       text        not null default '' check (char_length(correction) <= 1000),
    user_id          bigint      references users (id) on delete set null,
    -- The name as it was then.
    author           text        not null,
    created_at       timestamptz not null default now()
);
-- Asked for by every card of every list, and by the job: a few rows, in memory.
create index scheduled_edits_due on scheduled_edits (article_id, effective_at) where not held;
create index scheduled_edits_picture on scheduled_edits (picture_id) where picture_id is not null;
