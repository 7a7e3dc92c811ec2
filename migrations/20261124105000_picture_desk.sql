-- The picture desk: what is known of a picture wherever it hangs, its crops, and where it is used.

alter table media
    -- What it shows, unless it is mere decoration. Where it hangs it may be described otherwise.
    add column alt              text        not null default '' check (char_length(alt) <= 500),
    add column decorative       boolean     not null default false,
    add column caption          text        not null default '' check (char_length(caption) <= 500),
    add column credit           text        not null default '' check (char_length(credit) <= 200),
    -- Who gave it: an agency, a person, an archive.
    add column source           text        not null default '' check (char_length(source) <= 200),
    add column licence          text        not null default '' check (char_length(licence) <= 200),
    -- The first moment at which it may not be shown any more. Null: it may for ever.
    add column licence_ends_at  timestamptz,
    -- What every crop keeps in view, in thousandths of the width and the height.
    add column focus_x          smallint    not null default 500 check (focus_x between 0 and 1000),
    add column focus_y          smallint    not null default 500 check (focus_y between 0 and 1000),
    -- The focal point that the crops were made around; null while there are none.
    add column cropped_x        smallint,
    add column cropped_y        smallint,
    -- What the library searches.
    add column find             text        not null generated always as
        (lower(name || ' ' || alt || ' ' || caption || ' ' || credit || ' ' || source)) stored;
create index media_find on media using gin (find gin_trgm_ops);
create index media_licence on media (licence_ends_at) where licence_ends_at is not null;

-- What is served of a picture besides its renditions: its crops, and files that were either once. An address that
-- a page, a feed or a body has given away goes on leading to a file, until that is swept.
create table media_files (
    media_id    bigint       not null references media (id) on delete cascade,
    shape       text         not null check (shape in ('full', '16x9', '4x3', '1x1')),
    width       integer      not null check (width  > 0),
    height      integer      not null check (height > 0),
    extension   text         not null,
    sha256      bytea        not null check (octet_length(sha256) = 32),
    bytes       bigint       not null check (bytes > 0),
    -- Null: this is the crop of its shape and width.
    retired_at  timestamptz
);
create unique index media_files_current on media_files (media_id, shape, extension, width) where retired_at is null;
create index media_files_media   on media_files (media_id);
create index media_files_sha256  on media_files (sha256);
create index media_files_retired on media_files (retired_at) where retired_at is not null;
create index renditions_sha256   on renditions (sha256);

-- The pictures in the bodies of articles. A trigger keeps it, because a body is written in many places and the answer
-- to "may a stranger see this file?" hangs on it.
create table article_media (
    article_id  bigint  not null references articles (id) on delete cascade,
    media_id    bigint  not null references media (id),
    primary key (article_id, media_id)
);
create index article_media_media on article_media (media_id);

create function media_in(html text) returns setof bigint language sql stable as $$
    select f.media_id
    from (select distinct decode(found[1], 'hex') as sha256
          from regexp_matches(html, '/media/([0-9a-f]{64})/', 'g') as found) named
    join lateral (select r.media_id from renditions r where r.sha256 = named.sha256
                  union
                  select o.media_id from media_files o where o.sha256 = named.sha256) f on true
$$;

create function note_article_media() returns trigger language plpgsql as $$
begin
    delete from article_media where article_id = new.id;
    insert into article_media (article_id, media_id)
    select distinct new.id, media_id from media_in(new.body_html) as media_id;
    return null;
end
$$;
create trigger articles_media_insert after insert on articles for each row
    when (new.body_html like '%/media/%') execute function note_article_media();
create trigger articles_media_update after update of body_html on articles for each row
    when (new.body_html is distinct from old.body_html) execute function note_article_media();

insert into article_media (article_id, media_id)
select distinct a.id, media_id
from articles a, media_in(a.body_html) as media_id
where a.body_html like '%/media/%';

create index topics_picture        on topics (picture_id) where picture_id is not null;
create index galleries_film        on galleries (film_id) where film_id is not null;
create index galleries_poster      on galleries (poster_id) where poster_id is not null;
create index gallery_pictures_media on gallery_pictures (media_id);
