update authors set picture_id = (select min(id) from media), picture_alt = 'Ada Ortega' where slug = 'ada-ortega';
update galleries set withdrawn_at = now() where slug = 'waves';
