insert into second_factors (user_id, secret, confirmed_at, last_step) values
    (1, '\x00112233', now(), 59481000),
    (2, '\x44556677', null, 0);

insert into recovery_codes (code_hash, user_id, used_at) values
    (sha256('used code'), 1, now()),
    (sha256('open code'), 1, null);

insert into login_challenges (token_hash, user_id, account, network_hash, tries, expires_at) values
    (sha256('challenge'), 1, 'a keyed hash', sha256('network'), 2, now() + interval '5 minutes');

insert into known_devices (token_hash, user_id) values (sha256('device'), 1);

insert into login_streaks (account, failures) values ('a keyed hash', 7);

insert into role_rules (role, second_factor) values ('admin', true), ('author', false);

insert into invitations (token_hash, email, role, created_by, expires_at, used_at, revoked_at) values
    (sha256('open'), 'dana@example.org', 'author', 1, now() + interval '72 hours', null, null),
    (null, '', 'editor', 1, now() - interval '1 hour', null, now());

insert into password_resets (token_hash, user_id, created_by, expires_at) values
    (sha256('reset'), 2, 1, now() + interval '30 minutes');

insert into reset_requests (account, network_hash) values ('a keyed hash', sha256('network'));

update users set languages = 'en, fa', password_short = true where id = 1;
update authors set user_id = 1, links = 'https://example.org/ada' where id = (select min(id) from authors);
