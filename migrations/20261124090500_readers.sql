-- What readers leave behind: comments, and counts of what was read.

create table comments (
    id            bigint generated always as identity primary key,
    article_id    bigint      not null references articles (id) on delete cascade,
    state         text        not null default 'pending' check (state in ('pending', 'approved', 'rejected', 'spam')),
    name          text        not null check (char_length(name) between 1 and 60),
    -- Never shown to a reader, and optional.
    email         text        check (char_length(email) <= 254),
    body          text        not null check (char_length(body) between 1 and 5000),
    created_at    timestamptz not null default now(),
    moderated_at  timestamptz,
    moderated_by  bigint      references users (id) on delete set null
);
create index comments_article on comments (article_id, created_at, id) where state = 'approved';
create index comments_state on comments (state, created_at desc, id desc);

-- Counted in memory and flushed every few seconds; no reader is in here, only sums.
create table view_hours (
    hour        timestamptz not null,
    article_id  bigint      not null references articles (id) on delete cascade,
    views       bigint      not null,
    primary key (hour, article_id)
);

-- Rolled up from the hours, so that week and month stay cheap.
create table view_days (
    day         date    not null,
    article_id  bigint  not null references articles (id) on delete cascade,
    views       bigint  not null,
    primary key (day, article_id)
);

-- The ready lists, written by a job; pages read these rows and no others.
create table most_viewed (
    span        text    not null check (span in ('day', 'week', 'month')),
    rank        integer not null,
    article_id  bigint  not null references articles (id) on delete cascade,
    views       bigint  not null,
    primary key (span, rank)
);
