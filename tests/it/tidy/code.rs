//! Reads Rust as text: which paths a file names, comments, strings and tests aside.
//!
//! It knows just enough of the language for the checks, and nothing here decides what is allowed.

use super::File;

/// The code with comments, strings and character literals blanked out, line by line as before.
pub(super) fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => find_line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => find_comment_end(&chars, at),
            '"' => find_string_end(&chars, at),
            'r' if !continues_word(&chars, at) => find_raw_end(&chars, at).unwrap_or(at),
            'b' if !continues_word(&chars, at) && chars.get(at + 1) == Some(&'r') => {
                find_raw_end(&chars, at + 1).unwrap_or(at)
            }
            '\'' => find_char_end(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn continues_word(chars: &[char], at: usize) -> bool {
    at > 0 && is_word(chars[at - 1])
}

fn find_line_end(chars: &[char], at: usize) -> usize {
    (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len())
}

fn find_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0_usize, at);
    while i < chars.len() {
        if chars[i] == '/' && chars.get(i + 1) == Some(&'*') {
            depth += 1;
            i += 2;
        } else if chars[i] == '*' && chars.get(i + 1) == Some(&'/') {
            depth -= 1;
            i += 2;
            if depth == 0 {
                return i;
            }
        } else {
            i += 1;
        }
    }
    chars.len()
}

fn find_string_end(chars: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

/// The end of a raw string that starts with the `r` at `at`, or nothing if it is just a name.
fn find_raw_end(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |i: usize| {
        chars[i] == '"'
            && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let end = (open + 1..chars.len()).find(|i| closes(*i)).map_or(chars.len(), |i| i + 1 + hashes);
    Some(end)
}

/// The end of a character literal at `at`, or nothing if it is a lifetime.
fn find_char_end(chars: &[char], at: usize) -> Option<usize> {
    if chars.get(at + 1) == Some(&'\\') {
        return (at + 3..chars.len()).find(|i| chars[*i] == '\'').map(|i| i + 1);
    }
    (chars.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

/// The code without its `#[cfg(test)]` items: a test may look at anything.
pub(super) fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = code.to_owned();
    while let Some(start) = out.find(MARK) {
        let end = item_end(&out, start + MARK.len());
        let blank: String =
            out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// Where the item that starts at `from` ends: at its `;`, or with its braces.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    for (i, c) in code[from..].char_indices() {
        match c {
            ';' if depth == 0 => return from + i + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return from + i + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// A path in the code, with the line where it starts: `crate::a::{b, c::d}` gives two.
#[derive(Debug, PartialEq)]
pub(super) struct Use {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

/// Every path of more than one segment, expanded.
fn paths(code: &str) -> Vec<Use> {
    let chars: Vec<char> = code.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        if chars[at] == '\n' {
            line += 1;
        }
        let starts = is_word(chars[at])
            && !chars[at].is_ascii_digit()
            && !continues_word(&chars, at)
            && !chars[..at].ends_with(&[':', ':']);
        if !starts {
            at += 1;
            continue;
        }
        let mut expanded = Vec::new();
        let end = read_tree(&chars, at, &[], &mut expanded);
        found.extend(expanded.into_iter().map(|path| Use { line, path }));
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end.max(at + 1);
    }
    found.retain(|u| u.path.len() > 1);
    found
}

/// Reads one tree of a path (`a::b`, `a::{b, c}`, `a::*`), and returns where it ends.
fn read_tree(chars: &[char], at: usize, before: &[String], out: &mut Vec<Vec<String>>) -> usize {
    let mut at = skip_space(chars, at);
    if chars.get(at) == Some(&'{') {
        at += 1;
        while at < chars.len() && chars[at] != '}' {
            let next = read_tree(chars, at, before, out);
            at = skip_space(chars, next);
            if next == at && chars.get(at) != Some(&',') && chars.get(at) != Some(&'}') {
                return at; // not a tree after all
            }
            if chars.get(at) == Some(&',') {
                at = skip_space(chars, at + 1);
            }
        }
        return (at + 1).min(chars.len());
    }
    let word: String = chars[at..].iter().take_while(|c| is_word(**c) || **c == '*').collect();
    if word.is_empty() {
        if !before.is_empty() {
            out.push(before.to_vec());
        }
        return at;
    }
    let mut path = before.to_vec();
    path.push(word.clone());
    let after = at + word.chars().count();
    let colons = skip_space(chars, after);
    let goes_on = chars.get(colons) == Some(&':') && chars.get(colons + 1) == Some(&':');
    if goes_on {
        return read_tree(chars, colons + 2, &path, out);
    }
    out.push(path);
    skip_alias(chars, after)
}

/// Past ` as name`, so that an alias is not read as a path of its own.
fn skip_alias(chars: &[char], at: usize) -> usize {
    let word = skip_space(chars, at);
    if word > at && chars[word..].starts_with(&['a', 's', ' ']) {
        let name = skip_space(chars, word + 3);
        return name + chars[name..].iter().take_while(|c| is_word(**c)).count();
    }
    at
}

fn skip_space(chars: &[char], at: usize) -> usize {
    at + chars[at.min(chars.len())..].iter().take_while(|c| c.is_whitespace()).count()
}

/// The layer of a file under `src`, and how many modules deep the file is.
pub(super) fn place(path: &str) -> Option<(&str, usize)> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut parts: Vec<&str> = inside.split('/').collect();
    if parts.len() > 1 && parts.last() == Some(&"mod") {
        parts.pop();
    }
    Some((parts[0], parts.len()))
}

/// The path from the root of the crate that a path in a file stands for, if it is one of ours.
pub(super) fn from_crate_root(used: &Use, depth: usize) -> Option<&[String]> {
    let supers = used.path.iter().take_while(|p| *p == "super").count();
    match used.path[0].as_str() {
        "crate" => Some(&used.path[1..]),
        "super" if supers >= depth => Some(&used.path[supers..]),
        _ => None,
    }
}

/// What a file of `src` uses, tests aside. A module of tests in a file of its own counts as tests.
pub(super) fn uses(file: &File) -> Vec<Use> {
    let is_tests = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
    if is_tests { Vec::new() } else { paths(&without_tests(&code_only(&file.text))) }
}
