update article_search set section_id = section_id;
