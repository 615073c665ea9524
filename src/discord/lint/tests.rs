//! One message for each rule, broken in exactly that way.
#![allow(clippy::needless_pass_by_value, reason = "a JSON literal reads best by value")]

use serde_json::{Value, json};

use super::*;

fn safe() -> Value {
    json!({ "parse": [] })
}

/// A message of the second kind with these components.
fn card(components: Value) -> Value {
    json!({ "flags": IS_COMPONENTS_V2, "components": components, "allowed_mentions": safe() })
}

fn row(components: Value) -> Value {
    json!({ "type": 1, "components": components })
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "Attack", "custom_id": id })
}

fn text(content: &str) -> Value {
    json!({ "type": 10, "content": content })
}

fn select(options: Vec<Value>) -> Value {
    card(json!([row(json!([{ "type": 3, "custom_id": "pick", "options": options }]))]))
}

fn option(value: &str) -> Value {
    json!({ "label": "Goblin", "value": value })
}

fn rules(body: &Value, kind: Kind) -> Vec<Rule> {
    lint_message(body, kind).into_iter().map(|problem| problem.rule).collect()
}

#[track_caller]
fn broken(body: Value, rule: Rule) {
    assert_eq!(rules(&body, Kind::Create), vec![rule], "{body}");
}

#[track_caller]
fn fine(body: Value) {
    assert_eq!(lint_message(&body, Kind::Create), vec![], "{body}");
}

#[test]
fn a_card_within_every_budget_is_fine() {
    fine(card(json!([{ "type": 17, "components": [
        text("Round 1"),
        { "type": 9, "components": [text("Mira")], "accessory": button("v1|1|hit||3") },
        { "type": 12, "items": [{ "media": { "url": "attachment://map.png" }, "description": "A map" }] },
        { "type": 14 },
        row(json!([button("a"), button("b")])),
        row(json!([{ "type": 3, "custom_id": "t", "options": [option("1"), option("2")], "max_values": 2 }])),
    ] }])));
    fine(json!({ "content": "hello", "allowed_mentions": safe() }));
}

#[test]
fn components_are_counted_recursively() {
    let rows = |n: usize| {
        let buttons = |r: usize| (0..3).map(|b| button(&format!("{r}-{b}"))).collect::<Vec<_>>();
        let rows: Vec<_> = (0..n).map(|r| row(json!(buttons(r)))).collect();
        json!([{ "type": 17, "components": rows }])
    };
    fine(card(rows(9)));
    broken(card(rows(10)), Rule::TooManyComponents);
}

#[test]
fn accessories_are_counted_too() {
    let section = |n: usize| json!({ "type": 9, "components": [text("x")], "accessory": button(&n.to_string()) });
    fine(card(json!((0..13).map(section).collect::<Vec<_>>())));
    broken(card(json!((0..14).map(section).collect::<Vec<_>>())), Rule::TooManyComponents);
}

#[test]
fn text_is_summed_over_the_message() {
    fine(card(json!([text(&"a".repeat(2_000)), text(&"b".repeat(2_000))])));
    broken(card(json!([text(&"a".repeat(2_001)), text(&"b".repeat(2_000))])), Rule::TooMuchText);
    broken(json!({ "content": "a".repeat(2_001), "allowed_mentions": safe() }), Rule::TooMuchText);
}

#[test]
fn astral_characters_count_double() {
    broken(card(json!([text(&"🐉".repeat(2_001))])), Rule::TooMuchText);
}

#[test]
fn texts_are_not_empty() {
    broken(card(json!([text(" \n")])), Rule::EmptyText);
}

#[test]
fn custom_ids_are_unique_and_short() {
    broken(card(json!([row(json!([button("a"), button("a")]))])), Rule::CustomIdTwice);
    fine(card(json!([row(json!([button(&"i".repeat(100))]))])));
    broken(card(json!([row(json!([button(&"i".repeat(101))]))])), Rule::CustomIdLength);
    broken(card(json!([row(json!([button("")]))])), Rule::CustomIdLength);
}

