//! Lists that people put into order with two buttons, which need neither a mouse nor a script.

use std::str::FromStr;

use serde::Deserialize;

/// What the buttons send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    id: String,
    /// `up` or `down`
    to: String,
}

impl Move {
    pub fn id<T: FromStr>(&self) -> Option<T> {
        self.id.parse().ok()
    }

    /// The list with that one a place further up or down; the first stays first, the last stays last. `None`
    /// when it is not in the list, or neither way is meant.
    pub fn apply<T: FromStr + PartialEq>(&self, mut list: Vec<T>) -> Option<Vec<T>> {
        let id: T = self.id()?;
        let at = list.iter().position(|one| *one == id)?;
        let other = match self.to.as_str() {
            "up" => at.saturating_sub(1),
            "down" => (at + 1).min(list.len() - 1),
            _ => return None,
        };
        list.swap(at, other);
        Some(list)
    }

    pub fn way(&self) -> &str {
        &self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(id: &str, to: &str) -> Option<Vec<i64>> {
        Move { id: id.to_owned(), to: to.to_owned() }.apply(vec![1, 2, 3])
    }

    #[test]
    fn one_place_at_a_time() {
        assert_eq!(moved("2", "up"), Some(vec![2, 1, 3]));
        assert_eq!(moved("2", "down"), Some(vec![1, 3, 2]));
    }

    #[test]
    fn the_ends_of_the_list_hold() {
        assert_eq!(moved("1", "up"), Some(vec![1, 2, 3]));
        assert_eq!(moved("3", "down"), Some(vec![1, 2, 3]));
    }

    #[test]
    fn what_is_not_there_does_not_move() {
        assert_eq!(moved("4", "up"), None);
        assert_eq!(moved("x", "up"), None);
        assert_eq!(moved("1", "sideways"), None);
    }
}
