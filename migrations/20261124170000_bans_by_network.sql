-- A comment need not come with an address of its writer. Then the network that it came from is banned: by its hash of
-- that day, which says nothing once the key of that day is destroyed.

alter table comment_bans
    alter column commenter drop not null,
    add column network bytea unique,
    -- The day (UTC) by whose key the network is named; moved on whenever it is heard from.
    add column network_day date,
    add constraint comment_bans_of_one check ((commenter is null) <> (network is null)),
    add constraint comment_bans_network_day check ((network is null) = (network_day is null));
