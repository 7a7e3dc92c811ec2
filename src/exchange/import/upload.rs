//! What was uploaded at the desk, kept until it is imported: a file, or a folder that came as an archive.

use std::path::Path;

use super::Kind;
use crate::documents;
use crate::media::store::Incoming;
use crate::web::App;

/// Held in memory while it is unpacked.
const MOST_PACKED: u64 = 64 * 1024 * 1024;

/// Where it lies, below the data folder. The inner error is for whoever sent it.
pub async fn keep(app: &App, kind: Kind, incoming: Incoming) -> anyhow::Result<Result<String, String>> {
    let mut mark = [0; 12];
    getrandom::fill(&mut mark)?;
    let name = format!("imports/{}", hex::encode(mark));
    let folder = app.config.data.join("imports");
    tokio::fs::create_dir_all(&folder).await?;
    let path = app.config.data.join(&name);
    let bytes = incoming.bytes();
    incoming.keep_at(&path).await?;
    if kind != Kind::Markdown {
        return Ok(Ok(name));
    }
    if bytes > MOST_PACKED {
        tokio::fs::remove_file(&path).await?;
        return Ok(Err(
            "A folder is sent as a .zip of at most 64 MiB. Larger ones are imported by the command."
                .to_owned(),
        ));
    }
    let unpacked = tokio::task::spawn_blocking(move || unpack(&path)).await?;
    Ok(unpacked?.map(|()| format!("{name}.d")))
}

/// Beside the archive, which is gone then. A single text is a folder of one.
fn unpack(path: &Path) -> anyhow::Result<Result<(), String>> {
    let bytes = std::fs::read(path)?;
    let folder = path.with_extension("d");
    std::fs::create_dir_all(&folder)?;
    let unpacked = if bytes.starts_with(b"PK") {
        documents::unpack(&bytes, &mut |name, bytes| {
            let path = folder.join(name);
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            std::fs::write(path, bytes)
        })
    } else {
        std::fs::write(folder.join("text.md"), &bytes).map(|()| Ok(()))
    };
    std::fs::remove_file(path)?;
    Ok(unpacked?.map_err(|refused| refused.to_string()))
}
