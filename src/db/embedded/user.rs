//! As whom Postgres runs. It refuses to run as root, so root hands it to `postgres` or `nobody`; everybody else
//! runs it as themselves. And what that user can reach, since a folder below /root is closed to it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedError;

/// A user and its first group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct User {
    pub uid: u32,
    pub gid: u32,
    /// Whether this program is root and becomes that user for Postgres only.
    dropped: bool,
}

impl User {
    /// The owner of an existing database, else whoever is there.
    pub fn choose(cluster: Option<&Metadata>) -> Result<Self, EmbeddedError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::me());
        }
        let owner = cluster.map(|data| (data.uid(), data.gid())).filter(|(uid, _)| *uid != 0);
        let (uid, gid) =
            owner.or_else(|| ids("postgres")).or_else(|| ids("nobody")).ok_or(EmbeddedError::NoUser)?;
        Ok(Self { uid, gid, dropped: true })
    }

    fn me() -> Self {
        let (uid, gid) = (rustix::process::geteuid(), rustix::process::getegid());
        Self { uid: uid.as_raw(), gid: gid.as_raw(), dropped: false }
    }

    /// Makes a command run as this user; the standard library drops root's other groups with it.
    pub fn run<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.dropped { command.uid(self.uid).gid(self.gid) } else { command }
    }

    /// Gives a file or folder that root has made to this user.
    pub fn own(&self, path: &Path) -> std::io::Result<()> {
        if self.dropped { std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// The outermost folder above (and including) `path` that this user cannot pass. `path` must be canonical.
    /// Access lists are not looked at.
    pub fn closed(&self, path: &Path) -> Option<PathBuf> {
        if !self.dropped {
            return None;
        }
        let mut folders: Vec<&Path> = path.ancestors().collect();
        folders.reverse();
        folders
            .into_iter()
            .find(|dir| !dir.metadata().is_ok_and(|data| self.may_pass(&data)))
            .map(Path::to_owned)
    }

    fn may_pass(&self, folder: &Metadata) -> bool {
        let bit = match () {
            () if folder.uid() == self.uid => 0o100,
            () if folder.gid() == self.gid => 0o010,
            () => 0o001,
        };
        folder.mode() & bit != 0
    }
}

/// Asked of `id`, which knows every kind of user database; there is no safe call for it in the standard library.
fn ids(name: &str) -> Option<(u32, u32)> {
    let ask = |which: &str| -> Option<u32> {
        let said = Command::new("id").args([which, name]).output().ok()?;
        String::from_utf8(said.stdout).ok()?.trim().parse().ok()
    };
    Some((ask("-u")?, ask("-g")?)).filter(|(uid, _)| *uid != 0)
}
