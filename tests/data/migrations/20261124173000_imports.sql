insert into imports (kind, name, actor, state, done, bytes, read_bytes)
values ('wxr', 'export.xml', 'command line', 'running', 1, 1000, 500);
insert into import_lines (import_id, number, noun, key, title, outcome, noun_id, version, picture, open)
select min(i.id), 1, 'article', '12', 'The ferry', 'imported', (select min(id) from articles), 1,
       'https://old.example/ferry.jpg', true
from imports i;
insert into import_files (source, key, address) values ('https://old.example', '13', 'https://old.example/ferry.jpg');
update origins set digest = sha256('a'), version = 1;
insert into old_addresses (address, noun, noun_id) select '/2019/03/04/ferry', 'article', min(id) from articles;
