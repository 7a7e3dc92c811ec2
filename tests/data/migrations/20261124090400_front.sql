insert into topics (slug, title, description, picture_id, picture_alt, position, pinned) values
    ('the-sea', 'The sea', 'Water, and what people do with it.', 1, 'A harbour', 1, true),
    ('towns', 'Towns', '', null, '', 2, false);

insert into topic_tags (topic_id, tag_id) values (1, 1), (1, 2);

insert into topic_articles (topic_id, article_id) values (2, 1);

insert into editors_choice (article_id, position, starts_at, ends_at) values
    (1, 1, null, null),
    (2, 2, now(), now() + interval '7 days');

insert into galleries (kind, slug, title, description, publish_at, film_id, film_url, poster_id, poster_alt) values
    ('photo', 'a-day-at-the-quay', 'A day at the quay', 'From dawn.', now(), null, '', 1, 'A harbour'),
    ('film',  'waves', 'Waves', '', now(), 3, '', 1, 'A harbour'),
    ('film',  'elsewhere', 'Elsewhere', '', null, null, 'https://video.example.org/1', null, '');

insert into gallery_pictures (gallery_id, media_id, position, alt, caption, credit) values
    (1, 1, 1, 'A harbour', 'At five in the morning', 'Chiara Lind'),
    (1, 2, 2, '', '', '');
