//! What a photographer or an agency wrote into the file: caption, credit, source and description, from IPTC (IIM in
//! a JPEG's Photoshop block) and from XMP. Offered to whoever uploads it; the file itself keeps none of it.
//!
//! Bounded everywhere, and never an error: words that cannot be read are no words.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The longest text that is taken; more is no caption.
const MAX_CHARS: usize = 500;
/// The largest XMP packet that is looked at.
const MAX_XMP: usize = 256 * 1024;
const MAX_DEPTH: usize = 64;
const MAX_EVENTS: usize = 20_000;

/// Empty where the file says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub alt: String,
    pub caption: String,
    pub credit: String,
    pub source: String,
}

impl Words {
    /// XMP is newer than IIM and knows its letters, so it comes first.
    pub fn of(bytes: &[u8]) -> Self {
        let mut found = Found::default();
        if bytes.starts_with(&[0xFF, 0xD8]) {
            jpeg(bytes, &mut found);
        } else if bytes.starts_with(b"\x89PNG") {
            png(bytes, &mut found);
        } else if bytes.starts_with(b"RIFF") {
            webp(bytes, &mut found);
        }
        found.words()
    }
}

/// What stands in the file, by its own names.
#[derive(Default)]
struct Found {
    alt: String,
    caption: String,
    credit: String,
    creator: String,
    source: String,
}

impl Found {
    fn set(field: &mut String, text: &str) {
        let line: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        if field.is_empty() {
            *field = line.join(" ").chars().take(MAX_CHARS).collect();
        }
    }

    /// `Mira Holt / City Agency`: who made it, then who gave it.
    fn words(self) -> Words {
        let credit = match (self.creator.as_str(), self.credit.as_str()) {
            ("", credit) => credit.to_owned(),
            (creator, "") => creator.to_owned(),
            (creator, credit) if credit.contains(creator) => credit.to_owned(),
            (creator, credit) => format!("{creator} / {credit}"),
        };
        Words { alt: self.alt, caption: self.caption, credit, source: self.source }
    }
}

/// Segment by segment up to the pixels.
fn jpeg(bytes: &[u8], found: &mut Found) {
    let mut iptc = Vec::new();
    let mut at = 2;
    while let Some(&[0xFF, marker]) = bytes.get(at..at + 2) {
        if marker == 0xDA || marker == 0xD9 {
            break;
        }
        let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { break };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(body) = length.checked_sub(2).and_then(|length| bytes.get(at + 4..at + 4 + length)) else {
            break;
        };
        match marker {
            0xE1 => {
                if let Some(packet) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    xmp(packet, found);
                }
            }
            0xED => {
                if let Some(block) = body.strip_prefix(b"Photoshop 3.0\0") {
                    iptc.push(block);
                }
            }
            _ => {}
        }
        at += 2 + length;
    }
    for block in iptc {
        photoshop(block, found);
    }
}

/// `8BIM`, number, name, length: 0x0404 is IPTC.
fn photoshop(mut block: &[u8], found: &mut Found) {
    while let Some(rest) = block.strip_prefix(b"8BIM") {
        let (Some(number), Some(&name)) = (rest.get(..2), rest.get(2)) else { return };
        // The name is padded with its length to an even number.
        let name = (usize::from(name) + 2) & !1;
        let Some(&[a, b, c, d]) = rest.get(2 + name..6 + name) else { return };
        let Ok(length) = usize::try_from(u32::from_be_bytes([a, b, c, d])) else { return };
        let start = 6 + name;
        let Some(body) = start.checked_add(length).and_then(|end| rest.get(start..end)) else { return };
        if number == [0x04, 0x04] {
            iim(body, found);
        }
        block = rest.get(start + length + (length & 1)..).unwrap_or_default();
    }
}

/// Records of the form 1C, record, number, length.
fn iim(mut rest: &[u8], found: &mut Found) {
    let mut utf8 = false;
    let mut pairs = Vec::new();
    while let Some((&[0x1C, record, number, high, low], body)) = rest.split_first_chunk::<5>() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        // The highest bit marks lengths that no caption has.
        if length > 0x7FFF {
            break;
        }
        let Some((value, after)) = body.split_at_checked(length) else { break };
        match (record, number) {
            (1, 90) => utf8 = value == b"\x1B%G",
            (2, number) => pairs.push((number, value)),
            _ => {}
        }
        rest = after;
    }
    for (number, value) in pairs {
        let text = text(value, utf8);
        let field = match number {
            120 => &mut found.caption,
            110 => &mut found.credit,
            80 => &mut found.creator,
            115 => &mut found.source,
            _ => continue,
        };
        Found::set(field, &text);
    }
}

