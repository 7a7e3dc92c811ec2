insert into link_checks (article_id, version) select id, version from articles order by id limit 2;
insert into broken_links (article_id, href) select min(id), '/tag/gone' from articles;
