-- A form that was opened before somebody changed or ended the line must not bring the old one back.
alter table banners add column version integer not null default 1;
