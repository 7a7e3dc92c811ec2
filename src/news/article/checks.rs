//! What an article should have before it goes out. A section says which of it is required there; all else is advice.

use sqlx::{PgConnection, PgExecutor};

use crate::news::link;
use crate::news::media::MediaId;
use crate::text::CleanHtml;
use crate::text::markup::{self, Tag};

/// Longer ones are cut on cards, in search engines and on telephones.
pub const HEADLINE_LETTERS: usize = 90;
/// As many links are named; the others will be found when these are mended.
const NAMED_LINKS: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    Headline,
    Standfirst,
    Section,
    Tags,
    PictureAlt,
    BodyAlt,
    Credit,
    Links,
    Headings,
    Related,
}

impl Check {
    /// In the order in which a form shows them.
    pub const ALL: [Self; 10] = [
        Self::Headline,
        Self::Standfirst,
        Self::Section,
        Self::Tags,
        Self::PictureAlt,
        Self::BodyAlt,
        Self::Credit,
        Self::Links,
        Self::Headings,
        Self::Related,
    ];

    /// As `sections.requires` holds it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Standfirst => "standfirst",
            Self::Section => "section",
            Self::Tags => "tags",
            Self::PictureAlt => "picture_alt",
            Self::BodyAlt => "body_alt",
            Self::Credit => "credit",
            Self::Links => "links",
            Self::Headings => "headings",
            Self::Related => "related",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.as_str() == name)
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Headline => "Headline of a good length",
            Self::Standfirst => "Standfirst",
            Self::Section => "Section",
            Self::Tags => "At least one tag",
            Self::PictureAlt => "Lead picture described",
            Self::BodyAlt => "Pictures in the text described",
            Self::Credit => "Pictures credited",
            Self::Links => "Links within the site work",
            Self::Headings => "Subheads in order",
            Self::Related => "Related content",
        }
    }

    /// The field of the form where it is mended.
    pub fn field(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Standfirst => "standfirst",
            Self::Section => "section",
            Self::Tags => "tags",
            Self::PictureAlt => "picture_alt",
            Self::Credit => "picture_credit",
            Self::Related => "related",
            Self::BodyAlt | Self::Links | Self::Headings => "body",
        }
    }
}

/// What is judged: the fields of a form, or of an article.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub headline: &'a str,
    pub standfirst: &'a str,
    pub has_section: bool,
    pub has_tags: bool,
    pub has_related: bool,
    pub picture: Option<MediaId>,
    pub picture_alt: &'a str,
    pub picture_credit: &'a str,
    pub body: &'a CleanHtml,
    /// Links that begin with it are links within the site.
    pub base_url: &'a str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub check: Check,
    pub passed: bool,
    /// What is there, or what is wrong; "" when the label says it all.
    pub note: String,
}

impl Finding {
    fn new(check: Check, passed: bool, note: impl Into<String>) -> Self {
        Self { check, passed, note: note.into() }
    }
}

/// Every check, in the order of `Check::ALL`.
pub async fn examine(db: &mut PgConnection, subject: &Subject<'_>) -> sqlx::Result<Vec<Finding>> {
    let known = Known {
        broken: link::broken(&mut *db, &link::of_body(subject.body, subject.base_url)).await?,
        decorations: decorations(&mut *db, subject.body).await?,
        is_lead_decoration: match subject.picture {
            Some(id) => is_decoration(db, id).await?,
            None => false,
        },
    };
    Ok(Check::ALL.into_iter().map(|check| judge(check, subject, &known)).collect())
}

/// What only the database knows.
#[derive(Default)]
struct Known {
    broken: Vec<String>,
    /// Addresses of pictures in the body that show nothing: they need no description.
    decorations: Vec<String>,
    is_lead_decoration: bool,
}

