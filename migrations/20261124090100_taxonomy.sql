-- Where an article belongs: a section, tags, topics, authors, a place.

create extension if not exists pg_trgm;

create table sections (
    id           bigint generated always as identity primary key,
    slug         text        not null unique,
    name         text        not null check (char_length(name) between 1 and 60),
    description  text        not null default '' check (char_length(description) <= 300),
    position     integer     not null default 0,
    created_at   timestamptz not null default now()
);
create index sections_position on sections (position, id);

create table tags (
    id          bigint generated always as identity primary key,
    slug        text        not null unique,
    name        text        not null check (char_length(name) between 1 and 60),
    created_at  timestamptz not null default now()
);
create index tags_name on tags (lower(name) text_pattern_ops);

-- The addresses a tag had before it was renamed or merged; they redirect for ever.
create table tag_aliases (
    slug    text    primary key,
    tag_id  bigint  not null references tags (id) on delete cascade
);
create index tag_aliases_tag on tag_aliases (tag_id);

create table authors (
    id          bigint generated always as identity primary key,
    slug        text        not null unique,
    name        text        not null check (char_length(name) between 1 and 100),
    bio         text        not null default '' check (char_length(bio) <= 1000),
    created_at  timestamptz not null default now()
);
create index authors_name on authors (lower(name));

create table places (
    id         bigint generated always as identity primary key,
    name       text              not null check (char_length(name) between 1 and 100),
    latitude   double precision  not null check (latitude between -90 and 90),
    longitude  double precision  not null check (longitude between -180 and 180)
);
create unique index places_name on places (lower(name));
