insert into jobs (kind, payload, run_at, attempts, locked_until, last_error, dead_at) values
    ('make_renditions', '{"media": 1}', now(), 0, null, null, null),
    ('make_renditions', '{"media": 2}', now(), 5, null, 'not a picture after all', now()),
    ('flush_views', '{}', now() + interval '1 minute', 1, now() + interval '1 minute', null, null);

insert into schedules (name, last_at) values ('roll_up_views', now());

insert into audit (user_id, actor, action, noun, noun_id, detail, request_id) values
    (1, 'Ada Ortega', 'publish', 'article', 1, '{"version": 2}', '01'),
    (null, 'command line', 'create', 'user', 1, '{}', '');

insert into origins (origin, noun, key, noun_id) values ('demo', 'article', 'night-train', 1);
