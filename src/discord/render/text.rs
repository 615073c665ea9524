//! Makes what people typed safe to show: a name stays a name and can never ping, link or format.
//!
//! Nothing that a person chose may reach a message except through here.

/// Characters of a creature's or fight's name that are shown.
pub const NAME_SHOWN_CHARS: usize = 40;
/// Characters of a line of the log that are shown.
pub const LINE_SHOWN_CHARS: usize = 300;
/// Stands for what was cut off.
const ELLIPSIS: char = '…';
/// Shown in place of a name without a visible character.
const NAMELESS: &str = "(no name)";
/// Breaks up `@everyone` and addresses without being seen.
const BREAK: char = '\u{200b}';

/// The text without what cannot be seen or turns the reading direction, on one line.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
            | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        // more than a few marks on one letter reach into the lines above and below
        || matches!(c, '\u{0300}'..='\u{036f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The first `max` UTF-16 units of the text, with a sign where something was cut off. Discord
/// counts so.
pub fn cut(text: &str, max: usize) -> String {
    if text.encode_utf16().count() <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut length = 1;
    for c in text.chars() {
        length += c.len_utf16();
        if length > max {
            break;
        }
        out.push(c);
    }
    out.truncate(out.trim_end().len());
    out.push(ELLIPSIS);
    out
}

/// A name or a line for a place that formats nothing: labels, options, titles.
pub fn plain(text: &str, max: usize) -> String {
    let seen = visible(text);
    if seen.is_empty() { cut(NAMELESS, max) } else { cut(&seen, max) }
}

/// A line for a place that formats: everything a person could have meant as markup is escaped.
/// `max` counts what is seen.
pub fn line(text: &str, max: usize) -> String {
    escape(&plain(text, max))
}

/// A sentence for a place that formats: as [`line`], but what stands in backticks and can be no
/// more than something to type is shown as such.
pub fn sentence(text: &str, max: usize) -> String {
    let seen = plain(text, max);
    let mut out = String::with_capacity(seen.len() + 8);
    let mut rest = seen.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        let typed = after.split_once('`').filter(|(typed, _)| is_to_type(typed));
        let Some((typed, behind)) = typed else { break };
        out.push_str(&escape(before));
        add(&mut out, format_args!("`{typed}`"));
        rest = behind;
    }
    out.push_str(&escape(rest));
    out
}

/// Whether this can stand between backticks without doing anything.
fn is_to_type(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '/' | '-' | ',' | ':'))
}

/// A name for a place that formats.
pub fn name(text: &str) -> String {
    line(text, NAME_SHOWN_CHARS)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut only_digits = true;
    let mut before = None;
    for (index, c) in text.chars().enumerate() {
        let leads = index == 0 && matches!(c, '#' | '-' | '+' | '>');
        let numbers = c == '.' && only_digits && index > 0;
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<') || leads || numbers {
            out.push('\\');
        }
        if c == '/' && matches!(before, Some(':' | '/')) {
            out.push(BREAK);
        }
        out.push(c);
        if c == '@' {
            out.push(BREAK);
        }
        only_digits = only_digits && c.is_ascii_digit();
        before = Some(c);
    }
    out
}

/// Writes more onto the end of a text.
pub fn add(text: &mut String, what: core::fmt::Arguments<'_>) {
    let written = core::fmt::Write::write_fmt(text, what);
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}

/// Lines put together as long as they fit; the second value is how many did not.
pub fn fitting(lines: &[String], max: usize) -> (String, usize) {
    let mut text = String::new();
    let mut length = 0;
    for (index, one) in lines.iter().enumerate() {
        let more = one.encode_utf16().count() + 1;
        if length + more > max {
            return (text, lines.len() - index);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(one);
        length += more;
    }
    (text, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_shows_what_to_type_and_formats_nothing_else() {
        let shown = sentence("start one with `/combat start`, **Bob**", 99);
        assert_eq!(shown, "start one with `/combat start`, \\*\\*Bob\\*\\*");
        for hostile in ["`", "``", "`@everyone`", "a ` b `<@1>` c", "```x```", "`*`x`*`"] {
            let shown = sentence(hostile, 99);
            assert!(!shown.contains("@e") && !shown.replace("\\`", "").contains('`'), "{shown}");
        }
    }

    #[test]
    fn names_cannot_ping_link_or_format() {
        assert_eq!(name("@everyone"), "@\u{200b}everyone");
        assert_eq!(name("<@123>"), "\\<@\u{200b}123>");
        assert_eq!(name("**Bob** _x_ `y`"), "\\*\\*Bob\\*\\* \\_x\\_ \\`y\\`");
        assert_eq!(name("# Big"), "\\# Big");
        assert_eq!(name("12. x"), "12\\. x");
        assert_eq!(name("[a](https://b.c)"), "\\[a\\](https:\u{200b}/\u{200b}/b.c)");
        assert_eq!(name("a\nb\u{202e}c\u{200d}d"), "a bcd");
    }

    #[test]
    fn nothing_visible_is_said_to_be_nothing() {
        assert_eq!(name("\u{200b}\u{202e} \n"), "(no name)");
        assert_eq!(plain("", 4), "(no…");
    }

    #[test]
    fn cutting_counts_as_discord_does() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("🐉🐉🐉", 4), "🐉…");
        assert_eq!(name(&"x".repeat(2_000)).chars().count(), NAME_SHOWN_CHARS);
    }

    #[test]
    fn lines_that_do_not_fit_are_counted() {
        let lines: Vec<String> = ["aaaa", "bbbb", "cccc"].map(str::to_owned).to_vec();
        assert_eq!(fitting(&lines, 10), ("aaaa\nbbbb".to_owned(), 1));
    }
}
