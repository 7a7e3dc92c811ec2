//! What a writer's file says: `.docx`, Markdown, HTML and plain text become the parts of an article.
//!
//! Bytes in, a `Draft` out: nothing here reads a disk, asks the net or knows who is logged in. What is made here is
//! as little trusted as what an editor types; the body goes through `CleanHtml`, the pictures through `media::probe`.
//! It is slow work on hostile input, so callers keep it off the async threads.

mod decode;
mod docx;
mod draft;
mod embedded;
mod front_matter;
mod html;
mod left_out;
mod line;
mod markdown;
mod plain;
mod refused;
mod table;
mod writer;
mod xml;
mod zip;

pub use draft::{Draft, Picture};
pub use front_matter::all as front_matter;
pub use html::inside as inside_html;
pub use left_out::LeftOut;
pub use line::escape;
pub use markdown::to_html as markdown_html;
pub use refused::Refused;

/// The names that are read, as a file input wants them.
pub const ACCEPT: &str = ".docx,.md,.markdown,.html,.htm,.txt";

/// What the document says. The name decides how it is read, and the bytes have to agree.
pub fn read(name: &str, bytes: &[u8]) -> Result<Draft, Refused> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let draft = match ending.as_str() {
        "docx" | "docm" => {
            if !bytes.starts_with(b"PK") {
                return Err(other(bytes).map_or(Refused::NotWord, Refused::OtherKind));
            }
            docx::read(bytes)?
        }
        "md" | "markdown" => markdown::read(&text(bytes)?)?,
        "html" | "htm" => html::read(&decode::html(bytes)?)?,
        "txt" | "text" => plain::read(&text(bytes)?)?,
        _ => return Err(other(bytes).map_or(Refused::UnknownKind, Refused::OtherKind)),
    };
    if draft.is_empty() { Err(Refused::Empty) } else { Ok(draft) }
}

/// Hands out the files of an archive, one after the other, within the bounds of documents. Their names lead nowhere
/// outside.
pub fn unpack(
    bytes: &[u8],
    keep: &mut dyn FnMut(&str, &[u8]) -> std::io::Result<()>,
) -> std::io::Result<Result<(), Refused>> {
    let archive = match zip::Archive::open(bytes) {
        Ok(archive) => archive,
        Err(refused) => return Ok(Err(refused)),
    };
    for name in archive.names() {
        match archive.read(name, MOST_UNPACKED) {
            Ok(Some(bytes)) => keep(name, &bytes)?,
            Ok(None) => {}
            Err(refused) => return Ok(Err(refused)),
        }
    }
    Ok(Ok(()))
}

/// One file of an archive.
const MOST_UNPACKED: u64 = 32 * 1024 * 1024;

fn text(bytes: &[u8]) -> Result<String, Refused> {
    decode::plain(bytes)
}

/// Files that are often sent instead, told by how they begin.
fn other(bytes: &[u8]) -> Option<&'static str> {
    [
        (b"%PDF".as_slice(), "a PDF"),
        (b"\xd0\xcf\x11\xe0", "an old Word document (.doc), or one with a password"),
        (b"{\\rtf", "an RTF document"),
        (b"PK", "an archive"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture"),
    ]
    .into_iter()
    .find_map(|(magic, kind)| bytes.starts_with(magic).then_some(kind))
}