fn judge(check: Check, subject: &Subject<'_>, known: &Known) -> Finding {
    let broken = &known.broken;
    let finding = |passed: bool, note: String| Finding::new(check, passed, note);
    let plain = |passed| finding(passed, String::new());
    match check {
        Check::Headline => {
            let letters = subject.headline.chars().count();
            let note = match letters {
                0 => String::new(),
                1..=HEADLINE_LETTERS => format!("{letters} letters"),
                _ => format!("{letters} letters; more than {HEADLINE_LETTERS} are cut in many places"),
            };
            finding((1..=HEADLINE_LETTERS).contains(&letters), note)
        }
        Check::Standfirst => plain(!subject.standfirst.is_empty()),
        Check::Section => plain(subject.has_section),
        Check::Tags => plain(subject.has_tags),
        Check::Related => plain(subject.has_related),
        Check::PictureAlt if subject.picture.is_none() => finding(true, "no picture".to_owned()),
        Check::PictureAlt => plain(!subject.picture_alt.is_empty() || known.is_lead_decoration),
        Check::BodyAlt => {
            let is_bare =
                |picture: &Shown| !picture.is_described && !known.decorations.contains(&picture.src);
            let bare = pictures(subject.body).filter(is_bare).count();
            finding(
                bare == 0,
                if bare == 0 { String::new() } else { format!("{bare} without a description") },
            )
        }
        Check::Credit => {
            let bare = pictures(subject.body).filter(|picture| !picture.is_credited).count();
            let is_lead_bare = subject.picture.is_some() && subject.picture_credit.is_empty();
            let note = match (is_lead_bare, bare) {
                (false, 0) => String::new(),
                (true, 0) => "the lead picture has none".to_owned(),
                (false, bare) => format!("{bare} in the text without one"),
                (true, bare) => format!("the lead picture has none, nor have {bare} in the text"),
            };
            finding(note.is_empty(), note)
        }
        Check::Links => {
            let named = broken.iter().take(NAMED_LINKS).cloned().collect::<Vec<_>>().join(", ");
            let note = if broken.is_empty() { named } else { format!("these lead nowhere: {named}") };
            finding(broken.is_empty(), note)
        }
        Check::Headings => {
            let wrong = headings(subject.body);
            finding(wrong.is_none(), wrong.unwrap_or_default())
        }
    }
}

/// A picture in a body.
struct Shown {
    src: String,
    is_described: bool,
    is_credited: bool,
}

/// The alt text belongs to the picture, the credit to the figure around it.
fn pictures(body: &CleanHtml) -> impl Iterator<Item = Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for tag in markup::tags(body).filter(|tag| !tag.is_end()) {
        match tag.name() {
            "img" => found.push(Shown {
                src: tag.attribute("src").unwrap_or_default().into_owned(),
                is_described: tag.attribute("alt").is_some_and(|alt| !alt.trim().is_empty()),
                is_credited: false,
            }),
            "small" if is_credit(tag) => {
                if let Some(last) = found.last_mut() {
                    last.is_credited = true;
                }
            }
            _ => {}
        }
    }
    found.into_iter()
}

fn is_credit(tag: Tag<'_>) -> bool {
    tag.attribute("class").is_some_and(|class| class == "credit")
}

/// The first subhead that skips a level: h1 is the headline.
fn headings(body: &CleanHtml) -> Option<String> {
    let mut last = 1;
    for tag in markup::tags(body).filter(|tag| !tag.is_end()) {
        let level = match tag.name() {
            "h2" => 2,
            "h3" => 3,
            "h4" => 4,
            _ => continue,
        };
        if level > last + 1 {
            return Some(match last {
                1 => format!("the first one is of level {level}, not 2"),
                _ => format!("level {level} follows on level {last}"),
            });
        }
        last = level;
    }
    None
}

