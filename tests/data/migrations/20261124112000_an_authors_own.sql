insert into articles (section_id, headline, slug, created_by)
select min(s.id), 'One of Ben''s own', 'one-of-bens-own', 2 from sections s;
