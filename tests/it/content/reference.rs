//! Reads the SRD reference that lies beside the project: voted figures, and the text itself.

use std::path::PathBuf;

use serde_json::Value;

/// The JSON file of the reference, or nothing and a line saying so. In CI it must be there.
pub(super) fn open(name: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/srd").join(name);
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Some(serde_json::from_str(&text).unwrap());
    }
    let in_ci = option_env!("CI").is_some();
    assert!(!in_ci, "the reference {} is not there", path.display());
    println!("not run: the reference {} is not there", path.display());
    None
}

/// One file of the text.
pub(super) fn text(file: &str) -> Option<String> {
    let all = open("text/srd-5.2.1.json")?;
    Some(all["files"][file].as_str().unwrap().replace(['−', '–'], "-"))
}

/// The rows of the table that follows a mark, with the last heading row above each.
pub(super) fn rows(text: &str, mark: &str) -> Vec<(String, Vec<String>)> {
    let table = text.split(mark).nth(1).unwrap().split("</table>").next().unwrap();
    let mut heading = String::new();
    let mut rows = Vec::new();
    for row in table.split("<tr>").skip(1) {
        if let Some(found) = row.split("<em>").nth(1) {
            found.split("</em>").next().unwrap().clone_into(&mut heading);
            continue;
        }
        let cells: Vec<String> = row
            .split("<td>")
            .skip(1)
            .map(|cell| {
                let cell = cell.split("</td>").next().unwrap();
                cell.split_whitespace().collect::<Vec<_>>().join(" ")
            })
            .collect();
        if !cells.is_empty() {
            rows.push((heading.clone(), cells));
        }
    }
    rows
}
