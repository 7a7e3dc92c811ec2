//! The pictures in the body of an article, by the files they have now.

use std::collections::HashMap;

use sqlx::PgExecutor;
use sqlx::types::Json;

use super::{Picture, Rendition};
use crate::media::Digest;
use crate::text::CleanHtml;
use crate::text::html::figures::{Figure, Shown};

/// The body as a page shows it: every picture in all its sizes, those whose licence is over not at all.
pub async fn shown(db: impl PgExecutor<'_>, body: &CleanHtml) -> sqlx::Result<CleanHtml> {
    let named: Vec<Vec<u8>> = body
        .pictures()
        .into_iter()
        .filter_map(|sha256| Some(sha256.parse::<Digest>().ok()?.as_slice().to_vec()))
        .collect();
    if named.is_empty() {
        return Ok(body.clone());
    }
    let rows = sqlx::query!(
        r#"select distinct on (named.sha256) encode(named.sha256, 'hex') as "sha256!", m.name, m.width, m.height, m.alt,
                  m.caption, m.credit, coalesce(m.licence_ends_at <= now(), false) as "ended!",
                  (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                              's', encode(r.sha256, 'hex')) order by r.width), '[]')
                   from renditions r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
           from unnest($1::bytea[]) as named(sha256)
           join lateral (select media_id from renditions where sha256 = named.sha256
                         union
                         select media_id from media_files where sha256 = named.sha256) f on true
           join media m on m.id = f.media_id
           where m.kind = 'picture'
           order by named.sha256, m.id"#,
        &named
    )
    .fetch_all(db)
    .await?;
    let figures: HashMap<String, Figure> = rows
        .into_iter()
        .filter_map(|row| {
            let words = (row.alt.as_str(), row.caption.as_str(), row.credit.as_str());
            let picture = Picture::new(&row.name, (row.width, row.height), row.renditions.0, words)?;
            Some((row.sha256, if row.ended { Figure::Gone } else { Figure::Shown(figure(picture)) }))
        })
        .collect();
    Ok(body.with_pictures(|sha256| figures.get(sha256).cloned()))
}

fn figure(picture: Picture) -> Shown {
    Shown {
        src: picture.src(),
        srcset_webp: picture.srcset_webp(),
        srcset_jpeg: picture.srcset_jpeg(),
        width: picture.width,
        height: picture.height,
        alt: picture.alt,
        caption: picture.caption,
        credit: picture.credit,
    }
}
