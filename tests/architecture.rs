//! The rules of ARCHITECTURE.md that a machine can check. Each rule is a function from file texts to complaints,
//! so that beside the test on the real tree stands one on a small made-up input that breaks the rule.
#![allow(clippy::unwrap_used)]

#[path = "architecture/source.rs"]
mod source;

use std::path::Path;

use source::{File, code, crate_names, is_name, without_inline_modules, without_tests};

/// Where SQL may stand: beside the types it fills. The others call functions of these.
const SQL_MODULES: [&str; 5] = ["db", "cache", "queue", "accounts", "news"];

/// What a module that holds no SQL never writes. Nothing runs a statement without one of them.
const SQL_WORDS: [&str; 15] = [
    "sqlx::query",
    "query!",
    "query_as!",
    "query_scalar!",
    "QueryBuilder",
    "raw_sql",
    ".fetch_all(",
    ".fetch_one(",
    ".fetch_optional(",
    ".execute(",
    "copy_in_raw(",
    // Projections: macros around `query_as!`.
    "cards!",
    "galleries!",
    "addresses!",
    "topics!",
];

/// Where what a page prints unescaped is made.
const UNESCAPED: [&str; 2] = ["src/text/html/mod.rs", "src/text/html/data.rs"];

/// The one script with content: data that no browser runs, and that only its type may print.
const DATA: &str = "<script type=\"application/ld+json\">{{ data }}</script>";

/// A file longer than this holds more than one thing.
const MOST_LINES: usize = 500;

// --- the rules --------------------------------------------------------------------------------------------------

struct Module {
    name: String,
    is_surface: bool,
}

/// The lines of lib.rs, bottom of the building first.
fn law(lib: &str) -> Vec<Module> {
    lib.lines()
        .filter_map(|line| {
            let (name, comment) = line.strip_prefix("pub mod ")?.split_once(';')?;
            Some(Module { name: name.to_owned(), is_surface: comment.trim().starts_with("// = surface") })
        })
        .collect()
}

/// A module uses only modules above its own line in lib.rs; a surface uses no other surface.
fn against_the_import_law(lib: &str, files: &[File]) -> Vec<String> {
    let law = law(lib);
    let place = |name: &str| law.iter().position(|module| module.name == name);
    let mut complaints = Vec::new();
    for file in files {
        let Some(&top) = file.module().first() else { continue };
        let Some(mine) = place(top) else {
            complaints.push(format!("{}: lib.rs does not list {top}", file.path));
            continue;
        };
        for used in crate_names(&code(&file.text)) {
            match place(&used) {
                Some(theirs) if theirs > mine => {
                    complaints.push(format!("{}: {top} uses {used}, which stands below it", file.path));
                }
                Some(theirs) if theirs != mine && law[theirs].is_surface && law[mine].is_surface => {
                    complaints.push(format!("{}: the surface {top} uses the surface {used}", file.path));
                }
                _ => (),
            }
        }
    }
    complaints
}

/// `super::super::` up to the crate would get round the import law.
fn climbing_to_the_crate(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| {
            let climb = "super::".repeat(file.module().len().max(1));
            without_inline_modules(&code(&file.text)).contains(&climb)
        })
        .map(|file| format!("{}: reaches the crate through super; write crate::", file.path))
        .collect()
}

/// SQL stands only in the modules that may hold it.
fn sql_out_of_place(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in
        files.iter().filter(|file| file.module().first().is_some_and(|top| !SQL_MODULES.contains(top)))
    {
        let code = without_tests(&code(&file.text));
        for word in SQL_WORDS.iter().filter(|word| code.contains(**word)) {
            complaints.push(format!("{}: {word} belongs into {}", file.path, SQL_MODULES.join(", ")));
        }
    }
    complaints
}

/// The macros check every statement; this is how one would get round them.
fn unchecked_sql(files: &[File]) -> Vec<String> {
    with_code(files, "AssertSqlSafe", "a statement made of strings")
}

/// Text that askama does not escape is `CleanHtml`, or `Data` for machines; each is made in one place.
fn unescaped_types(files: &[File]) -> Vec<String> {
    let elsewhere: Vec<File> =
        files.iter().filter(|file| !UNESCAPED.contains(&file.path.as_str())).cloned().collect();
    let mut complaints = with_code(&elsewhere, "HtmlSafe", "only CleanHtml may go into a page unescaped");
    complaints.extend(with_code(&elsewhere, "filters::Safe", "only CleanHtml may go into a page unescaped"));
    complaints
}

