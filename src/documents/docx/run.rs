//! The looks of a run of letters, as far as they mean something.

use super::styles::Styles;
use crate::documents::Refused;
use crate::documents::line::Marks;
use crate::documents::xml::Xml;

#[derive(Debug, Default)]
pub struct Look {
    pub marks: Marks,
    /// Nobody sees it in the document either.
    pub hidden: bool,
}

/// Reads `rPr`.
pub fn look(xml: &mut Xml<'_>, styles: &Styles) -> Result<Look, Refused> {
    let mut look = Look::default();
    let (mut bold, mut italic, mut rtl) = (None, None, false);
    let (mut bold_rtl, mut italic_rtl) = (None, None);
    while let Some(tag) = xml.child()? {
        let value = tag.attribute("val").unwrap_or_default();
        match tag.name.as_str() {
            "rStyle" => {
                let style = styles.letters(value);
                bold = bold.or(Some(style.0));
                italic = italic.or(Some(style.1));
                look.marks.code = style.2;
            }
            "b" => bold = Some(tag.is_on()),
            "i" => italic = Some(tag.is_on()),
            "bCs" => bold_rtl = Some(tag.is_on()),
            "iCs" => italic_rtl = Some(tag.is_on()),
            "rtl" | "cs" => rtl = tag.is_on(),
            "strike" | "dstrike" => look.marks.strike = tag.is_on(),
            "vertAlign" => {
                look.marks.sup = value == "superscript";
                look.marks.sub = value == "subscript";
            }
            "vanish" | "webHidden" => look.hidden = tag.is_on(),
            _ => {}
        }
        xml.skip()?;
    }
    // Arabic and Hebrew letters have switches of their own.
    look.marks.bold = if rtl { bold_rtl.or(bold) } else { bold }.unwrap_or_default();
    look.marks.italic = if rtl { italic_rtl.or(italic) } else { italic }.unwrap_or_default();
    Ok(look)
}
