insert into autosaves (user_id, article_id, draft_key, base_version, fields, became) values
    (1, 1, null, 2, '{"headline": "The harbour is dredged once more"}', null),
    (2, null, 'k3yk3yk3', 0, '{"headline": "Not saved yet"}', null),
    (2, null, 'spentspent', 0, '{}', 3);

insert into presence (article_id, user_id, tab) values (1, 1, 'tabtabtab'), (1, 2, 'anothertab');

update sections set requires = '{picture_alt,tags}' where id = 1;