fn with_code(files: &[File], word: &str, why: &str) -> Vec<String> {
    files
        .iter()
        .filter(|file| code(&file.text).contains(word))
        .map(|file| format!("{}: {word}: {why}", file.path))
        .collect()
}

/// Counted are lines of code: not blank ones, not comments, not `#[cfg(test)]` modules.
fn too_long(files: &[File]) -> Vec<String> {
    files
        .iter()
        .map(|file| (file, lines_of_code(file)))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines of code, at most {MOST_LINES}", file.path))
        .collect()
}

fn lines_of_code(file: &File) -> usize {
    // CSS has no line comments, and `//` occurs in addresses.
    let is_css = Path::new(&file.path).extension().is_some_and(|ending| ending == "css");
    let text = if is_css { without_css_comments(&file.text) } else { without_tests(&code(&file.text)) };
    text.lines().filter(|line| !line.trim().is_empty()).count()
}

fn without_css_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once("*/").map_or("", |(_, after)| after));
    }
    out
}

/// Every file says what lives in it before anything else.
fn undocumented(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| format!("{}: does not start with //!", file.path))
        .collect()
}

/// `name.rs` beside a folder `name/` hides the folder's first file: it is `name/mod.rs`.
fn beside_their_folder(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter_map(|file| file.path.strip_suffix(".rs"))
        .filter(|stem| files.iter().any(|other| other.path.starts_with(&format!("{stem}/"))))
        .map(|stem| format!("{stem}.rs: is {stem}/mod.rs"))
        .collect()
}

/// A strict Content-Security-Policy without a nonce runs no inline script and no inline style; and nothing gets
/// into a page unescaped but by its type.
fn unfit_templates(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        let text = without_template_comments(&file.text).to_lowercase();
        let text = if file.path == "templates/base.html" { text.replacen(DATA, "", 1) } else { text };
        let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut complain = |what: &str| complaints.push(format!("{}: {what}", file.path));
        for (found, what) in [
            ("|safe", "the filter safe"),
            ("{%filtersafe", "the filter safe"),
            ("|escape(", "the filter escape with an argument"),
            ("|e(", "the filter e with an argument"),
            ("<style", "an inline style sheet"),
            ("javascript:", "a javascript: address"),
        ] {
            if tight.contains(found) {
                complain(what);
            }
        }
        if inline_script(&text) {
            complain("a script with content; put it into static/js");
        }
        for attribute in attributes(&without_template_tags(&text)) {
            if attribute == "style" || (attribute.starts_with("on") && attribute.len() > 2) {
                complain(&format!("the attribute {attribute}"));
            }
        }
    }
    complaints
}

fn without_template_comments(text: &str) -> String {
    let mut parts = text.split("{#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once("#}").map_or("", |(_, after)| after));
    }
    out
}

/// `{% let once = 1 %}` sets no attribute.
fn without_template_tags(text: &str) -> String {
    let mut out = text.to_owned();
    for (open, close) in [("{%", "%}"), ("{{", "}}")] {
        let mut parts = out.split(open).map(str::to_owned);
        let mut kept = parts.next().unwrap_or_default();
        for part in parts {
            kept.push(' ');
            kept.push_str(part.split_once(close).map_or("", |(_, after)| after));
        }
        out = kept;
    }
    out
}

/// A script element must be empty and name a file.
fn inline_script(text: &str) -> bool {
    text.split("<script").skip(1).any(|rest| {
        let (attributes, content) = rest.split_once('>').unwrap_or((rest, ""));
        let content = content.split("</script").next().unwrap_or_default();
        !attributes.contains(" src=") || !content.trim().is_empty()
    })
}

/// Names that follow a blank or a closing quote and precede `=`: attributes, wherever they stand.
fn attributes(text: &str) -> Vec<&str> {
    text.match_indices('=')
        .filter_map(|(at, _)| {
            let before = text[..at].trim_end();
            let start = before.rfind(|c: char| !(is_name(c) || c == '-')).map_or(0, |at| at + 1);
            let separated = before[..start].ends_with(|c: char| c.is_whitespace() || "\"'/".contains(c));
            (separated && start < before.len()).then(|| &before[start..])
        })
        .collect()
}

// --- the tree -----------------------------------------------------------------------------------------------------

