//! Imports at the desk: a file, a dry run, the report, and then the real thing.

use broadsheet::accounts::Role;
use broadsheet::jobs::Runner;

use super::count;
use super::wordpress::{Post, wxr};
use crate::browser::{Browser, World};

async fn send(desk: &mut Browser, world: &World, fields: &[(&str, &str)], name: &str, file: &[u8]) -> String {
    let answer = desk.upload("/desk/imports", fields, &[("file", name, file)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    Runner::new(world.app.clone()).drain().await.unwrap();
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_dry_run_comes_first_and_then_it_is_written() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    let file = wxr(&(Post::default().xml() + &Post { id: 2, title: "", body: "", ..Post::default() }.xml()));
    let page = send(&mut desk, &world, &[("kind", "wxr")], "old.xml", file.as_bytes()).await;
    let shown = desk.read(&page).await;
    assert!(shown.text("#import").contains("It would be: ") && shown.text("#import").contains("1 refused"));
    assert!(shown.text("table").contains("headline: "));
    assert_eq!(count(&world, "select count(*) from articles").await, 0);
    let report = desk.get(&format!("{page}/report.csv")).await;
    assert!(report.header("content-disposition").contains(".csv") && report.body.contains("refused"));
    assert_eq!(desk.get(&format!("{page}/report.jsonl")).await.body.lines().count(), 4);
    let written = desk.post(&format!("{page}/write"), &[]).await.header("location").to_owned();
    Runner::new(world.app.clone()).drain().await.unwrap();
    assert_eq!(count(&world, "select count(*) from articles").await, 1);
    assert!(desk.read(&written).await.text("#import .badge").contains("Done"));
    let said = "select count(*) from audit where noun = 'import' and action = 'import'";
    assert_eq!(count(&world, said).await, 2);
}

#[tokio::test]
async fn what_is_missing_is_named_and_nothing_of_this_machine_is_an_address() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    for address in ["", "/etc/passwd", "file:///etc/passwd", "http://old.example/x.xml"] {
        let answer = desk.upload("/desk/imports", &[("kind", "wxr"), ("address", address)], &[]).await;
        assert_eq!(answer.status, 422, "{address}");
    }
    assert_eq!(count(&world, "select count(*) from imports").await, 0);
}

#[tokio::test]
async fn a_run_can_be_cancelled_and_goes_on() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    let file = wxr(&Post::default().xml());
    let fields = [("kind", "wxr"), ("write", "on")];
    let sent = desk.upload("/desk/imports", &fields, &[("file", "a.xml", file.as_bytes())]).await;
    let page = sent.header("location").to_owned();
    desk.post(&format!("{page}/cancel"), &[]).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    assert_eq!(count(&world, "select count(*) from articles").await, 0);
    desk.post(&format!("{page}/resume"), &[]).await;
    Runner::new(world.app.clone()).drain().await.unwrap();
    assert_eq!(count(&world, "select count(*) from articles").await, 1);
}
