//! `skirmish forecast` with the real binary, and what does not change an answer.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};
use skirmish::content::{Bestiary, Heroes};
use skirmish::rules::id::SideId;

use super::{Seat, encounter, run};

fn skirmish(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_skirmish"));
    command.env_clear().current_dir(folder).stdin(Stdio::null()).arg("forecast").args(arguments);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn four_against_four() -> Vec<Seat> {
    let heroes = ["hero:fighter", "hero:cleric", "hero:rogue", "hero:barbarian"];
    let goblin = &Bestiary::srd().find("srd:goblin-warrior").unwrap().definition;
    let party = ["h1", "h2", "h3", "h4"].into_iter().zip(heroes).map(|(id, hero)| Seat {
        id,
        side: SideId::party(),
        definition: Arc::clone(&Heroes::srd().find(hero).unwrap().definition),
        policy: None,
    });
    let foes = ["g1", "g2", "g3", "g4"].into_iter().map(|id| Seat {
        id,
        side: SideId::foes(),
        definition: Arc::clone(goblin),
        policy: None,
    });
    party.chain(foes).collect()
}

/// Issue 3: all cores, and the same seed gives the same answer.
#[test]
fn threads_change_nothing_and_another_seed_does() {
    let encounter = encounter(&four_against_four());
    let one = run(&encounter, 101, 7, 1);
    for threads in [2, 3, 8] {
        assert_eq!(run(&encounter, 101, 7, threads), one, "{threads} threads");
    }
    let other = run(&encounter, 101, 8, 2);
    assert_ne!(other.damage, one.damage);
    let rate: f64 = one.win_rate.iter().map(|(_, rate, _)| rate).sum();
    assert!((rate + f64::from(one.draws) / 101.0 - 1.0).abs() < 1e-9, "{one:?}");
    assert!(one.win_rate[0].1 > 0.8, "four heroes of level 3 beat four goblins: {one:?}");
    assert!(one.damage.iter().all(|(_, mean)| *mean > 0.0), "everybody strikes: {one:?}");
    let (low, high) = (one.win_rate[0].2.low, one.win_rate[0].2.high);
    assert!(low < one.win_rate[0].1 && one.win_rate[0].1 <= high && high <= 1.0);
}

/// Two that cannot hurt each other go on until somebody says that it leads nowhere.
#[test]
fn a_fight_that_leads_nowhere_is_a_draw() {
    let mut definition =
        Bestiary::srd().find("srd:commoner").unwrap().definition.as_ref().clone().into_draft();
    definition.immunities = skirmish::rules::damage::DamageType::ALL.into_iter().collect();
    let definition = Arc::new(skirmish::rules::creature::Definition::remembered(definition));
    let seat = |id, side| Seat { id, side, definition: Arc::clone(&definition), policy: None };
    let told = run(&encounter(&[seat("a", SideId::party()), seat("b", SideId::foes())]), 3, 1, 2);
    assert_eq!(told.draws, 3);
    assert!(told.win_rate.iter().all(|(_, rate, _)| *rate == 0.0));
    assert!(told.survivors.iter().all(|(_, left)| (*left - 1.0).abs() < 1e-9), "{told:?}");
}

fn ambush() -> Value {
    json!({"name": "Ambush", "creatures": [
        {"id": "fighter", "side": "party", "from": "hero:fighter"},
        {"id": "ogre", "side": "foes", "from": "srd:ogre", "hp": 30},
        {"id": "guard", "side": "foes", "from": "srd:guard",
         "policy": {"attack": "Spear", "times": 2, "mode": "advantage"}},
    ]})
}

#[test]
fn the_command_answers_in_the_agreed_form() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("ambush.json"), ambush().to_string()).unwrap();
    let wanted = ["ambush.json", "--runs", "300", "--seed", "7", "--json"];
    let (status, said, err) = skirmish(folder, &wanted);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let told: Value = serde_json::from_str(&said).unwrap();
    let keys: Vec<&String> = told.as_object().unwrap().keys().collect();
    let agreed =
        ["damage", "draws", "rounds", "runs", "seed", "survivors", "win_rate", "win_rate_95"];
    assert_eq!(keys, agreed);
    assert_eq!((&told["runs"], &told["seed"]), (&json!(300), &json!(7)));
    for side in ["party", "foes"] {
        let rate = told["win_rate"][side].as_f64().unwrap();
        let interval = told["win_rate_95"][side].as_array().unwrap();
        let (low, high) = (interval[0].as_f64().unwrap(), interval[1].as_f64().unwrap());
        assert!((0.0..=rate).contains(&low) && (rate..=1.0).contains(&high), "{told}");
        assert!(told["survivors"][side].is_f64());
    }
    for key in ["mean", "p10", "p90"] {
        assert!(told["rounds"][key].is_number(), "{told}");
    }
    for id in ["fighter", "ogre", "guard"] {
        assert!(told["damage"][id].as_f64().unwrap() > 0.0, "{told}");
    }
    let threads = [&wanted[..], &["--threads", "1"]].concat();
    assert_eq!(skirmish(folder, &threads).1, said, "one thread says the same");
    let (status, said, _) = skirmish(folder, &["ambush.json", "--runs", "50"]);
    assert!(status == Some(0) && said.contains("50 fights, seed ") && said.contains("party wins"));
}

#[test]
fn what_is_no_encounter_is_refused_with_everything_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut encounter = ambush();
        change(&mut encounter["creatures"]);
        encounter.to_string()
    };
    for (text, words) in [
        ("{".to_owned(), &["EOF"][..]),
        (json!({"creatures": []}).to_string(), &["two sides"]),
        (
            with(&|it| {
                it[1]["form"] = json!("srd:ogre");
                it[2]["policy"]["attack"] = json!("Halberd");
            }),
            &["form", "creatures[2].policy.attack", "'Halberd' is no attack"],
        ),
        (
            with(&|it| {
                it[1]["side"] = json!("party");
                it[2]["side"] = json!("party");
            }),
            &["two sides"],
        ),
        (with(&|it| it[1]["from"] = json!("srd:nobody")), &["creatures[1].from"]),
    ] {
        std::fs::write(folder.join("e.json"), &text).unwrap();
        let (status, out, err) = skirmish(folder, &["e.json", "--runs", "1"]);
        assert_eq!((status, out.as_str()), (Some(65), ""), "{text}: {err}");
        for word in words {
            assert!(err.contains(word), "{word:?} is missing in {err}");
        }
    }
    assert_eq!(skirmish(folder, &["absent.json"]).0, Some(65));
    assert_eq!(skirmish(folder, &["e.json", "--runs", "0"]).0, Some(64));
}
