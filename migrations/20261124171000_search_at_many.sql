-- A search within a section walks the section's articles, the newest first; without this it walked everybody's.
create index article_search_section on article_search (section_id, publish_at desc, article_id desc);
-- Headlines are compared with what was mistyped among the newest alone: at a million articles the groups of three letters
-- named half the archive and took half a second.
drop index articles_headline_trgm;
