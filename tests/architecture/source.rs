//! Reading Rust without a compiler: just enough to tell code from comments, text and unit tests.

/// One file of the tree, or one made up by a test.
#[derive(Debug, Clone)]
pub struct File {
    /// From the root of the package: `src/news/article/mod.rs`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The module a file below `src` is: `["news", "article"]`. Empty for `lib.rs` and `main.rs`.
    pub fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| !["mod", "lib", "main"].contains(part)).collect()
    }
}

/// The code alone: comments become blanks, the letters of literals become `_`. Lines stay where they are.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = match c {
            '/' if chars.get(at + 1) == Some(&'/') => line_comment(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => block_comment(&chars, at),
            '"' => string(&chars, at),
            'r' if starts_raw(&chars, at) => raw_string(&chars, at),
            '\'' => character(&chars, at),
            _ => at + 1,
        };
        let comment = c == '/' && end > at + 1;
        for &c in &chars[at..end] {
            out.push(match c {
                c if end == at + 1 || c.is_whitespace() => c,
                _ if comment => ' ',
                _ => '_',
            });
        }
        at = end;
    }
    out
}

fn line_comment(chars: &[char], from: usize) -> usize {
    (from..chars.len()).find(|&at| chars[at] == '\n').unwrap_or(chars.len())
}

/// They nest.
fn block_comment(chars: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `r"` or `r#"`, and not the end of a name, nor `r#name`.
fn starts_raw(chars: &[char], at: usize) -> bool {
    let part_of_name =
        at > 0 && is_name(chars[at - 1]) && !(chars[at - 1] == 'b' && (at < 2 || !is_name(chars[at - 2])));
    !part_of_name && chars[at + 1..].iter().find(|&&c| c != '#') == Some(&'"')
}

fn raw_string(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|&&c| c == '#').count();
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = from + hashes + 2;
    (body..chars.len()).find(|&at| chars[at..].starts_with(&close)).map_or(chars.len(), |at| at + close.len())
}

/// `'x'` and `'\n'` are literals; `'a` is a lifetime and stays.
fn character(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => {
            (from + 3..chars.len()).find(|&at| chars[at] == '\'').map_or(chars.len(), |at| at + 1)
        }
        (Some(_), Some('\'')) => from + 3,
        _ => from + 1,
    }
}

pub fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Code (see `code`) without its `#[cfg(test)] mod ... { }`, which become blanks.
pub fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(start) = out[from..].find(MARK).map(|at| from + at) {
        from = start + MARK.len();
        let mut rest = out[from..].trim_start();
        while rest.starts_with("#[") {
            rest = rest.split_once(']').map_or("", |(_, after)| after.trim_start());
        }
        let end = match rest.strip_prefix("mod ") {
            Some(module) => module.find(['{', ';']).map(|at| out.len() - module.len() + at),
            None => continue,
        };
        let Some(open) = end else { continue };
        let close = if out.as_bytes()[open] == b'{' { closing(&out, open) } else { open + 1 };
        let blank: String =
            out[start..close].chars().map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
        out.replace_range(start..close, &blank);
        from = start + blank.len();
    }
    out
}

/// Code (see `code`) without the insides of its `mod ... { }`, where `super` means this file.
pub fn without_inline_modules(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(start) = out[from..].find("mod ").map(|at| from + at) {
        from = start + "mod ".len();
        let name = out[from..].trim_start_matches(is_name);
        let open = out.len() - name.trim_start().len();
        if out[open..].starts_with('{') && !out[..start].ends_with(is_name) {
            out.replace_range(open..closing(&out, open), "{}");
        }
    }
    out
}

/// One past the bracket that closes the one at `open`.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in code[open..].char_indices() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 {
            return open + at + 1;
        }
    }
    code.len()
}

/// The first names after each `crate::`, also of a group: `crate::{db, text::Slug}` names `db` and `text`.
pub fn crate_names(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        if rest.starts_with('{') {
            names.extend(group(&rest[1..closing(rest, 0).saturating_sub(1)]));
        } else {
            names.extend(first_name(rest));
        }
    }
    names
}

fn group(inner: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ if depth == 0 => parts.last_mut().into_iter().for_each(|part| part.push(c)),
            _ => (),
        }
    }
    parts.iter().filter_map(|part| first_name(part.trim())).collect()
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|&c| is_name(c)).collect();
    Some(name).filter(|name| !name.is_empty())
}