#[test]
fn selects_have_one_to_twenty_five_distinct_options() {
    let options = |n: usize| (0..n).map(|i| option(&i.to_string())).collect::<Vec<_>>();
    fine(select(options(25)));
    broken(select(options(26)), Rule::OptionCount);
    broken(select(vec![option("x"), option("x")]), Rule::OptionTwice);
    let none = rules(&select(vec![]), Kind::Create);
    assert!(none.contains(&Rule::OptionCount), "{none:?}");
}

#[test]
fn option_texts_are_measured() {
    for (name, length) in [("label", 101), ("description", 101), ("value", 101), ("label", 0)] {
        let mut option = option("v");
        option[name] = json!("x".repeat(length));
        broken(select(vec![option]), Rule::OptionText);
    }
    let mut body = select(vec![option("v")]);
    body["components"][0]["components"][0]["placeholder"] = json!("x".repeat(151));
    broken(body, Rule::OptionText);
}

#[test]
fn ranges_of_selects_agree() {
    let mut body = select(vec![option("v")]);
    body["components"][0]["components"][0]["max_values"] = json!(2);
    broken(body, Rule::OptionRange);
    let mut chosen = option("v");
    chosen["default"] = json!(true);
    let mut other = option("w");
    other["default"] = json!(true);
    broken(select(vec![chosen, other]), Rule::OptionRange);
}

#[test]
fn labels_fit_a_phone_and_discord() {
    let labelled = |n: usize| {
        card(json!([row(
            json!([{ "type": 2, "style": 1, "label": "x".repeat(n), "custom_id": "a" }])
        )]))
    };
    fine(labelled(34));
    broken(labelled(35), Rule::LabelNotShown);
    assert_eq!(rules(&labelled(81), Kind::Create), [Rule::LabelLength, Rule::LabelNotShown]);
    broken(labelled(0), Rule::LabelLength);
}

#[test]
fn buttons_lead_somewhere_once() {
    let link = json!({ "type": 2, "style": 5, "label": "Watch", "url": "https://example.org" });
    fine(card(json!([row(json!([link]))])));
    let lost = json!({ "type": 2, "style": 5, "label": "Watch" });
    broken(card(json!([row(json!([lost]))])), Rule::ButtonTarget);
    let mut both = button("a");
    both["url"] = json!("https://example.org");
    broken(card(json!([row(json!([both]))])), Rule::ButtonTarget);
}

#[test]
fn rows_sections_and_galleries_hold_what_they_can() {
    broken(card(json!([row(json!([]))])), Rule::ChildCount);
    let six: Vec<_> = (0..6).map(|n| button(&n.to_string())).collect();
    broken(card(json!([row(json!(six))])), Rule::ChildCount);
    broken(card(json!([{ "type": 9, "components": [text("x")] }])), Rule::ChildCount);
    broken(card(json!([{ "type": 12, "items": [] }])), Rule::ChildCount);
    broken(card(json!([{ "type": 17, "components": [] }])), Rule::ChildCount);
    broken(card(json!([])), Rule::ChildCount);
}

#[test]
fn components_stand_where_they_may() {
    broken(card(json!([button("a"), text("x")])), Rule::Misplaced);
    let nested = json!({ "type": 17, "components": [{ "type": 17, "components": [text("x")] }] });
    broken(card(json!([nested])), Rule::Misplaced);
}

#[test]
fn pictures_have_alt_text() {
    let picture = |alt: &str| {
        card(json!([{ "type": 12, "items": [{ "media": { "url": "u" }, "description": alt }] }]))
    };
    broken(picture(" "), Rule::AltText);
    fine(picture(&"x".repeat(1_024)));
    broken(picture(&"x".repeat(1_025)), Rule::AltText);
}

