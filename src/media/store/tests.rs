//! The store, with files of its own.

use super::*;

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            found.extend(files_under(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}

/// A folder of its own for each test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        Self(std::env::temp_dir().join(format!("broadsheet-store-{}", hex::encode(random))))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_same_bytes_are_kept_once_under_their_digest() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).unwrap();
    let first = store.put_public("news", Extension::Jpg).await.unwrap();
    let again = store.put_public("news", Extension::Jpg).await.unwrap();
    assert_eq!(first, again);
    let hex = first.to_string();
    let expected = folder.0.join("public").join(&hex[..2]).join(format!("{hex}.jpg"));
    assert_eq!(files_under(&folder.0), vec![expected]);
}

#[tokio::test]
async fn an_original_is_read_back_and_is_not_public() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).unwrap();
    let digest = store.put_original("private", Extension::Png).await.unwrap();
    assert_eq!(store.read_original(&digest, Extension::Png).await.unwrap().unwrap(), b"private");
    assert!(!store.public_path(&digest, Extension::Png).exists());
    assert_eq!(store.read_original(&Digest::of(b"other"), Extension::Png).await.unwrap(), None);
}

#[tokio::test]
async fn an_unfinished_file_is_never_public_and_goes_when_dropped() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).unwrap();
    let mut incoming = store.incoming().await.unwrap();
    incoming.write(b"half of a film").await.unwrap();
    assert_eq!(incoming.bytes(), 14);
    assert!(files_under(&folder.0.join("public")).is_empty());
    drop(incoming);
    assert!(files_under(&folder.0).is_empty());
}

#[tokio::test]
async fn an_incoming_file_is_kept_under_the_digest_of_all_its_pieces() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).unwrap();
    let mut incoming = store.incoming().await.unwrap();
    incoming.write(b"one ").await.unwrap();
    incoming.write(b"two").await.unwrap();
    let _ = incoming.handle().await.unwrap();
    let digest = store.keep_public(incoming, Extension::Webm).await.unwrap();
    assert_eq!(digest, Digest::of(b"one two"));
    assert_eq!(fs::read(store.public_path(&digest, Extension::Webm)).unwrap(), b"one two");
    assert!(files_under(&folder.0.join("incoming")).is_empty());
}

#[tokio::test]
async fn an_incoming_picture_is_cleaned_and_its_file_is_gone() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).unwrap();
    let mut png = io::Cursor::new(Vec::new());
    image::RgbImage::new(6, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let mut incoming = store.incoming().await.unwrap();
    for piece in png.get_ref().chunks(10) {
        incoming.write(piece).await.unwrap();
    }
    let clean = super::super::Workshop::default().picture_in(incoming).await.unwrap();
    assert_eq!((clean.width, clean.height), (6, 4));
    assert!(files_under(&folder.0).is_empty());
}

#[test]
fn opening_sweeps_what_was_abandoned_and_leaves_what_is_young() {
    let folder = Folder::new();
    Store::open(&folder.0).unwrap();
    let old = folder.0.join("incoming/old");
    let young = folder.0.join("incoming/young");
    fs::write(&young, "x").unwrap();
    fs::write(&old, "x").unwrap();
    let then = SystemTime::now() - ABANDONED_AFTER * 2;
    File::options().write(true).open(&old).unwrap().set_modified(then).unwrap();
    Store::open(&folder.0).unwrap();
    assert!(!old.exists());
    assert!(young.exists());
}

#[test]
fn a_digest_has_one_spelling() {
    let digest = Digest::of(b"x");
    let hex = digest.to_string();
    assert_eq!(hex.parse(), Ok(digest));
    for odd in [hex.to_uppercase(), hex[1..].to_string(), format!("{hex}0"), "../".repeat(22), String::new()]
    {
        assert_eq!(odd.parse::<Digest>(), Err(NotADigest), "{odd}");
    }
}

#[test]
fn a_twentieth_of_the_disk_is_kept_free() {
    for (free, all, nearly_full) in [(100, 100, false), (5, 100, false), (4, 100, true), (0, 0, false)] {
        assert_eq!(is_nearly_full(free, all), nearly_full, "{free} of {all}");
    }
}
