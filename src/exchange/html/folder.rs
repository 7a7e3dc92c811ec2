//! A folder that is written beside its place and put there whole. What stood there is taken away only if it is an
//! earlier export: nobody loses another folder by a slip of the keyboard.

use std::fs::{self, DirBuilder, File};
use std::io::BufWriter;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Says that the folder is ours.
const MARK: &str = ".broadsheet-export";

pub struct Folder {
    place: PathBuf,
    unfinished: PathBuf,
}

impl Folder {
    pub fn create(place: &Path) -> anyhow::Result<Self> {
        let place = std::path::absolute(place)?;
        let is_there = place.symlink_metadata().is_ok();
        if is_there && !is_empty(&place)? && !place.join(MARK).exists() {
            bail!("{} is there already, and is no earlier export.", place.display());
        }
        let unfinished = beside(&place, "part");
        DirBuilder::new()
            .mode(0o755)
            .create(&unfinished)
            .with_context(|| format!("{} cannot be made.", unfinished.display()))?;
        let folder = Self { place, unfinished };
        folder.write(MARK, b"")?;
        Ok(folder)
    }

    /// `name` is a path below, of parts that `file_of` has looked at.
    pub fn file(&self, name: &str) -> anyhow::Result<BufWriter<File>> {
        let path = self.unfinished.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = File::create(&path).with_context(|| format!("{} cannot be written.", path.display()))?;
        Ok(BufWriter::new(file))
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let mut file = self.file(name)?;
        std::io::Write::write_all(&mut file, bytes)?;
        file.into_inner()?;
        Ok(())
    }

    pub fn rewrite(&self, name: &str, change: impl FnOnce(String) -> String) -> anyhow::Result<()> {
        let path = self.unfinished.join(name);
        let before = fs::read(&path).with_context(|| format!("{} cannot be read.", path.display()))?;
        // What is no text has no addresses.
        let Ok(before) = String::from_utf8(before) else { return Ok(()) };
        fs::write(&path, change(before))?;
        Ok(())
    }

    /// Puts it in its place. For a moment between two renames there is nothing there.
    pub fn keep(self) -> anyhow::Result<()> {
        let before = beside(&self.place, "before");
        let is_there = self.place.symlink_metadata().is_ok();
        if is_there {
            fs::rename(&self.place, &before)?;
        }
        fs::rename(&self.unfinished, &self.place)?;
        if is_there {
            fs::remove_dir_all(&before)?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Gone already once it has its place.
        let _ = fs::remove_dir_all(&self.unfinished);
    }
}

fn is_empty(folder: &Path) -> anyhow::Result<bool> {
    let mut entries = fs::read_dir(folder).with_context(|| format!("{} is no folder.", folder.display()))?;
    Ok(entries.next().is_none())
}

fn beside(place: &Path, word: &str) -> PathBuf {
    let mut path = place.as_os_str().to_owned();
    path.push(format!(".{}.{word}", std::process::id()));
    PathBuf::from(path)
}
