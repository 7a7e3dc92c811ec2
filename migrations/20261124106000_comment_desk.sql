-- Comments as something that is talked over, held, decided and answered.

alter table comments
    -- A reply to another comment of the same article; replies to replies are as deep as it goes.
    add column parent_id     bigint   references comments (id) on delete set null,
    add column depth         smallint not null default 0 check (depth between 0 and 2),
    -- Who wrote it, as a keyed hash of the address; the address itself goes when it is not needed for a letter.
    add column commenter     bytea,
    -- Where it came from, as a hash whose key is destroyed after a day; emptied then, too.
    add column network       bytea,
    add column wants_answer  boolean  not null default false,
    -- Why it was held: link, first, quick, stale, unsigned, rewritten, banned, or "suspect: word".
    add column marks         text[]   not null default '{}',
    -- What the commenter is told about a rejection.
    add column reason        text     not null default '' check (char_length(reason) <= 1000),
    -- The commenter was asked to change it, and may until then.
    add column rewrite_until timestamptz,
    -- Written at the desk, in the name of the paper.
    add column newsroom      boolean  not null default false,
    -- Taken back by the commenter while others had replied: an empty place in the thread.
    add column removed_at    timestamptz;
create index comments_commenter on comments (commenter, created_at desc) where commenter is not null;
create index comments_parent on comments (parent_id) where parent_id is not null;
-- For the limits, which look at the last day at most.
create index comments_created on comments (created_at);
create index comments_with_network on comments (network, created_at) where network is not null;
create index comments_with_email on comments (id) where email is not null;

-- What an article says otherwise than the site.
alter table articles
    add column comment_mode text not null default 'site' check (comment_mode in ('site', 'open', 'moderated')),
    -- Days after publication; 0 never; null as the site.
    add column comment_days integer check (comment_days between 0 and 3650);

-- The rules of the site: one row, once somebody has changed them.
create table comment_rules (
    only_row         boolean primary key default true check (only_row),
    mode             text    not null default 'moderated' check (mode in ('open', 'moderated', 'closed')),
    close_after_days integer not null default 0 check (close_after_days between 0 and 3650),
    -- One a line.
    reasons          text    not null default '' check (char_length(reasons) <= 4000)
);

-- Normalised as the text is before they are looked for.
create table comment_words (
    list  text not null check (list in ('suspect', 'banned')),
    word  text not null check (char_length(word) between 1 and 100),
    primary key (list, word)
);

create table comment_bans (
    id          bigint      generated always as identity primary key,
    commenter   bytea       not null unique,
    -- The name under the comment that it was for, so that people know whom they meant.
    name        text        not null,
    comment_id  bigint      references comments (id) on delete set null,
    until       timestamptz not null,
    reason      text        not null default '' check (char_length(reason) <= 500),
    created_at  timestamptz not null default now(),
    created_by  bigint      references users (id) on delete set null
);

-- What a commenter can do without an account: take a comment back ('own'), change it ('rewrite').
create table comment_tokens (
    token_hash  bytea       primary key,
    comment_id  bigint      not null references comments (id) on delete cascade,
    purpose     text        not null check (purpose in ('own', 'rewrite')),
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null
);
create index comment_tokens_comment on comment_tokens (comment_id);
create index comment_tokens_expires on comment_tokens (expires_at);

-- The key of each day (UTC) for hashes of networks. A hash without its key says nothing any more.
create table network_keys (
    day  date  primary key,
    key  bytea not null check (octet_length(key) = 32)
);
