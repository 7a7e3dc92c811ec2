insert into api_tokens (user_id, name, token_hash, hint, scopes, expires_at, last_used_at)
select id, 'The importer', sha256('a token'), '0f9a', array['drafts:read', 'articles:write'], now() + interval '90 days', now()
from users order by id limit 1;
