//! The files of a folder, in the order of their names: nothing outside of it, and no link to anything.

use std::path::{Path, PathBuf};

use super::stream::Broken;

const MOST_FILES: usize = 500_000;
const MOST_DEPTH: usize = 16;

/// The file itself, or those below the folder whose names end so.
pub fn files(path: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, Broken> {
    let mut found = Vec::new();
    if path.is_file() {
        found.push(path.to_owned());
    } else {
        walk(path, endings, 0, &mut found)?;
    }
    if found.is_empty() {
        return Err(Broken::refused(format!(
            "There is no file here that ends with .{}.",
            endings.join(" or .")
        )));
    }
    Ok(found)
}

fn walk(folder: &Path, endings: &[&str], depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Broken> {
    if depth > MOST_DEPTH {
        return Err(Broken::refused("Its folders are nested beyond measure."));
    }
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() && !matches!(name.as_str(), "node_modules" | "_site" | "themes" | "public") {
            walk(&entry.path(), endings, depth + 1, found)?;
        } else if kind.is_file()
            && name
                .rsplit_once('.')
                .is_some_and(|(_, ending)| endings.contains(&ending.to_ascii_lowercase().as_str()))
        {
            if found.len() >= MOST_FILES {
                return Err(Broken::refused("It has more than 500000 files."));
            }
            found.push(entry.path());
        }
    }
    Ok(())
}
