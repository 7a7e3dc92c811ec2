-- What was wrong in a published article and is right now: a public, dated note, tied to the two versions around it.

create table corrections (
    id            bigint generated always as identity primary key,
    article_id    bigint      not null references articles (id) on delete cascade,
    -- Counted for each article: part of its address.
    number        integer     not null,
    note          text        not null check (char_length(note) between 1 and 1000),
    at            timestamptz not null default now(),
    from_version  integer     not null,
    to_version    integer     not null,
    user_id       bigint      references users (id) on delete set null,
    unique (article_id, number),
    check (from_version < to_version)
);
create index corrections_at on corrections (at desc, id desc);
-- When an article changed last, as its readers are told.
create index corrections_article on corrections (article_id, at desc);
