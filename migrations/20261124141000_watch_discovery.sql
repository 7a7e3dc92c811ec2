-- What the site tells machines stands in feeds, in robots.txt and on pages.
call watch_pages('discovery', $$ select 'all' $$);
