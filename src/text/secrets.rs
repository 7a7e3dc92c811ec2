//! What a cause may say on a screen: passwords, tokens and addresses are taken out of it.

/// Long enough to be somebody's token and too long to be a word.
const TOKEN_CHARS: usize = 24;

/// The first line, at most so many characters, with what could be a secret replaced.
pub fn redacted(text: &str, chars: usize) -> String {
    let line = text.lines().next().unwrap_or_default();
    let words: Vec<String> = line.split(' ').map(word).collect();
    let whole = words.join(" ");
    let short: String = whole.chars().take(chars).collect();
    if short.len() < whole.len() { format!("{}…", short.trim_end()) } else { short }
}

fn word(word: &str) -> String {
    let lower = word.to_lowercase();
    // `scheme://user:password@host`
    if let Some((scheme, rest)) = word.split_once("://")
        && let Some((_, host)) = rest.rsplit_once('@')
    {
        return format!("{scheme}://…@{host}");
    }
    if let Some((name, _)) = word.split_once(['=', ':'])
        && ["password", "secret", "token", "key", "authorization"].iter().any(|one| lower.starts_with(one))
    {
        return format!("{name}=…");
    }
    // `someone@example.org`, in whatever brackets
    if word.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.')) {
        return "…@…".to_owned();
    }
    let mut out = String::new();
    let mut run = String::new();
    for c in word.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_alphanumeric() || c == '_' {
            run.push(c);
            continue;
        }
        let is_token = run.len() >= TOKEN_CHARS && run.contains(|c: char| c.is_ascii_digit());
        out.push_str(if is_token { "…" } else { &run });
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_secret_is_taken_out() {
        for (text, expected) in [
            ("the original is not in the store", "the original is not in the store"),
            ("could not reach postgres://user:pa@ss@db/x", "could not reach postgres://…@db/x"),
            ("refused: <mira@example.org> unknown", "refused: …@… unknown"),
            ("wrong password=hunter2 given", "wrong password=… given"),
            (
                "link ?token=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 over",
                "link ?token=… over",
            ),
            ("first line\nsecond line", "first line"),
        ] {
            assert_eq!(redacted(text, 200), expected);
        }
    }

    #[test]
    fn a_long_cause_is_cut() {
        assert_eq!(redacted("one two three", 7), "one two…");
    }
}
