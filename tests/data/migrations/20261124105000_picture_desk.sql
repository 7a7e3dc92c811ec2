insert into media (kind, sha256, extension, name, width, height, bytes, alt, caption, credit, source, licence,
                   licence_ends_at, focus_x, focus_y, cropped_x, cropped_y) values
    ('picture', sha256('fourth'), 'jpg', 'lighthouse.jpg', 2400, 1600, 712345, 'A lighthouse at noon',
     'The light of Skerry', 'Mira Holt', 'City archive', 'One year', now() + interval '1 year', 300, 700, 300, 700);

insert into media_files (media_id, shape, width, height, extension, sha256, bytes, retired_at)
select id, shape, 480, 270, 'jpg', sha256(shape::bytea), 20000, retired_at
from media, (values ('16x9', null), ('4x3', null), ('full', now())) as files (shape, retired_at)
where name = 'lighthouse.jpg';

insert into articles (section_id, headline, slug, body_html)
select min(id), 'With a picture in its text', 'with-a-picture',
       '<figure><img src="/media/' || encode(sha256('480 jpg'), 'hex') || '/harbour-480.jpg" alt="A harbour"></figure>'
from sections;
