-- What editors arrange by hand: In Focus, editor's choice, galleries.

create table topics (
    id           bigint generated always as identity primary key,
    slug         text        not null unique,
    title        text        not null check (char_length(title) between 1 and 100),
    description  text        not null default '' check (char_length(description) <= 1000),
    picture_id   bigint      references media (id),
    picture_alt  text        not null default '' check (char_length(picture_alt) <= 500),
    position     integer     not null default 0,
    -- Pinned topics stand on the front page.
    pinned       boolean     not null default false,
    created_at   timestamptz not null default now()
);
create index topics_position on topics (position, id);

-- A topic gathers articles by tags ...
create table topic_tags (
    topic_id  bigint  not null references topics (id) on delete cascade,
    tag_id    bigint  not null references tags (id) on delete cascade,
    primary key (topic_id, tag_id)
);
create index topic_tags_tag on topic_tags (tag_id);

-- ... and by hand.
create table topic_articles (
    topic_id    bigint  not null references topics (id) on delete cascade,
    article_id  bigint  not null references articles (id) on delete cascade,
    primary key (topic_id, article_id)
);
create index topic_articles_article on topic_articles (article_id);

create table editors_choice (
    id          bigint generated always as identity primary key,
    article_id  bigint       not null unique references articles (id) on delete cascade,
    position    integer      not null default 0,
    starts_at   timestamptz,
    ends_at     timestamptz,
    check (ends_at is null or starts_at is null or ends_at > starts_at)
);
create index editors_choice_position on editors_choice (position, id);

create table galleries (
    id           bigint generated always as identity primary key,
    kind         text        not null check (kind in ('photo', 'film')),
    slug         text        not null check (octet_length(slug) between 1 and 80),
    title        text        not null check (char_length(title) between 1 and 200),
    description  text        not null default '' check (char_length(description) <= 1000),
    -- Null: a draft.
    publish_at   timestamptz,
    -- A film is an uploaded video or a link elsewhere, with a poster.
    film_id      bigint      references media (id),
    film_url     text        not null default '' check (char_length(film_url) <= 500),
    poster_id    bigint      references media (id),
    poster_alt   text        not null default '' check (char_length(poster_alt) <= 500),
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);
create index galleries_latest on galleries (kind, publish_at desc, id desc) where publish_at is not null;

create table gallery_pictures (
    id          bigint generated always as identity primary key,
    gallery_id  bigint   not null references galleries (id) on delete cascade,
    media_id    bigint   not null references media (id),
    position    integer  not null default 0,
    alt         text     not null default '' check (char_length(alt) <= 500),
    caption     text     not null default '' check (char_length(caption) <= 500),
    credit      text     not null default '' check (char_length(credit) <= 200)
);
create index gallery_pictures_gallery on gallery_pictures (gallery_id, position, id);
