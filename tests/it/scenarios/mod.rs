//! The rules, one promise a scenario: every file beside this one is played and must hold.
//!
//! A folder an area, a line a scenario; docs/scenarios.md says how to write one. Here it is also
//! tried that a scenario can fail, and that the program says so.

mod cases;
mod program;
mod reader;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use skirmish::scenario::{Fault, Scenario};

/// One scenario of this folder.
pub(super) struct Written {
    /// Its file from this folder, and its line.
    pub(super) place: String,
    pub(super) value: Value,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scenarios")
}

/// Every scenario file, in the order of the paths.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for area in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        if area.is_dir() {
            files.extend(fs::read_dir(&area).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    files.sort();
    files
}

pub(super) fn written() -> Vec<Written> {
    let mut all = Vec::new();
    for file in files() {
        let text = fs::read_to_string(&file).unwrap();
        let short = file.strip_prefix(folder()).unwrap().display().to_string();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()) {
            let place = format!("{short}:{number}");
            let value =
                serde_json::from_str(line).unwrap_or_else(|error| panic!("{place}: {error}"));
            all.push(Written { place, value });
        }
    }
    all
}

/// What fails when the scenario is played; what is malformed stops the test.
fn failures(place: &str, value: &Value) -> Vec<String> {
    let scenario = Scenario::read(&value.to_string())
        .unwrap_or_else(|problems| panic!("{place} is malformed: {problems:#?}"));
    let told = scenario.play();
    told.iter().map(|it| format!("{place}: {}: {}", it.place(), it.sentence())).collect()
}

#[test]
fn every_scenario_holds_and_says_what_it_holds() {
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    let all = written();
    for Written { place, value } in &all {
        wrong.extend(failures(place, value));
        let text = |field: &str| value[field].as_str().unwrap_or_default();
        if !names.insert(text("name").to_owned()) || text("name").is_empty() {
            wrong.push(format!("{place}: a scenario has a name of its own"));
        }
        if !text("source").starts_with("SRD 5.") {
            wrong.push(format!("{place}: a scenario cites its section of the SRD"));
        }
        let expects = |step: &Value| {
            ["refused", "events", "state", "fight"].iter().any(|field| step.get(field).is_some())
        };
        if !value["steps"].as_array().unwrap().iter().any(expects) {
            wrong.push(format!("{place}: a scenario expects something"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    assert!(all.len() >= 100, "only {} scenarios were found", all.len());
}

/// A runner that looks away would pass everything: each scenario fails with one die more, and each
/// that rolls with one die less.
#[test]
fn every_scenario_fails_with_a_die_more_or_a_die_less() {
    for Written { place, value } in written() {
        let dice = value["dice"].as_array().cloned().unwrap_or_default();
        let mut more = value.clone();
        more["dice"] = dice.iter().cloned().chain([json!(1)]).collect();
        assert_ne!(failures(&place, &more), [""; 0], "{place}: with one die more");
        if let Some((_, fewer)) = dice.split_last() {
            let mut less = value.clone();
            less["dice"] = fewer.to_vec().into();
            assert_ne!(failures(&place, &less), [""; 0], "{place}: with one die less");
        }
    }
}

/// Every expected figure is looked at: another one in its place fails.
#[test]
fn every_expected_figure_counts() {
    let mut tried = 0;
    for Written { place, value } in written() {
        for (index, step) in value["steps"].as_array().unwrap().iter().enumerate() {
            for (id, state) in step["state"].as_object().into_iter().flatten() {
                for (key, figure) in state.as_object().unwrap().iter().filter(|it| it.1.is_u64()) {
                    let mut other = value.clone();
                    other["steps"][index]["state"][id][key] = json!(figure.as_u64().unwrap() + 1);
                    assert_ne!(failures(&place, &other), [""; 0], "{place}: {id}.{key}");
                    tried += 1;
                }
            }
            if step.get("refused").is_some() {
                let mut other = value.clone();
                other["steps"][index]["refused"] = json!("too_deep");
                assert_ne!(failures(&place, &other), [""; 0], "{place}: the code");
                tried += 1;
            }
        }
    }
    assert!(tried >= 100, "only {tried} figures");
}

fn duel(steps: Value, dice: &[u16]) -> Scenario {
    let value = json!({
        "name": "a duel", "initiative": ["a", "b"], "dice": dice, "steps": steps,
        "creatures": [
            {"id": "a", "side": "party", "ac": 15, "hp": 20,
             "attacks": [{"name": "Sword", "to_hit": 5, "damage": "1d8+3 slashing"}]},
            {"id": "b", "side": "foes", "ac": 15, "hp": 20,
             "attacks": [{"name": "Claw", "to_hit": 4, "damage": "1d6+2 slashing"}]}]});
    Scenario::read(&value.to_string()).unwrap()
}

fn faults(steps: Value, dice: &[u16]) -> Vec<Fault> {
    duel(steps, dice).play().into_iter().map(|failure| failure.what).collect()
}

#[test]
fn each_way_of_failing_is_told_apart() {
    let strike = json!({"executeAction": {"attack": {"attack": "sword", "target_id": "b"}}});
    let one = |expected: Value| {
        let mut step = json!({ "request": strike });
        for (key, value) in expected.as_object().unwrap() {
            step[key] = value.clone();
        }
        json!([step])
    };
    assert_eq!(faults(one(json!({"state": {"b": {"hp": 12}}})), &[10, 5]), []);
    assert!(matches!(
        faults(one(json!({})), &[10])[..],
        [Fault::TooFewDice { index: 1, sides: 8 }]
    ));
    assert!(matches!(
        faults(one(json!({})), &[10, 9])[..],
        [Fault::ImpossibleFace { index: 1, sides: 8, face: 9 }]
    ));
    assert!(matches!(
        faults(one(json!({})), &[10, 5, 1])[..],
        [Fault::DiceLeftOver { count: 1, drawn: 2 }]
    ));
    assert!(matches!(
        faults(one(json!({"refused": "dead"})), &[10, 5])[..],
        [Fault::Allowed { .. }]
    ));
    let at_oneself = json!([{"request": {"executeAction": {"attack":
        {"attack": "sword", "target_id": "a"}}}, "refused": "dead"}]);
    assert!(matches!(&faults(at_oneself, &[])[..],
        [Fault::Refused { code, expected: Some(_), .. }] if code == "target_self"));
    let miss = json!({"events": [{"action": {"attack": {"outcome": "miss"}}}]});
    let [Fault::NoEvent { nearest, .. }] = &faults(one(miss), &[10, 5])[..] else { panic!() };
    assert_eq!(nearest[0].found, json!("ATTACK_OUTCOME_HIT"), "it says what came instead");
    let only = json!({"events": [{"action": {}}], "only": true});
    assert!(
        matches!(&faults(one(only), &[10, 5])[..], [Fault::MoreEvents { came }] if came.len() == 1)
    );
    let nobody = json!({"state": {"c": {"hp": 1}}});
    assert!(matches!(&faults(one(nobody), &[10, 5])[..], [Fault::NoCreature { id }] if id == "c"));
}