/// UTF-8 where it is said or can be read as such; else the Latin letters that old programs wrote.
fn text(value: &[u8], utf8: bool) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) if utf8 => String::from_utf8_lossy(value).into_owned(),
        Err(_) => value.iter().copied().map(char::from).collect(),
    }
}

/// XMP stands in an iTXt chunk, uncompressed.
fn png(bytes: &[u8], found: &mut Found) {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some(&[a, b, c, d]) = rest.get(..4) {
        let Ok(length) = usize::try_from(u32::from_be_bytes([a, b, c, d])) else { return };
        let (Some(kind), Some(body)) =
            (rest.get(4..8), length.checked_add(8).and_then(|end| rest.get(8..end)))
        else {
            return;
        };
        if kind == b"iTXt"
            && let Some(packet) = body.strip_prefix(b"XML:com.adobe.xmp\0\0\0")
        {
            // Language and translated keyword, each to its NUL.
            let mut parts = packet.splitn(3, |&byte| byte == 0);
            if let Some(packet) = parts.nth(2) {
                xmp(packet, found);
            }
        }
        rest = rest.get(length + 12..).unwrap_or_default();
    }
}

fn webp(bytes: &[u8], found: &mut Found) {
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some(&[a, b, c, d]) = rest.get(4..8) {
        let Ok(length) = usize::try_from(u32::from_le_bytes([a, b, c, d])) else { return };
        let Some(body) = length.checked_add(8).and_then(|end| rest.get(8..end)) else { return };
        if rest.starts_with(b"XMP ") {
            xmp(body, found);
        }
        rest = rest.get(8 + length + (length & 1)..).unwrap_or_default();
    }
}

/// Streaming, with a limit on everything; a DOCTYPE ends it, so that nothing is ever expanded or fetched.
fn xmp(packet: &[u8], found: &mut Found) {
    let Some(packet) = std::str::from_utf8(packet).ok().filter(|packet| packet.len() <= MAX_XMP) else {
        return;
    };
    let mut reader = Reader::from_str(packet);
    let mut path: Vec<String> = Vec::new();
    let mut words = String::new();
    for _ in 0..MAX_EVENTS {
        match reader.read_event() {
            Ok(Event::Start(tag)) if path.len() < MAX_DEPTH => {
                attributes(&tag, found);
                path.push(tag.name().0.to_owned());
                words.clear();
            }
            Ok(Event::Empty(tag)) => attributes(&tag, found),
            Ok(Event::Text(text)) => words.push_str(&text),
            Ok(Event::GeneralRef(reference)) => words.push_str(entity(&reference)),
            Ok(Event::End(_)) => {
                // The first of several languages, or of several names, is the one.
                for name in path.iter().rev().take(3) {
                    if let Some(field) = field(name, found)
                        && !words.trim().is_empty()
                    {
                        Found::set(field, &words);
                        break;
                    }
                }
                words.clear();
                path.pop();
            }
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::CData(_)) => {}
            Ok(Event::DocType(_) | Event::Eof | Event::Start(_)) | Err(_) => return,
        }
    }
}

/// Short values may be attributes of the description.
fn attributes(tag: &quick_xml::events::BytesStart<'_>, found: &mut Found) {
    for attribute in tag.attributes().take(MAX_DEPTH).flatten() {
        if let Some(field) = field(attribute.key.0, found) {
            let plain = attribute.value.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<");
            Found::set(field, &plain.replace("&gt;", ">").replace("&amp;", "&"));
        }
    }
}

fn field<'a>(name: &str, found: &'a mut Found) -> Option<&'a mut String> {
    match name {
        "dc:description" => Some(&mut found.caption),
        "dc:creator" => Some(&mut found.creator),
        "photoshop:Credit" => Some(&mut found.credit),
        "photoshop:Source" => Some(&mut found.source),
        "Iptc4xmpCore:AltTextAccessibility" => Some(&mut found.alt),
        _ => None,
    }
}

