//! What two people began with before they both changed an article: its fields at one version, out of the revisions.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use sqlx::PgExecutor;

use super::ArticleId;
use crate::news::media::MediaId;
use crate::text::date;

/// A version as its revision tells of it. Older revisions know the words alone.
#[derive(Debug)]
pub struct Base {
    content: Value,
    /// What the revision has by number, as the form has it.
    section: Option<String>,
    related: Option<String>,
    place: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Base {
    /// The value of a field of the form, where it is known.
    pub fn field(&self, name: &str, zone: Tz) -> Option<String> {
        let is_whole = self.content.get("whole").and_then(Value::as_bool).unwrap_or(false);
        let degrees = |number: Option<f64>| number.map(|degrees| degrees.to_string()).unwrap_or_default();
        match name {
            "section" | "related" | "place" | "latitude" | "longitude" | "publish_at" | "expire_at"
            | "comments"
                if !is_whole =>
            {
                None
            }
            "section" => self.section.clone(),
            "related" => Some(self.related.clone().unwrap_or_default()),
            "place" => Some(self.place.clone().unwrap_or_default()),
            "latitude" => Some(degrees(self.latitude)),
            "longitude" => Some(degrees(self.longitude)),
            "comments" => {
                self.content.get(name)?.as_bool().map(|is_on| if is_on { "on" } else { "" }.to_owned())
            }
            "publish_at" | "expire_at" => match self.content.get(name)? {
                Value::Null => Some(String::new()),
                at => Some(date::field(at.as_str()?.parse::<DateTime<Utc>>().ok()?, zone)),
            },
            "tags" => {
                let tags = self.content.get(name)?.as_array()?;
                Some(tags.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
            }
            _ => self.content.get(name)?.as_str().map(str::to_owned),
        }
    }

    /// The lead picture; `None` where nobody knows whether there was one.
    pub fn picture(&self) -> Option<Option<MediaId>> {
        match self.content.get("picture")? {
            Value::Null => Some(None),
            id => id.as_i64().map(|id| Some(MediaId(id))),
        }
    }
}

/// `None`: no revision tells of this version.
pub async fn at(db: impl PgExecutor<'_>, id: ArticleId, version: i32) -> sqlx::Result<Option<Base>> {
    sqlx::query_as!(
        Base,
        r#"select r.content, s.slug as "section?",
                  (select string_agg(a.id || ' ' || a.headline, e'\n' order by chosen.place)
                   from jsonb_array_elements_text(r.content -> 'related') with ordinality as chosen(id, place)
                   join articles a on a.id = chosen.id::bigint) as related,
                  p.name as "place?", p.latitude as "latitude?", p.longitude as "longitude?"
           from revisions r
           left join sections s on s.id = (r.content ->> 'section')::bigint
           left join places p on p.id = (r.content ->> 'place')::bigint
           where r.article_id = $1 and r.version = $2"#,
        id as ArticleId,
        version
    )
    .fetch_optional(db)
    .await
}

/// Who saved this version, if it was a person with an account.
pub async fn saved_by(db: impl PgExecutor<'_>, id: ArticleId, version: i32) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select u.name from revisions r join users u on u.id = r.user_id where r.article_id = $1 and r.version = $2",
        id as ArticleId,
        version
    )
    .fetch_optional(db)
    .await
}
