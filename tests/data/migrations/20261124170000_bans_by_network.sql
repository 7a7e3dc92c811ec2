insert into comment_bans (network, network_day, name, until)
values ('\x01', current_date, 'Nobody in particular', now() + interval '1 day');
