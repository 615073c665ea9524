//! Takes apart the forms in which pictures are uploaded.

use std::collections::BTreeMap;

use serde_json::Value;

/// A form: the JSON part and the files by their number.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) payload: Value,
    pub(crate) files: BTreeMap<u64, (String, Vec<u8>)>,
}

/// Reads a form; `None` when it is not one.
pub(crate) fn read(content_type: &str, body: &[u8]) -> Option<Form> {
    let boundary = content_type.split("boundary=").nth(1)?.trim_matches('"');
    let mark = format!("--{boundary}");
    let mut form = Form::default();
    for part in split(body, mark.as_bytes()) {
        let Some(head_end) = find(part, b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&part[..head_end]).into_owned();
        let content = part[head_end + 4..].strip_suffix(b"\r\n").unwrap_or(&part[head_end + 4..]);
        let name = quoted(&head, "name=")?;
        if name == "payload_json" {
            form.payload = serde_json::from_slice(content).ok()?;
        } else {
            let number = name.strip_prefix("files[")?.strip_suffix(']')?.parse().ok()?;
            form.files.insert(number, (quoted(&head, "filename=")?, content.to_vec()));
        }
    }
    Some(form)
}

fn quoted(head: &str, name: &str) -> Option<String> {
    let after = head.split(&format!(" {name}\"")).nth(1)?;
    Some(after.split('"').next()?.to_owned())
}

fn find(body: &[u8], what: &[u8]) -> Option<usize> {
    body.windows(what.len()).position(|window| window == what)
}

fn split<'a>(body: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(at) = find(rest, mark) {
        parts.push(&rest[..at]);
        rest = &rest[at + mark.len()..];
    }
    parts
}