/// The five that XML has; all others say nothing.
fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(value.len()).unwrap().to_be_bytes();
        [&[0x1C, record, number][..], &length, value].concat()
    }

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, marker][..], &length, body].concat()
    }

    fn iptc(records: &[u8]) -> Vec<u8> {
        let length = u32::try_from(records.len()).unwrap().to_be_bytes();
        let other = b"8BIM\x03\xED\x00\x00\x00\x00\x00\x01x\x00";
        segment(0xED, &[&b"Photoshop 3.0\0"[..], other, b"8BIM\x04\x04\x00\x00", &length, records].concat())
    }

    fn xmp_packet(inside: &str) -> String {
        format!(
            "<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF><rdf:Description \
             photoshop:Credit='City &amp; Agency'>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    }

    const INSIDE: &str = "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>Low &amp; slow\n water</rdf:li>\
        <rdf:li xml:lang='de'>Niedrig</rdf:li></rdf:Alt></dc:description><dc:creator><rdf:Seq><rdf:li>Mira Holt</rdf:li>\
        <rdf:li>Other</rdf:li></rdf:Seq></dc:creator><Iptc4xmpCore:AltTextAccessibility><rdf:Alt>\
        <rdf:li xml:lang='x-default'>A river</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>";

    #[test]
    fn iptc_is_read_in_utf8_and_in_latin_letters() {
        let records = [
            record(1, 90, b"\x1B%G"),
            record(2, 120, "Löw water".as_bytes()),
            record(2, 80, b"Mira Holt"),
            record(2, 110, b"City Agency"),
            record(2, 115, b"Archive"),
        ]
        .concat();
        let file = [&[0xFF, 0xD8][..], &iptc(&records), &[0xFF, 0xDA]].concat();
        let words = Words::of(&file);
        let expected = ["", "Löw water", "Mira Holt / City Agency", "Archive"];
        assert_eq!([&words.alt, &words.caption, &words.credit, &words.source].map(String::as_str), expected);
        let latin = [&[0xFF, 0xD8][..], &iptc(&record(2, 120, b"L\xF6w"))].concat();
        assert_eq!(Words::of(&latin).caption, "Löw");
    }

    #[test]
    fn xmp_is_read_in_a_jpeg_a_png_and_a_webp() {
        let packet = xmp_packet(INSIDE);
        let jpeg = segment(0xE1, &[&b"http://ns.adobe.com/xap/1.0/\0"[..], packet.as_bytes()].concat());
        let itxt = [&b"XML:com.adobe.xmp\0\0\0\0\0"[..], packet.as_bytes()].concat();
        let length = u32::try_from(itxt.len()).unwrap();
        let png = [&b"\x89PNG\r\n\x1a\n"[..], &length.to_be_bytes(), b"iTXt", &itxt, &[0; 4]].concat();
        let size = u32::try_from(packet.len()).unwrap();
        let webp = [&b"RIFF\0\0\0\0WEBPXMP "[..], &size.to_le_bytes(), packet.as_bytes()].concat();
        for file in [[&[0xFF, 0xD8][..], &jpeg].concat(), png, webp] {
            let words = Words::of(&file);
            assert_eq!(words.alt, "A river");
            assert_eq!(words.caption, "Low & slow water");
            assert_eq!(words.credit, "Mira Holt / City & Agency");
        }
    }

    #[test]
    fn a_doctype_and_whatever_is_too_much_say_nothing() {
        let xmp = |packet: &str| {
            let mut found = Found::default();
            xmp(packet.as_bytes(), &mut found);
            found.words()
        };
        let bomb = format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{}", xmp_packet(INSIDE));
        assert_eq!(xmp(&bomb), Words::default());
        assert_eq!(xmp(&"<a>".repeat(30_000)), Words::default());
        assert_eq!(xmp(&xmp_packet(&" ".repeat(MAX_XMP))), Words::default());
        let long = format!("<dc:description>{}</dc:description>", "ä".repeat(9_000));
        assert_eq!(xmp(&xmp_packet(&long)).caption.chars().count(), MAX_CHARS);
    }

    #[test]
    fn a_torn_file_says_nothing_wrong() {
        let packet = xmp_packet(INSIDE);
        let records = [record(2, 120, b"Low"), record(2, 80, b"Mira")].concat();
        let xmp = segment(0xE1, &[&b"http://ns.adobe.com/xap/1.0/\0"[..], packet.as_bytes()].concat());
        let file = [&[0xFF, 0xD8][..], &iptc(&records), &xmp, &[0xFF, 0xDA]].concat();
        for cut in 0..file.len() {
            let _ = Words::of(&file[..cut]);
        }
        let mut wild = file;
        for at in 0..wild.len() {
            wild[at] ^= 0xFF;
            let _ = Words::of(&wild);
            wild[at] ^= 0xFF;
        }
    }
}
