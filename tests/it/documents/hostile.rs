//! Archives and XML that were made to hurt.

use broadsheet::documents::{self, Refused};

use super::docx::{Docx, p};
use super::zip::{self, Entry};

fn refused(bytes: &[u8]) -> Refused {
    documents::read("a.docx", bytes).unwrap_err()
}

/// A sound document, and one more entry.
fn with(entry: Entry) -> Vec<u8> {
    let mut entries = Docx::new(&p("Text.")).entries();
    entries.push(entry);
    zip::write(&entries)
}

#[test]
fn an_entry_whose_name_leads_outside_is_refused() {
    for name in ["../x", "word/../../x", "/etc/passwd", "..\\x", "C:/x", "a\0b", ""] {
        assert!(matches!(refused(&with(Entry::new(name, b"x"))), Refused::Hostile(_)), "{name:?}");
    }
    assert!(documents::read("a.docx", &with(Entry::new("word/..x/..y", b"x"))).is_ok());
}

#[test]
fn links_and_devices_are_refused() {
    for mode in [0o120_777u32, 0o020_666, 0o060_666, 0o010_666] {
        let entry = Entry { made_by: 3, attributes: mode << 16, ..Entry::new("word/x", b"/etc/passwd") };
        assert!(matches!(refused(&with(entry)), Refused::Hostile(_)), "{mode:o}");
    }
    let file = Entry { made_by: 3, attributes: 0o100_644 << 16, ..Entry::new("word/x", b"x") };
    assert!(documents::read("a.docx", &with(file)).is_ok());
}

#[test]
fn two_entries_of_one_name_are_refused_whatever_their_case() {
    assert!(matches!(refused(&with(Entry::new("Word/DOCUMENT.xml", b"<x/>"))), Refused::Hostile(_)));
}

#[test]
fn entries_that_overlap_are_refused() {
    let first = Docx::new(&p("Text.")).entries();
    let shared = Entry { place: Some(0), ..first[0].clone() };
    let entry = Entry { name: "other".to_owned(), ..shared.clone() };
    // The same place under another name: its own head says another name.
    assert!(matches!(refused(&with(entry)), Refused::Hostile(_)));
    let mut long = Entry::stored("word/long", &[0; 400]);
    let mut inner = Entry::stored("word/inner", b"abc");
    let sound = zip::write(&[inner.clone()]);
    long.packed[..sound.len() - 76].copy_from_slice(&sound[..sound.len() - 76]);
    let mut crc = flate2::Crc::new();
    crc.update(&long.packed);
    long.crc = crc.sum();
    let mut entries = vec![long];
    inner.place = Some(30 + 9);
    entries.push(inner);
    entries.extend(first);
    assert_eq!(refused(&zip::write(&entries)), Refused::Hostile("its parts overlap"));
}

#[test]
fn what_bursts_is_refused_before_it_is_unpacked() {
    // A layer of 42.zip: a thousand to one.
    let bomb = Entry::new("word/bomb", &vec![0; 8 * 1024 * 1024]);
    assert!(matches!(refused(&with(bomb.clone())), Refused::Hostile(_)));
    // The same, saying that it is small.
    let mut liar = Docx::new(&p("Text.")).entries();
    liar[2] = Entry {
        name: "word/document.xml".to_owned(),
        local_name: "word/document.xml".to_owned(),
        size: 1000,
        ..bomb
    };
    assert!(matches!(refused(&zip::write(&liar)), Refused::Damaged(_)));
    // Many that are large, none of them out of measure.
    let large = Entry { size: 64 * 1024 * 1024, packed: vec![0; 512 * 1024], ..Entry::new("word/a", b"x") };
    let many = (0..4).map(|at| Entry {
        name: format!("word/{at}"),
        local_name: format!("word/{at}"),
        ..large.clone()
    });
    let entries: Vec<Entry> = Docx::new(&p("Text.")).entries().into_iter().chain(many).collect();
    assert!(matches!(refused(&zip::write(&entries)), Refused::TooLarge(_)));
}

#[test]
fn too_many_entries_are_refused_by_their_number() {
    let many: Vec<Entry> = (0..20_000).map(|at| Entry::stored(&format!("{at}"), b"")).collect();
    assert!(matches!(refused(&zip::write(&many)), Refused::TooLarge(_)));
    // Saying that they are few, they leave a gap.
    assert!(matches!(
        refused(&zip::write_with(&many, Some(100))),
        Refused::Damaged(_) | Refused::Hostile(_) | Refused::NotWord
    ));
    // As those of more than 65 535 do it.
    assert!(matches!(refused(&zip::write_with(&many[..10], Some(u16::MAX))), Refused::Hostile(_)));
}

