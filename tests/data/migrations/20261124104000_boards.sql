insert into boards (content, published_by, restores)
values ('{"blocks": [{"id": 1, "kind": "news", "on": true, "size": 7, "rule": {"by": "latest"}, "placings": []}]}', 'Mira Holt', 1);

insert into banners (text, article_id, address, starts_at, ends_at) values
    ('The bridge is closed', 1, '', now(), now() + interval '2 hours'),
    ('The water has gone down', null, 'https://water.example/', now(), now() + interval '1 hour');
