insert into media (kind, sha256, extension, name, width, height, bytes, created_by, ready_at, failed) values
    ('picture', sha256('first'),  'jpg', 'harbour at dawn.jpg', 2400, 1600, 812345, 1, now(), null),
    ('picture', sha256('second'), 'png', 'chart.png',           1200,  800,  91234, 2, null,  'not a picture after all'),
    ('film',    sha256('third'),  'mp4', 'waves.mp4',           1280,  720, 512345, null, now(), null);

insert into renditions (media_id, width, height, extension, sha256, bytes) values
    (1, 480, 320, 'webp', sha256('480 webp'), 20123),
    (1, 480, 320, 'jpg',  sha256('480 jpg'),  31234),
    (3, 1280, 720, 'mp4', sha256('third'),   512345);
