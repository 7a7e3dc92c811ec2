//! The topics of In Focus.

use axum::http::StatusCode;

use super::scene::{Scene, jpeg};

const WORDS: [(&str, &str); 6] = [
    ("title", "The water crisis"),
    ("slug", ""),
    ("description", "Why the rivers are low."),
    ("picture_alt", "A dry river bed"),
    ("pinned", "on"),
    ("tags", "Drought, Rivers"),
];

#[tokio::test]
async fn a_topic_is_made_with_picture_tags_and_articles() {
    let mut scene = Scene::new().await;
    let article = scene.article("The river is low").await;
    let line = format!("{article}\nthe river is low\n");
    let fields = [&WORDS[..], &[("articles", line.as_str())]].concat();
    let picture = jpeg(1);
    let answer = scene.browser.upload("/desk/topics", &fields, &[("picture", "river.jpg", &picture)]).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/desk/topics"),
        "{}",
        answer.body
    );
    let row =
        "select slug || '|' || picture_alt || '|' || pinned || '|' || (picture_id is not null) from topics";
    assert_eq!(scene.value(row).await, "the-water-crisis|A dry river bed|true|true");
    assert_eq!(
        scene.values("select g.name from topic_tags l join tags g on g.id = l.tag_id order by 1").await,
        ["Drought", "Rivers"]
    );
    assert_eq!(
        scene.value("select string_agg(article_id::text, ' ') from topic_articles").await,
        article.to_string()
    );
    assert_eq!(scene.acts().await, ["upload picture by Mira Holt", "create topic by Mira Holt"]);
    assert_eq!(scene.value("select string_agg(kind, ' ') from jobs").await, "make_renditions");
}

#[tokio::test]
async fn a_refused_topic_keeps_everything_and_the_picture_too() {
    let mut scene = Scene::new().await;
    let fields = [
        ("title", ""),
        ("description", "Kept <b>"),
        ("picture_alt", ""),
        ("articles", "nothing of this name"),
    ];
    let picture = jpeg(2);
    let answer = scene.browser.upload("/desk/topics", &fields, &[("picture", "river.jpg", &picture)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        "A title needs a letter or a digit.",
        "Describe the picture for those who cannot see it.",
        "These lines name no article: nothing of this name.",
        "Kept &#60;b&#62;",
        "river.jpg",
    ] {
        assert!(
            answer.body.contains(part)
                || part.starts_with("A title") && answer.body.contains("Give the topic a title."),
            "{part}"
        );
    }
    let kept = scene.value("select id::text from media").await;
    assert!(answer.body.contains(&format!("name=\"picture_id\" value=\"{kept}\"")));
    let fields = [("title", "Water"), ("picture_id", kept.as_str()), ("picture_alt", "A river")];
    let answer = scene.browser.upload("/desk/topics", &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.value("select picture_id::text from topics").await, kept);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_at_its_field() {
    let mut scene = Scene::new().await;
    let answer =
        scene.browser.upload("/desk/topics", &WORDS, &[("picture", "a.jpg", b"<svg onload=alert(1)>")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("id=\"picture-error\""), "{}", answer.body);
    assert_eq!(scene.value("select count(*)::text from media").await, "0");
}

#[tokio::test]
async fn a_field_that_the_form_does_not_have_is_refused() {
    let mut scene = Scene::new().await;
    let answer = scene.browser.upload("/desk/topics", &[("title", "Water"), ("position", "1")], &[]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.value("select count(*)::text from topics").await, "0");
}

#[tokio::test]
async fn topics_are_changed_pinned_ordered_and_deleted() {
    let mut scene = Scene::new().await;
    for title in ["Water", "Bread"] {
        scene.browser.upload("/desk/topics", &[("title", title)], &[]).await;
    }
    let fields = [("title", "Low water"), ("description", ""), ("tags", "Rivers")];
    assert_eq!(
        scene.browser.upload("/desk/topics/1", &fields, &[]).await.header("location"),
        "/desk/topics/1"
    );
    scene.browser.post("/desk/topics/1/pin", &[("pinned", "yes")]).await;
    scene.browser.post("/desk/topics/order", &[("id", "2"), ("to", "up")]).await;
    let rows = "select title || ' ' || slug || ' ' || pinned from topics order by position, id";
    assert_eq!(scene.values(rows).await, ["Bread bread false", "Low water water true"]);
    assert!(scene.browser.get("/desk/topics/1").await.body.contains("Delete it for ever"));
    scene.browser.post("/desk/topics/2/delete", &[]).await;
    assert_eq!(scene.values("select title from topics").await, ["Low water"]);
    let verbs = ["create", "create", "update", "pin", "move", "delete"];
    assert_eq!(scene.acts().await, verbs.map(|verb| format!("{verb} topic by Mira Holt")));
}
