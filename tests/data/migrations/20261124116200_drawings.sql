insert into site_icons (size, version, png) values (48, '0123456789ab', '\x89504e47');
insert into drawings (article_id, version, png) select min(id), '0123456789ab', '\x89504e47' from articles;
