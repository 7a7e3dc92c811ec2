insert into topics (slug, title, position, match_all, section_id) values ('rivers', 'Rivers', 3, true, 1);

insert into topic_articles (topic_id, article_id, place, position) values (1, 1, 'top', 1), (1, 2, 'out', 0);

insert into topic_links (topic_id, position, label, article_id, address) values
    (1, 1, 'The explainer', 1, ''),
    (1, 2, 'The maps of the harbour', null, 'https://maps.example/');

insert into topic_dates (topic_id, position, day, text, article_id) values
    (1, 1, '1999-05-01', 'The harbour is dredged.', 1),
    (1, 2, '2004-05-01', 'The quay is rebuilt.', null);
