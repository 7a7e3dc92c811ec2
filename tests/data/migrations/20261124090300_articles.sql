insert into articles (state, section_id, kicker, headline, slug, standfirst, body_source, body_html, body_text, words,
                      byline, dateline, picture_id, picture_alt, place_id, comments_open, publish_at, expire_at,
                      withdrawn_note, created_by) values
    ('published', 1, 'Ports', 'The harbour is dredged again', 'the-harbour-is-dredged-again', 'After nine years.',
     '<p>The work begins.</p>', '<p>The work begins.</p>', 'The work begins.', 3,
     'Ada Ortega', 'Bergen', 1, 'A harbour', 1, true, now() - interval '1 day', null, '', 1),
    ('published', 2, '', 'What the dredging costs', 'what-the-dredging-costs', '', '', '', '', 0,
     'Ben Adeyemi', '', null, '', null, false, now() + interval '1 day', now() + interval '9 days', '', 2),
    ('draft', 1, '', 'Not yet finished', 'not-yet-finished', '', '', '', '', 0,
     '', '', null, '', null, false, null, null, '', 3),
    ('withdrawn', 1, '', 'A mistake', 'a-mistake', '', '', '', '', 0,
     '', '', null, '', null, false, now() - interval '2 days', null, 'It was not true.', null);

insert into article_tags (tag_id, publish_at, article_id, position)
select 1, coalesce(publish_at, 'infinity'), id, 0 from articles;

insert into article_authors (author_id, publish_at, article_id)
select 1, publish_at, id from articles where id = 1;

insert into article_related (article_id, target_id, position) values (1, 2, 0), (2, 1, 0);

insert into revisions (article_id, version, action, user_id, content) values
    (1, 1, 'save', 1, '{"headline": "The harbour"}'),
    (1, 2, 'publish', null, '{"headline": "The harbour is dredged again"}');

insert into article_search (article_id, publish_at, section_id, doc)
select id, publish_at, section_id, to_tsvector('english', headline) from articles where state = 'published';
