-- Every use of a medium, and whether readers see it there. Whatever refers to `media` has its branch here: what is
-- used nowhere visible is served to the desk alone. An edit that waits uses what it will show; a portrait is public
-- once something of its author is.

create view media_uses as
select a.picture_id as media_id, 'article' as noun, a.id as noun_id, a.headline as title,
       (a.state = 'published' and a.publish_at <= now() and (a.expire_at is null or a.expire_at > now())) as visible
from articles a
where a.picture_id is not null
union all
select b.media_id, 'article', a.id, a.headline,
       (a.state = 'published' and a.publish_at <= now() and (a.expire_at is null or a.expire_at > now()))
from article_media b
join articles a on a.id = b.article_id
union all
select t.picture_id, 'topic', t.id, t.title, true
from topics t
where t.picture_id is not null
union all
select g.film_id, 'gallery', g.id, g.title, coalesce(g.publish_at <= now() and g.withdrawn_at is null, false)
from galleries g
where g.film_id is not null
union all
select g.poster_id, 'gallery', g.id, g.title, coalesce(g.publish_at <= now() and g.withdrawn_at is null, false)
from galleries g
where g.poster_id is not null
union all
select p.media_id, 'gallery', g.id, g.title, coalesce(g.publish_at <= now() and g.withdrawn_at is null, false)
from gallery_pictures p
join galleries g on g.id = p.gallery_id
union all
-- By account, for that is where the desk changes it; 0 when the author has none any more.
select w.picture_id, 'author', coalesce(w.user_id, 0), w.name,
       exists (select from article_authors l
                 join articles a on a.id = l.article_id
                where l.author_id = w.id and a.state = 'published' and a.publish_at <= now()
                  and (a.expire_at is null or a.expire_at > now()))
from authors w
where w.picture_id is not null
union all
select e.picture_id, 'article', a.id, e.headline,
       (not e.held and e.effective_at <= now() and a.state = 'published' and a.publish_at <= now()
        and (a.expire_at is null or a.expire_at > now()))
from scheduled_edits e
join articles a on a.id = e.article_id
where e.picture_id is not null
union all
select in_body.media_id, 'article', a.id, e.headline,
       (not e.held and e.effective_at <= now() and a.state = 'published' and a.publish_at <= now()
        and (a.expire_at is null or a.expire_at > now()))
from scheduled_edits e
join articles a on a.id = e.article_id
cross join lateral media_in(e.body_html) as in_body(media_id)
where e.body_html like '%/media/%';
