//! Plain text in any of the usual encodings.

use broadsheet::documents::{self, Refused};

use super::{body, read};

#[test]
fn the_first_line_is_the_headline_and_empty_lines_end_paragraphs() {
    let draft = read("a.txt", b"\xef\xbb\xbfThe ferry\r\n\r\nIt runs\r\nagain & again.\r\n\r\nTwo <b>.");
    assert_eq!(draft.headline, "The ferry");
    assert_eq!(body(&draft), ["<p>It runs<br>again &amp; again.</p>", "<p>Two &lt;b&gt;.</p>"]);
}

#[test]
fn lines_that_a_machine_broke_are_joined() {
    let long = "This line was broken by a program at a certain width,";
    let draft = read("a.txt", format!("T\n\n{long}\n{long}\nso.").as_bytes());
    assert_eq!(body(&draft), [format!("<p>{long} {long} so.</p>")]);
}

#[test]
fn without_empty_lines_each_line_is_a_paragraph() {
    assert_eq!(body(&read("a.txt", b"The ferry\nOne.\nTwo.")), ["<p>One.</p>", "<p>Two.</p>"]);
}

#[test]
fn old_windows_letters_and_two_byte_letters_are_read() {
    assert_eq!(read("a.txt", b"F\xe4hre\n\n\x93Ja\x94").headline, "Fähre");
    let wide: Vec<u8> = "\u{feff}کشتی\n\nرفت".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let draft = read("a.txt", &wide);
    assert_eq!((draft.headline.as_str(), body(&draft)), ("کشتی", vec!["<p dir=\"rtl\">رفت</p>".to_owned()]));
}

#[test]
fn a_file_that_is_something_else_is_named() {
    for (name, bytes, refused) in [
        ("a.docx", b"%PDF-1.7\nx".as_slice(), Refused::OtherKind("a PDF")),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            Refused::OtherKind("an old Word document (.doc), or one with a password"),
        ),
        ("a.docx", b"just text", Refused::NotWord),
        ("a.txt", b"PK\x03\x04abc", Refused::OtherKind("an archive")),
        ("a.md", b"\x89PNG\r\n\x1a\n", Refused::OtherKind("a picture")),
        ("a.html", b"{\\rtf1 x}", Refused::OtherKind("an RTF document")),
        ("a.exe", b"MZ", Refused::UnknownKind),
        ("a.pdf", b"%PDF-1.7", Refused::OtherKind("a PDF")),
        ("a.txt", b"  \n ", Refused::Empty),
        ("a.txt", b"a\0b\0\0\0", Refused::NotText),
    ] {
        assert_eq!(documents::read(name, bytes).err(), Some(refused), "{name}");
    }
}
