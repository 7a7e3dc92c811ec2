insert into articles (state, section_id, headline, slug, assignee, trashed_at) values
    ('review', 1, 'Waits for an editor', 'waits-for-an-editor', 2, null),
    ('draft', 1, 'Thrown away', 'thrown-away', null, now() - interval '3 days');

insert into article_notes (article_id, user_id, author, body) values
    (1, 2, 'Ben Adeyemi', 'Is the depth in metres?'),
    (1, null, 'Somebody who left', 'It is.');
