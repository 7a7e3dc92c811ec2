insert into corrections (article_id, number, note, from_version, to_version, user_id) values
    (1, 1, 'An earlier version gave the wrong depth.', 1, 2, 2);
