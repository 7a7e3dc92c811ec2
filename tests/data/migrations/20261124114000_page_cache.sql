-- Written over what is there, so that every trigger has something to tell.
update articles set headline = headline;
update tags set name = name;
update media set name = name;
update comments set name = name;
update boards set published_by = published_by;
