//! JSON that is too large to be read at once: a walk through it that hands out one value after the other. A value is at
//! most 8 MiB; what nobody wants is passed over.

use std::io::Read as _;

use serde_json::Value;

use super::stream::{Broken, Stream};

const MOST_DEPTH: usize = 64;

pub struct Json {
    stream: Stream,
    peeked: Option<u8>,
}

impl Json {
    pub fn new(stream: Stream) -> Self {
        Self { stream, peeked: None }
    }

    /// The next letter that is no space, left where it is.
    pub fn peek(&mut self) -> Result<Option<u8>, Broken> {
        self.stream.allow();
        loop {
            match self.byte()? {
                Some(byte) if byte.is_ascii_whitespace() => {}
                // The mark that some editors put before a text.
                Some(0xef | 0xbb | 0xbf) => {}
                byte => {
                    self.peeked = byte;
                    return Ok(byte);
                }
            }
        }
    }

    /// Steps over this letter, if it comes next.
    pub fn take(&mut self, wanted: u8) -> Result<bool, Broken> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.peeked = None;
        }
        Ok(found)
    }

    /// Inside an object: the next name, after which its value has to be read. `None` at the end of the object.
    pub fn key(&mut self) -> Result<Option<String>, Broken> {
        self.take(b',')?;
        if self.take(b'}')? {
            return Ok(None);
        }
        let key = self.value()?.as_str().map(str::to_owned).ok_or_else(broken)?;
        if self.take(b':')? { Ok(Some(key)) } else { Err(broken()) }
    }

    /// Inside a list: whether another value comes.
    pub fn more(&mut self) -> Result<bool, Broken> {
        self.take(b',')?;
        Ok(!self.take(b']')?)
    }

    pub fn value(&mut self) -> Result<Value, Broken> {
        let mut raw = Vec::new();
        self.walk(Some(&mut raw))?;
        let text = std::str::from_utf8(&raw).map_err(|_| {
            Broken::refused("The file is not text in UTF-8. Save it as UTF-8 and send it again.")
        })?;
        serde_json::from_str(text).map_err(|cause| Broken::refused(format!("Its JSON is broken: {cause}.")))
    }

    pub fn skip(&mut self) -> Result<(), Broken> {
        self.walk(None)
    }

    /// Past one value, whose letters are kept if somebody wants them.
    fn walk(&mut self, mut raw: Option<&mut Vec<u8>>) -> Result<(), Broken> {
        self.peek()?;
        let (mut depth, mut in_text, mut escaped, mut begun) = (0usize, false, false, false);
        loop {
            if raw.is_none() {
                self.stream.allow();
            }
            let Some(byte) = self.byte()? else {
                return if begun && depth == 0 && !in_text { Ok(()) } else { Err(incomplete()) };
            };
            let ends_bare = !in_text && depth == 0 && begun && matches!(byte, b',' | b']' | b'}' | b':');
            if ends_bare || (begun && !in_text && depth == 0 && byte.is_ascii_whitespace()) {
                self.peeked = Some(byte);
                return Ok(());
            }
            if let Some(raw) = raw.as_deref_mut() {
                raw.push(byte);
            }
            begun = true;
            if in_text {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => in_text = false,
                    _ => {}
                }
                if !in_text && depth == 0 {
                    return Ok(());
                }
                continue;
            }
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => {
                    depth += 1;
                    if depth > MOST_DEPTH {
                        return Err(Broken::refused("Its values are nested beyond measure."));
                    }
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1).ok_or_else(broken)?;
                    if depth == 0 {
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
    }

    fn byte(&mut self) -> Result<Option<u8>, Broken> {
        if let Some(byte) = self.peeked.take() {
            return Ok(Some(byte));
        }
        let mut one = [0];
        Ok((self.stream.read(&mut one)? == 1).then_some(one[0]))
    }
}

fn broken() -> Broken {
    Broken::refused("Its JSON is broken.")
}

fn incomplete() -> Broken {
    Broken::refused("It ends in the middle: the file is incomplete.")
}

/// A text in an object; "" when it is none.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The first of these that says something.
pub fn first<'a>(value: &'a Value, names: &[&str]) -> &'a str {
    names.iter().map(|name| text(value, name)).find(|text| !text.is_empty()).unwrap_or_default()
}

/// The elements of a list in an object, or none.
pub fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::stream::Progress;
    use super::*;

    fn json(text: &'static str) -> Json {
        Json::new(Stream::of(Box::new(text.as_bytes()), Progress::default()))
    }

    #[test]
    fn values_come_one_after_the_other_and_others_are_passed_over() {
        let mut json =
            json("{\"a\": {\"x\": [1, \"}\\\"]\"]}, \"b\": [ {\"n\": 1} , 2.5, \"c\" ], \"d\":null}");
        assert!(json.take(b'{').unwrap());
        assert_eq!(json.key().unwrap().as_deref(), Some("a"));
        json.skip().unwrap();
        assert_eq!(json.key().unwrap().as_deref(), Some("b"));
        assert!(json.take(b'[').unwrap());
        let mut found = Vec::new();
        while json.more().unwrap() {
            found.push(json.value().unwrap().to_string());
        }
        assert_eq!(found, ["{\"n\":1}", "2.5", "\"c\""]);
        assert_eq!(json.key().unwrap().as_deref(), Some("d"));
        json.skip().unwrap();
        assert_eq!(json.key().unwrap(), None);
    }

    #[test]
    fn depth_without_measure_is_refused_and_so_is_half_a_file() {
        let deep: &'static str = Box::leak("[".repeat(100_000).into_boxed_str());
        assert!(json(deep).value().unwrap_err().to_string().contains("nested"));
        assert!(json("{\"a\": [1, 2").value().unwrap_err().to_string().contains("incomplete"));
    }
}
