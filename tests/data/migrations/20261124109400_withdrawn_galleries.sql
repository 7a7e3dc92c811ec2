update galleries set withdrawn_at = now() where slug = 'waves';
