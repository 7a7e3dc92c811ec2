-- Text on its way: what a form held when its writer last paused, who has which article open, and what a section
-- wants to see before something goes out.

-- One row for a person and an article, written over and over, so there is nothing to squash; gone when the person
-- saves by hand. Nobody else is ever shown it. An article that was never saved has no number yet: its row goes by a
-- key that the browser made and that stands in the address of the form.
create table autosaves (
    id            bigint generated always as identity primary key,
    user_id       bigint      not null references users (id) on delete cascade,
    article_id    bigint      references articles (id) on delete cascade,
    draft_key     text        check (draft_key ~ '^[A-Za-z0-9_-]{8,64}$'),
    -- The version of the article that the text was written on.
    base_version  integer     not null default 0,
    -- One more with each autosave, and the page that wrote last: another page has to know the newest to write over it.
    sequence      integer     not null default 1,
    page          text        not null default '',
    -- Names and values as the form sends them; never indexed or searched.
    fields        jsonb       not null default '{}',
    -- The article that a draft was saved as. The row stays behind without its text, so that a page that was left
    -- open, or opened again, does not make the article twice.
    became        bigint      references articles (id) on delete cascade,
    saved_at      timestamptz not null default now(),
    check ((article_id is null) <> (draft_key is null)),
    check (became is null or draft_key is not null),
    unique nulls not distinct (user_id, article_id, draft_key)
);
create index autosaves_article on autosaves (article_id) where article_id is not null;
create index autosaves_became on autosaves (became) where became is not null;

-- Who has an article open. Not logged: after a crash every page that is still open says so again within half a minute.
create unlogged table presence (
    article_id  bigint      not null references articles (id) on delete cascade,
    user_id     bigint      not null references users (id) on delete cascade,
    -- One tab of a browser.
    tab         text        not null check (octet_length(tab) between 8 and 64),
    opened_at   timestamptz not null default now(),
    seen_at     timestamptz not null default now(),
    -- A page that is loaded again leaves and comes back: then it has been open all the time.
    left_at     timestamptz,
    primary key (article_id, user_id, tab)
);

-- Names of `news::article::checks`. Nothing is required until somebody says so.
alter table sections add column requires text[] not null default '{}';