/// The pictures of the body that their library calls decoration.
async fn decorations(db: impl PgExecutor<'_>, body: &CleanHtml) -> sqlx::Result<Vec<String>> {
    let bare = pictures(body).filter(|picture| !picture.is_described);
    let (srcs, digests): (Vec<String>, Vec<String>) = bare
        .filter_map(|picture| {
            let digest = picture.src.strip_prefix("/media/")?.split('/').next()?;
            let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_digest.then(|| (picture.src.clone(), digest.to_owned()))
        })
        .unzip();
    if srcs.is_empty() {
        return Ok(srcs);
    }
    sqlx::query_scalar!(
        r#"select src as "src!"
           from unnest($1::text[], $2::text[]) as shown(src, digest)
           where exists (select from media m
                         where m.decorative
                           and m.id in (select r.media_id from renditions r where r.sha256 = decode(digest, 'hex')
                                        union
                                        select f.media_id from media_files f where f.sha256 = decode(digest, 'hex')))"#,
        &srcs,
        &digests
    )
    .fetch_all(db)
    .await
}

async fn is_decoration(db: impl PgExecutor<'_>, id: MediaId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!("select decorative from media where id = $1", id as MediaId);
    Ok(found.fetch_optional(db).await?.unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(html: &str) -> CleanHtml {
        CleanHtml::clean(html).unwrap_or_default()
    }

    fn judged(check: Check, html: &str, change: impl FnOnce(&mut Subject<'_>)) -> (bool, String) {
        let body = body(html);
        let mut subject = Subject {
            headline: "The bridge is open",
            standfirst: "",
            has_section: true,
            has_tags: false,
            has_related: false,
            picture: None,
            picture_alt: "",
            picture_credit: "",
            body: &body,
            base_url: "https://news.example",
        };
        change(&mut subject);
        let finding = judge(check, &subject, &Known::default());
        (finding.passed, finding.note)
    }

    #[test]
    fn a_check_is_known_by_its_name() {
        for check in Check::ALL {
            assert_eq!(Check::parse(check.as_str()), Some(check));
        }
        assert_eq!(Check::parse("beauty"), None);
    }

    #[test]
    fn a_headline_is_neither_missing_nor_too_long() {
        const LONG: &str =
            "A headline of ninety-one letters, which is one more than most places have room for, alas!!!";
        assert_eq!(LONG.len(), HEADLINE_LETTERS + 1);
        assert!(judged(Check::Headline, "", |_| ()).0);
        assert!(!judged(Check::Headline, "", |subject| subject.headline = "").0);
        assert!(!judged(Check::Headline, "", |subject| subject.headline = LONG).0);
        assert!(judged(Check::Headline, "", |subject| subject.headline = &LONG[1..]).0);
    }

    #[test]
    fn a_picture_needs_a_description_and_a_credit_and_no_picture_needs_none() {
        assert!(judged(Check::PictureAlt, "", |_| ()).0);
        assert!(judged(Check::Credit, "<p>Words.</p>", |_| ()).0);
        assert!(!judged(Check::PictureAlt, "", |subject| subject.picture = Some(MediaId(1))).0);
        assert!(!judged(Check::Credit, "", |subject| subject.picture = Some(MediaId(1))).0);
        let good = "<figure><img src=\"/media/a/b\" alt=\"A bridge\"><figcaption>\
                    <small class=\"credit\">Ada</small></figcaption></figure>";
        assert!(judged(Check::BodyAlt, good, |_| ()).0 && judged(Check::Credit, good, |_| ()).0);
        let bare = format!("{good}<p><img src=\"/media/a/c\" alt=\"\"></p>");
        assert_eq!(judged(Check::BodyAlt, &bare, |_| ()), (false, "1 without a description".to_owned()));
        assert!(!judged(Check::Credit, &bare, |_| ()).0);
    }

    #[test]
    fn subheads_go_down_one_level_at_a_time() {
        for good in ["<p>a</p>", "<h2>a</h2><h3>b</h3><h4>c</h4><h2>d</h2>", "<h2>a</h2><h2>b</h2>"] {
            assert_eq!(headings(&body(good)), None, "{good}");
        }
        for bad in ["<h3>a</h3>", "<h2>a</h2><h4>b</h4>"] {
            assert!(headings(&body(bad)).is_some(), "{bad}");
        }
    }
}
