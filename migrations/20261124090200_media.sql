-- Pictures and films. The bytes lie in the media store under their SHA-256; these rows say what they are.

create table media (
    id           bigint generated always as identity primary key,
    kind         text        not null check (kind in ('picture', 'film')),
    -- Of the cleaned original, which is private.
    sha256       bytea       not null unique check (octet_length(sha256) = 32),
    -- 'jpg', 'png', 'webp', 'mp4', 'webm': the name under which the store keeps it.
    extension    text        not null,
    -- What the uploader called it: shown at the desk, never used as a path.
    name         text        not null check (char_length(name) <= 200),
    width        integer     not null check (width  > 0),
    height       integer     not null check (height > 0),
    bytes        bigint      not null check (bytes  > 0),
    created_by   bigint      references users (id) on delete set null,
    created_at   timestamptz not null default now(),
    -- Null until the job has made the renditions. A film is its own only rendition.
    ready_at     timestamptz,
    failed       text
);
create index media_created on media (created_at desc, id desc);

create table renditions (
    media_id   bigint   not null references media (id) on delete cascade,
    width      integer  not null check (width  > 0),
    height     integer  not null check (height > 0),
    -- 'webp', 'jpg'; for films 'mp4', 'webm'.
    extension  text     not null,
    sha256     bytea    not null check (octet_length(sha256) = 32),
    bytes      bigint   not null check (bytes > 0),
    primary key (media_id, extension, width)
);
