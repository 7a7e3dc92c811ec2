-- Links on which people without an account see what is not public yet: an article, or the front page as it will be.
-- The address holds the id and a keyed hash of id and nonce; the key is the secret "previews".

create table previews (
    id          bigint generated always as identity primary key,
    nonce       bytea       not null check (octet_length(nonce) = 32),
    noun        text        not null check (noun in ('article', 'front')),
    article_id  bigint      references articles (id) on delete cascade,
    -- The moment that is shown; null: what is saved, as it is now.
    as_of       timestamptz,
    created_by  bigint      references users (id) on delete set null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz not null,
    revoked_at  timestamptz,
    check ((noun = 'article') = (article_id is not null)),
    check (expires_at <= created_at + interval '7 days')
);
create index previews_article on previews (article_id, id desc);
create index previews_expires on previews (expires_at);