#[test]
fn the_second_kind_needs_its_flag_and_nothing_beside_it() {
    broken(json!({ "components": [text("x")], "allowed_mentions": safe() }), Rule::FlagMissing);
    let mut mixed = card(json!([text("x")]));
    mixed["content"] = json!("also");
    broken(mixed, Rule::MixedKinds);
    let mut embeds = card(json!([text("x")]));
    embeds["embeds"] = json!([{ "title": "x" }]);
    broken(embeds, Rule::MixedKinds);
    let mut cleared = card(json!([text("x")]));
    cleared["content"] = Value::Null;
    cleared["embeds"] = json!([]);
    fine(cleared);
}

#[test]
fn edits_are_held_to_the_same() {
    let body = json!({ "components": [text("x")], "allowed_mentions": safe() });
    assert_eq!(rules(&body, Kind::Edit), [Rule::FlagMissing]);
    let body = json!({ "type": 7, "data": body });
    assert_eq!(rules(&body, Kind::Callback), [Rule::FlagMissing]);
}

#[test]
fn nobody_is_pinged_by_accident() {
    broken(json!({ "content": "x" }), Rule::MentionsMissing);
    broken(json!({ "content": "x", "allowed_mentions": {} }), Rule::MentionsUnsafe);
    for unsafe_mentions in [
        json!({ "parse": ["users"] }),
        json!({ "parse": [], "roles": ["1"] }),
        json!({ "parse": [], "users": ["7"] }),
        json!({ "parse": [], "replied_user": true }),
    ] {
        broken(
            json!({ "content": "x", "allowed_mentions": unsafe_mentions }),
            Rule::MentionsUnsafe,
        );
    }
    let ping = json!({ "content": "<@7>", "allowed_mentions": { "parse": [], "users": ["7"] } });
    assert_eq!(lint_message_pinging(&ping, Kind::Create, &[7]), []);
}

#[test]
fn callbacks_are_read_by_their_type() {
    let deferral = json!({ "type": 5, "data": { "flags": 64 } });
    assert_eq!(rules(&deferral, Kind::Callback), []);
    let choices = |n: usize| {
        let list: Vec<_> = (0..n).map(|i| json!({ "name": "Goblin", "value": i })).collect();
        json!({ "type": 8, "data": { "choices": list } })
    };
    assert_eq!(rules(&choices(25), Kind::Callback), []);
    assert_eq!(rules(&choices(26), Kind::Callback), [Rule::OptionCount]);
    assert_eq!(
        rules(&json!({ "type": 4, "data": { "content": "x" } }), Kind::Callback),
        [Rule::MentionsMissing]
    );
    assert_eq!(rules(&json!({ "type": 77 }), Kind::Callback), [Rule::Shape]);
}

#[test]
fn modals_are_measured() {
    let modal = |title: &str, label: &str| {
        let input = json!({ "type": 4, "custom_id": "f", "style": 1 });
        let field = json!({ "type": 18, "label": label, "component": input });
        json!({ "type": 9, "data": { "title": title, "custom_id": "m", "components": [field] } })
    };
    assert_eq!(rules(&modal("Adjust", "Amount"), Kind::Callback), []);
    assert_eq!(rules(&modal(&"x".repeat(46), "Amount"), Kind::Callback), [Rule::LabelLength]);
    assert_eq!(rules(&modal("Adjust", ""), Kind::Callback), [Rule::LabelLength]);
}

#[test]
fn what_is_not_json_is_a_problem_and_not_a_panic() {
    assert_eq!(lint_bytes(b"{", Kind::Create, &[])[0].rule, Rule::Shape);
    assert_eq!(rules(&json!([1, 2]), Kind::Create), [Rule::Shape]);
    let odd = card(json!([1, null, { "type": "x" }]));
    assert_eq!(rules(&odd, Kind::Create), [Rule::Shape, Rule::Shape, Rule::Shape]);
}
