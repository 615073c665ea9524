//! The schema of a stat block: a monster's, or a hero's as a fight uses it.
//!
//! Words come from the lists of the rules; the shapes are those that `schema` reads.

use serde_json::{Value, json};

use super::{choice, flag, line, list, maybe, object, one_of, reference, schema, text, whole};
use crate::content::words;
use crate::rules::ability::{Ability, Skill};
use crate::rules::condition::Condition;
use crate::rules::creature::{CreatureType, ENTRIES_MAX};
use crate::rules::damage::DamageType;

/// Most of a small number in a file.
const SMALL: i64 = 255;
/// Most feet, hit points and the like in a file.
const LARGE: i64 = 65_535;

fn small() -> Value {
    whole(0, SMALL)
}

fn feet() -> Value {
    whole(0, LARGE)
}

fn bonus() -> Value {
    whole(-128, 127)
}

fn dice() -> Value {
    json!({"type": "string", "pattern": "^([0-9]*d[0-9]+([+-][0-9]+)?|[+-]?[0-9]+)$"})
}

fn entries(of: &Value) -> Value {
    json!({"type": "array", "items": of, "maxItems": ENTRIES_MAX})
}

fn by_ability(of: &Value, needed: bool) -> Value {
    let each: Vec<(&str, Value)> = Ability::ALL.iter().map(|it| (it.name(), of.clone())).collect();
    let names: Vec<&str> = Ability::ALL.iter().map(|it| it.name()).collect();
    object(&each, if needed { &names } else { &[] })
}

/// The schema of what `skirmish creature check` reads.
pub fn creature() -> Value {
    let class = object(&[("name", line()), ("level", whole(1, 20))], &["name", "level"]);
    let speeds: Vec<(&str, Value)> = ["walk", "fly", "swim", "climb", "burrow"]
        .into_iter()
        .map(|name| (name, feet()))
        .chain([("hover", flag())])
        .collect();
    let senses: Vec<(&str, Value)> = ["darkvision", "blindsight", "tremorsense", "truesight"]
        .into_iter()
        .map(|name| (name, feet()))
        .chain([("passive_perception", maybe(&small()))])
        .collect();
    let skills: Vec<(&str, Value)> =
        Skill::ALL.iter().map(|skill| (skill.name(), bonus())).collect();
    let damages = list(&reference("damage_type"));
    let members = [
        ("name", line()),
        ("size", reference("size")),
        ("type", text()),
        ("challenge", maybe(&text())),
        ("class", maybe(&class)),
        ("armor_class", small()),
        ("hit_points", whole(1, LARGE)),
        ("hit_dice", maybe(&dice())),
        ("speed", object(&speeds, &[])),
        ("abilities", by_ability(&whole(1, 30), true)),
        ("saves", by_ability(&maybe(&bonus()), false)),
        ("skills", object(&skills, &[])),
        ("proficiency_bonus", maybe(&small())),
        ("initiative", maybe(&bonus())),
        ("senses", object(&senses, &[])),
        ("resistances", damages.clone()),
        ("immunities", damages.clone()),
        ("vulnerabilities", damages),
        ("condition_immunities", list(&reference("condition"))),
        ("attacks", entries(&attack())),
        ("multiattack", entries(&entries(&step()))),
        ("specials", entries(&special())),
        ("traits", entries(&reference("trait"))),
        ("legendary_actions", small()),
        ("spell_lists", list(&spell_list())),
        ("experience", maybe(&whole(0, i64::from(u32::MAX)))),
        ("lair_experience", maybe(&whole(0, i64::from(u32::MAX)))),
    ];
    let needed = ["name", "size", "type", "armor_class", "hit_points", "speed", "abilities"];
    schema("A creature of Skirmish", object(&members, &needed), &definitions())
}

