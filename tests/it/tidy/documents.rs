//! Reads our documents: where their links lead, and whether their tables say what the code says.
//!
//! Nothing here looks at the disk: what exists is an argument.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{ALL, File, LAYERS, Layer, code::is_word};

/// Links between our documents: the file must exist, and the heading after `#` too.
pub(super) fn check_links(files: &[File], exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let headings: BTreeMap<&str, BTreeSet<String>> = files
        .iter()
        .filter(|f| is_markdown(f))
        .map(|f| (f.path.as_str(), anchors(&f.text)))
        .collect();
    let mut complaints = Vec::new();
    for file in files.iter().filter(|f| is_markdown(f)) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&file.text) {
            let (target, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let path = if target.is_empty() { file.path.clone() } else { join(folder, target) };
            if !target.is_empty() && !exists(&path) {
                complaints.push(format!("{}: {link} leads nowhere", file.path));
            } else if !anchor.is_empty()
                && headings.get(path.as_str()).is_some_and(|known| !known.contains(anchor))
            {
                complaints.push(format!("{}: {link}: no such heading", file.path));
            }
        }
    }
    complaints
}

fn is_markdown(file: &File) -> bool {
    Path::new(&file.path).extension().is_some_and(|e| e == "md")
}

/// The targets of `[text](target)` and `![text](target)`, outside code, that are not web addresses.
fn links(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let prose: String = line
            .split('`')
            .enumerate()
            .map(|(i, part)| if i % 2 == 0 { part } else { "" })
            .collect();
        if in_code {
            continue;
        }
        for (i, _) in prose.match_indices("](") {
            let target = prose[i + 2..].split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push(target.to_owned());
            }
        }
    }
    found
}

/// The anchors of a page's headings, made as the usual renderers make them.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let heading = |line: &str| {
        let text = line.trim_start_matches('#');
        let keep = |c: &char| is_word(*c) || *c == ' ' || *c == '-';
        (text.len() < line.len())
            .then(|| text.trim().to_lowercase().chars().filter(keep).collect::<String>())
    };
    markdown.lines().filter_map(heading).map(|text| text.replace(' ', "-")).collect()
}

/// `docs` and `../README.md` give `README.md`.
fn join(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// ARCHITECTURE.md prints the table of layers; each row must say what the test enforces.
pub(super) fn check_printed_table(architecture: &str) -> Vec<String> {
    let row = |layer: &Layer| {
        let mut may: Vec<String> = layer.may_use.iter().map(|l| format!("`{l}`")).collect();
        if layer.may_use == ALL {
            may = vec!["every layer".to_owned()];
        } else if layer.values_of_rules {
            may.push("values of `rules`".to_owned());
        } else if may.is_empty() {
            may.push("nothing of ours".to_owned());
        }
        format!("| `{}` | {} |", layer.name, may.join(", "))
    };
    let missing = |row: &String| !architecture.lines().any(|line| line == row);
    let rows = LAYERS.iter().map(row).filter(missing);
    rows.map(|row| format!("ARCHITECTURE.md lacks the row: {row}")).collect()
}

/// The codes in the first column of a page's tables, in order.
pub(super) fn listed_codes(page: &str) -> Vec<String> {
    let code = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    page.lines().filter_map(code).collect()
}

/// The permissions that README.md explains, added up, and the number in its invite link.
pub(super) fn permissions(readme: &str) -> (u64, Option<u64>) {
    let number = |text: &str| {
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    };
    let powers = readme.match_indices("| 2^").filter_map(|(i, m)| number(&readme[i + m.len()..]));
    let sum = powers.map(|power| 1_u64 << power).sum();
    (sum, readme.split("&permissions=").nth(1).and_then(number))
}
