-- Pictures that the site draws itself. They lie here and not in the store of media: few kilobytes each, of no use to
-- anybody but crawlers, and gone with what they belong to.

-- The icons made of the one logo that an administrator uploads.
create table site_icons (
    size     integer primary key check (size between 16 and 1024),
    -- Of the logo: it stands in their addresses.
    version  text    not null check (version ~ '^[0-9a-f]{12}$'),
    png      bytea   not null check (octet_length(png) <= 4000000)
);

-- What a link to an article without a picture shows elsewhere.
create table drawings (
    article_id  bigint  primary key references articles (id) on delete cascade,
    -- Of the words on it: it stands in its address, and says whether it has to be drawn anew.
    version     text    not null check (version ~ '^[0-9a-f]{12}$'),
    png         bytea   not null check (octet_length(png) <= 4000000)
);

call watch_pages('site_icons', $$ select 'all' $$);
call watch_pages('drawings',   $$ select 'article:' || r.article_id $$);
