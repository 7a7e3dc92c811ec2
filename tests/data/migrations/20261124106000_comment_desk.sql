insert into comments (article_id, state, name, body, parent_id, depth, commenter, network, marks, reason) values
    (1, 'approved', 'Dora', 'It ended.', 2, 1, '\x01', null, '{}', ''),
    (1, 'rejected', 'Fritz', 'Nonsense again.', 2, 1, '\x02', '\x03', '{first,"suspect: nonsense"}', 'It was said already.');

insert into comment_words (list, word) values ('suspect', 'nonsense'), ('banned', '时时彩');

insert into comment_bans (commenter, name, comment_id, until, created_by) values
    ('\x02', 'Fritz', 3, now() + interval '1 month', 1);

insert into comment_tokens (token_hash, comment_id, purpose, expires_at) values
    ('\x04', 1, 'own', now() + interval '1 year'),
    ('\x05', 3, 'rewrite', now() + interval '14 days');

insert into network_keys (day, key) values (current_date, decode(repeat('ab', 32), 'hex'));

insert into comment_rules (mode, close_after_days, reasons) values ('open', 30, 'It was said already.');
