-- Work to be done later, and the record of what was done.

create table jobs (
    id          bigint generated always as identity primary key,
    kind        text        not null,
    payload     jsonb       not null default '{}',
    run_at      timestamptz not null default now(),
    attempts    integer     not null default 0,
    -- Set while a worker has it; a lease that ran out is taken over.
    locked_until timestamptz,
    last_error  text,
    -- Given up after too many attempts: kept for a person to read.
    dead_at     timestamptz,
    created_at  timestamptz not null default now()
);
create index jobs_due on jobs (run_at, id) where dead_at is null;

-- When each recurring piece of work was last done, so that several instances do it once.
create table schedules (
    name     text        primary key,
    last_at  timestamptz not null
);

create table audit (
    id          bigint generated always as identity primary key,
    at          timestamptz not null default now(),
    user_id     bigint      references users (id) on delete set null,
    -- The name as it was then; 'command line' for the CLI.
    actor       text        not null,
    -- verb and noun, as 'publish', 'article'.
    action      text        not null,
    noun        text        not null,
    noun_id     bigint,
    detail      jsonb       not null default '{}',
    request_id  text        not null default ''
);
create index audit_at on audit (at desc, id desc);
create index audit_noun on audit (noun, noun_id, at desc);

-- Where a row came from, so that what is loaded twice (the demo, an import) is found instead of doubled.
create table origins (
    origin   text    not null,
    noun     text    not null,
    key      text    not null,
    noun_id  bigint  not null,
    primary key (origin, noun, key)
);
create index origins_noun on origins (noun, noun_id);
