-- How people come in: second factors, known devices, links that are used once, and what is counted against guessing.
--
-- As before, nothing stored opens a door by itself: tokens and recovery codes are stored as their SHA-256, the secret
-- of a second factor is sealed with a key from `secrets`.

-- Told apart by number, because the hash is nobody's to see; when the password was last asked; the family of the
-- browser ("Firefox on Linux"), never its whole name.
alter table sessions
    add column id        bigint generated always as identity,
    add column authed_at timestamptz not null default now(),
    add column browser   text        not null default '' check (char_length(browser) <= 60);
create unique index sessions_id on sessions (id);

-- Shorter passwords are enough beside a second factor. Without one they have to be replaced.
alter table users
    add column password_short boolean not null default false,
    -- What they write in and read, as BCP 47.
    add column languages      text    not null default '' check (char_length(languages) <= 100);

-- Time-based one-time codes (RFC 6238). Not confirmed: being set up. Each step counts once.
create table second_factors (
    user_id       bigint      primary key references users (id) on delete cascade,
    secret        bytea       not null,
    created_at    timestamptz not null default now(),
    confirmed_at  timestamptz,
    last_step     bigint      not null default 0
);

create table recovery_codes (
    code_hash   bytea       primary key,
    user_id     bigint      not null references users (id) on delete cascade,
    created_at  timestamptz not null default now(),
    used_at     timestamptz
);
create index recovery_codes_user on recovery_codes (user_id);

-- A password that was right and waits for its code. It opens nothing. The count against guessing (account and network)
-- is taken back only when the code was right too.
create table login_challenges (
    token_hash    bytea       primary key,
    user_id       bigint      not null references users (id) on delete cascade,
    account       text        not null,
    network_hash  bytea       not null,
    tries         integer     not null default 0,
    created_at    timestamptz not null default now(),
    expires_at    timestamptz not null
);
create index login_challenges_expires on login_challenges (expires_at);
create index login_challenges_user on login_challenges (user_id);

-- Browsers in which somebody has logged in before: guessing from elsewhere does not lock them out.
create table known_devices (
    token_hash    bytea       primary key,
    user_id       bigint      not null references users (id) on delete cascade,
    created_at    timestamptz not null default now(),
    last_used_at  timestamptz not null default now()
);
create index known_devices_user on known_devices (user_id);

-- Wrong passwords in a row, however long ago: the hundredth needs more than patience.
create table login_streaks (
    account    text        primary key,
    failures   integer     not null default 0,
    last_at    timestamptz not null default now()
);

-- Which roles must have a second factor; one without a row need not.
create table role_rules (
    role           text    primary key check (role in ('author', 'editor', 'admin')),
    second_factor  boolean not null default false
);

-- Asked in: by a link that somebody hands over, or by mail. The token is made anew with each link.
create table invitations (
    id          bigint generated always as identity primary key,
    token_hash  bytea       unique,
    email       text        not null default '' check (char_length(email) <= 254),
    role        text        not null check (role in ('author', 'editor', 'admin')),
    created_by  bigint      references users (id) on delete set null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null,
    used_at     timestamptz,
    user_id     bigint      references users (id) on delete set null,
    revoked_at  timestamptz
);

create table password_resets (
    token_hash  bytea       primary key,
    user_id     bigint      not null references users (id) on delete cascade,
    -- The administrator who made it; null: asked for by mail.
    created_by  bigint      references users (id) on delete set null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null,
    used_at     timestamptz
);
create index password_resets_user on password_resets (user_id);

-- Who asked for such a mail: the typed address and the network as keyed hashes, known or not.
create table reset_requests (
    id            bigint generated always as identity primary key,
    account       text        not null,
    network_hash  bytea       not null,
    requested_at  timestamptz not null default now()
);
create index reset_requests_requested_at on reset_requests (requested_at);

-- An author may be somebody who has an account.
alter table authors
    add column user_id     bigint unique references users (id) on delete set null,
    add column picture_id  bigint references media (id),
    add column picture_alt text   not null default '' check (char_length(picture_alt) <= 500),
    -- One address a line.
    add column links       text   not null default '' check (char_length(links) <= 1000);
create index authors_picture on authors (picture_id) where picture_id is not null;
