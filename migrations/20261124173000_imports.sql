-- What comes in from elsewhere: each run, what became of each thing in it, and where the old addresses lead now.

create table imports (
    id          bigint generated always as identity primary key,
    kind        text        not null check (kind in ('wxr', 'ghost', 'rss', 'ninjs', 'markdown', 'jsonl')),
    -- The file, folder or address, as whoever asked for it named it.
    name        text        not null check (char_length(name) <= 2000),
    -- Where an uploaded file lies, below the data folder. Empty once it is gone, and for what was never uploaded.
    file        text        not null default '',
    options     jsonb       not null default '{}',
    -- Nothing is written but the report.
    dry         boolean     not null default false,
    state       text        not null default 'waiting'
                            check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
    -- Why it failed, for whoever started it.
    failed      text        not null default '',
    -- Things that are done, and how far into the file that is: a run that was killed goes on behind them.
    done        bigint      not null default 0,
    read_bytes  bigint      not null default 0,
    bytes       bigint      not null default 0,
    -- Whoever works at it says so; a run that nobody works at may be taken up by another.
    worker_at   timestamptz,
    user_id     bigint      references users (id) on delete set null,
    actor       text        not null,
    created_at  timestamptz not null default now(),
    ended_at    timestamptz
);
create index imports_created on imports (created_at desc, id desc);

-- The report: a line for each thing.
create table import_lines (
    import_id   bigint      not null references imports (id) on delete cascade,
    number      bigint      not null,
    noun        text        not null,
    key         text        not null,
    title       text        not null,
    outcome     text        not null check (outcome in ('imported', 'updated', 'unchanged', 'skipped', 'refused')),
    -- Why not, or what did not come along.
    reason      text        not null default '',
    noun_id     bigint,
    -- Of the article, as it was written: its pictures and links are put in later, unless somebody edits it before.
    version     integer,
    -- The address of its lead picture, until that is fetched.
    picture     text        not null default '',
    -- Pictures and links of it are still to be looked after.
    open        boolean     not null default false,
    primary key (import_id, number)
);
create index import_lines_open on import_lines (import_id, number) where open;

-- Files that the source knows by a number: a body may name them before they are described.
create table import_files (
    source   text not null,
    key      text not null,
    address  text not null,
    alt      text not null default '',
    caption  text not null default '',
    primary key (source, key)
);
create index import_files_address on import_files (source, address);

-- What the source said when it was last imported, and the version that was made of it: what is the same is left alone,
-- and so is what somebody has edited here since.
alter table origins
    add column digest  bytea,
    add column version integer;

-- Addresses that the site had elsewhere, as paths: they lead to what has come from there.
create table old_addresses (
    address  text   primary key check (octet_length(address) <= 1000),
    noun     text   not null check (noun in ('article', 'section', 'tag', 'author')),
    noun_id  bigint not null
);
create index old_addresses_noun on old_addresses (noun, noun_id);
