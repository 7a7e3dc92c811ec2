insert into comments (article_id, state, name, email, body, moderated_at, moderated_by) values
    (1, 'pending',  'Dora', 'dora@example.org', 'When does it end?', null, null),
    (1, 'approved', 'Emil', null, 'At last.', now(), 1),
    (1, 'rejected', 'Emil', null, 'Nonsense.', now(), 2),
    (2, 'spam',     'Buy',  null, 'Buy now.', now(), null);

insert into view_hours (hour, article_id, views) values
    (date_trunc('hour', now()), 1, 12),
    (date_trunc('hour', now()) - interval '1 hour', 1, 30);

insert into view_days (day, article_id, views) values (current_date, 1, 42), (current_date - 1, 2, 7);

insert into most_viewed (span, rank, article_id, views) values
    ('day', 1, 1, 42),
    ('week', 1, 1, 42),
    ('week', 2, 2, 7),
    ('month', 1, 1, 42);
