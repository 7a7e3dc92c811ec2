update articles set work = 'opinion' where id = (select min(id) from articles);
