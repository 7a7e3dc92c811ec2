//! Why a document is not read, said so that whoever sent it knows what to do next.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("This kind of file is not read. Send a .docx, .md, .html or .txt file.")]
    UnknownKind,
    #[error("This is {0}. Save it as .docx, .md, .html or .txt and send that.")]
    OtherKind(&'static str),
    #[error("This is not a Word document, whatever its name says.")]
    NotWord,
    #[error("This file is not text, whatever its name says.")]
    NotText,
    #[error("There is nothing in this document.")]
    Empty,
    #[error("This document is damaged: {0}.")]
    Damaged(&'static str),
    #[error("This document is not taken, because {0}.")]
    Hostile(&'static str),
    #[error("This document is too large to read: {0}.")]
    TooLarge(&'static str),
}