#[test]
fn an_archive_that_is_cut_or_locked_or_packed_oddly_is_refused() {
    let sound = Docx::new(&p("Text.")).bytes();
    for length in [4, 30, sound.len() / 2, sound.len() - 1] {
        assert!(matches!(refused(&sound[..length]), Refused::Damaged(_)), "{length}");
    }
    let locked = Entry { flags: 1, ..Entry::new("word/x", b"x") };
    assert!(matches!(refused(&with(locked)), Refused::OtherKind(_)));
    let odd = Entry { method: 14, ..Entry::new("word/x", b"x") };
    assert!(matches!(refused(&with(odd)), Refused::Hostile(_)));
    let lying = Entry { local_name: "word/y".to_owned(), ..Entry::new("word/x", b"x") };
    assert!(matches!(refused(&with(lying)), Refused::Hostile(_)));
    let mut broken = Docx::new(&p("Text.")).entries();
    broken[2].crc ^= 1;
    assert!(matches!(refused(&zip::write(&broken)), Refused::Damaged(_)));
}

#[test]
fn an_archive_without_a_text_is_no_word_document() {
    assert_eq!(refused(&zip::write(&[Entry::new("a.zip", b"PK")])), Refused::NotWord);
    let other = zip::write(&[
        Entry::stored("mimetype", b"application/vnd.oasis.opendocument.text"),
        Entry::new("content.xml", b"<x/>"),
    ]);
    assert_eq!(refused(&other), Refused::OtherKind("an OpenDocument file"));
}

/// A document whose text is this XML.
fn xml(text: &str) -> Vec<u8> {
    let mut entries = Docx::new("").entries();
    entries[2] = Entry::stored("word/document.xml", text.as_bytes());
    zip::write(&entries)
}

#[test]
fn xml_with_a_document_type_or_entities_of_its_own_is_refused() {
    for text in [
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><w:document><w:body>&e;</w:body></w:document>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\"><w:document/>",
        "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><w:document>&b;</w:document>",
        "<w:document><w:body><w:p><w:r><w:t>&lol;</w:t></w:r></w:p></w:body></w:document>",
    ] {
        assert!(matches!(refused(&xml(text)), Refused::Hostile(_)), "{text}");
    }
}

#[test]
fn xml_beyond_measure_is_refused() {
    let deep = "<w:p>".repeat(1_000_000);
    let attributes: String = " a=\"\"".repeat(200_000);
    let tag = format!("<w:document a=\"{}\"/>", "x".repeat(1_000_000));
    for (what, text) in [
        ("depth", format!("<w:document><w:body>{deep}")),
        ("attributes", format!("<w:document{attributes}/>")),
        ("a tag", tag),
    ] {
        assert!(matches!(refused(&xml(&text)), Refused::Hostile(_)), "{what}");
    }
    // One part larger than any article.
    let large = Entry {
        size: 40 * 1024 * 1024,
        packed: vec![0; 1024 * 1024],
        ..Entry::new("word/document.xml", b"x")
    };
    let mut entries = Docx::new("").entries();
    entries[2] = large;
    assert!(matches!(refused(&zip::write(&entries)), Refused::TooLarge(_)));
}

#[test]
fn broken_xml_is_damage_and_no_panic() {
    for text in
        ["", "<", "<w:document>", "<w:document><w:body></w:p>", "<w:document>&#xD800;</w:document>", "\u{0}"]
    {
        assert!(matches!(refused(&xml(text)), Refused::Damaged(_) | Refused::Empty), "{text:?}");
    }
}

#[test]
fn pages_made_to_be_slow_are_refused_or_read_in_bounds() {
    let many = format!("<p {}>x</p>", "a ".repeat(100_000));
    assert!(matches!(documents::read("a.html", many.as_bytes()), Err(Refused::Hostile(_))));
    let tags = "<b>".repeat(600_000);
    assert!(matches!(documents::read("a.html", tags.as_bytes()), Err(Refused::TooLarge(_))));
    for open in ["<div>", "<table><tr><td>", "<ul><li>", "<blockquote>", "<b>"] {
        let page = format!("{}text", open.repeat(20_000));
        assert!(documents::read("a.html", page.as_bytes()).is_ok(), "{open}");
    }
    let quotes = format!("{}x", "> ".repeat(200_000));
    assert!(matches!(documents::read("a.md", quotes.as_bytes()), Err(Refused::Hostile(_))));
    let brackets = "[".repeat(100_000) + &"](x)".repeat(50_000);
    assert!(documents::read("a.md", brackets.as_bytes()).is_ok());
}
