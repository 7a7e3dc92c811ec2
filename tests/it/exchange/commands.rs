//! `backup`, `restore`, `export` and `import broadsheet`, as a shell meets them.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use super::{Elsewhere, count, paper};
use crate::browser::{Folder, config};
use crate::support::server;

fn broadsheet(arguments: &[&str], url: &str, data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_broadsheet"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("DATABASE_URL", url)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn a_backup_is_taken_while_the_site_runs_and_restored_elsewhere() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let data = config(&there.folder).data;
    let file = config(&folder).data.join("site.backup");
    let name = file.to_str().unwrap();
    let backup = broadsheet(&["backup", name], &world.db.url(), &world.app.config.data);
    assert!(backup.status.success(), "{}", said(&backup));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "something was left behind");

    let elsewhere = server::url(&there.db.options);
    let verified = broadsheet(&["restore", "--verify", name], &elsewhere, &data);
    assert!(verified.status.success() && said(&verified).contains("whole"), "{}", said(&verified));
    let restored = broadsheet(&["restore", name], &elsewhere, &data);
    assert!(restored.status.success(), "{}", said(&restored));
    let here = count(&world.db.pool, "articles").await;
    assert_eq!(count(&there.db.pool, "articles").await, here);

    let mut bytes = std::fs::read(&file).unwrap();
    bytes.truncate(bytes.len() - 9);
    std::fs::write(&file, bytes).unwrap();
    let refused = broadsheet(&["restore", "--verify", name], &elsewhere, &data);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("incomplete or damaged"), "{}", said(&refused));
}

#[tokio::test]
async fn nothing_is_restored_below_a_running_site() {
    let (world, folder) = (paper().await, Folder::new());
    let file = config(&folder).data.join("site.backup");
    let name = file.to_str().unwrap();
    let (url, data) = (world.db.url(), &world.app.config.data);
    assert!(broadsheet(&["backup", name], &url, data).status.success());
    let refused = broadsheet(&["restore", "--replace", name], &url, data);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("Stop it first"), "{}", said(&refused));
}

#[tokio::test]
async fn an_export_fills_an_empty_site_and_no_other() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let data = config(&there.folder).data;
    let file = config(&folder).data.join("paper.export");
    let name = file.to_str().unwrap();
    let export = broadsheet(&["export", name], &world.db.url(), &world.app.config.data);
    assert!(export.status.success(), "{}", said(&export));
    let elsewhere = server::url(&there.db.options);
    let imported = broadsheet(&["import", "broadsheet", name], &elsewhere, &data);
    assert!(imported.status.success(), "{}", said(&imported));
    let again = broadsheet(&["import", "broadsheet", name], &elsewhere, &data);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("not empty"), "{}", said(&again));
    let link = broadsheet(&["setup-link"], &elsewhere, &data);
    assert!(said(&link).contains("/desk/setup?token="), "{}", said(&link));
}
