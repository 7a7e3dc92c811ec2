-- Who works here, and how the program knows them.
--
-- Nothing in these tables opens a door by itself: passwords are Argon2id strings, session and set-up tokens
-- are stored as their SHA-256, so a stolen dump cannot be used to log in.

create table users (
    id             bigint generated always as identity primary key,
    email          text        not null check (char_length(email) between 3 and 254),
    name           text        not null check (char_length(name) between 1 and 100),
    role           text        not null check (role in ('author', 'editor', 'admin')),
    password_hash  text        not null,
    created_at     timestamptz not null default now(),
    last_login_at  timestamptz,
    disabled_at    timestamptz
);
-- One account per address, however it is typed.
create unique index users_email on users (lower(email));

create table sessions (
    token_hash    bytea       primary key,
    user_id       bigint      not null references users (id) on delete cascade,
    created_at    timestamptz not null default now(),
    last_seen_at  timestamptz not null default now(),
    -- The absolute end; the idle end is last_seen_at plus an interval that the program knows.
    expires_at    timestamptz not null
);
create index sessions_user on sessions (user_id);
create index sessions_expires on sessions (expires_at);

-- Failed logins, so that every instance counts together. The network is a keyed hash, never an address.
create table login_failures (
    id            bigint generated always as identity primary key,
    account       text        not null,
    network_hash  bytea       not null,
    failed_at     timestamptz not null default now()
);
create index login_failures_account on login_failures (account, failed_at);
create index login_failures_network on login_failures (network_hash, failed_at);
create index login_failures_failed_at on login_failures (failed_at);

-- One-time links for the first administrator.
create table setup_tokens (
    token_hash  bytea       primary key,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null,
    used_at     timestamptz
);

-- Random keys that the instances must share, made once by whoever comes first.
create table secrets (
    name        text        primary key,
    value       bytea       not null,
    created_at  timestamptz not null default now()
);
