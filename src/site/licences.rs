//! `/about/licences`: the notices of what the site hands to browsers and is not its own, the engine of the article
//! editor. What is only inside the program is listed in `Cargo.lock`.

use askama::Template;
use axum::extract::State;

use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{App, Layout, Page, Result};

/// What it is, where it comes from, and whose it is.
const PACKAGES: [(&str, &str, &str); 10] = [
    (
        "Tiptap (@tiptap/core, @tiptap/pm, @tiptap/starter-kit and its extensions)",
        "https://tiptap.dev",
        "Copyright (c) 2025, Tiptap GmbH",
    ),
    (
        "ProseMirror (prosemirror-commands, -dropcursor, -gapcursor, -history, -inputrules, -keymap, -model, \
         -schema-list, -state, -transform, -view)",
        "https://prosemirror.net",
        "Copyright (C) 2015-2017 by Marijn Haverbeke <marijn@haverbeke.berlin> and others",
    ),
    (
        "prosemirror-changeset",
        "https://prosemirror.net",
        "Copyright (C) 2017 by Marijn Haverbeke <marijn@haverbeke.berlin> and others",
    ),
    (
        "prosemirror-tables",
        "https://prosemirror.net",
        "Copyright (C) 2015-2016 by Marijn Haverbeke <marijnh@gmail.com> and others",
    ),
    (
        "orderedmap",
        "https://prosemirror.net",
        "Copyright (C) 2016 by Marijn Haverbeke <marijn@haverbeke.berlin> and others",
    ),
    (
        "rope-sequence",
        "https://prosemirror.net",
        "Copyright (C) 2016 by Marijn Haverbeke <marijn@haverbeke.berlin>",
    ),
    (
        "w3c-keyname",
        "https://prosemirror.net",
        "Copyright (C) 2016 by Marijn Haverbeke <marijn@haverbeke.berlin> and others",
    ),
    ("linkifyjs", "https://linkify.js.org", "Copyright (c) 2024 Nick Frasser"),
    (
        "leptos-tiptap-build, which packs them",
        "https://github.com/lpotthast/leptos-tiptap",
        "Copyright (c) Lukas Potthast",
    ),
    (
        "esbuild, which packs them in release images",
        "https://esbuild.github.io",
        "Copyright (c) 2020 Evan Wallace",
    ),
];

#[derive(Template)]
#[template(path = "site/licences.html")]
struct Show {
    layout: Layout,
    packages: &'static [(&'static str, &'static str, &'static str)],
}

pub(super) async fn show(State(app): State<App>) -> Result<Page> {
    let layout = Layout::load(&app, "Licences")
        .await?
        .description("Whose work this site hands to browsers, and on what terms.")
        .canonical(paths::LICENCES)
        .class("licences");
    Ok(Page::public(&Show { layout, packages: &PACKAGES }).keys([Key::Layout]))
}