/// Every file below a folder of the package whose name ends so.
fn tree(folder: &str, ending: &str) -> Vec<File> {
    fn walk(root: &Path, folder: &Path, ending: &str, found: &mut Vec<File>) {
        let Ok(entries) = folder.read_dir() else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(root, &path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.push(File { path: name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(root, &root.join(folder), ending, &mut found);
    assert!(!found.is_empty(), "no {ending} below {folder}: the test looks in the wrong place");
    found
}

fn rust() -> Vec<File> {
    tree("src", ".rs")
}

#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[track_caller]
fn assert_one(complaints: &[String], part: &str) {
    assert!(
        complaints.len() == 1 && complaints[0].contains(part),
        "expected one with {part:?}: {complaints:?}"
    );
}

const LIB: &str = "\
pub mod text; // pure
pub mod news; // nouns
pub mod site; // = surface: readers
pub mod desk; // = surface: editors
pub mod server; // all
";

// --- the rules hold, and each can fail ------------------------------------------------------------------------------

#[test]
fn modules_use_only_what_stands_above_them() {
    let lib = include_str!("../src/lib.rs");
    assert!(law(lib).iter().filter(|module| module.is_surface).count() >= 4);
    assert_none(&against_the_import_law(lib, &rust()));
}

#[test]
fn a_use_of_a_module_below_is_found() {
    let file = File::new("src/text/slug.rs", "use crate::news::Tag;");
    assert_one(&against_the_import_law(LIB, &[file]), "text uses news");
    let file = File::new("src/news/tag.rs", "fn f() -> crate::site::Page { todo }");
    assert_one(&against_the_import_law(LIB, &[file]), "news uses site");
    let file =
        File::new("src/news/tag.rs", "use crate::{\n    text::{Slug, html},\n    server::{self, run},\n};");
    assert_one(&against_the_import_law(LIB, &[file]), "news uses server");
}

#[test]
fn a_surface_that_uses_another_is_found() {
    let file = File::new("src/desk/preview.rs", "use crate::site::article;");
    assert_one(&against_the_import_law(LIB, &[file]), "surface desk uses the surface site");
}

#[test]
fn what_the_law_allows_is_not_complained_of() {
    let files = [
        File::new("src/server.rs", "use crate::{desk, site};"),
        File::new("src/news/tag.rs", "use crate::text::Slug; use crate::news::article;"),
        File::new(
            "src/text/mod.rs",
            "//! [`crate::news`] is above.\n// crate::site\nconst A: &str = \"crate::desk\";",
        ),
    ];
    assert_none(&against_the_import_law(LIB, &files));
}

#[test]
fn a_module_that_lib_rs_does_not_list_is_found() {
    assert_one(&against_the_import_law(LIB, &[File::new("src/utils.rs", "")]), "does not list utils");
}

#[test]
fn nothing_climbs_to_the_crate_by_super() {
    assert_none(&climbing_to_the_crate(&rust()));
}

#[test]
fn climbing_to_the_crate_is_found() {
    let climbs = File::new("src/news/tag.rs", "use super::super::site::page;");
    assert_one(&climbing_to_the_crate(&[climbs]), "reaches the crate");
    let climbs = File::new("src/paths.rs", "use super::site;\nmod desk { use super::encode; }");
    assert_one(&climbing_to_the_crate(&[climbs]), "reaches the crate");
    assert_none(&climbing_to_the_crate(&[File::new("src/paths.rs", "mod desk { use super::encode; }")]));
    let test = "#[cfg(test)]\n#[allow(dead_code)]\nmod tests { use super::super::section; }";
    assert_none(&climbing_to_the_crate(&[File::new("src/news/tag.rs", test)]));
}

#[test]
fn sql_stands_only_where_it_may() {
    assert_none(&sql_out_of_place(&rust()));
}

#[test]
fn sql_out_of_place_is_found() {
    let page = |text| sql_out_of_place(&[File::new("src/site/tag.rs", text)]);
    assert_one(&page("let n = sqlx::query(\"select 1\");"), "sqlx::query");
    assert_one(&page("let n = query_as!(Tag, r#\"select\"#);"), "query_as!");
    assert_one(&page("app.db.execute(\"delete from tags\").await"), ".execute(");
    assert_none(&page("// sqlx::query\nlet url = \"sqlx::query\";"));
    assert_none(&sql_out_of_place(&[File::new("src/news/tag.rs", "query_as!(Tag, \"select\")")]));
}

#[test]
fn no_statement_is_made_of_strings() {
    assert_none(&unchecked_sql(&rust()));
}

#[test]
fn a_statement_made_of_strings_is_found() {
    let file = File::new("src/db/mod.rs", "sqlx::query(AssertSqlSafe(text))");
    assert_one(&unchecked_sql(&[file]), "AssertSqlSafe");
}

#[test]
fn only_clean_html_goes_into_a_page_unescaped() {
    assert_none(&unescaped_types(&rust()));
}

#[test]
fn another_unescaped_type_is_found() {
    assert_one(&unescaped_types(&[File::new("src/web/page.rs", "impl HtmlSafe for Raw {}")]), "HtmlSafe");
    assert_one(
        &unescaped_types(&[File::new("src/web/page.rs", "askama::filters::Safe(text)")]),
        "filters::Safe",
    );
}

#[test]
fn no_file_is_too_long() {
    let files = ["src", "tests"].map(|folder| tree(folder, ".rs"));
    assert_none(&too_long(&files.concat()));
    assert_none(&too_long(&tree("static", ".css")));
}

#[test]
fn a_file_that_is_too_long_is_found() {
    let lines = |count: usize| File::new("src/a.rs", &"let a = 1;\n".repeat(count));
    assert_none(&too_long(&[lines(500)]));
    assert_one(&too_long(&[lines(501)]), "501 lines");
    assert_one(&too_long(&[File::new("a.css", &"a { b: url(//c) }\n".repeat(501))]), "501 lines");
}

#[test]
fn blanks_comments_and_unit_tests_are_not_lines_of_code() {
    let text = "//! Doc.\n\n/* a\nb */\nfn a() {} // c\n#[cfg(test)]\n#[allow(dead_code)]\nmod tests {\n    fn b() { '}'; \"}\"; }\n}\nfn c() {}\n";
    assert_eq!(lines_of_code(&File::new("src/a.rs", text)), 2);
    assert_eq!(lines_of_code(&File::new("src/a.rs", "let a = \"select 1\n  from b\";\n")), 2);
}

#[test]
fn every_file_says_what_lives_in_it() {
    let files = ["src", "tests"].map(|folder| tree(folder, ".rs"));
    assert_none(&undocumented(&files.concat()));
}

#[test]
fn a_file_that_does_not_say_is_found() {
    assert_one(&undocumented(&[File::new("src/a.rs", "use b;\n")]), "does not start");
}

#[test]
fn a_folder_starts_with_its_mod_rs() {
    assert_none(&beside_their_folder(&rust()));
}

#[test]
fn a_file_beside_its_folder_is_found() {
    let files = [File::new("src/news.rs", ""), File::new("src/news/tag.rs", "")];
    assert_one(&beside_their_folder(&files), "news/mod.rs");
}

#[test]
fn templates_hold_no_script_no_style_and_escape_everything() {
    assert_none(&unfit_templates(&tree("templates", "")));
    // Data for machines stands in one place, and nothing else is printed there.
    let base = |text: String| unfit_templates(&[File::new("templates/base.html", &text)]);
    assert_none(&base(DATA.to_owned()));
    assert_one(&base(DATA.repeat(2)), "script with content");
    assert_one(&base(DATA.replace("data", "title")), "script with content");
    assert_one(&unfit_templates(&[File::new("templates/site/a.html", DATA)]), "script with content");
}

#[test]
fn an_unfit_template_is_found() {
    let page = |text| unfit_templates(&[File::new("templates/a.html", text)]);
    assert_one(&page("{{ body|safe }}"), "filter safe");
    assert_one(&page("{{ body | safe }}"), "filter safe");
    assert_one(&page("{{ body|escape(\"none\") }}"), "filter escape");
    assert_one(&page("<script>go()</script>"), "script with content");
    assert_one(&page("<script src=\"/a.js\">go()</script>"), "script with content");
    assert_one(&page("<STYLE>a{}</STYLE>"), "style sheet");
    assert_one(&page("<p style=\"color:red\">"), "attribute style");
    assert_one(&page("<p class=\"a\"\n  onclick = \"go()\">"), "attribute onclick");
    assert_one(&page("<p {% if a %}onload=\"go()\"{% endif %}>"), "attribute onload");
    assert_one(&page("<a href=\"javascript:go()\">"), "javascript:");
}

#[test]
fn a_fit_template_is_not_complained_of() {
    let text = "{# style=, on purpose #}<script src=\"/a.js\" defer></script>\
                {% let once = 1 %}<link rel=\"stylesheet\" href=\"/a.css\"><p class=\"style\" lang=\"en\">on and style</p>";
    assert_none(&unfit_templates(&[File::new("templates/a.html", text)]));
}
