-- What pages may show. A picture whose licence is over is as if it had never hung there.
create view shown_media as
select id, kind, name, width, height, caption, credit, alt, decorative
from media
where licence_ends_at is null or licence_ends_at > now();

-- The files that pages name: of a picture as it is (no shape), and its crops.
create view shown_files as
select media_id, null::text as shape, width, height, extension, sha256 from renditions
union all
select media_id, shape, width, height, extension, sha256 from media_files where retired_at is null and shape <> 'full';
