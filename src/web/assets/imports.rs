//! Modules that import one another: a script names its neighbour as the file is called (`from "./toolbar.js"`), the
//! text that is served names it by the address with the hash. So what a module imports may be cached for good too.

/// What stands before the name of another module.
const KEYWORDS: [&str; 3] = ["from \"", "import \"", "import(\""];

/// The text with every relative name of a module replaced by what `url` says of it. A name that `url` does not know
/// stays, and the browser will say that it is not there.
pub fn resolved(importer: &str, text: &str, mut url: impl FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    let mut rest = text;
    while let Some(at) = next(rest) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('"').unwrap_or(rest.len());
        let name = &rest[..end];
        match url(&beside(importer, name)) {
            Some(address) => out.push_str(&address),
            None => out.push_str(name),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Where the next relative name begins.
fn next(text: &str) -> Option<usize> {
    KEYWORDS
        .iter()
        .filter_map(|keyword| {
            let ends = text.match_indices(keyword).map(|(at, _)| at + keyword.len());
            ends.into_iter().find(|&at| text[at..].starts_with("./") || text[at..].starts_with("../"))
        })
        .min()
}

/// `../embed.js` in `js/editor/index.js` is `js/embed.js`.
fn beside(importer: &str, name: &str) -> String {
    let mut folders: Vec<&str> = importer.split('/').collect();
    folders.pop();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." => {
                folders.pop();
            }
            _ => folders.push(part),
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<String> {
        (name != "js/nowhere.js").then(|| format!("/static/{name}?1"))
    }

    #[test]
    fn a_module_is_named_by_its_address() {
        let text = "import { a } from \"./b.js\";\nimport {\n  c,\n} from \"../d.js\";\nimport \"./e/f.js\";\nimport(\"./g.js\")";
        assert_eq!(
            resolved("js/editor/index.js", text, known),
            "import { a } from \"/static/js/editor/b.js?1\";\nimport {\n  c,\n} from \"/static/js/d.js?1\";\n\
             import \"/static/js/editor/e/f.js?1\";\nimport(\"/static/js/editor/g.js?1\")"
        );
    }

    #[test]
    fn what_is_no_module_beside_it_stays() {
        for text in ["import \"./nowhere.js\"", "import \"/abs.js\"", "const from = \"./b.js\"", "from \"b"] {
            assert_eq!(resolved("js/a.js", text, known), text);
        }
    }
}
