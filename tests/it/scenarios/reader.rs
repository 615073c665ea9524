//! What may be written in a scenario, and how it is refused.

use serde_json::{Value, json};
use skirmish::rules::event::Edition;
use skirmish::scenario::{INPUT_MAX_BYTES, PROBLEMS_MAX, Scenario, read_encounter};

fn paths(value: &Value) -> Vec<String> {
    let problems = Scenario::read(&value.to_string()).expect_err("malformed");
    assert!(problems.len() <= PROBLEMS_MAX);
    problems.into_iter().map(|problem| problem.path).collect()
}

#[test]
fn everything_wrong_in_a_scenario_is_told_at_once() {
    let told = paths(&json!({
    "nam": "x", "edition": "3.5", "map": {"width": 5},
    "creatures": [{"id": "a", "position": [9]}, {"id": "a", "conditions": ["sleepy"]}],
    "initiative": ["a", "z"], "dice": [0, "six"],
    "steps": [
        {"request": {"executeAction": {"attack": {"weapon": "x"}}}},
        {"request": {}, "refused": "because"},
        {"event": []},
        {"state": {"a": {"hitpoints": 3}}, "events": [{"action": {"attack": {"outcome": "ouch"}}}]}
    ]}));
    for path in [
        "nam",
        "edition",
        "map.height",
        "creatures[0].position",
        "creatures[1].conditions[0].condition",
        "creatures[1].id",
        "initiative[1]",
        "dice[0]",
        "dice[1]",
        "steps[0].request.executeAction.attack.weapon",
        "steps[1].request",
        "steps[1].refused",
        "steps[2].event",
        "steps[3].state.a.hitpoints",
        "steps[3].events[0].action.attack.outcome",
    ] {
        assert!(told.iter().any(|known| known == path), "{path} is missing in {told:#?}");
    }
}

#[test]
fn broken_texts_are_refused_and_never_a_crash() {
    for text in ["", "{", "[]", "null", "7", "\"x\"", "{\"creatures\": {}}", "{\"steps\": 3}"] {
        assert!(Scenario::read(text).is_err(), "{text}");
        assert!(read_encounter(text).is_err(), "{text}");
    }
    assert!(Scenario::read(&"[".repeat(100_000)).is_err());
    assert!(
        Scenario::read(&" ".repeat(INPUT_MAX_BYTES + 1)).unwrap_err()[0].message.contains("longer")
    );
}

#[test]
fn an_encounter_is_creatures_and_if_wanted_a_map_an_edition_and_policies() {
    let encounter = read_encounter(
        r#"{"name": "Bridge", "edition": "5.1", "map": {"width": 9, "height": 4},
            "creatures": [
              {"id": "a", "side": "party", "from": "hero:fighter", "position": [1, 1],
               "policy": {"attack": "longsword", "times": 2, "mode": "normal"}},
              {"from": "srd:goblin-warrior", "count": 3}]}"#,
    )
    .unwrap();
    assert_eq!((encounter.name.as_str(), encounter.edition), ("Bridge", Edition::Srd51));
    assert_eq!(encounter.creatures.len(), 4);
    assert_eq!(encounter.creatures[0].policy.unwrap().times, 2);
    let faults = read_encounter(r#"{"creatures": [], "steps": []}"#).unwrap_err();
    assert_eq!(faults[0].path, "steps", "an encounter asks for nothing");
}

fn holds(value: &Value) {
    let failures = Scenario::read(&value.to_string()).unwrap().play();
    let told: Vec<String> = failures.iter().map(skirmish::scenario::Failure::sentence).collect();
    assert_eq!(told, [""; 0]);
}

/// Whoever acts as a creature is its player: their own creatures, and nothing of the GM's.
#[test]
fn a_step_may_ask_as_somebody_else() {
    holds(&json!({
    "creatures": [
        {"id": "a", "side": "party", "hp": 9, "owner": "ann",
         "attacks": [{"name": "Claw", "to_hit": 1, "damage": "1 slashing"}]},
        {"id": "b", "side": "foes", "hp": 9}],
    "initiative": ["a", "b"], "dice": [15],
    "steps": [
        {"as": "b", "request": {"endTurn": {"creatureId": "a"}}, "refused": "not_your_creature"},
        {"as": "bob", "request": {"endTurn": {"creatureId": "a"}}, "refused": "not_your_creature"},
        {"as": "ann", "request": {"adjust": {"creatureId": "a", "hitPoints": 1}},
         "refused": "not_game_master"},
        {"as": "ann", "request": {"executeAction": {"actorId": "a",
            "attack": {"attack": "claw", "targetId": "b", "mode": "advantage"}}},
         "refused": "not_game_master"},
        {"as": "a", "request": {"executeAction": {"actorId": "a",
            "attack": {"attack": "claw", "targetId": "b"}}}, "state": {"b": {"hp": 8}}},
        {"as": "ann", "request": {"endTurn": {"creatureId": "a"}}, "fight": {"current_id": "b"}},
        {"as": "b", "request": {"endTurn": {"creatureId": "b"}}, "fight": {"round": 2}},
        {"request": {"undo": {}}, "fight": {"round": 1, "current_id": "b"}},
        {"request": {"endTurn": {}, "turn": 1}, "refused": "stale_turn"}
    ]}));
}

/// Without a fixed order initiative is rolled when the fight begins: by a request of its own, or
/// just before the first that needs a turn.
#[test]
fn initiative_is_rolled_where_no_order_is_given() {
    let fight = |steps: Value, dice: Value| {
        json!({"creatures": [{"id": "a", "dex": 14}, {"id": "b", "side": "party"}],
            "dice": dice, "steps": steps})
    };
    holds(&fight(
        json!([{"request": {"begin": {}}, "events": [{"initiative": {"creature_id": "a",
            "roll": {"total": 7}}}], "fight": {"order": ["b", "a"], "current_id": "b"}}]),
        json!([5, 9]),
    ));
    holds(&fight(
        json!([{"request": {"endTurn": {"creature_id": "b"}}, "fight": {"current_id": "a"}}]),
        json!([5, 9]),
    ));
    holds(&fight(
        json!([{"request": {"endTurn": {"creature_id": "b"}}, "refused": "wrong_phase"}]),
        json!([]),
    ));
}

/// The published schema is made of the tables by which scenarios are read, and every scenario of
/// this folder has its shape.
#[test]
fn the_published_schema_is_what_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scenario.schema.json");
    let schema = skirmish::scenario::json_schema();
    let wanted = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    #[allow(clippy::disallowed_methods, reason = "a test that rewrites its own page on request")]
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, wanted, "run with UPDATE_DOCS=1 to write docs/scenario.schema.json");
    let checks = jsonschema::validator_for(&schema).unwrap();
    for scenario in super::written() {
        let faults: Vec<String> =
            checks.iter_errors(&scenario.value).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, [""; 0], "{}", scenario.place);
    }
    for wrong in [
        json!({"creatures": [{"hpp": 3}]}),
        json!({"creatures": [{"hp": -3}]}),
        json!({"creatures": [], "steps": [{"refused": "no"}]}),
        json!({"steps": []}),
    ] {
        assert!(!checks.is_valid(&wrong), "{wrong}");
    }
}
