//! The API, through the whole router: what it tells strangers, what it lets tokens do, and what it says of itself.

mod description;
mod reading;
mod working;

use serde_json::Value;

use crate::browser::{Answer, Browser};

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|cause| panic!("{cause}: {}", self.body))
    }

    /// What a refusal says is wrong, by field.
    pub fn wrong(&self) -> Vec<String> {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

impl Browser {
    /// An answer that is there.
    pub async fn json(&mut self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// The values of a field of the items of a list.
    pub async fn items(&mut self, path: &str, field: &str) -> Vec<String> {
        let list = self.json(path).await;
        let items = list["items"].as_array().unwrap();
        items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
    }
}
