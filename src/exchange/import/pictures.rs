//! Pictures of the old site: from the files beside the export, else fetched, and kept like every upload.

use std::path::{Component, Path, PathBuf};

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use url::Url;

use super::Options;
use crate::media::probe::{PICTURE_BYTES, Refused, Words};
use crate::media::store::Area;
use crate::news::audit::Actor;
use crate::news::import::file::{self, File};
use crate::news::media::{self, Kind, Media, MediaId, NewMedia, NewRendition, about, files, quota};
use crate::news::origin;
use crate::outbound::Ask;
use crate::queue::{self, Payload};
use crate::web::App;

/// Folders below which the files of an old site lie, in their addresses.
const ROOTS: [&str; 4] = ["/wp-content/uploads/", "/content/images/", "/content/media/", "/assets/"];

/// A picture that is here now, and what the source says of it.
pub struct Found {
    pub media: Media,
    pub file: File,
}

/// The picture at an address, or the one that the source knows by `file:KEY`. The inner error says why not.
pub async fn fetch(
    app: &App,
    source: &str,
    address: &str,
    options: &Options,
    actor: &Actor,
) -> anyhow::Result<Result<Found, String>> {
    let known = if let Some(key) = address.strip_prefix("file:") {
        let Some(file) = file::by_key(&app.db, source, key).await? else {
            return Ok(Err(format!("the export does not say where its file {key} lies")));
        };
        file
    } else {
        let whole = without_size(address);
        let candidates = [address.to_owned(), swapped(address), swapped(&whole), whole];
        let found = file::by_address(&app.db, source, &candidates).await?;
        found.unwrap_or_else(|| File { address: address.to_owned(), ..File::default() })
    };
    if let Some(id) = origin::find(&app.db, source, "picture", &known.address).await?
        && let Some(media) = media::by_id(&app.db, MediaId(id)).await?
    {
        return Ok(Ok(Found { media, file: known }));
    }
    let bytes = match load(app, &known.address, options).await {
        Ok(bytes) => bytes,
        // Sizes of pictures are made anew by the old site; the one that the body names is better than none.
        Err(_) if known.address != address && !address.starts_with("file:") => {
            match load(app, address, options).await {
                Ok(bytes) => bytes,
                Err(why) => return Ok(Err(why)),
            }
        }
        Err(why) => return Ok(Err(why)),
    };
    let id = match keep(app, source, &known, bytes, actor).await? {
        Ok(id) => id,
        Err(why) => return Ok(Err(why)),
    };
    let Some(media) = media::by_id(&app.db, id).await? else { return Ok(Err("it is gone".to_owned())) };
    Ok(Ok(Found { media, file: known }))
}

async fn load(app: &App, address: &str, options: &Options) -> Result<Bytes, String> {
    if let Some(folder) = &options.media
        && let Some(path) = beside(folder, address)
    {
        let read = tokio::task::spawn_blocking(move || {
            let size = path.metadata().map_err(|cause| cause.to_string())?.len();
            if size > PICTURE_BYTES {
                return Err("it is larger than 20 MiB".to_owned());
            }
            std::fs::read(&path).map_err(|cause| cause.to_string())
        });
        return read.await.map_err(|cause| cause.to_string())?.map(Bytes::from);
    }
    let url = Url::parse(address).map_err(|_| "it lies nowhere".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it lies nowhere".to_owned());
    }
    // The open net is asked over TLS alone; nearly all that is named by http answers there too.
    let mut failed = "the address could not be reached".to_owned();
    for url in [address.replacen("http://", "https://", 1), address.to_owned()] {
        let limit = usize::try_from(PICTURE_BYTES).unwrap_or(usize::MAX);
        let ask = Ask { method: Method::GET, url, content_type: None, body: Bytes::new(), limit };
        match app.outbound.send(ask).await {
            Ok(answer) if answer.status == StatusCode::OK => return Ok(answer.body),
            Ok(answer) => failed = format!("the old site answers {}", answer.status.as_u16()),
            Err(cause) => failed = cause.to_string(),
        }
        if address.starts_with("https://") {
            break;
        }
    }
    Err(failed)
}

