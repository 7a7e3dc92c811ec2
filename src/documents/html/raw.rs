//! Tags whose content is no markup.

use html5ever::tokenizer::TokenSinkResult;
use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};

/// How the tokenizer goes on after such a tag has begun.
pub fn inside(name: &str) -> TokenSinkResult<()> {
    match name {
        "script" => TokenSinkResult::RawData(ScriptData),
        "style" | "noscript" | "iframe" | "xmp" | "noembed" | "noframes" => TokenSinkResult::RawData(Rawtext),
        "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
        "plaintext" => TokenSinkResult::Plaintext,
        _ => TokenSinkResult::Continue,
    }
}
