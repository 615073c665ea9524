//! The house rules that a compiler does not check: who may use whom, how long a file may be,
//! and that the documents lead somewhere.
//!
//! Every check is a plain function from files to complaints. For each there is a test that holds
//! the project to it and a test that shows it failing on a bad sample, so that none of them can
//! quietly stop looking. No check may be switched off for one file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Longest file, in lines. Past this a reader is lost.
const MAX_FILE_LINES: usize = 800;
/// Longest ARCHITECTURE.md, in lines: it is a map, and a map is read in one sitting.
const MAX_ARCHITECTURE_LINES: usize = 250;

/// One top-level module of the crate and what it may use of the others.
struct Layer {
    name: &'static str,
    may_use: &'static [&'static str],
    /// Whether it may use the *values* of `rules` (see [`RULES_VALUES`]) though not `rules` itself.
    values_of_rules: bool,
}

const fn layer(name: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer { name, may_use, values_of_rules: false }
}

const fn surface(name: &'static str, may_use: &'static [&'static str]) -> Layer {
    Layer { name, may_use, values_of_rules: true }
}

/// Stands for "may use every layer".
const ALL: &[&str] = &["*"];

/// Who may import whom. ARCHITECTURE.md prints this table, and a test compares the two.
const LAYERS: &[Layer] = &[
    layer("rules", &[]),
    layer("content", &["rules"]),
    layer("protocol", &["rules"]),
    layer("store", &[]),
    layer("forecast", &["rules", "content"]),
    layer("view", &["protocol"]),
    layer("hub", &["rules", "content", "protocol", "store", "forecast", "clock", "telemetry"]),
    surface("discord", &["hub", "view", "protocol", "clock", "telemetry"]),
    surface("grpc", &["hub", "view", "protocol", "clock", "telemetry"]),
    layer("web", &[]),
    layer("clock", &[]),
    layer("config", &[]),
    layer("telemetry", &[]),
    layer("app", ALL),
    layer("cli", ALL),
];

/// The modules of `rules` that are plain values: what a surface needs to name a thing. A fight's
/// events and state are not among them: a surface sees only what `protocol` shows to its viewer.
const RULES_VALUES: &[&str] =
    &["id", "ability", "condition", "damage", "dice", "edition", "grid", "illegal"];

/// Crates that only some layers may name, and why.
const CRATES: &[(&str, &[&str], &str)] = &[
    ("redb", &["store"], "the database can be replaced behind `store`"),
    ("twilight_gateway", &["discord"], "Discord stays in `discord`"),
    ("twilight_http", &["discord"], "Discord stays in `discord`"),
    ("twilight_http_ratelimiting", &["discord"], "Discord stays in `discord`"),
    ("twilight_model", &["discord"], "Discord stays in `discord`"),
    ("twilight_util", &["discord"], "Discord stays in `discord`"),
    ("twilight_validate", &["discord"], "Discord stays in `discord`"),
    ("tonic", &["grpc", "app", "cli"], "the transport is not the fight"),
    ("tonic_health", &["grpc", "app", "cli"], "the transport is not the fight"),
    ("tonic_reflection", &["grpc", "app", "cli"], "the transport is not the fight"),
    ("tonic_web", &["grpc", "app", "cli"], "the transport is not the fight"),
    ("dotenvy", &["config"], "`config` alone reads the environment"),
    ("getrandom", &["clock"], "`clock` alone reads entropy"),
    ("anyhow", &["app", "cli"], "a layer names its errors"),
];

/// What `rules` may take from outside: it depends on nothing, and a derive of `Error` is nothing.
const CRATES_OF_RULES: &[&str] = &["thiserror"];

/// Parts of the standard library that would give `rules` a world outside its arguments.
const STD_FORBIDDEN_IN_RULES: &[&str] = &["env", "fs", "io", "net", "process", "thread", "time"];

/// Calls that only one layer may make, and why.
const CALLS: &[(&str, &[&str], &str)] = &[
    ("env::var", &["config"], "`config` alone reads the environment"),
    ("env::vars", &["config"], "`config` alone reads the environment"),
    ("env::var_os", &["config"], "`config` alone reads the environment"),
    ("SystemTime::now", &["clock"], "`clock` alone reads the time"),
    ("Instant::now", &["clock"], "`clock` alone reads the time"),
    ("OffsetDateTime::now_utc", &["clock"], "`clock` alone reads the time"),
    ("Uuid::now_v7", &["clock"], "`clock` alone makes ids"),
    ("Uuid::new_v4", &["clock"], "`clock` alone makes ids"),
];

/// A text file of the project: its path from the root, with `/`, and what is in it.
struct File {
    path: String,
    text: String,
}

fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the project: what was built, installed or stored beside it is not ours.
fn project_files() -> Vec<File> {
    const NOT_OURS: &[&str] = &["target", "node_modules", ".git", "data", "__pycache__", ".venv"];
    fn walk(folder: &Path, found: &mut Vec<File>) {
        for entry in fs::read_dir(folder).expect("a folder of the project is readable") {
            let path = entry.expect("an entry is readable").path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !NOT_OURS.contains(&name.as_str()) {
                    walk(&path, found);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                if path != ".git" && path != ".env" {
                    found.push(File { path, text });
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.iter().any(|f| f.path == "src/lib.rs"), "the walk sees the sources");
    found
}

fn is_rust(file: &&File) -> bool {
    Path::new(&file.path).extension().is_some_and(|e| e == "rs")
}

fn is_source(file: &&File) -> bool {
    is_rust(file) && file.path.starts_with("src/")
}

// ---- reading Rust as text -------------------------------------------------------------------

/// The code with comments, strings and character literals blanked out, line by line as before.
fn code_only(text: &str) -> String {
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

fn is_word(c: char) -> bool {
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
fn without_tests(code: &str) -> String {
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
struct Use {
    line: usize,
    path: Vec<String>,
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
            && !(at >= 2 && chars[at - 1] == ':' && chars[at - 2] == ':');
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
fn place(path: &str) -> Option<(&str, usize)> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut parts: Vec<&str> = inside.split('/').collect();
    if parts.len() > 1 && parts.last() == Some(&"mod") {
        parts.pop();
    }
    Some((parts[0], parts.len()))
}

/// The path from the root of the crate that a path in a file stands for, if it is one of ours.
fn from_crate_root(used: &Use, depth: usize) -> Option<&[String]> {
    let supers = used.path.iter().take_while(|p| *p == "super").count();
    match used.path[0].as_str() {
        "crate" => Some(&used.path[1..]),
        "super" if supers >= depth => Some(&used.path[supers..]),
        _ => None,
    }
}

/// What a file of `src` uses, tests aside. A module of tests in a file of its own counts as tests.
fn uses(file: &File) -> Vec<Use> {
    let is_tests = file.path.ends_with("/tests.rs") || file.path.contains("/tests/");
    if is_tests { Vec::new() } else { paths(&without_tests(&code_only(&file.text))) }
}

// ---- the checks -----------------------------------------------------------------------------

fn check_layers(files: &[File]) -> Vec<String> {
    let known: BTreeSet<&str> = LAYERS.iter().map(|l| l.name).collect();
    let mut complaints = Vec::new();
    for file in files.iter().filter(is_source) {
        let (name, depth) = place(&file.path).expect("a source has a place");
        if name == "lib" || name == "main" {
            continue;
        }
        let Some(layer) = LAYERS.iter().find(|l| l.name == name) else {
            complaints.push(format!("{}: `{name}` is not in the table of layers", file.path));
            continue;
        };
        for used in uses(file) {
            let Some([target, rest @ ..]) = from_crate_root(&used, depth) else { continue };
            if !known.contains(target.as_str()) || target == name || allowed(layer, target, rest) {
                continue;
            }
            let path = used.path.join("::");
            complaints.push(format!("{}:{}: `{name}` may not use `{path}`", file.path, used.line));
        }
    }
    complaints
}

fn allowed(layer: &Layer, target: &str, rest: &[String]) -> bool {
    let value = || rest.first().is_some_and(|module| RULES_VALUES.contains(&module.as_str()));
    layer.may_use == ALL
        || layer.may_use.contains(&target)
        || (layer.values_of_rules && target == "rules" && value())
}

fn check_crates(files: &[File], dependencies: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(is_source) {
        let (name, _) = place(&file.path).expect("a source has a place");
        for used in uses(file) {
            let krate = used.path[0].as_str();
            let at = format!("{}:{}", file.path, used.line);
            if let Some((_, by, why)) = CRATES.iter().find(|(c, _, _)| *c == krate)
                && !by.contains(&name)
                && name != "main"
            {
                complaints.push(format!("{at}: `{name}` may not use {krate}: {why}"));
            } else if name == "rules"
                && dependencies.contains(krate)
                && !CRATES_OF_RULES.contains(&krate)
            {
                complaints.push(format!("{at}: `rules` depends on nothing, so not on {krate}"));
            } else if name == "rules"
                && krate == "std"
                && STD_FORBIDDEN_IN_RULES.contains(&used.path[1].as_str())
            {
                complaints.push(format!("{at}: `rules` does no IO: {}", used.path.join("::")));
            }
        }
    }
    complaints
}

fn check_calls(files: &[File]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(is_source) {
        let (name, _) = place(&file.path).expect("a source has a place");
        for used in uses(file) {
            let path = used.path.join("::");
            let hit = CALLS.iter().find(|(call, by, _)| {
                !by.contains(&name) && (path == *call || path.ends_with(&format!("::{call}")))
            });
            if let Some((_, _, why)) = hit {
                complaints.push(format!("{}:{}: {path}: {why}", file.path, used.line));
            }
        }
    }
    complaints
}

fn check_length(files: &[File]) -> Vec<String> {
    let long = |f: &&File| f.text.lines().count() > MAX_FILE_LINES;
    let tell = |f: &File| format!("{}: {} lines", f.path, f.text.lines().count());
    files.iter().filter(is_rust).filter(long).map(tell).collect()
}

fn check_opening(files: &[File]) -> Vec<String> {
    let silent = |f: &&File| f.path != "build.rs" && !f.text.starts_with("//! ");
    let tell = |f: &File| format!("{}: does not open with a sentence (`//! `)", f.path);
    files.iter().filter(is_rust).filter(silent).map(tell).collect()
}

/// Words that say "not finished", in any text of ours. Spelled in halves: this file is read too.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK:"),
    concat!("db", "g!("),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
];

/// Folders of some particular machine.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

fn check_words(files: &[File], words: &[&str], what: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|f| !f.path.ends_with("package-lock.json")) {
        for (i, line) in file.text.lines().enumerate() {
            for word in words.iter().filter(|w| contains_word(line, w)) {
                complaints.push(format!("{}:{}: {what}: {word}", file.path, i + 1));
            }
        }
    }
    complaints
}

/// Whether `line` has `word`, and not merely inside a longer word.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(i, _)| {
        let before = line[..i].chars().next_back();
        let after = line[i + word.len()..].chars().next();
        let open = |c: Option<char>, edge: Option<char>| {
            !(edge.is_some_and(is_word) && c.is_some_and(is_word))
        };
        open(before, word.chars().next()) && open(after, word.chars().next_back())
    })
}

/// Links between our documents: the file must exist, and the heading after `#` too.
fn check_links(files: &[File], exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let headings: BTreeMap<&str, BTreeSet<String>> =
        files.iter().filter(is_markdown).map(|f| (f.path.as_str(), anchors(&f.text))).collect();
    let mut complaints = Vec::new();
    for file in files.iter().filter(is_markdown) {
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

fn is_markdown(file: &&File) -> bool {
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
fn check_printed_table(architecture: &str) -> Vec<String> {
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

/// The names of Cargo.toml's `[dependencies]`, as they are written in code.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let section = manifest.split("\n[dependencies]").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim().replace('-', "_"))
        .collect()
}

// ---- the project is held to them ------------------------------------------------------------

#[track_caller]
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn layers_use_only_what_they_may() {
    assert_none(&check_layers(&project_files()));
}

#[test]
fn crates_stay_in_their_layers() {
    assert_none(&check_crates(&project_files(), &dependencies(&read("Cargo.toml"))));
}

#[test]
fn environment_time_and_ids_come_from_one_place() {
    assert_none(&check_calls(&project_files()));
}

#[test]
fn files_are_short_and_open_with_a_sentence() {
    let files = project_files();
    assert_none(&check_length(&files));
    assert_none(&check_opening(&files));
}

#[test]
fn nothing_is_left_unfinished_and_nothing_names_a_machine() {
    let files = project_files();
    assert_none(&check_words(&files, UNFINISHED, "unfinished"));
    assert_none(&check_words(&files, MACHINE_PATHS, "a path of one machine"));
}

#[test]
fn links_in_documents_resolve() {
    assert_none(&check_links(&project_files(), &|path| root().join(path).exists()));
}

#[test]
fn architecture_prints_the_table_and_fits_in_one_sitting() {
    let architecture = read("ARCHITECTURE.md");
    assert_none(&check_printed_table(&architecture));
    assert!(architecture.lines().count() <= MAX_ARCHITECTURE_LINES);
}

#[test]
fn readme_names_the_commands_that_ci_runs() {
    let readme = read("README.md");
    let ci = read(".ci/run");
    let has = |text: &str, command: &str| text.lines().any(|line| line.trim() == command);
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(has(&readme, command), "README.md has `{command}` on a line of its own");
    }
    assert!(ci.contains("cargo test\n"), "CI runs the command that README.md promises");
}

// ---- and each of them can fail --------------------------------------------------------------

#[track_caller]
fn assert_one(complaints: &[String], part: &str) {
    assert!(
        complaints.len() == 1 && complaints[0].contains(part),
        "one complaint with {part:?}, not {complaints:?}"
    );
}

#[test]
fn a_forbidden_use_is_found_however_it_is_written() {
    let found = |path: &str, text: &str| check_layers(&[file(path, text)]);
    assert_one(&found("src/rules/event.rs", "use crate::store::Log;"), "crate::store::Log");
    assert_one(
        &found("src/view/card.rs", "use crate::{hub::{Hub, Feed}, protocol::Frame};")[..1],
        "hub",
    );
    assert_one(&found("src/grpc/mod.rs", "fn f(x: crate::discord::Card) {}"), "discord::Card");
    assert_one(&found("src/hub/mod.rs", "use super::grpc::Server;"), "super::grpc::Server");
    assert_one(&found("src/hub/table/mod.rs", "use super::super::{discord as d};"), "discord");
    assert_one(&found("src/discord/mod.rs", "use crate::rules::event::Event;"), "rules::event");
    assert_one(&found("src/grpc/observe.rs", "use crate::rules::{id::CombatId, state};"), "state");
    assert_one(&found("src/grpc/observe.rs", "use crate::rules::Combat;"), "rules::Combat");
    assert_one(&found("src/helpers/mod.rs", ""), "not in the table");
    let line = found("src/store/log.rs", "/* crate::hub */\n\nuse crate::hub;");
    assert_one(&line, "src/store/log.rs:3:");
}

#[test]
fn comments_strings_tests_and_allowed_uses_are_left_alone() {
    let text = r##"
        //! use crate::store;
        /* crate::store /* crate::hub */ crate::store */
        const A: &str = "crate::store::x \" crate::hub::x";
        const B: &str = r#"crate::store::"x""#;
        const C: [char; 3] = ['"', '\'', '\u{22}'];
        fn f<'a>(x: &'a crate::rules::id::CombatId) -> crate::hub::Feed { super::here::g() }
        use crate::rules::{condition::Condition, illegal::Illegal};
        #[cfg(test)]
        mod tests { use crate::store::Log; fn f() { let x = "}"; } }
        #[cfg(test)]
        use crate::store::Log;
    "##;
    assert_none(&check_layers(&[file("src/grpc/deep/file.rs", text)]));
    assert_none(&check_layers(&[file("src/app.rs", "use crate::{store, hub, discord, grpc};")]));
    assert_none(&check_layers(&[file("src/hub/tests.rs", "use crate::grpc::Server;")]));
    let after = "#[cfg(test)] mod tests { fn f() {} }\nuse crate::store::Log;";
    assert_one(&check_layers(&[file("src/grpc/mod.rs", after)]), "src/grpc/mod.rs:2:");
}

#[test]
fn a_forbidden_crate_or_call_is_found() {
    let known = dependencies(
        "[package]\n\n[dependencies]\nserde = \"1\"\nrand-chacha = \"1\"\n\n[lints]\n",
    );
    assert_eq!(known, BTreeSet::from(["serde".to_owned(), "rand_chacha".to_owned()]));
    let crates = |path: &str, text: &str| check_crates(&[file(path, text)], &known);
    assert_one(&crates("src/hub/mod.rs", "use redb::Database;"), "may not use redb");
    assert_one(&crates("src/hub/mod.rs", "fn f() -> twilight_model::id::Id {}"), "twilight_model");
    assert_one(&crates("src/rules/dice.rs", "use rand_chacha::ChaCha20Rng;"), "rand_chacha");
    assert_one(&crates("src/rules/id.rs", "#[derive(serde::Serialize)] struct S;"), "serde");
    assert_one(&crates("src/rules/id.rs", "use std::{fmt, time::Duration};"), "std::time");
    assert_one(&crates("src/grpc/mod.rs", "fn f() -> anyhow::Result<()> {}"), "names its errors");
    assert_none(&crates("src/store/log.rs", "use redb::Database;\nuse super::redb::X;"));
    assert_none(&crates("src/rules/id.rs", "use std::collections::BTreeMap;"));

    let calls = |path: &str, text: &str| check_calls(&[file(path, text)]);
    assert_one(&calls("src/hub/mod.rs", "let x = std::env::var(A);"), "`config` alone");
    assert_one(&calls("src/app.rs", "let x = time::OffsetDateTime::now_utc();"), "`clock` alone");
    assert_one(&calls("src/cli/roll.rs", "let x = uuid::Uuid::now_v7();"), "`clock` alone");
    assert_none(&calls("src/config.rs", "let x = std::env::var(A);"));
    assert_none(&calls("src/cli/mod.rs", "let x = std::env::args();"));
}

#[test]
fn a_long_or_silent_file_is_found() {
    assert_one(&check_length(&[file("src/a.rs", &"x\n".repeat(801))]), "801 lines");
    assert_none(&check_length(&[file("src/a.rs", &"x\n".repeat(800))]));
    assert_one(&check_opening(&[file("tests/it/a.rs", "// hello\n//! late")]), "does not open");
}

#[test]
fn an_unfinished_word_or_a_path_of_a_machine_is_found() {
    for word in UNFINISHED {
        let sample = [file("src/a.rs", &format!("fn f() {{}} // {word}\n"))];
        assert_one(&check_words(&sample, UNFINISHED, "unfinished"), word);
    }
    for path in MACHINE_PATHS {
        let sample = [file("README.md", &format!("see {path}main\n"))];
        assert_one(&check_words(&sample, MACHINE_PATHS, "a path"), "README.md:1");
    }
    let innocent = [file("a.md", concat!("in ma", "sto", "donts and net", "/wo", "rks/x"))];
    assert_none(&check_words(&innocent, UNFINISHED, "unfinished"));
    assert_none(&check_words(&innocent, MACHINE_PATHS, "a path"));
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let found = |text: &str| {
        let files = [file("docs/a.md", text), file("README.md", "# Top\n## Who may do what?\n")];
        check_links(&files, &|path| path == "README.md" || path == "docs/a.md")
    };
    assert_one(&found("see [b](b.md)"), "leads nowhere");
    assert_one(&found("see ![b](../picture.png)"), "leads nowhere");
    assert_one(&found("see [top](../README.md#bottom)"), "no such heading");
    assert_one(&found("# A\nsee [here](#b)"), "no such heading");
    assert_none(&found("[x](../README.md#who-may-do-what) [web](https://example.org/x) `[y](z)`"));
    assert_none(&found("```\n[y](z)\n```\n# A b\n[here](#a-b)"));
}

#[test]
fn a_table_that_was_not_printed_is_found() {
    let complaints = check_printed_table("| `rules` | nothing of ours |\n| `hub` | `store` |\n");
    assert_eq!(complaints.len(), LAYERS.len() - 1, "{complaints:?}");
    assert!(complaints.iter().any(|c| c.contains("`hub` | `rules`, `content`")));
}
