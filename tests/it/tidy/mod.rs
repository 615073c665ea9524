//! The house rules that a compiler does not check: who may use whom, how long a file may be,
//! and that the documents lead somewhere.
//!
//! Every check is a plain function from files to complaints. For each there is a test that holds
//! the project to it and a test that shows it failing on a bad sample, so that none of them can
//! quietly stop looking. No check may be switched off for one file.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use code::{from_crate_root, is_word, place, uses};
use documents::{check_links, check_printed_table, listed_codes, permissions};

mod code;
mod documents;

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
    layer("scenario", &["rules", "content", "protocol"]),
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

/// How `protocol` takes in the code that is made of the contract, stubs of the services included.
const GENERATED: [&str; 2] = ["tonic", "include_proto"];

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

fn is_rust(file: &File) -> bool {
    Path::new(&file.path).extension().is_some_and(|e| e == "rs")
}

fn is_source(file: &File) -> bool {
    is_rust(file) && file.path.starts_with("src/")
}

// ---- the checks -----------------------------------------------------------------------------

fn check_layers(files: &[File]) -> Vec<String> {
    let known: BTreeSet<&str> = LAYERS.iter().map(|l| l.name).collect();
    let mut complaints = Vec::new();
    for file in files.iter().filter(|f| is_source(f)) {
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
    for file in files.iter().filter(|f| is_source(f)) {
        let (name, _) = place(&file.path).expect("a source has a place");
        for used in uses(file) {
            let krate = used.path[0].as_str();
            if name == "protocol" && used.path == GENERATED {
                continue;
            }
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
    for file in files.iter().filter(|f| is_source(f)) {
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
    files.iter().filter(|f| is_rust(f)).filter(long).map(tell).collect()
}

fn check_opening(files: &[File]) -> Vec<String> {
    let silent = |f: &&File| !f.text.starts_with("//! ");
    let tell = |f: &File| format!("{}: does not open with a sentence (`//! `)", f.path);
    files.iter().filter(|f| is_rust(f)).filter(silent).map(tell).collect()
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

#[test]
fn the_invite_asks_for_what_is_explained_and_nothing_else() {
    let (explained, asked) = permissions(&read("README.md"));
    assert_eq!(Some(explained), asked);
}

#[test]
fn every_refusal_is_listed_and_no_other() {
    let listed = listed_codes(&read("docs/refusals.md"));
    let table = skirmish::protocol::REFUSALS.iter().map(|refusal| refusal.code);
    assert_eq!(listed, table.collect::<Vec<_>>());
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
        const B: &str = r#"crate::store::"x" "#;
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
    assert_one(&crates("src/protocol/pb.rs", "use tonic::Status;"), "not the fight");
    assert_none(&crates("src/protocol/pb.rs", "tonic::include_proto!(A);"));
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
fn codes_and_permissions_are_read_as_they_are_written() {
    assert_eq!(listed_codes("| code | why |\n|---|---|\n| `a_b` | `x` |\ntext `c`\n"), ["a_b"]);
    let readme = "| View | 2^10 = 1024 |\n| Send | 2^38 = … |\nx?a=b&permissions=1024\n";
    assert_eq!(permissions(readme), (1024 + (1 << 38), Some(1024)));
    assert_eq!(permissions("nothing"), (0, None));
}

#[test]
fn a_table_that_was_not_printed_is_found() {
    let complaints = check_printed_table("| `rules` | nothing of ours |\n| `hub` | `store` |\n");
    assert_eq!(complaints.len(), LAYERS.len() - 1, "{complaints:?}");
    assert!(complaints.iter().any(|c| c.contains("`hub` | `rules`, `content`")));
}
