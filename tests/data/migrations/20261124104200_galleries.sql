insert into galleries (kind, slug, title, publish_at, withdrawn_at) values ('photo', 'gone', 'Gone', now(), now());
