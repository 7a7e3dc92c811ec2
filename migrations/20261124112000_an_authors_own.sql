-- The desk shows an author their own articles, the last touched first. An editor's list walks articles_desk.
create index articles_created_by on articles (created_by, updated_at desc, id desc) where created_by is not null;
