//! The sample news as a newsroom finds them in the middle of its day: an article corrected and to be changed again,
//! drafts, a trash, comments in every state, work that failed. So every screen has something to show.

use serde_json::json;
use sqlx::PgPool;

use crate::demo::text;
use crate::window::Window;

/// The article that most of it happens to.
pub const STORY: &str = "select '/desk/articles/' || id from articles where picture_id is not null and language = 'en' order by id limit 1";
const LATER: &str = "2999-06-01T10:00";

/// What no form could bring about so soon.
const BEHIND_THE_SCENES: &[&str] = &[
    "insert into articles (state, section_id, headline, slug, standfirst, body_source, body_html, byline, publish_at, withdrawn_note)
     select state, (select min(id) from sections), headline, 'to-be-' || state, 'Of which more later.',
            '<p>So far.</p>', '<p>So far.</p>', 'Aron Lund', publish_at, note
     from (values ('draft', 'The ferry timetable, as it stands so far', null, ''),
                  ('review', 'Council weighs a second bridge, and who pays for it', null, ''),
                  ('published', 'The harbour opens its gates', now() + interval '3 days', ''),
                  ('published', 'What the storm left behind', now() - interval '9 days', ''),
                  ('withdrawn', 'A measurement that nobody made', now() - interval '9 days',
                   'The figures in this article could not be confirmed.'))
          as x (state, headline, publish_at, note)",
    "update articles set expire_at = now() - interval '1 day' where headline = 'What the storm left behind'",
    "insert into articles (state, section_id, headline, slug, trashed_at)
     select 'draft', min(id), 'Nobody wanted this one', 'nobody-wanted-this-one', now() from sections",
    "insert into comments (article_id, state, name, email, body, commenter, marks, wants_answer, reason, newsroom,
                           moderated_at, moderated_by)
     select (select id from articles where picture_id is not null and language = 'en' order by id limit 1), state,
            name, 'reader@example.org', body, decode(repeat('ab', 32), 'hex'), marks, true, reason, newsroom,
            case when state <> 'pending' then now() end, case when state <> 'pending' then (select min(id) from users) end
     from (values ('pending', 'Ilse Brandt', 'My grandmother cut peat there. ' || repeat('She never spoke of it without a smile. ', 12),
                   array['first', 'link', 'suspect: peat'], '', false),
                  ('approved', 'Ilse Brandt', 'Thank you for this.', '{}', '', false),
                  ('rejected', 'Ilse Brandt', 'You are all fools.', '{}', 'Insults', false),
                  ('spam', 'Cheap watches', 'https://watches.example/ ' || repeat('watches', 30), array['link', 'quick'], '', false))
          as x (state, name, body, marks, reason, newsroom)",
    "insert into comment_bans (commenter, name, comment_id, until, reason, created_by)
     select commenter, name, id, now() + interval '40 days', 'Insults, again and again', (select min(id) from users)
     from comments where state = 'rejected' and commenter is not null limit 1",
    "with run as (insert into imports (kind, name, actor, state, bytes, read_bytes)
                  values ('wxr', 'old-paper.xml', 'Mira Holt', 'cancelled', 1000, 400) returning id)
     insert into import_lines (import_id, number, noun, key, title, outcome, reason)
     select run.id, 1, 'article', '12', '', 'refused', 'headline: it has neither a title nor a text.' from run",
    "insert into jobs (kind, payload, attempts, last_error, dead_at)
     values ('make_renditions', '{\"kind\": \"make_renditions\", \"media_id\": 1}', 8,
             'the file is not there: originals/ab/abcdef', now())",
    "insert into media (kind, sha256, extension, name, width, height, bytes, failed)
     values ('picture', decode(repeat('cd', 32), 'hex'), 'jpg', 'a-photograph-with-a-name-as-long-as-cameras-make-them-0001.jpg',
             4000, 3000, 4200000, 'The file is damaged.')",
    "update media set licence = 'Agency, one year', licence_ends_at = now() - interval '2 days'
     where id = (select max(id) from media where kind = 'picture' and failed is null)",
    "insert into users (email, name, role, password_hash, last_login_at)
     values ('aron@example.org', 'Aron Lund', 'author', 'none', now() - interval '3 days')",
    "insert into tag_aliases (slug, tag_id) select 'an-older-word', min(id) from tags",
];

/// Acts as an administrator does. Gives the path of a preview.
pub async fn fill(window: &Window, db: &PgPool) -> String {
    for step in BEHIND_THE_SCENES {
        sqlx::query(*step).execute(db).await.unwrap_or_else(|error| panic!("{error}: {step}"));
    }
    let story = text(db, STORY).await;
    correct(window, &story).await;
    for note in ["Shall we call the county again?", "Done: they stand by the figure."] {
        window.send(&format!("{story}/notes"), json!({ "note": note })).await;
    }
    window.send(&format!("{story}/previews"), json!({ "days": "3" })).await;
    schedule(window, &story).await;
    place(window, db).await;
    let banner = json!({ "text": "The ferry stays in harbour until further notice", "starts_at": LATER, "ends_at": "2999-06-01T12:00" });
    window.send("/desk/front/banners", banner).await;
    let invitation = json!({ "role": "editor", "way": "mail", "email": "dana.ruiz@example.org" });
    window.send("/desk/users/invitations", invitation).await;
    window.go("/desk/articles/new").await;
    window.fill("#headline", "Begun and left").await;
    window.until("document.querySelector('#autosave-state').innerText.startsWith('Draft saved')").await;
    window.go(&story).await;
    let link = window.text("document.querySelector('.preview-links input').value").await;
    link[link.find("/preview/").unwrap()..].to_owned()
}

async fn correct(window: &Window, story: &str) {
    window.go(story).await;
    let body = window.text("document.querySelector('#body').value").await;
    window.fill("#body", &body.replacen("</p>", " It was measured twice.</p>", 1)).await;
    window.click("#change-correction").await;
    window.fill("#why", "The county sent the newer table").await;
    let note = "An earlier version of this article gave the depth as nine metres. It is ten.";
    window.fill("#correction_note", note).await;
    window.follow(".action-bar button[value=save]").await;
}

async fn schedule(window: &Window, story: &str) {
    window.go(story).await;
    let standfirst = "With the figures of the autumn, which were not known before.";
    window.fill("#standfirst", standfirst).await;
    window.fill("#effective_at", LATER).await;
    window.follow("button[value=schedule]").await;
}

/// On the board: one now and one for later, published, and changed once more.
async fn place(window: &Window, db: &PgPool) {
    let version = "document.querySelector('[name=version]').value";
    let stories =
        "select id::text from articles where state = 'published' and publish_at < now() and language = 'en'
                   order by publish_at limit 3";
    let stories: Vec<String> = sqlx::query_scalar(stories).fetch_all(db).await.unwrap();
    for (number, (story, starts_at)) in stories.iter().zip(["", LATER, ""]).enumerate() {
        window.go("/desk/front").await;
        let fields = json!({ "version": window.text(version).await, "block": "2", "article": format!("#{story}"), "starts_at": starts_at });
        window.send("/desk/front", fields).await;
        if number == 1 {
            window.go("/desk/front").await;
            window.send("/desk/front/publish", json!({ "version": window.text(version).await })).await;
        }
    }
}
