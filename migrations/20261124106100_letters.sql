-- When letters to readers leave, so that no address gets many and the site is no source of floods. An address is a
-- keyed hash, and a row is of use for an hour.
create table letters (
    id         bigint generated always as identity primary key,
    recipient  bytea       not null,
    due_at     timestamptz not null
);
create index letters_recipient on letters (recipient, due_at desc);
create index letters_due on letters (due_at desc);
