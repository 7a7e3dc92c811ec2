insert into previews (nonce, noun, article_id, as_of, created_by, expires_at, revoked_at) values
    (sha256('one'), 'article', 3, null, 2, now() + interval '2 days', null),
    (sha256('two'), 'front', null, now() + interval '1 day', 1, now() + interval '7 days', now());