fn definitions() -> Vec<(&'static str, Value)> {
    let kinds = list(&one_of(CreatureType::ALL.map(CreatureType::name)));
    let when = choice(
        &[
            "always",
            "attack_had_advantage",
            "target_injured",
            "target_bloodied",
            "attacker_bloodied",
            "attacker_unbloodied",
            "target_held",
            "first_round",
            "sneak_attack",
        ],
        &[
            ("charged_feet", feet()),
            ("uncharged_feet", feet()),
            ("target_has", reference("condition")),
            ("target_is", kinds.clone()),
            ("target_is_not", kinds),
            ("failed_by", small()),
            ("while_effect", reference("effect")),
            ("target_bears", reference("effect")),
        ],
    );
    let worse = choice(&["removed", "save_ends"], &[("turns_unless_harmed", small())]);
    let worsens = object(&[("into", reference("condition")), ("then", worse)], &["into", "then"]);
    let lasts = choice(
        &[
            "removed",
            "source_next_turn_start",
            "source_next_turn_end",
            "target_next_turn_start",
            "target_next_turn_end",
            "save_ends",
        ],
        &[
            ("target_turns", small()),
            ("turns_unless_harmed", small()),
            ("worsens", worsens),
            ("escape_dc", whole(1, 30)),
        ],
    );
    let uses = choice(
        &["at_will", "once_per_round"],
        &[("per_day", whole(1, SMALL)), ("per_rest", whole(1, SMALL)), ("recharge", whole(2, 6))],
    );
    let cost = choice(&["action", "bonus_action", "reaction", "free", "legendary"], &[]);
    let save = [("ability", reference("ability")), ("dc", whole(1, 30))];
    let damage =
        [("dice", dice()), ("type", reference("damage_type")), ("when", reference("when"))];
    vec![
        ("size", one_of(["tiny", "small", "medium", "large", "huge", "gargantuan"])),
        ("ability", one_of(Ability::ALL.map(Ability::name))),
        ("damage_type", one_of(DamageType::ALL.map(DamageType::name))),
        ("condition", one_of(Condition::ALL.map(Condition::name))),
        ("effect", one_of(words::EFFECTS.map(words::effect_name))),
        ("when", when),
        ("lasts", lasts),
        ("uses", uses),
        ("cost", cost),
        ("save", object(&save, &["ability", "dc"])),
        ("damage", object(&damage, &["dice", "type"])),
        ("rider", rider()),
        ("trait", a_trait()),
    ]
}

fn attack() -> Value {
    let range = object(&[("normal", feet()), ("long", maybe(&feet()))], &["normal"]);
    let members = [
        ("name", text()),
        ("reach", maybe(&feet())),
        ("range", maybe(&range)),
        ("to_hit", bonus()),
        ("advantage", maybe(&reference("when"))),
        ("damage", entries(&reference("damage"))),
        ("riders", entries(&reference("rider"))),
        ("uses", reference("uses")),
        ("cost", reference("cost")),
        ("spell", flag()),
        ("light", flag()),
        ("mastery", maybe(&one_of(words::MASTERIES.map(|(_, name)| name)))),
        ("ability", maybe(&reference("ability"))),
        ("heavy", flag()),
        ("loading", flag()),
    ];
    object(&members, &["name", "to_hit", "damage"])
}

fn step() -> Value {
    object(&[("count", small()), ("any_of", entries(&text()))], &["count", "any_of"])
}

fn rider() -> Value {
    let condition = [
        ("condition", reference("condition")),
        ("save", maybe(&reference("save"))),
        ("lasts", reference("lasts")),
        ("max_size", maybe(&reference("size"))),
        ("when", reference("when")),
    ];
    let save_damage =
        [("damage", reference("damage")), ("save", reference("save")), ("half_on_success", flag())];
    let push = object(&[("feet", feet()), ("max_size", maybe(&reference("size")))], &["feet"]);
    let beat = choice(&["target_turn_start", "source_turn_start"], &[]);
    let ongoing = [
        ("dice", dice()),
        ("type", reference("damage_type")),
        ("each", beat),
        ("lasts", reference("lasts")),
        ("when", reference("when")),
    ];
    let effect = [("kind", reference("effect")), ("lasts", reference("lasts")), ("amount", feet())];
    let of_type = one_of(DamageType::ALL.map(DamageType::name).into_iter().chain(["all"]));
    choice(
        &["no_healing"],
        &[
            ("condition", object(&condition, &["condition", "lasts"])),
            ("save_damage", object(&save_damage, &["damage", "save"])),
            ("push", push.clone()),
            ("pull", push),
            ("reduce_maximum", of_type),
            ("ongoing", object(&ongoing, &["dice", "type", "lasts"])),
            ("drain_heal", reference("damage_type")),
            ("slow_feet", feet()),
            ("effect", object(&effect, &["kind", "lasts"])),
        ],
    )
}

