insert into sections (slug, name, description, position) values
    ('news', 'News', 'What happened.', 1),
    ('analysis', 'Analysis', '', 2);

insert into tags (slug, name) values
    ('harbour', 'Harbour'),
    ('wasser', 'Wasser'),
    ('水', '水');

insert into tag_aliases (slug, tag_id) select 'port', id from tags where slug = 'harbour';

insert into authors (slug, name, bio) values
    ('ada-ortega', 'Ada Ortega', 'Writes about towns.'),
    ('ben-adeyemi', 'Ben Adeyemi', '');

insert into places (name, latitude, longitude) values
    ('Bergen', 60.39, 5.32),
    ('Null Island', 0, 0);
