//! What a page tells search engines about itself, in the words of schema.org. A page hands its facts to its `Layout`;
//! they stand in one block of data in its head.

mod article;
mod gallery;

pub use article::article;
pub use gallery::gallery;

use serde_json::{Value, json};

use super::Site;
use crate::news::article::card::Card;
use crate::news::author::{About, Author};
use crate::news::discovery::Discovery;
use crate::news::media::Picture;
use crate::news::topic::Topic;
use crate::paths;

/// The side of the logo that search engines are told of.
const LOGO: u32 = 512;

/// The block of a page: its facts side by side.
pub fn graph(facts: &[Value]) -> Value {
    json!({ "@context": "https://schema.org", "@graph": facts })
}

/// Who publishes: by its id, which the front page explains.
pub fn publisher(site: &Site) -> Value {
    json!({
        "@type": "NewsMediaOrganization",
        "@id": publisher_id(site),
        "name": site.name,
        "url": site.absolute(paths::HOME),
    })
}

fn publisher_id(site: &Site) -> String {
    site.absolute("/#publisher")
}

/// The publisher with the pages that say how it works.
pub fn organization(site: &Site, discovery: &Discovery, icons: Option<&str>) -> Value {
    let mut organization = publisher(site);
    if let Some(version) = icons {
        let url = site.absolute(&paths::icon(version, LOGO));
        organization["logo"] = json!({ "@type": "ImageObject", "url": url, "width": LOGO, "height": LOGO });
    }
    organization["correctionsPolicy"] = json!(site.absolute(paths::workflow::CORRECTIONS));
    for (name, address) in &discovery.policies.0 {
        organization[name] = json!(address);
    }
    organization
}

/// The site, and where it is searched.
pub fn website(site: &Site) -> Value {
    json!({
        "@type": "WebSite",
        "@id": site.absolute("/#site"),
        "name": site.name,
        "url": site.absolute(paths::HOME),
        "inLanguage": site.language.as_str(),
        "publisher": { "@id": publisher_id(site) },
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{}?q={{words}}", site.absolute(paths::SEARCH)) },
            "query-input": "required name=words",
        },
    })
}

/// The way to a page from the front page, as (name, path); the last is the page itself.
pub fn trail(site: &Site, steps: &[(&str, &str)]) -> Value {
    let home = (site.name.as_str(), paths::HOME);
    let steps = std::iter::once(&home).chain(steps).zip(1..);
    let steps: Vec<Value> = steps
        .map(|((name, path), place)| {
            json!({ "@type": "ListItem", "position": place, "name": name, "item": site.absolute(path) })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": steps })
}

/// The articles of a list in its order.
pub fn list<'a>(site: &Site, name: &str, cards: impl IntoIterator<Item = &'a Card>) -> Value {
    let items: Vec<Value> = cards
        .into_iter()
        .zip(1..)
        .map(|(card, place)| {
            json!({ "@type": "ListItem", "position": place, "url": site.absolute(&card.href()), "name": card.headline })
        })
        .collect();
    json!({ "@type": "ItemList", "name": name, "numberOfItems": items.len(), "itemListElement": items })
}

/// A topic as an entry of the glossary.
pub fn term(site: &Site, topic: &Topic) -> Value {
    json!({
        "@type": "DefinedTerm",
        "@id": site.absolute(&topic.href()),
        "name": topic.title,
        "description": topic.description,
        "url": site.absolute(&topic.href()),
        "inDefinedTermSet": site.absolute(paths::TOPICS),
    })
}

/// The glossary.
pub fn terms(site: &Site, topics: &[Topic]) -> Value {
    let terms: Vec<Value> = topics.iter().map(|topic| term(site, topic)).collect();
    json!({
        "@type": "DefinedTermSet",
        "@id": site.absolute(paths::TOPICS),
        "name": "In Focus",
        "url": site.absolute(paths::TOPICS),
        "hasDefinedTerm": terms,
    })
}

/// An author's page.
pub fn profile(site: &Site, author: &Author, about: &About, portrait: Option<&Picture>) -> Value {
    let mut person = json!({
        "@type": "Person",
        "name": author.name,
        "url": site.absolute(&author.href()),
        "worksFor": { "@id": publisher_id(site) },
    });
    if !author.bio.is_empty() {
        person["description"] = json!(author.bio);
    }
    let links: Vec<&str> = about.links().collect();
    if !links.is_empty() {
        person["sameAs"] = json!(links);
    }
    if let Some(image) = portrait.and_then(|picture| image(site, picture)) {
        person["image"] = image;
    }
    json!({ "@type": "ProfilePage", "url": site.absolute(&author.href()), "mainEntity": person })
}

/// A picture by its widest file.
fn image(site: &Site, picture: &Picture) -> Option<Value> {
    let (width, height, path) = picture.largest()?;
    let mut image = json!({
        "@type": "ImageObject",
        "url": site.absolute(&path),
        "contentUrl": site.absolute(&path),
        "width": width,
        "height": height,
    });
    for (name, text) in [("caption", &picture.caption), ("creditText", &picture.credit)] {
        if !text.is_empty() {
            image[name] = json!(text);
        }
    }
    Some(image)
}
