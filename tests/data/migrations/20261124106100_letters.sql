insert into letters (recipient, due_at) values ('\x06', now()), ('\x06', now() + interval '20 minutes');
