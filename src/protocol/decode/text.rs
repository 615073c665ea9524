//! Names and request ids as people and programs type them.
//!
//! A name stays what was typed but for its white space; it is data, also where it reads
//! `@everyone`, and nothing in it may steer a screen or a log.

use super::REQUEST_ID_MAX_BYTES;
use crate::protocol::malformed::Malformed;
use crate::rules::creature::NAME_MAX_CHARS;

/// A request id: 1 to 64 printable ASCII characters.
pub(super) fn request_id(text: &str, field: &str) -> Result<String, Malformed> {
    let printable = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if text.is_empty() || text.len() > REQUEST_ID_MAX_BYTES || !printable {
        let message = format!("must be 1 to {REQUEST_ID_MAX_BYTES} printable ASCII characters");
        return Err(Malformed::wrong(field, message));
    }
    Ok(text.to_owned())
}

/// A name of 1 to 60 characters, white space made single blanks.
pub(super) fn name(text: &str, field: &str) -> Result<String, Malformed> {
    name_or_none(text, field)?.ok_or_else(|| Malformed::absent(field))
}

/// The same where blank means none.
pub(super) fn name_or_none(text: &str, field: &str) -> Result<Option<String>, Malformed> {
    let mut clean = String::new();
    let mut chars = 0_usize;
    for part in text.split_whitespace() {
        if !clean.is_empty() {
            clean.push(' ');
            chars = chars.saturating_add(1);
        }
        for c in part.chars() {
            if c.is_control() || steers(c) {
                let message = "must not hold control or direction characters";
                return Err(Malformed::wrong(field, message));
            }
            chars = chars.saturating_add(1);
            if chars > NAME_MAX_CHARS {
                let message = format!("must have {NAME_MAX_CHARS} characters at most");
                return Err(Malformed::wrong(field, message));
            }
            clean.push(c);
        }
    }
    Ok(Some(clean).filter(|clean| !clean.is_empty()))
}

/// Characters that are not seen but change how their surroundings are.
fn steers(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_was_typed_but_the_white_space() {
        assert_eq!(name("  Mira\t of \n Dale ", "n").unwrap(), "Mira of Dale");
        assert_eq!(name("@everyone", "n").unwrap(), "@everyone");
        assert_eq!(name("Żółć 👩‍🚀", "n").unwrap(), "Żółć 👩‍🚀");
        assert_eq!(name_or_none(" \u{a0} ", "n").unwrap(), None);
    }

    #[test]
    fn names_cannot_steer_a_screen_nor_fill_it() {
        for bad in ["a\u{1b}[2J", "\u{202e}evil", "in\u{200b}visible", "\u{0}"] {
            assert!(name(bad, "n").is_err(), "{bad:?}");
        }
        assert!(name(&"ä".repeat(60), "n").is_ok());
        assert!(name(&"ä".repeat(61), "n").is_err());
        assert!(name("", "n").is_err());
    }

    #[test]
    fn request_ids_are_short_and_printable() {
        assert!(request_id("a b~", "r").is_ok());
        assert!(request_id(&"x".repeat(64), "r").is_ok());
        for bad in [String::new(), "x".repeat(65), "ä".into(), "a\n".into(), "\u{7f}".into()] {
            assert!(request_id(&bad, "r").is_err(), "{bad:?}");
        }
    }
}
