-- What programs bring instead of a session: made by a person for themselves, shown once, kept as its SHA-256.
create table api_tokens (
    id            bigint      generated always as identity primary key,
    -- It can do what this person may, and of that what its scopes say.
    user_id       bigint      not null references users (id) on delete cascade,
    name          text        not null check (char_length(name) between 1 and 100),
    token_hash    bytea       not null unique check (octet_length(token_hash) = 32),
    -- Its last letters, so that its owner knows which it is.
    hint          text        not null check (char_length(hint) = 4),
    scopes        text[]      not null check (cardinality(scopes) between 1 and 10),
    created_at    timestamptz not null default now(),
    expires_at    timestamptz not null,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);

create index api_tokens_user on api_tokens (user_id, id);
