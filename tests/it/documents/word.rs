//! Word documents: what each of their parts becomes.

use super::docx::{Docx, item, p, picture, run, styled};
use super::{body, read};
use crate::desk::scene::jpeg;

fn lines(xml: &str) -> Vec<String> {
    body(&read("a.docx", &Docx::new(&format!("{}{xml}", styled("Titel", "T"))).bytes()))
}

#[test]
fn styles_give_the_parts_of_the_article_whatever_language_their_ids_are_in() {
    let text = [
        styled("Titel", "The ferry runs again"),
        styled("Untertitel", "After eleven months."),
        p("It left at six."),
        styled("berschrift1", "The crossing"),
        p("Calm."),
        styled("Zwischentitel", "The people"),
        styled("Zitat", "We waited."),
        styled("Zitat", "For long."),
    ];
    let draft =
        read("ferry.docx", &Docx::new(&text.concat()).called("Template 7", "Ferries; Harbour").bytes());
    assert_eq!(draft.headline, "The ferry runs again");
    assert_eq!(draft.standfirst, "After eleven months.");
    assert_eq!(draft.byline, "", "whose computer it was is nobody's byline");
    assert_eq!(draft.tags, ["Ferries", "Harbour"]);
    assert_eq!(
        body(&draft),
        [
            "<p>It left at six.</p>",
            "<h2>The crossing</h2>",
            "<p>Calm.</p>",
            "<h3>The people</h3>",
            "<blockquote>",
            "<p>We waited.</p>",
            "<p>For long.</p>",
            "</blockquote>"
        ]
    );
}

#[test]
fn without_a_title_the_first_heading_is_the_headline_and_then_what_the_document_is_called() {
    let headed = [styled("berschrift1", "The ferry"), styled("berschrift2", "At sea"), p("Calm.")].concat();
    let draft = read("a.docx", &Docx::new(&headed).called("Template 7", "").bytes());
    assert_eq!((draft.headline.as_str(), body(&draft)[0].as_str()), ("The ferry", "<h2>At sea</h2>"));
    let draft = read("a.docx", &Docx::new(&p("It left at six.")).called("The ferry", "").bytes());
    assert_eq!((draft.headline.as_str(), body(&draft).len()), ("The ferry", 1));
}

#[test]
fn letters_keep_the_marks_that_mean_something() {
    let text = [
        run("", "A "),
        run("<w:b/><w:color w:val=\"FF0000\"/><w:u w:val=\"single\"/>", "bold"),
        run("<w:b w:val=\"0\"/><w:i/>", " italic"),
        run("<w:rStyle w:val=\"Fett\"/>", " strong"),
        run("<w:strike/>", " gone"),
        run("", " H"),
        run("<w:vertAlign w:val=\"subscript\"/>", "2"),
        run("<w:vertAlign w:val=\"superscript\"/>", "3"),
        run("<w:vanish/>", " secret"),
        "<w:r><w:br/><w:t>next</w:t><w:tab/><w:t>tab</w:t><w:noBreakHyphen/><w:t>x</w:t></w:r>".to_owned(),
    ];
    assert_eq!(
        lines(&format!("<w:p>{}</w:p>", text.concat())),
        [
            "<p>A <strong>bold</strong><em> italic</em><strong> strong</strong><s> gone</s> H<sub>2</sub><sup>3</sup><br>next tab\u{2011}x</p>"
        ]
    );
}

#[test]
fn links_are_kept_however_they_are_written() {
    let field = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> HYPERLINK \"https://b.example/\" </w:instrText></w:r>\
                 <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>two</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    let text = format!(
        "<w:p><w:hyperlink r:id=\"l1\"><w:r><w:t>one</w:t></w:r></w:hyperlink><w:r><w:t xml:space=\"preserve\"> </w:t></w:r>{field}\
         <w:fldSimple w:instr=\"HYPERLINK &quot;mailto:a@b.example&quot;\"><w:r><w:t>three</w:t></w:r></w:fldSimple>\
         <w:hyperlink w:anchor=\"_Ref1\"><w:r><w:t>four</w:t></w:r></w:hyperlink>\
         <w:hyperlink r:id=\"l2\"><w:r><w:t>five</w:t></w:r></w:hyperlink></w:p>"
    );
    let docx =
        Docx::new(&text).link("l1", "https://a.example/?x=1&amp;y=2").link("l2", "javascript:alert(1)");
    assert_eq!(
        body(&read("a.docx", &docx.bytes())),
        [
            "<p><a href=\"https://a.example/?x=1&amp;y=2\">one</a> <a href=\"https://b.example/\">two</a><a href=\"mailto:a@b.example\">three</a>fourfive</p>"
        ]
    );
}

