-- The way of an article to its readers: draft, review, published (scheduled while its time has not come), withdrawn.
-- Drafts can lie in the trash for a month.

alter table articles
    drop constraint articles_state_check,
    add constraint articles_state_check check (state in ('draft', 'review', 'published', 'withdrawn')),
    drop constraint articles_check,
    add constraint articles_has_time check (state in ('draft', 'review') or publish_at is not null),
    -- Whose turn it is.
    add column assignee bigint references users (id) on delete set null,
    add column trashed_at timestamptz,
    -- What readers see, or saw, is withdrawn and never trashed.
    add constraint articles_trash check (trashed_at is null or state = 'draft');

-- What waits at the desk is little beside what is published.
create index articles_waiting on articles (state, updated_at desc, id desc) where state <> 'published';
create index articles_assignee on articles (assignee, updated_at desc, id desc) where assignee is not null;
create index articles_trashed on articles (trashed_at) where trashed_at is not null;

-- What the desk says about an article among itself; readers never see it.
create table article_notes (
    id          bigint generated always as identity primary key,
    article_id  bigint      not null references articles (id) on delete cascade,
    user_id     bigint      references users (id) on delete set null,
    -- The name as it was then.
    author      text        not null,
    body        text        not null check (char_length(body) between 1 and 2000),
    at          timestamptz not null default now()
);
create index article_notes_article on article_notes (article_id, at, id);

-- Why a version was saved, in the words of whoever saved it.
alter table revisions add column why text not null default '' check (char_length(why) <= 500);
