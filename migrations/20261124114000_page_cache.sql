-- What readers see of a row. Whatever changes it says so on the channel `broadsheet_pages`, inside the transaction of
-- the change: `web::page_cache` drops the pages that carry one of the keys. It is said here and not in the program, so
-- that no statement can forget it, be it an import, a job or a person with psql.
--
-- A message is a list of keys with spaces between them: `article:7 section:2 front`. The key `all` is every page.

-- Long lists and whole imports become `all`; a message of NOTIFY holds less than 8000 bytes.
create function purge_pages(keys text[]) returns void language plpgsql as $$
declare
    message text := '';
    key     text;
begin
    if cardinality(keys) > 1000 then
        keys := array['all'];
    end if;
    foreach key in array keys loop
        if length(message) + length(key) > 7900 then
            perform pg_notify('broadsheet_pages', message);
            message := '';
        end if;
        message := ltrim(message || ' ' || key);
    end loop;
    if message <> '' then
        perform pg_notify('broadsheet_pages', message);
    end if;
end
$$;

-- The keys of all pages on which an article stands, or will stand.
create function pages_of_article(article bigint) returns setof text language sql stable as $$
    select unnest(array['article:' || article, 'front', 'feed', 'search-index'])
    union
    select 'section:' || a.section_id from articles a where a.id = article
    union
    select 'tag:' || l.tag_id from article_tags l where l.article_id = article
    union
    select 'author:' || l.author_id from article_authors l where l.article_id = article
    union
    select 'article:' || r.article_id from article_related r where r.target_id = article
    union
    select 'topic:' || h.topic_id from topic_articles h where h.article_id = article
    union
    select 'topic:' || k.topic_id from topic_links k where k.article_id = article
    union
    select 'topic:' || d.topic_id from topic_dates d where d.article_id = article
    union
    select 'topic:' || t.topic_id
    from article_tags l join topic_tags t on t.tag_id = l.tag_id
    where l.article_id = article
    union
    select 'topic:' || o.id from articles a join topics o on o.section_id = a.section_id where a.id = article
    union
    select 'layout' from banners b where b.article_id = article and b.ends_at > now()
$$;

-- The same while readers see it, now or at a time that is set.
create function pages_of_public(article bigint) returns setof text language sql stable as $$
    select pages_of_article(a.id) from articles a where a.id = article and a.state = 'published'
$$;

-- And of a picture or a film.
create function pages_of_media(medium bigint) returns setof text language sql stable as $$
    select page
    from media_uses u
    cross join lateral (
        select pages_of_public(u.noun_id) where u.noun = 'article'
        union all
        select unnest(array['topic:' || u.noun_id, 'front']) where u.noun = 'topic'
        union all
        select unnest(array['gallery', 'front']) where u.noun = 'gallery'
    ) shown (page)
    where u.media_id = medium
    union
    select 'author:' || w.id from authors w where w.picture_id = medium
$$;

-- Watches a table. `keys` is a query over one changed row, `r`.
create procedure watch_pages(watched regclass, keys text) language plpgsql as $$
begin
    execute format(
        $body$
        create function %1$I() returns trigger language plpgsql as $function$
        begin
            if tg_op <> 'INSERT' then
                perform purge_pages(case when (select count(*) from old_rows) > 200 then array['all'] else
                    array(select distinct page from old_rows r cross join lateral (%3$s) shown (page)) end);
            end if;
            if tg_op <> 'DELETE' then
                perform purge_pages(case when (select count(*) from new_rows) > 200 then array['all'] else
                    array(select distinct page from new_rows r cross join lateral (%3$s) shown (page)) end);
            end if;
            return null;
        end
        $function$;
        create trigger purge_pages_insert after insert on %2$s referencing new table as new_rows
            for each statement execute function %1$I();
        create trigger purge_pages_update after update on %2$s referencing old table as old_rows new table as new_rows
            for each statement execute function %1$I();
        create trigger purge_pages_delete after delete on %2$s referencing old table as old_rows
            for each statement execute function %1$I();
        $body$,
        'purge_pages_of_' || watched::text, watched, keys);
end
$$;

call watch_pages('articles', $$
    select pages_of_article(r.id) where r.state = 'published'
    union all
    select 'section:' || r.section_id where r.state = 'published'
$$);
-- The date of a tag that only a draft carries is infinite.
call watch_pages('article_tags', $$
    select pages_of_public(r.article_id)
    union all
    select 'tag:' || r.tag_id where r.publish_at < 'infinity'
    union all
    select 'topic:' || t.topic_id from topic_tags t where t.tag_id = r.tag_id and r.publish_at < 'infinity'
$$);
call watch_pages('article_authors', $$
    select pages_of_public(r.article_id)
    union all
    select 'author:' || r.author_id where r.publish_at < 'infinity'
$$);
call watch_pages('article_related', $$ select 'article:' || r.article_id $$);
call watch_pages('article_media',   $$ select pages_of_public(r.article_id) $$);
call watch_pages('corrections',     $$ select pages_of_public(r.article_id) $$);
call watch_pages('scheduled_edits', $$ select pages_of_public(r.article_id) $$);
call watch_pages('comments',        $$ select 'comments:' || r.article_id where r.state = 'approved' $$);
call watch_pages('comment_rules',   $$ select 'all' $$);
-- Every page has the menu, and feeds and lists name sections.
call watch_pages('sections',        $$ select 'all' $$);
call watch_pages('places', $$
    select 'all' where exists (select from articles a where a.place_id = r.id)
$$);
call watch_pages('tags', $$
    select unnest(array['tag:' || r.id, 'feed', 'search-index'])
    union all
    select 'topic:' || t.topic_id from topic_tags t where t.tag_id = r.id
$$);
-- Their names stand on the pages of all that they wrote.
call watch_pages('authors', $$
    select 'all' where exists (select from article_authors l where l.author_id = r.id)
$$);
call watch_pages('topics',  $$ select unnest(array['topic:' || r.id, 'front', 'feed', 'search-index']) $$);
call watch_pages('topic_tags',     $$ select unnest(array['topic:' || r.topic_id, 'front', 'feed']) $$);
call watch_pages('topic_articles', $$ select unnest(array['topic:' || r.topic_id, 'front', 'feed']) $$);
call watch_pages('topic_links',    $$ select unnest(array['topic:' || r.topic_id]) $$);
call watch_pages('topic_dates',    $$ select unnest(array['topic:' || r.topic_id]) $$);
call watch_pages('galleries',        $$ select unnest(array['gallery', 'front', 'feed']) $$);
call watch_pages('gallery_pictures', $$ select unnest(array['gallery', 'front', 'feed']) $$);
call watch_pages('media',       $$ select pages_of_media(r.id) $$);
call watch_pages('renditions',  $$ select pages_of_media(r.media_id) $$);
call watch_pages('media_files', $$ select pages_of_media(r.media_id) $$);
call watch_pages('boards',      $$ select 'front' $$);
call watch_pages('banners',     $$ select 'layout' $$);
call watch_pages('most_viewed', $$ select 'most-viewed' $$);