#[test]
fn lists_are_nested_and_numbers_go_on() {
    let text = [
        item(1, 0, "a"),
        item(1, 1, "a1"),
        item(1, 1, "a2"),
        item(1, 0, "b"),
        p("Between."),
        item(2, 0, "one"),
        p("Between."),
        item(2, 0, "two"),
        styled("Liste", "styled"),
    ];
    let joined = lines(&text.concat()).concat();
    assert_eq!(
        joined,
        "<ul><li>a<ul><li>a1</li><li>a2</li></ul></li><li>b</li></ul><p>Between.</p><ol><li>one</li></ol>\
         <p>Between.</p><ol start=\"2\"><li>two</li></ol><ul><li>styled</li></ul>"
    );
}

#[test]
fn tables_keep_their_joined_cells() {
    let cell =
        |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text));
    let text = format!(
        "<w:tbl><w:tblPr><w:tblLook w:firstRow=\"1\"/></w:tblPr><w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr>\
         <w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>{}</w:tr></w:tbl>",
        cell("<w:gridSpan w:val=\"2\"/>", "Port"),
        cell("", "Boats"),
        cell("<w:vMerge w:val=\"restart\"/>", "North"),
        cell("", "a"),
        cell("", "1"),
        cell("<w:vMerge/>", ""),
        cell("", "b"),
        cell("", "2"),
        cell("", "gone")
    );
    assert_eq!(
        lines(&text).concat(),
        "<table><thead><tr><th scope=\"col\" colspan=\"2\">Port</th><th scope=\"col\">Boats</th></tr></thead>\
         <tbody><tr><td rowspan=\"2\">North</td><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></tbody></table>"
    );
    let framed = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell("", "Only a box"));
    assert_eq!(lines(&framed), ["<p>Only a box</p>"]);
}

#[test]
fn footnotes_stand_at_the_end_under_their_numbers() {
    let text = "<w:p><w:r><w:t>Fact</w:t></w:r><w:r><w:footnoteReference w:id=\"5\"/></w:r><w:r><w:t>.</w:t></w:r></w:p>";
    let docx = Docx::new(text).footnote(
        5,
        "<w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space=\"preserve\"> Source.</w:t></w:r></w:p>",
    );
    assert_eq!(
        body(&read("a.docx", &docx.bytes())).concat(),
        "<p>Fact<sup>1</sup>.</p><hr><ol><li>Source.</li></ol>"
    );
}

#[test]
fn tracked_changes_are_taken_as_accepted_and_comments_left_out() {
    let text = "<w:p><w:pPr><w:pStyle w:val=\"Standard\"/><w:pPrChange w:id=\"1\"><w:pPr><w:pStyle w:val=\"berschrift1\"/></w:pPr></w:pPrChange></w:pPr>\
        <w:r><w:t xml:space=\"preserve\">It </w:t></w:r><w:del w:id=\"2\"><w:r><w:delText>never </w:delText></w:r></w:del>\
        <w:ins w:id=\"3\"><w:r><w:rPr><w:rPrChange w:id=\"9\"><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr><w:t xml:space=\"preserve\">runs </w:t></w:r></w:ins>\
        <w:commentRangeStart w:id=\"0\"/><w:r><w:t>daily.</w:t></w:r><w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>\
        <w:p><w:pPr><w:rPr><w:del w:id=\"4\"/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">One </w:t></w:r></w:p><w:p><w:r><w:t>line.</w:t></w:r></w:p>";
    let draft = read("a.docx", &Docx::new(text).bytes());
    assert_eq!(body(&draft), ["<p>It runs daily.</p>", "<p>One line.</p>"]);
    assert_eq!(draft.left_out.to_string(), "1 comment");
}

