insert into banners (text, article_id, address, starts_at, ends_at, version) values
    ('The bridge is open again', 1, '', now(), now() + interval '1 hour', 3);
