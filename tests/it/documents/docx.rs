//! Word documents, made of the XML that Word and LibreOffice write.

use std::fmt::Write as _;

use super::zip::{self, Entry};

pub struct Docx {
    body: String,
    pub styles: String,
    numbering: String,
    footnotes: String,
    core: String,
    relations: String,
    parts: Vec<(String, Vec<u8>)>,
}

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
                 xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
                 xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
                 xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
                 xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
                 xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
                 xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
                 xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" \
                 xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// As a German Word calls them: the ids are translated, the names are not.
const STYLES: &str = r#"
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="de-DE" w:bidi="fa-IR"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:basedOn w:val="Standard"/></w:style>
<w:style w:type="paragraph" w:styleId="Untertitel"><w:name w:val="Subtitle"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Zwischentitel"><w:name w:val="Zwischentitel der Redaktion"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Liste"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Fett"><w:name w:val="Strong"/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>"#;

const NUMBERING: &str = r#"
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>"#;

impl Docx {
    pub fn new(body: &str) -> Self {
        Self {
            body: body.to_owned(),
            styles: STYLES.to_owned(),
            numbering: NUMBERING.to_owned(),
            footnotes: String::new(),
            core: String::new(),
            relations: String::new(),
            parts: Vec::new(),
        }
    }

    /// Title and keywords in its properties.
    pub fn called(mut self, title: &str, keywords: &str) -> Self {
        self.core = format!(
            "<dc:title>{title}</dc:title><dc:creator>Windows User</dc:creator><cp:keywords>{keywords}</cp:keywords>"
        );
        self
    }

    pub fn footnote(mut self, id: u32, text: &str) -> Self {
        let _ = write!(self.footnotes, "<w:footnote w:id=\"{id}\">{text}</w:footnote>");
        self
    }

    pub fn link(mut self, id: &str, address: &str) -> Self {
        let _ = write!(
            self.relations,
            "<Relationship Id=\"{id}\" Type=\"{REL}/hyperlink\" Target=\"{address}\" TargetMode=\"External\"/>"
        );
        self
    }

    /// A picture, shown by `picture(id, …)`.
    pub fn media(mut self, id: &str, name: &str, bytes: &[u8]) -> Self {
        let _ = write!(
            self.relations,
            "<Relationship Id=\"{id}\" Type=\"{REL}/image\" Target=\"media/{name}\"/>"
        );
        self.parts.push((format!("word/media/{name}"), bytes.to_vec()));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        zip::write(&self.entries())
    }

    pub fn entries(&self) -> Vec<Entry> {
        let document = format!(
            "{XML}<w:document {W}><w:body>{}<w:sectPr><w:pgSz w:w=\"11906\"/></w:sectPr></w:body></w:document>",
            self.body
        );
        let relations = "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"";
        let package = format!(
            "{XML}<Relationships {relations}><Relationship Id=\"rId1\" Type=\"{REL}/officeDocument\" Target=\"word/document.xml\"/>\
             <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
        );
        let own = format!(
            "{XML}<Relationships {relations}><Relationship Id=\"s1\" Type=\"{REL}/styles\" Target=\"styles.xml\"/>\
             <Relationship Id=\"n1\" Type=\"{REL}/numbering\" Target=\"numbering.xml\"/>\
             <Relationship Id=\"f1\" Type=\"{REL}/footnotes\" Target=\"footnotes.xml\"/>{}</Relationships>",
            self.relations
        );
        let core = format!(
            "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{}</cp:coreProperties>",
            self.core
        );
        let footnotes = format!(
            "{XML}<w:footnotes {W}><w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>{}</w:footnotes>",
            self.footnotes
        );
        let mut entries = vec![
            Entry::new(
                "[Content_Types].xml",
                format!(
                    "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                )
                .as_bytes(),
            ),
            Entry::new("_rels/.rels", package.as_bytes()),
            Entry::new("word/document.xml", document.as_bytes()),
            Entry::new("word/_rels/document.xml.rels", own.as_bytes()),
            Entry::new(
                "word/styles.xml",
                format!("{XML}<w:styles {W}>{}</w:styles>", self.styles).as_bytes(),
            ),
            Entry::new(
                "word/numbering.xml",
                format!("{XML}<w:numbering {W}>{}</w:numbering>", self.numbering).as_bytes(),
            ),
            Entry::new("word/footnotes.xml", footnotes.as_bytes()),
            Entry::new("docProps/core.xml", core.as_bytes()),
        ];
        entries.extend(self.parts.iter().map(|(name, bytes)| Entry::stored(name, bytes)));
        entries
    }
}

pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

pub fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

pub fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Listenabsatz\"/><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>\
         <w:r><w:t>{text}</w:t></w:r></w:p>"
    )
}

/// A run with properties.
pub fn run(properties: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// As Word puts it into a line: with another form of it for programs that do not know the first.
pub fn picture(id: &str, alt: &str) -> String {
    format!(
        "<w:r><w:drawing><wp:inline><wp:extent cx=\"1\" cy=\"1\"/><wp:docPr id=\"1\" name=\"Grafik 1\" descr=\"{alt}\"/>\
         <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>\
         <pic:cNvPr id=\"0\" name=\"a.png\"/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"{id}\"/></pic:blipFill></pic:pic>\
         </a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
}
