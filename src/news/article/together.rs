//! What two people made of the same article, brought together where neither touched what the other did: field by field,
//! the text block by block. A person decides the rest.

use tokio::task::spawn_blocking;

use super::revision::Content;
use crate::text::{CleanHtml, merge};

/// What came of it.
#[derive(Clone, Debug)]
pub struct Met {
    /// With the words of `mine` where both changed the same.
    pub content: Content,
    /// The clean text of it; none when one of the three can no longer be cleaned.
    pub body: Option<CleanHtml>,
    /// What both changed, as a person calls it.
    pub both: Vec<&'static str>,
}

/// `mine` and `theirs` were both made of `base`. Off the async threads: texts are long.
pub async fn bring(base: Content, mine: Content, theirs: Content) -> Met {
    let alone = mine.clone();
    spawn_blocking(move || met(&base, &mine, &theirs)).await.unwrap_or_else(|_| Met {
        content: alone,
        body: None,
        both: vec!["text"],
    })
}

fn met(base: &Content, mine: &Content, theirs: &Content) -> Met {
    let mut both = Vec::new();
    // Who has it is not said of what a version does not know.
    if !(base.whole && mine.whole && theirs.whole) {
        both.push("what old versions do not hold");
    }
    macro_rules! fields {
        ($($field:ident $name:literal,)*) => {
            Content {
                $($field: if mine.$field == base.$field {
                    theirs.$field.clone()
                } else {
                    if theirs.$field != base.$field && theirs.$field != mine.$field {
                        both.push($name);
                    }
                    mine.$field.clone()
                },)*
                ..mine.clone()
            }
        };
    }
    let content = fields!(
        kicker "kicker",
        headline "headline",
        slug "address",
        standfirst "standfirst",
        byline "byline",
        dateline "dateline",
        tags "tags",
        picture "lead picture",
        picture_alt "description of the picture",
        picture_caption "caption",
        picture_credit "credit",
        section "section",
        language "language",
        related "related content",
        place "place",
        comments "comments",
        expire_at "end",
    );
    // Words about one picture under another would be wrong.
    let picture = |of: &Content| {
        let words = (of.picture_alt.clone(), of.picture_caption.clone(), of.picture_credit.clone());
        (of.picture, words)
    };
    let is_both_in =
        mine.picture != theirs.picture && ![picture(mine), picture(theirs)].contains(&picture(base));
    if is_both_in && !both.contains(&"lead picture") {
        both.push("lead picture");
    }
    let (source, is_both) = text(&base.body, &mine.body, &theirs.body);
    if is_both {
        both.push("text");
    }
    let body = CleanHtml::clean(&source).ok();
    Met { content: Content { body: source, ..content }, body, both }
}

/// The text, and whether both changed the same block of it.
fn text(base: &str, mine: &str, theirs: &str) -> (String, bool) {
    if mine == base || mine == theirs {
        return (theirs.to_owned(), false);
    }
    if theirs == base {
        return (mine.to_owned(), false);
    }
    let clean = [base, mine, theirs].map(CleanHtml::clean);
    let [Ok(base), Ok(my), Ok(their)] = clean else { return (mine.to_owned(), true) };
    let rows = merge::rows(Some(&base), &my, &their);
    if rows.iter().all(|row| row.theirs == row.base) {
        return (mine.to_owned(), false);
    }
    let preset = |at: usize| rows.get(at).and_then(merge::Row::preset);
    if let Ok(body) = merge::body(&rows, preset) {
        return (body, false);
    }
    let or_mine = |at: usize| preset(at).or(Some(merge::Take::Mine));
    (merge::body(&rows, or_mine).unwrap_or_else(|_| mine.to_owned()), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Content {
        Content {
            headline: "A".into(),
            kicker: "K".into(),
            byline: "B".into(),
            body: "<p>First here.</p><p>Second here.</p>".into(),
            whole: true,
            ..Content::default()
        }
    }

    #[test]
    fn what_only_the_other_side_changed_is_theirs_and_what_both_changed_is_mine_and_named() {
        let base = base();
        let mine = Content { headline: "Mine".into(), kicker: "Mine".into(), ..base.clone() };
        let theirs = Content { headline: "Theirs".into(), byline: "Theirs".into(), ..base.clone() };
        let met = met(&base, &mine, &theirs);
        assert_eq!((met.content.headline, met.content.kicker), ("Mine".to_owned(), "Mine".to_owned()));
        assert_eq!((met.content.byline.as_str(), met.both), ("Theirs", vec!["headline"]));
    }

    #[test]
    fn blocks_of_the_text_meet_unless_both_changed_the_same() {
        let base = base();
        let with = |body: &str| Content { body: body.into(), ..base.clone() };
        let mine = with("<p>First here, mine.</p><p>Second here.</p>");
        let met_well = met(&base, &mine, &with("<p>First here.</p>\n\n<p>Second here, theirs.</p>"));
        assert!(met_well.both.is_empty());
        assert_eq!(met_well.content.body, "<p>First here, mine.</p>\n\n<p>Second here, theirs.</p>");
        let met_badly = met(&base, &mine, &with("<p>First here, theirs.</p><p>Second here.</p>"));
        assert_eq!(met_badly.both, ["text"]);
    }

    #[test]
    fn the_same_text_with_other_spaces_changes_nothing() {
        let base = base();
        let mine = Content { body: "<p>Mine.</p>".into(), ..base.clone() };
        let theirs = Content { body: base.body.replace("><", ">\n\n<"), ..base.clone() };
        let met = met(&base, &mine, &theirs);
        assert!(met.both.is_empty());
        assert_eq!(met.content.body, "<p>Mine.</p>");
    }
}
