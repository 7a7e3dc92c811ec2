insert into users (email, name, role, password_hash, disabled_at) values
    ('ada@example.org',   'Ada Ortega',  'admin',  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', null),
    ('Ben@example.org',   'Ben Adeyemi', 'editor', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', null),
    ('chiara@example.org', 'Chiara Lind', 'author', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', now());

insert into sessions (token_hash, user_id, expires_at)
select sha256('session of ' || email::bytea), id, now() + interval '12 hours' from users where disabled_at is null;

insert into login_failures (account, network_hash) values ('ada@example.org', sha256('network'));

insert into setup_tokens (token_hash, expires_at, used_at) values
    (sha256('used'), now() + interval '1 hour', now()),
    (sha256('open'), now() + interval '1 hour', null);

insert into secrets (name, value) values ('visitors', sha256('a key'));