fn special() -> Value {
    let line = object(&[("length", feet()), ("width", feet())], &["length", "width"]);
    let extents = ["cone", "cube", "sphere", "emanation", "cylinder"].map(|name| (name, feet()));
    let shapes: Vec<(&str, Value)> = extents.into_iter().chain([("line", line)]).collect();
    let creatures = object(&[("count", whole(1, SMALL)), ("feet", feet())], &["count", "feet"]);
    let area = object(&[("shape", choice(&[], &shapes)), ("range", feet())], &["shape"]);
    let reach = choice(&["own"], &[("creatures", creatures), ("area", area)]);
    let whom = [
        ("enemies_only", flag()),
        ("max_size", maybe(&reference("size"))),
        ("only", list(&one_of(CreatureType::ALL.map(CreatureType::name)))),
        ("spared", list(&one_of(CreatureType::ALL.map(CreatureType::name)))),
        ("having", list(&reference("condition"))),
        ("from_user", flag()),
    ];
    let moments = [
        "chosen",
        "own_turn_start",
        "own_turn_end",
        "their_turn_start",
        "death",
        "struck_in_melee",
    ];
    let members = [
        ("name", text()),
        ("cost", reference("cost")),
        ("uses", reference("uses")),
        ("reach", reach),
        ("effect", effect()),
        ("spell", flag()),
        ("whom", object(&whom, &[])),
        ("set_off", choice(&moments, &[])),
        ("on_success", entries(&reference("rider"))),
        ("while_able", flag()),
        ("immune_after_success", flag()),
        ("concentration", flag()),
    ];
    object(&members, &["name", "reach", "effect"])
}

fn effect() -> Value {
    let save = [
        ("ability", reference("ability")),
        ("dc", whole(1, 30)),
        ("damage", entries(&reference("damage"))),
        ("half_on_success", flag()),
        ("riders", entries(&reference("rider"))),
    ];
    let lasting =
        object(&[("kind", reference("effect")), ("turns", whole(1, SMALL))], &["kind", "turns"]);
    let maneuvers = object(&[("dash", flag()), ("disengage", flag()), ("hide", flag())], &[]);
    let walk = object(&[("half", flag()), ("unprovoking", flag())], &[]);
    let going = choice(&["stay"], &[("walk", walk), ("teleport", feet())]);
    let go = object(&[("going", going), ("then", entries(&text()))], &["going"]);
    choice(
        &["extra_action"],
        &[
            ("save", object(&save, &["ability", "dc"])),
            ("heal", dice()),
            ("temporary_hit_points", dice()),
            ("effect", lasting),
            ("auto_damage", entries(&reference("damage"))),
            ("maneuvers", maneuvers),
            ("go", go),
        ],
    )
}

fn a_trait() -> Value {
    let regeneration = [("amount", feet()), ("stopped_by", list(&reference("damage_type")))];
    let hurt_by =
        [("type", reference("damage_type")), ("effect", reference("effect")), ("amount", feet())];
    let why = json!({"type": "string", "minLength": 1, "maxLength": 200});
    let named = object(&[("name", line()), ("why_not_played", why)], &["name", "why_not_played"]);
    choice(
        &[
            "pack_tactics",
            "undead_fortitude",
            "magic_resistance",
            "flyby",
            "sunlight_sensitivity",
            "aggressive",
            "evasion",
            "ambusher",
            "rage_resistance",
            "bloodied_fury",
            "bloodied_frenzy",
            "swarm",
            "shares_space",
            "incorporeal_movement",
            "blurred_form",
            "blood_frenzy",
            "agile",
            "unseen",
            "reactive",
        ],
        &[
            ("regeneration", object(&regeneration, &["amount"])),
            ("critical_from", whole(2, 20)),
            ("legendary_resistance", small()),
            ("parry", small()),
            ("absorption", reference("damage_type")),
            ("hurt_by", object(&hurt_by, &["type", "effect"])),
            ("rallying_aura", feet()),
            ("named", named),
        ],
    )
}

fn spell_list() -> Value {
    let spell = [("name", text()), ("level", maybe(&small())), ("uses", reference("uses"))];
    let members = [
        ("name", text()),
        ("cost", reference("cost")),
        ("uses", reference("uses")),
        ("ability", maybe(&reference("ability"))),
        ("save_dc", maybe(&small())),
        ("to_hit", maybe(&bonus())),
        ("spells", list(&object(&spell, &["name"]))),
    ];
    object(&members, &["name", "spells"])
}