#[test]
fn pictures_come_with_their_words_and_what_is_no_picture_is_counted() {
    let box_text = "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p>\
        </w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent>\
        </v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>";
    let text = format!(
        "<w:p>{}</w:p>{}<w:p>{box_text}<w:r><w:t>After.</w:t></w:r><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p><w:p>{}{}</w:p>",
        picture("i1", "A ferry at its landing. Description automatically generated"),
        styled("Beschriftung", "The ferry &amp; its crew"),
        picture("i2", ""),
        picture("i1", ""),
    );
    let docx =
        Docx::new(&text).media("i1", "image1.jpg", &jpeg(3)).media("i2", "image2.emf", b"\x01\0\0\0 EMF");
    let draft = read("a.docx", &docx.bytes());
    assert_eq!(
        body(&draft),
        [
            "<p>[0 A ferry at its landing.|The ferry &amp; its crew]</p>",
            "<p>After.</p>",
            "<p>[0 A ferry at its landing.|]</p>"
        ]
    );
    assert_eq!(draft.pictures.len(), 1, "shown twice, it is there once");
    assert_eq!((draft.pictures[0].name.as_str(), &draft.pictures[0].bytes), ("image1.jpg", &jpeg(3)));
    assert_eq!(draft.left_out.to_string(), "1 text box, 1 formula, 1 EMF picture");
}

#[test]
fn text_from_right_to_left_keeps_its_direction_and_says_its_language() {
    let line = |text: &str| format!("<w:p><w:pPr><w:bidi/></w:pPr>{}</w:p>", run("<w:rtl/><w:bCs/>", text));
    let draft = read("a.docx", &Docx::new(&[line("کشتی"), line("دوباره")].concat()).bytes());
    assert_eq!(
        body(&draft),
        ["<p dir=\"rtl\"><strong>کشتی</strong></p>", "<p dir=\"rtl\"><strong>دوباره</strong></p>"]
    );
    assert_eq!(draft.language.unwrap().as_str(), "fa-IR");
}

#[test]
fn lines_across_the_page_are_kept_and_tables_of_contents_are_not() {
    let text = [
        p("One."),
        "<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\"/></w:pBdr></w:pPr></w:p>".to_owned(),
        styled("Verzeichnis1", "Chapter 1 … 7"),
        p("* * *"),
        "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>".to_owned(),
        p("Two."),
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Contents</w:t></w:r></w:p></w:sdtContent></w:sdt>".to_owned(),
    ];
    assert_eq!(lines(&text.concat()), ["<p>One.</p>", "<hr>", "<p>Two.</p>"]);
}

#[test]
fn a_document_of_unknown_programs_is_read_by_the_usual_style_names() {
    let mut docx =
        Docx::new(&[styled("Title", "The ferry"), styled("Heading2", "At sea"), p("Calm.")].concat());
    docx.styles.clear();
    let draft = read("a.docx", &docx.bytes());
    assert_eq!((draft.headline.as_str(), body(&draft)[0].as_str()), ("The ferry", "<h2>At sea</h2>"));
}

#[test]
fn lines_of_code_are_one_block_without_marks() {
    let line = |text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"SourceCode\"/></w:pPr>{}</w:p>",
            run("<w:rStyle w:val=\"VerbatimChar\"/>", text)
        )
    };
    let mut docx = Docx::new(&[p("One."), line("if x"), line("  y")].concat());
    docx.styles = "<w:style w:type=\"paragraph\" w:styleId=\"SourceCode\"><w:name w:val=\"Source Code\"/></w:style>\
                   <w:style w:type=\"character\" w:styleId=\"VerbatimChar\"><w:name w:val=\"Verbatim Char\"/></w:style>"
        .to_owned();
    assert_eq!(body(&read("a.docx", &docx.bytes())), ["<p>One.</p>", "<pre>if x", "  y</pre>"]);
}

#[test]
fn a_picture_is_described_by_its_writer_and_not_by_its_file() {
    let drawn =
        picture("i1", "A ferry").replace("name=\"a.png\"", "name=\"a.png\" descr=\"C:\\pictures\\a.png\"");
    let docx = Docx::new(&format!("{}<w:p>{drawn}</w:p>", p("One."))).media("i1", "image1.jpg", &jpeg(3));
    assert_eq!(read("a.docx", &docx.bytes()).pictures[0].alt, "A ferry");
}
