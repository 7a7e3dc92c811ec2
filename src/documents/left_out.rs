//! What a document held and an article cannot: counted, and said in one sentence.

/// Each with its number and its plural, in the order in which it was met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    counts: Vec<(String, String, usize)>,
    /// Addresses of pictures that lie elsewhere; a few are named.
    elsewhere: Vec<String>,
}

const MOST_NAMED: usize = 5;
const MOST_LETTERS: usize = 80;

impl LeftOut {
    pub fn add(&mut self, one: &str, many: &str) {
        match self.counts.iter_mut().find(|(known, ..)| known == one) {
            Some((.., count)) => *count += 1,
            None => self.counts.push((one.to_owned(), many.to_owned(), 1)),
        }
    }

    /// A picture of a kind that is not taken: `EMF`.
    pub fn picture(&mut self, kind: &str) {
        self.add(&format!("{kind} picture"), &format!("{kind} pictures"));
    }

    /// A picture that is not in the file.
    pub fn picture_elsewhere(&mut self, address: &str) {
        self.add("picture that is not in the file", "pictures that are not in the file");
        if self.elsewhere.len() < MOST_NAMED && !address.is_empty() {
            let short: String = address.chars().filter(|c| !c.is_control()).take(MOST_LETTERS).collect();
            self.elsewhere.push(short);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (one, many, count)) in self.counts.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let word = if *count == 1 { one } else { many };
            write!(f, "{comma}{count} {word}")?;
        }
        if !self.elsewhere.is_empty() {
            write!(f, " ({})", self.elsewhere.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted_and_named() {
        let mut left_out = LeftOut::default();
        assert!(left_out.is_empty());
        left_out.add("text box", "text boxes");
        left_out.picture("EMF");
        left_out.add("text box", "text boxes");
        left_out.picture_elsewhere("https://a.example/b.png");
        assert_eq!(
            left_out.to_string(),
            "2 text boxes, 1 EMF picture, 1 picture that is not in the file (https://a.example/b.png)"
        );
    }
}