/// The file in the folder that an address means: nothing that lies outside of it, and no link to anything.
fn beside(folder: &Path, address: &str) -> Option<PathBuf> {
    let path = match Url::parse(address) {
        Ok(url) => url.path().to_owned(),
        Err(_) => address.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    let path = percent_encoding::percent_decode_str(&path).decode_utf8().ok()?.into_owned();
    let mut tries = vec![path.trim_start_matches('/')];
    tries.extend(ROOTS.iter().filter_map(|root| path.split_once(root)).map(|(_, rest)| rest));
    let folder = folder.canonicalize().ok()?;
    let path = path.trim_start_matches('/');
    // Where generators of sites keep what they copy.
    let copied: Vec<String> = ["static", "assets", "public"].map(|name| format!("{name}/{path}")).to_vec();
    tries.into_iter().chain(copied.iter().map(String::as_str)).find_map(|path| {
        let path = Path::new(path);
        if path.as_os_str().is_empty() || !path.components().all(|part| matches!(part, Component::Normal(_)))
        {
            return None;
        }
        let found = folder.join(path).canonicalize().ok()?;
        (found.starts_with(&folder) && found.is_file()).then_some(found)
    })
}

/// Cleaned like what an editor uploads, with its row, its first file and its job in one transaction.
async fn keep(
    app: &App,
    source: &str,
    file: &File,
    bytes: Bytes,
    actor: &Actor,
) -> anyhow::Result<Result<MediaId, String>> {
    let limits = quota::Limits { person: None, site: app.config.media_total };
    if let Err(exceeded) = quota::check(&app.db, limits, None, bytes.len() as u64).await? {
        return Ok(Err(exceeded.to_string()));
    }
    let (clean, first, words) = match app.workshop.picture_with_first(bytes).await {
        Ok(made) => made,
        Err(Refused::Unread(cause)) => anyhow::bail!("{cause}"),
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let (width, height, extension, size) =
        (clean.width, clean.height, clean.extension, clean.bytes.len() as u64);
    let digest = app.media.put_original(clean.bytes, extension).await?;
    let first = NewRendition {
        shape: None,
        extension: first.extension,
        width: first.width,
        height: first.height,
        bytes: first.bytes.len() as u64,
        digest: app.media.put_public(first.bytes, first.extension).await?,
    };
    let name = file.address.rsplit('/').next().unwrap_or_default();
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
    let new = NewMedia {
        kind: Kind::Picture,
        digest,
        extension,
        name: &name,
        width,
        height,
        bytes: size,
        created_by: actor.user,
    };
    let mut tx = app.db.begin().await?;
    files::claim(&mut tx, &[digest, first.digest]).await?;
    let is_there = app.media.has(Area::Originals, &digest, extension).await?
        && app.media.has(Area::Public, &first.digest, first.extension).await?;
    if !is_there {
        return Ok(Err("it was removed the moment it came".to_owned()));
    }
    let kept = media::create(&mut tx, &new).await?;
    media::save_first(&mut tx, kept.id, &first).await?;
    about::fill(&mut tx, kept.id, (&file.alt, &file.caption, "", "")).await?;
    let Words { alt, caption, credit, source: agency } = &words;
    about::fill(&mut tx, kept.id, (alt, caption, credit, agency)).await?;
    queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: kept.id.0 }).await?;
    origin::record(&mut tx, source, "picture", &file.address, kept.id.0).await?;
    tx.commit().await?;
    Ok(Ok(kept.id))
}

/// `…/photo-300x200.jpg` is a smaller copy of `…/photo.jpg`.
fn without_size(address: &str) -> String {
    let Some((stem, ending)) = address.rsplit_once('.') else { return address.to_owned() };
    let is_size = |tail: &str| {
        tail.split_once('x').is_some_and(|(width, height)| {
            [width, height]
                .iter()
                .all(|side| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    match stem.rsplit_once('-') {
        Some((stem, tail)) if is_size(tail) => format!("{stem}.{ending}"),
        _ => address.to_owned(),
    }
}

/// The same by the other of http and https.
fn swapped(address: &str) -> String {
    match address.strip_prefix("http://") {
        Some(rest) => format!("https://{rest}"),
        None => address.replacen("https://", "http://", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_copy_is_known_by_its_name() {
        assert_eq!(without_size("https://a.example/b-300x200.jpg"), "https://a.example/b.jpg");
        assert_eq!(without_size("https://a.example/b-x200.jpg"), "https://a.example/b-x200.jpg");
        assert_eq!(without_size("https://a.example/flood-2019.jpg"), "https://a.example/flood-2019.jpg");
    }

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let folder = std::env::temp_dir().join(format!("broadsheet-beside-{}", std::process::id()));
        let inside = folder.join("2019/03");
        std::fs::create_dir_all(&inside).unwrap_or_default();
        std::fs::write(inside.join("a b.jpg"), "x").unwrap_or_default();
        std::os::unix::fs::symlink("/etc/passwd", folder.join("link.jpg")).unwrap_or_default();
        let found = |address: &str| beside(&folder, address).is_some();
        assert!(found("https://old.example/wp-content/uploads/2019/03/a%20b.jpg"));
        assert!(found("2019/03/a b.jpg"));
        for address in [
            "https://old.example/link.jpg",
            "../../etc/passwd",
            "/etc/passwd",
            "https://old.example/%2e%2e/etc/passwd",
            "",
        ] {
            assert!(!found(address), "{address}");
        }
        std::fs::remove_dir_all(&folder).unwrap_or_default();
    }
}
