//! Where the private Postgres keeps its files and its socket.
//!
//! Normally that is `DATA/postgres`, socket included. Two things can be in the way: the user whom root lets run
//! Postgres cannot pass a folder above (then the files lie in `/var/lib/broadsheet`, and `DATA/postgres` is a link
//! to them), and the path can be too long for a socket (then the socket lies in the folder for temporary files).

use std::fs::{DirBuilder, Permissions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::EmbeddedError;
use super::user::User;

/// Where root keeps the databases of sites whose own folder is closed to everybody else.
const ELSEWHERE: &str = "/var/lib/broadsheet";

/// A socket's path may hold 107 bytes; "/.s.PGSQL.5432.lock" needs 19 of them.
const SOCKET_DIR_BYTES: usize = 107 - 19;

/// The folders of one private Postgres; all paths are absolute.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Held by flock while a program owns the server.
    pub lock: PathBuf,
    pub log: PathBuf,
    /// The folder in which the cluster is, or will be.
    pub home: PathBuf,
    pub cluster: PathBuf,
    pub user: User,
}

impl Place {
    /// Settles where the database of this data folder lies, making the folders that are missing.
    pub fn settle(data: &Path) -> Result<Self, EmbeddedError> {
        make(data, 0o711)?;
        let data = data.canonicalize().map_err(EmbeddedError::at(data))?;
        let usual = data.join("postgres");
        let metadata = usual.metadata().ok();
        let user = User::choose(metadata.as_ref())?;
        if let Some(owner) = metadata.as_ref().map(MetadataExt::uid).filter(|owner| *owner != user.uid) {
            return Err(EmbeddedError::OtherOwner { dir: usual, owner, me: user.uid });
        }

        let cluster = match usual.canonicalize() {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                match (usual.read_link(), user.closed(&data)) {
                    // A first start that was killed between the link and the files.
                    (Ok(_), _) | (Err(_), Some(_)) => elsewhere(&data)?.join("postgres"),
                    (Err(_), None) => usual.clone(),
                }
            }
            Err(error) => return Err(EmbeddedError::at(&usual)(error)),
        };
        let home = cluster.parent().unwrap_or(&data).to_owned();
        if let Some(closed) = user.closed(&home) {
            return Err(EmbeddedError::Unreachable { dir: cluster, closed, uid: user.uid });
        }
        let (lock, log) = (data.join("postgres.lock"), data.join("postgres.log"));
        let place = Self { lock, log, home, cluster, user };
        place.link(&usual)?;
        Ok(place)
    }

    /// The link is what finds the database again when the folders above are opened later, and tells a person who
    /// looks into the data folder where it is.
    fn link(&self, usual: &Path) -> Result<(), EmbeddedError> {
        if self.cluster == usual || usual.symlink_metadata().is_ok() {
            return Ok(());
        }
        tracing::info!(
            "The data folder is closed to the user who runs Postgres; the database lies in {}.",
            self.cluster.display()
        );
        match symlink(&self.cluster, usual) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(EmbeddedError::at(usual)(error)),
            _ => Ok(()),
        }
    }

    /// The folder of the socket: the cluster's own when its path is short enough and plain, else one for
    /// temporary files that nobody else can open.
    pub fn socket_dir(&self) -> Result<PathBuf, EmbeddedError> {
        let path = self.cluster.as_os_str().as_bytes();
        // Postgres reads the setting as a list of quoted names.
        let plain = !path.iter().any(|byte| matches!(byte, b',' | b'"' | b'\'' | b'\\'));
        if plain && path.len() <= SOCKET_DIR_BYTES {
            return Ok(self.cluster.clone());
        }
        let name = format!("pg-{}", name_of(&self.cluster));
        let wanted = std::env::temp_dir();
        let fits = wanted.is_absolute()
            && wanted.as_os_str().len() + 1 + name.len() <= SOCKET_DIR_BYTES
            && wanted.canonicalize().is_ok_and(|wanted| self.user.closed(&wanted).is_none());
        let dir = if fits { wanted.join(name) } else { Path::new("/tmp").join(name) };
        self.make_private(&dir)?;
        Ok(dir)
    }

    /// The folder for temporary files is open to everybody, so somebody may have been there first.
    fn make_private(&self, dir: &Path) -> Result<(), EmbeddedError> {
        match DirBuilder::new().mode(0o700).create(dir) {
            Ok(()) => self.user.own(dir).map_err(EmbeddedError::at(dir))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(EmbeddedError::at(dir)(error)),
        }
        let found = dir.symlink_metadata().map_err(EmbeddedError::at(dir))?;
        if found.is_dir() && found.uid() == self.user.uid && found.mode() & 0o7777 == 0o700 {
            Ok(())
        } else {
            Err(EmbeddedError::SocketFolder { dir: dir.to_owned(), uid: self.user.uid })
        }
    }
}

fn elsewhere(data: &Path) -> Result<PathBuf, EmbeddedError> {
    make(Path::new(ELSEWHERE), 0o711)?;
    let dir = Path::new(ELSEWHERE).join(name_of(data));
    make(&dir, 0o711)?;
    Ok(dir)
}

/// Passable by the user who runs Postgres, whatever the umask, but not readable.
fn make(dir: &Path, mode: u32) -> Result<(), EmbeddedError> {
    if dir.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::set_permissions(dir, Permissions::from_mode(mode)))
        .map_err(EmbeddedError::at(dir))
}

/// A short name that is always the same for one folder.
fn name_of(dir: &Path) -> String {
    hex::encode(&Sha256::digest(dir.as_os_str().as_bytes())[..8])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn place(cluster: &str) -> Place {
        let cluster = PathBuf::from(cluster);
        Place {
            lock: PathBuf::new(),
            log: PathBuf::new(),
            home: PathBuf::new(),
            cluster,
            user: User::choose(None).unwrap(),
        }
    }

    #[test]
    fn a_short_path_holds_the_socket_itself() {
        assert_eq!(place("/srv/site/postgres").socket_dir().unwrap(), PathBuf::from("/srv/site/postgres"));
    }

    #[test]
    fn a_socket_folder_of_somebody_else_is_refused() {
        let place = place(&format!("/srv/{}/postgres", "x".repeat(100)));
        let dir = place.socket_dir().unwrap();
        assert!(dir.as_os_str().len() <= SOCKET_DIR_BYTES);
        std::fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
        let refused = place.socket_dir();
        std::fs::remove_dir(&dir).unwrap();
        assert!(matches!(refused, Err(EmbeddedError::SocketFolder { .. })));
    }
}
