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

/// What the page of the topic shows, in order.
async fn read(scene: &Scene) -> crate::newsroom::Page {
    scene.world.browser().read("/focus/the-water-crisis").await
}

#[tokio::test]
async fn a_topic_takes_any_or_all_of_its_tags_and_one_section_alone() {
    let mut scene = Scene::new().await;
    let (dry, low) = (scene.article("The well is dry").await, scene.article("The river is low").await);
    let (drought, rivers) = (scene.tag("Drought").await, scene.tag("Rivers").await);
    for (article, tag) in [(dry, drought), (low, drought), (low, rivers)] {
        scene.carry(article, tag).await;
    }
    let other = scene.section("Science", 2).await;
    scene.browser.upload("/desk/topics", &WORDS, &[]).await;
    let both = read(&scene).await.texts(".rows .headline");
    assert_eq!(both, ["The river is low", "The well is dry"]);
    scene.browser.upload("/desk/topics/1", &[&WORDS[..], &[("match", "all")]].concat(), &[]).await;
    assert_eq!(read(&scene).await.texts(".rows .headline"), ["The river is low"]);
    let elsewhere = other.to_string();
    scene.browser.upload("/desk/topics/1", &[&WORDS[..], &[("section", &elsewhere)]].concat(), &[]).await;
    assert!(read(&scene).await.texts(".rows .headline").is_empty());
    let section = scene.section.to_string();
    let whole = [&WORDS[..5], &[("section", section.as_str())]].concat();
    scene.browser.upload("/desk/topics/1", &whole, &[]).await;
    assert_eq!(read(&scene).await.texts(".rows .headline"), both);
}

#[tokio::test]
async fn what_is_left_out_is_gone_from_page_and_feed_and_what_is_on_top_comes_first() {
    let mut scene = Scene::new().await;
    let tag = scene.tag("Drought").await;
    let mut ids = Vec::new();
    for headline in ["The well is dry", "The river is low", "Bread is dearer"] {
        ids.push(scene.article(headline).await);
        scene.carry(ids[ids.len() - 1], tag).await;
    }
    let (first, out) = (format!("#{}", ids[0]), format!("#{}", ids[1]));
    let picked = [&WORDS[..], &[("top", first.as_str()), ("left_out", out.as_str())]].concat();
    scene.browser.upload("/desk/topics", &picked, &[]).await;
    assert_eq!(read(&scene).await.texts(".rows .headline"), ["The well is dry", "Bread is dearer"]);
    let feed = scene.world.browser().get("/focus/the-water-crisis/feed.xml").await.body;
    assert!(feed.contains("Bread is dearer") && feed.contains("The well is dry"));
    assert!(!feed.contains("The river is low"), "{feed}");
    let form = super::Screen::of(&scene.browser.get("/desk/topics/1").await);
    assert_eq!(form.field("top").trim(), format!("#{} The well is dry", ids[0]));
    assert_eq!(form.field("left_out").trim(), format!("#{} The river is low", ids[1]));
}

#[tokio::test]
async fn a_topic_opens_with_links_in_order_and_with_its_days() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The well is dry").await, scene.article("The river is low").await);
    sqlx::query("update articles set state = 'draft' where headline = 'The river is low'")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    let (first, hidden) = (format!("#{a}"), format!("#{b} The river is low"));
    let rows = [
        ("link_label", "Maps"),
        ("link_to", "https://maps.example/"),
        ("link_place", "2"),
        ("link_label", "The explainer"),
        ("link_to", &*first),
        ("link_place", "1"),
        ("link_label", "Not out yet"),
        ("link_to", &*hidden),
        ("link_place", "3"),
        ("date_day", "2099-05-01"),
        ("date_text", "The wells are to be deepened."),
        ("date_to", ""),
        ("date_day", "1987-06-02"),
        ("date_text", "The first gauge."),
        ("date_to", &*first),
    ];
    let answer = scene.browser.upload("/desk/topics", &[&WORDS[..], &rows].concat(), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let page = read(&scene).await;
    assert_eq!(page.texts(".start-here a"), ["The explainer", "Maps"]);
    let href = format!("/article/{a}/the-well-is-dry");
    assert_eq!(page.attributes(".start-here a", "href"), [href.as_str(), "https://maps.example/"]);
    assert_eq!(page.attributes(".key-dates time", "datetime"), ["1987-06-02", "2099-05-01"]);
    assert_eq!(page.texts(".key-day"), ["2 June 1987", "1 May 2099"]);
    assert_eq!(page.attributes(".key-dates a", "href"), [href]);
    assert_eq!(page.texts(".key-dates .ahead .key-day"), ["1 May 2099"]);
}

#[tokio::test]
async fn a_row_that_is_wrong_is_named_at_its_place_and_everything_is_kept() {
    let mut scene = Scene::new().await;
    let rows = [
        ("link_label", "Maps"),
        ("link_to", "javascript:alert(1)"),
        ("link_place", "1"),
        ("date_day", "yesterday"),
        ("date_text", "Something <happened>"),
        ("date_to", ""),
        ("left_out", "No such thing"),
    ];
    let answer = scene.browser.upload("/desk/topics", &[&WORDS[..], &rows].concat(), &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = super::Screen::of(&answer);
    assert!(screen.text("#link-1-error")[0].starts_with("This names no article"));
    assert_eq!(screen.text("#date-1-error"), ["Write the day like 2025-01-22."]);
    assert_eq!(screen.text("#left_out-error"), ["These lines name no article: No such thing."]);
    for (name, value) in rows.iter().filter(|(name, _)| *name != "left_out" && *name != "date_day") {
        assert_eq!(screen.field(name), *value);
    }
}
