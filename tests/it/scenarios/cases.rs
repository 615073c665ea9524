//! Which of the listed rule cases the scenarios cover, and why the others are not covered.
//!
//! `docs/rules-cases.md` is made here; the tests hold it to the scenarios and to the list of cases.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::written;

/// Areas that follow with spells and classes.
const LATER_AREAS: [&str; 2] = ["spells", "class-feature"];

/// Scenarios by the case they cover.
fn covered() -> BTreeMap<String, Vec<String>> {
    let mut covered: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for scenario in written() {
        let cases = match &scenario.value["case"] {
            Value::String(case) => vec![case.clone()],
            Value::Array(cases) => cases.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
            _ => Vec::new(),
        };
        for case in cases {
            covered.entry(case).or_default().push(scenario.place.clone());
        }
    }
    covered
}

/// Cases without a scenario and why: `later` for what is not played yet, `never` for what does not
/// apply.
fn uncovered() -> BTreeMap<String, (String, String)> {
    let text = include_str!("uncovered.json");
    let value: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(text).unwrap();
    let reasons = value.iter().flat_map(|(kind, cases)| {
        cases.iter().map(move |(case, why)| (case.clone(), (kind.clone(), why.clone())))
    });
    reasons.collect()
}

fn page() -> String {
    let (covered, uncovered) = (covered(), uncovered());
    let count = |kind: &str| uncovered.values().filter(|(it, _)| it == kind).count();
    let mut page = format!(
        "# Rule cases\n\nA list of cases by which the rules are tried, outside spells and class \
         features: which scenario under `tests/it/scenarios` covers which, and why the others are \
         not covered. Made by a test; do not edit.\n\n{} covered, {} not played yet, {} not \
         applicable.\n\n## Covered\n\n| case | scenarios |\n|---|---|\n",
        covered.len(),
        count("later"),
        count("never"),
    );
    for (case, places) in &covered {
        page.push_str(&format!("| {case} | {} |\n", places.join(", ")));
    }
    for (kind, title) in [("later", "Not played yet"), ("never", "Not applicable")] {
        page.push_str(&format!("\n## {title}\n\n| case | why |\n|---|---|\n"));
        for (case, (_, why)) in uncovered.iter().filter(|(_, (it, _))| it == kind) {
            page.push_str(&format!("| {case} | {why} |\n"));
        }
    }
    page
}

#[test]
fn the_page_of_rule_cases_says_what_the_scenarios_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules-cases.md");
    let wanted = page();
    #[allow(clippy::disallowed_methods, reason = "whoever changes the scenarios writes the page")]
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, wanted, "run the tests with UPDATE_DOCS=1 to write docs/rules-cases.md");
}

#[test]
fn every_case_is_covered_or_has_its_reason() {
    let (covered, uncovered) = (covered(), uncovered());
    let both: Vec<&String> = covered.keys().filter(|case| uncovered.contains_key(*case)).collect();
    assert!(both.is_empty(), "covered after all: {both:?}");
    assert!(
        uncovered
            .values()
            .all(|(kind, why)| { ["later", "never"].contains(&kind.as_str()) && !why.is_empty() })
    );
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/rules-cases.json");
    let Ok(text) = std::fs::read_to_string(&list) else {
        assert!(option_env!("CI").is_none(), "the list {} is not there", list.display());
        println!("not run: the list {} is not there", list.display());
        return;
    };
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let listed: BTreeSet<&str> = cases
        .iter()
        .filter(|case| !LATER_AREAS.contains(&case["area"].as_str().unwrap()))
        .map(|case| case["id"].as_str().unwrap())
        .collect();
    let told: BTreeSet<&str> = covered.keys().chain(uncovered.keys()).map(String::as_str).collect();
    let missing: Vec<&&str> = listed.difference(&told).collect();
    assert!(missing.is_empty(), "neither covered nor explained: {missing:?}");
    let known: BTreeSet<&str> = cases.iter().map(|case| case["id"].as_str().unwrap()).collect();
    let made_up: Vec<&&str> = told.difference(&known).collect();
    assert!(made_up.is_empty(), "no such case: {made_up:?}");
}
