//! What an article's page tells about it.

use serde_json::{Value, json};

use super::image;
use crate::media::drawing;
use crate::news::article::Article;
use crate::news::article::correction::Correction;
use crate::news::media::Picture;
use crate::paths;
use crate::text::date;
use crate::web::Site;

/// The article itself, then the way to it.
pub fn article(
    site: &Site,
    article: &Article,
    picture: Option<&Picture>,
    corrections: &[Correction],
) -> [Value; 2] {
    let trail =
        [(article.section_name.as_str(), article.section_href()), (&article.headline, article.href())];
    let trail = trail.each_ref().map(|(name, path)| (*name, path.as_str()));
    [story(site, article, picture, corrections), super::trail(site, &trail)]
}

fn story(site: &Site, article: &Article, picture: Option<&Picture>, corrections: &[Correction]) -> Value {
    let url = site.absolute(&article.href());
    let moment = |at| date::machine(at, site.timezone);
    // Who does not know the finer word knows the first.
    let kinds: Vec<&str> = std::iter::once("NewsArticle").chain(article.work.schema()).collect();
    let mut story = json!({
        "@type": kinds,
        "@id": format!("{url}#article"),
        "url": url,
        "mainEntityOfPage": url,
        "headline": article.headline,
        "description": article.summary(),
        "inLanguage": article.language.as_str(),
        "datePublished": moment(article.dated()),
        // Nothing but a correction makes it another article.
        "dateModified": moment(article.corrected_at.map_or(article.dated(), |at| at.max(article.dated()))),
        "articleSection": article.section_name,
        "wordCount": article.words,
        "isAccessibleForFree": true,
        "author": authors(site, article),
        "publisher": super::publisher(site),
    });
    let mut images: Vec<Value> = picture.map(|picture| images(site, picture)).unwrap_or_default();
    if let Some(version) = article.drawing.as_ref().filter(|_| images.is_empty()) {
        let url = site.absolute(&paths::drawing(article.id, version));
        images.push(
            json!({ "@type": "ImageObject", "url": url, "width": drawing::WIDTH, "height": drawing::HEIGHT }),
        );
    }
    if !images.is_empty() {
        story["image"] = json!(images);
    }
    let tags: Vec<&str> = article.tags.iter().map(|tag| tag.name.as_str()).collect();
    if !tags.is_empty() {
        story["keywords"] = json!(tags);
    }
    for (name, text) in [("alternativeHeadline", &article.kicker), ("dateline", &article.dateline)] {
        if !text.is_empty() {
            story[name] = json!(text);
        }
    }
    if let Some(place) = &article.place {
        story["contentLocation"] = json!({
            "@type": "Place",
            "name": place.name,
            "geo": { "@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude },
        });
    }
    let corrections: Vec<Value> = corrections
        .iter()
        .map(|correction| {
            json!({
                "@type": "CorrectionComment",
                "text": correction.note,
                "datePublished": moment(correction.at),
                "url": site.absolute(&paths::workflow::correction(article.id, correction.number)),
            })
        })
        .collect();
    if !corrections.is_empty() {
        story["correction"] = json!(corrections);
    }
    story
}

/// The names in the byline with their pages; else what stands there, else the paper.
fn authors(site: &Site, article: &Article) -> Value {
    if !article.authors.is_empty() {
        let person =
            |name: &str, path: &str| json!({ "@type": "Person", "name": name, "url": site.absolute(path) });
        return article.authors.iter().map(|author| person(&author.name, &author.href())).collect();
    }
    if article.byline.is_empty() {
        json!([super::publisher(site)])
    } else {
        json!([{ "@type": "Person", "name": article.byline }])
    }
}

/// The crops 16:9, 4:3 and 1:1, and the whole picture while there are none; the same file once.
fn images(site: &Site, picture: &Picture) -> Vec<Value> {
    let mut images: Vec<Value> = Vec::new();
    for shape in [picture.wide(), picture.classic(), picture.square()] {
        if let Some(image) = image(site, &shape)
            && !images.contains(&image)
        {
            images.push(image);
        }
    }
    images
}
