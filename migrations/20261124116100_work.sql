-- What kind of work an article is: said to readers and to machines, so that an opinion is not taken for a report.

alter table articles add column work text not null default 'report'
    check (work in ('report', 'analysis', 'opinion', 'background', 'review', 'interview'));
