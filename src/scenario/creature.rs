//! A creature as scenarios and encounters write it: somebody of the book with changes, or one's own.
//!
//! The same reader serves both kinds of files, so that a creature means the same in each. All that is
//! wrong with it is told at once, and nothing about it is guessed that its writer did say.

use std::sync::Arc;

use serde_json::{Value, json};

use super::block::{self, Block};
use super::map::position;
use super::reading::{At, Field, Fields, Problems, Single, fields, inside, object};
use super::standing::{conditions, effects, life, policy, spent};
use crate::content::{Heroes, bestiary, build, schema, stat_block};
use crate::rules::condition::ActiveCondition;
use crate::rules::creature::{Definition, HIT_POINTS_MAX, NAME_MAX_CHARS};
use crate::rules::event::{Edition, Fact, RollMode};
use crate::rules::grid::Position;
use crate::rules::id::{CreatureId, SideId, Slug, UserId};
use crate::rules::intent::Entrant;
use crate::rules::state::{ActiveEffect, CREATURES_MAX, Life};

/// Hit points of a creature of one's own that names none.
const PLAIN_HIT_POINTS: u16 = 10;
/// Unarmored, a creature has this and its Dexterity modifier as its Armor Class.
const UNARMORED: i64 = 10;

/// What a creature has in a fight, beside its figures.
pub(super) const PLACED: &[Field] = &[
    ("id", &[]),
    ("name", &[]),
    ("side", &["team"]),
    ("from", &[]),
    ("count", &[]),
    ("owner", &["player", "user"]),
    ("hidden", &[]),
    ("autopilot", &[]),
    ("surprised", &[]),
    ("position", &["pos", "at"]),
    ("hit_points", &["hp", "current_hp", "current_hit_points"]),
    ("hit_points_max", &["hp_max", "max_hp", "max_hit_points", "hit_point_maximum"]),
    ("temporary_hit_points", &["temp_hp", "thp", "temp_hit_points"]),
    ("life", &[]),
    ("stable", &[]),
    ("dead", &[]),
    ("death_saves", &[]),
    ("conditions", &[]),
    ("exhaustion", &["exhaustion_level"]),
    ("effects", &[]),
    ("spent", &["used"]),
    ("policy", &[]),
    ("spells", &[]),
];
/// Figures, and what else they are called.
pub(super) const FIGURES: &[Field] = &[
    ("size", &[]),
    ("type", &["creature_type"]),
    ("kind", &[]),
    ("pc", &["is_pc", "player_character"]),
    ("challenge", &["cr", "challenge_rating"]),
    ("class", &[]),
    ("level", &[]),
    ("armor_class", &["ac"]),
    ("hit_dice", &["hd"]),
    ("speed", &["speeds"]),
    ("abilities", &["ability_scores", "scores"]),
    ("strength", &["str"]),
    ("dexterity", &["dex"]),
    ("constitution", &["con"]),
    ("intelligence", &["int"]),
    ("wisdom", &["wis"]),
    ("charisma", &["cha"]),
    ("saves", &["saving_throws"]),
    ("skills", &[]),
    ("proficiency_bonus", &["proficiency", "prof", "pb"]),
    ("initiative", &["initiative_bonus"]),
    ("senses", &[]),
    ("passive_perception", &[]),
    ("resistances", &["damage_resistances"]),
    ("immunities", &["damage_immunities"]),
    ("vulnerabilities", &["damage_vulnerabilities"]),
    ("condition_immunities", &[]),
    ("attacks", &[]),
    ("multiattack", &[]),
    ("specials", &["special_actions"]),
    ("traits", &[]),
    ("legendary_actions", &["legendary_action_uses"]),
    ("experience", &["xp"]),
];

/// What a creature does each turn in a forecast, instead of what a sensible one would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    pub attack: Slug,
    /// Attack rolls a turn, 1 to 20.
    pub times: u8,
    pub mode: RollMode,
}

/// A creature ready to enter a fight, with the state it enters in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub id: CreatureId,
    pub name: String,
    pub side: SideId,
    /// The person who plays it, by whatever name the file gives them.
    pub owner: Option<String>,
    pub definition: Arc<Definition>,
    pub hit_points: u16,
    pub temporary_hit_points: u16,
    pub life: Life,
    /// What is on it as the fight begins; the prone and unconscious of somebody down included.
    pub conditions: Vec<ActiveCondition>,
    pub effects: Vec<ActiveEffect>,
    /// Uses already spent of attacks and specials.
    pub spent: Vec<(Slug, u8)>,
    pub position: Option<Position>,
    pub hidden: bool,
    pub autopilot: bool,
    /// Caught unawares as the fight begins.
    pub surprised: bool,
    /// For a forecast alone.
    pub policy: Option<Policy>,
}

impl Placed {
    /// The wish to enter, on behalf of whoever plays it.
    pub fn entrant(&self, owner: Option<UserId>) -> Entrant {
        Entrant {
            id: self.id,
            name: self.name.clone(),
            side: self.side,
            owner,
            character: None,
            definition: Arc::clone(&self.definition),
            hit_points: Some(self.hit_points),
            temporary_hit_points: self.temporary_hit_points,
            spent: self.spent.clone(),
            position: self.position,
            hidden: self.hidden,
            autopilot: self.autopilot,
        }
    }

    /// What is so of it as the fight begins, beside what entering says.
    pub fn facts(&self) -> Vec<Fact> {
        let creature = self.id;
        let mut facts = Vec::new();
        for condition in &self.conditions {
            facts.push(Fact::ConditionAdded { creature, condition: condition.clone() });
        }
        for effect in &self.effects {
            facts.push(Fact::EffectAdded {
                creature,
                effect: effect.kind,
                source: effect.source,
                until: effect.until,
                magnitude: effect.magnitude,
                suffering: effect.suffering,
            });
        }
        match self.life {
            Life::Up => {}
            Life::Dying { successes, failures } => {
                facts.push(Fact::DeathSaveFailed { creature, successes, failures });
            }
            Life::Stable => facts.push(Fact::Stabilized { creature }),
            Life::Dead => facts.push(Fact::Died { creature, by: None }),
        }
        facts
    }
}

/// Every creature of a list, several where an entry counts them.
pub(super) fn all(at: &At<'_>, edition: Edition, problems: &mut Problems) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for entry in at.list(Single::Refused, problems) {
        for creature in several(&entry, edition, problems) {
            if placed.iter().any(|known| known.id == creature.id) {
                let message = format!("'{}' is another creature's id", creature.id);
                problems.add(&inside(&entry.path, "id"), message);
            }
            placed.push(creature);
        }
        if placed.len() > CREATURES_MAX {
            problems.add(&at.path, format!("has more than {CREATURES_MAX} creatures"));
            return placed;
        }
    }
    placed
}

/// One entry of the list: a creature, or as many as it counts.
fn several(at: &At<'_>, edition: Edition, problems: &mut Problems) -> Vec<Placed> {
    let Some(written) = object(&at.path, at.value, problems) else { return Vec::new() };
    let given = fields(&at.path, written, &[PLACED, FIGURES], schema::FIELDS, problems);
    let before = problems.count();
    let count: i64 = given.number("count", 1, 50, problems).unwrap_or(1);
    let Some(first) = one(&at.path, &given, edition, problems) else { return Vec::new() };
    if problems.count() > before || given.get("count").is_none() {
        return vec![first];
    }
    let numbered = |n: i64| -> Option<Placed> {
        let id = format!("{}-{n}", first.id).parse().ok()?;
        Some(Placed { id, name: format!("{} {n}", first.name), ..first.clone() })
    };
    let all: Vec<Placed> = (1..=count).filter_map(numbered).collect();
    if all.iter().any(|it| it.position.is_some()) && count > 1 {
        problems.add(&at.path, "several creatures cannot stand in one position");
    }
    if all.is_empty() {
        problems.add(&inside(&at.path, "id"), "is too long to be numbered");
    }
    all
}

fn one(
    path: &str,
    given: &Fields<'_>,
    edition: Edition,
    problems: &mut Problems,
) -> Option<Placed> {
    let from = given.text("from", problems);
    let own_name = given.text("name", problems);
    let id = given.text("id", problems).or_else(|| {
        let short = from.as_deref().map(|from| from.rsplit(':').next().unwrap_or(from).to_owned());
        let name = own_name.as_deref().and_then(|name| Slug::of_name(name).ok());
        short.or_else(|| name.map(|slug| slug.to_string()))
    });
    let id = id.unwrap_or_else(|| {
        problems.add(&inside(path, "id"), "must be given, or a name or `from` to take it from");
        "nobody".to_owned()
    });
    let creature_id = parsed::<CreatureId>(&inside(path, "id"), &id, problems)?;
    let side = given
        .get("side")
        .map_or(Some(SideId::foes()), |at| parsed(&at.path, at.text(problems)?, problems))?;
    let spells = given.get("spells").filter(|at| at.value != &json!([]) && at.value != &json!({}));
    if spells.is_some() && !schema::FIELDS.contains(&"spells") {
        let path = inside(path, "spells");
        problems.add(&path, "are not played yet; say what they do as attacks and specials");
    }
    let definition = definition(path, given, from.as_deref(), (&id, side, edition), problems)?;
    let name = own_name.unwrap_or_else(|| match from {
        Some(_) => definition.name.clone(),
        None => id.clone(),
    });
    if name.trim().is_empty() || name.chars().count() > NAME_MAX_CHARS {
        problems.add(&inside(path, "name"), format!("must be 1 to {NAME_MAX_CHARS} characters"));
    }
    let mut placed = Placed {
        id: creature_id,
        name,
        side,
        owner: given.text("owner", problems),
        hit_points: current_hit_points(given, &definition),
        temporary_hit_points: given
            .number("temporary_hit_points", 0, i64::from(HIT_POINTS_MAX), problems)
            .unwrap_or_default(),
        life: Life::Up,
        conditions: conditions(given, problems),
        effects: effects(given, creature_id, problems),
        spent: spent(given, &definition, problems),
        position: given.get("position").and_then(|at| position(&at, problems)),
        hidden: given.flag("hidden", problems).unwrap_or_default(),
        autopilot: given.flag("autopilot", problems).unwrap_or_default(),
        surprised: given.flag("surprised", problems).unwrap_or_default(),
        policy: policy(given, &definition, problems),
        definition,
    };
    placed.life = life(&mut placed, given, problems);
    Some(placed)
}

/// A value of that form, or a problem.
fn parsed<T: core::str::FromStr<Err = crate::rules::id::BadId>>(
    path: &str,
    text: &str,
    problems: &mut Problems,
) -> Option<T> {
    text.parse().map_err(|bad: crate::rules::id::BadId| problems.add(path, bad.to_string())).ok()
}

/// The figures: those of the book as they are, or a block written over them.
fn definition(
    path: &str,
    given: &Fields<'_>,
    from: Option<&str>,
    (id, side, edition): (&str, SideId, Edition),
    problems: &mut Problems,
) -> Option<Arc<Definition>> {
    let book = match from {
        None => None,
        Some(from) => Some(of_the_book(from, edition).or_else(|| {
            let message =
                "is not in the book: srd:, srd51: or hero: and the name in lower case, with hyphens";
            problems.add(&inside(path, "from"), message);
            None
        })?),
    };
    let changed = given.iter().any(|(name, _)| is_figure(name));
    let current: Option<u16> = given.number("hit_points", 0, i64::from(HIT_POINTS_MAX), problems);
    let most: Option<u16> = given.number("hit_points_max", 1, i64::from(HIT_POINTS_MAX), problems);
    if let Some((_, book)) = &book {
        let higher = current.is_some_and(|current| current > book.hit_points);
        if !changed && most.is_none() && !higher {
            return Some(Arc::clone(book));
        }
    }
    let block = book.as_ref().and_then(|(id, _)| stat_block(id)).and_then(Value::as_object);
    let book = book.as_ref().map(|(_, book)| Arc::clone(book));
    // whoever does nothing but repeat one attack is a stat block, and dead at 0 hit points
    let is_hero = side == SideId::party() && given.get("policy").is_none();
    let mut block: Block = block.cloned().unwrap_or_else(|| block::plain(id, is_hero));
    let before = problems.count();
    block::write(&mut block, given, problems);
    let of_book = book.as_ref().map(|book| book.hit_points);
    let maximum = most.or(of_book.map(|most| most.max(current.unwrap_or_default()))).or(current);
    if maximum == Some(0) {
        problems.add(&inside(path, "hit_points_max"), "must be given beside 0 hit points");
    }
    block.insert("hit_points".into(), json!(maximum.unwrap_or(PLAIN_HIT_POINTS)));
    if !block.contains_key("armor_class") {
        let dexterity = block::modifier_of(&block, crate::rules::ability::Ability::Dexterity);
        block.insert("armor_class".into(), json!(UNARMORED.saturating_add(dexterity)));
    }
    block::check_shapes(&block, given, problems);
    if problems.count() > before {
        return book.or_else(|| stand_in(path, problems));
    }
    build_block(path, given, block, problems).or(book)
}

/// Whether a field is part of the stat block, and not of what a creature has in a fight.
fn is_figure(name: &str) -> bool {
    let placed = PLACED.iter().any(|(placed, _)| *placed == name);
    !placed || (name == "spells" && schema::FIELDS.contains(&name))
}

/// Somebody plain, so that the rest of a creature with faulty figures can be read too.
fn stand_in(path: &str, problems: &mut Problems) -> Option<Arc<Definition>> {
    let mut block = block::plain("nobody", false);
    block.insert("hit_points".into(), json!(HIT_POINTS_MAX));
    block.insert("armor_class".into(), json!(UNARMORED));
    built(block).map_err(|message| problems.add(path, message)).ok()
}

fn built(block: Block) -> Result<Arc<Definition>, String> {
    let block: schema::StatBlock =
        serde_json::from_value(Value::Object(block)).map_err(|error| error.to_string())?;
    build::definition(&block).map(Arc::new).map_err(|problems| {
        problems.first().map(|it| format!("{}: {}", it.path, it.message)).unwrap_or_default()
    })
}

fn build_block(
    path: &str,
    given: &Fields<'_>,
    block: Block,
    problems: &mut Problems,
) -> Option<Arc<Definition>> {
    let block: schema::StatBlock = serde_json::from_value(Value::Object(block))
        .map_err(|error| problems.add(path, error.to_string()))
        .ok()?;
    let faults = match build::definition(&block) {
        Ok(definition) => return Some(Arc::new(definition)),
        Err(faults) => faults,
    };
    for fault in faults {
        let end = fault.path.find(['.', '[']).unwrap_or(fault.path.len());
        let (name, rest) = fault.path.split_at(end);
        let written = given.written(name).unwrap_or(name);
        problems.add(&inside(path, &format!("{written}{rest}")), fault.message);
    }
    None
}

/// A monster or a ready-made hero by its id: of the book of the edition first, then of the other.
fn of_the_book(from: &str, edition: Edition) -> Option<(&'static str, Arc<Definition>)> {
    let hero = || {
        let hero = Heroes::srd().find(from)?;
        Some((hero.id.as_str(), Arc::clone(&hero.definition)))
    };
    let monster = |name: &str, named: Option<Edition>| {
        let entry = bestiary::find(name, named, edition)?;
        Some((entry.id.as_str(), Arc::clone(&entry.definition)))
    };
    match from.split_once(':') {
        Some(("hero", _)) => hero(),
        Some(("srd51", name)) => monster(name, Some(Edition::Srd51)),
        Some(("srd", name)) => monster(name, None),
        Some(_) => None,
        None => monster(from, None).or_else(hero),
    }
}

fn current_hit_points(given: &Fields<'_>, definition: &Definition) -> u16 {
    let current = given.get("hit_points").and_then(|at| at.value.as_u64());
    let current = current.and_then(|current| u16::try_from(current).ok());
    current.unwrap_or(definition.hit_points).min(definition.hit_points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::condition::{Condition, Until};
    use crate::rules::creature::Kind;
    use crate::rules::damage::DamageType;

    fn read(value: &Value) -> Result<Placed, Vec<String>> {
        let mut problems = Problems::default();
        let list = json!([value]);
        let at = At { path: "creatures".into(), value: &list };
        let mut placed = all(&at, Edition::Srd521, &mut problems);
        let told = problems.into_list().into_iter().map(|p| format!("{}: {}", p.path, p.message));
        let told: Vec<String> = told.collect();
        if told.is_empty() { Ok(placed.remove(0)) } else { Err(told) }
    }

    #[test]
    fn somebody_of_the_book_is_as_the_book_has_them() {
        let knight = read(&json!({"id": "a", "side": "party", "from": "srd:knight"})).unwrap();
        let book = bestiary::find("knight", None, Edition::Srd521).unwrap();
        assert!(Arc::ptr_eq(&knight.definition, &book.definition));
        assert_eq!((knight.hit_points, knight.name.as_str()), (52, "Knight"));
        let hero = read(&json!({"id": "h", "from": "hero:fighter"})).unwrap();
        assert!(hero.definition.is_hero());
        let old = read(&json!({"id": "g", "from": "srd51:goblin", "ac": 12})).unwrap();
        assert_eq!((old.definition.armor_class, old.definition.hit_points), (12, 7));
        assert_eq!(of_the_book("srd:goblin", Edition::Srd51).unwrap().0, "srd51:goblin");
        assert_eq!(of_the_book("srd:ogre", Edition::Srd51).unwrap().0, "srd51:ogre");
        assert_eq!(of_the_book("srd:ogre", Edition::Srd521).unwrap().0, "srd:ogre");
    }

    #[test]
    fn any_figure_of_the_book_can_be_written_over() {
        let knight = read(&json!({"id": "a", "from": "srd:knight", "hp": 7, "ac": 20, "dex": 14,
            "temp_hp": 3, "speed": 40, "resistances": ["fire"], "saves": {"con": 9}}))
        .unwrap();
        let it = &knight.definition;
        assert_eq!((knight.hit_points, it.hit_points, knight.temporary_hit_points), (7, 52, 3));
        assert_eq!((it.armor_class, it.abilities.dexterity, it.saves.dexterity), (20, 14, 2));
        assert_eq!((it.speeds.walk, it.saves.constitution, it.saves.wisdom), (40, 9, 2));
        assert!(it.resistances.contains(DamageType::Fire));
        assert_eq!(it.attacks.len(), 2, "what is not written over stays");
        let more = read(&json!({"id": "a", "from": "srd:knight", "hit_points": 60})).unwrap();
        assert_eq!((more.hit_points, more.definition.hit_points), (60, 60));
        let most = read(&json!({"id": "a", "from": "srd:knight", "hp": 9, "hp_max": 30})).unwrap();
        assert_eq!((most.hit_points, most.definition.hit_points), (9, 30));
    }

    #[test]
    fn a_creature_of_ones_own_needs_no_more_than_its_writer_cares_for() {
        let plain = read(&json!({"id": "b", "side": "foes"})).unwrap();
        assert_eq!((plain.definition.armor_class, plain.hit_points), (10, 10));
        assert!(matches!(plain.definition.kind, Kind::Monster { .. }));
        let own = read(&json!({"id": "a", "side": "party", "ac": 16, "hp": 5, "hp_max": 20,
            "str": 16, "proficiency": 3, "saves": ["str", "con"], "skills": ["stealth"],
            "attacks": [{"name": "Longsword", "damage": "1d8+3 slashing"}],
            "conditions": ["prone", {"condition": "frightened", "source": "b"}]}))
        .unwrap();
        let it = &own.definition;
        assert!(it.is_hero(), "the party is made of heroes unless somebody says otherwise");
        let drilled = read(&json!({"id": "a", "side": "party", "attacks": [{"name": "Club",
            "to_hit": 4, "damage": "1d4+2 bludgeoning"}], "policy": {"attack": "Club", "times": 1}}));
        assert!(!drilled.unwrap().definition.is_hero(), "one attack for ever makes no hero");
        assert_eq!((own.hit_points, it.hit_points, it.armor_class), (5, 20, 16));
        assert_eq!((it.saves.strength, it.saves.constitution, it.saves.dexterity), (6, 3, 0));
        assert_eq!((it.attacks[0].to_hit, it.attacks[0].reach), (6, Some(5)));
        assert_eq!(own.conditions[1].source, Some("b".parse().unwrap()));
        assert_eq!(own.conditions[0].until, Until::Removed);
    }

    #[test]
    fn who_has_no_hit_points_is_down_or_dead() {
        let down = read(&json!({"id": "a", "kind": "hero", "hp": 0, "hp_max": 9,
            "death_saves": {"failures": 2}}))
        .unwrap();
        assert_eq!(down.life, Life::Dying { successes: 0, failures: 2 });
        let on_it: Vec<Condition> = down.conditions.iter().map(|it| it.condition).collect();
        assert_eq!(on_it, [Condition::Unconscious, Condition::Prone]);
        let stable = json!({"id": "a", "kind": "hero", "hp": 0, "hp_max": 9, "life": "stable"});
        assert_eq!(read(&stable).unwrap().life, Life::Stable);
        let dead = read(&json!({"id": "b", "from": "srd:knight", "hp": 0})).unwrap();
        assert_eq!(dead.life, Life::Dead);
        assert!(read(&json!({"id": "b", "hp": 3, "life": "dying"})).is_err());
        assert!(read(&json!({"id": "b", "hp": 0})).is_err(), "of how many?");
    }

    #[test]
    fn a_policy_names_an_attack_of_the_creature() {
        let policy = json!({"attack": "Greatsword", "times": 2, "mode": "advantage"});
        let knight = read(&json!({"id": "a", "from": "srd:knight", "policy": policy})).unwrap();
        let attack = "greatsword".parse().unwrap();
        let wanted = Policy { attack, times: 2, mode: RollMode::Advantage };
        assert_eq!(knight.policy, Some(wanted));
        let policy = json!({"attack": "Claw"});
        assert!(read(&json!({"id": "a", "from": "srd:knight", "policy": policy})).is_err());
    }

    #[test]
    fn several_of_a_kind_are_numbered() {
        let mut problems = Problems::default();
        let list = json!([{"from": "srd:wolf", "count": 3}, {"id": "wolf-2"}]);
        let at = At { path: "creatures".into(), value: &list };
        let wolves = all(&at, Edition::Srd521, &mut problems);
        let ids: Vec<&str> = wolves.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["wolf-1", "wolf-2", "wolf-3", "wolf-2"]);
        assert_eq!(wolves[1].name, "Wolf 2");
        assert_eq!(problems.into_list()[0].path, "creatures[1].id");
    }

    #[test]
    fn everything_wrong_is_told_at_once_with_its_path() {
        let faults = read(&json!({"id": "a b", "hpp": 3, "ac": 99, "colour": "red"})).unwrap_err();
        let paths: Vec<&str> = faults.iter().filter_map(|f| f.split(':').next()).collect();
        assert_eq!(paths, ["creatures[0].colour", "creatures[0].hpp", "creatures[0].id"]);
        let faults = read(&json!({"id": "a", "ac": 99, "hp": -1, "str": 77,
            "attacks": [{"name": "Bite", "damage": "1d6 sharp"}, {"name": "Claw", "reach": "far"}],
            "speed": {"walk": 30, "hop": 10}, "resistances": ["wind"]}))
        .unwrap_err();
        let paths: Vec<&str> = faults.iter().filter_map(|f| f.split(": ").next()).collect();
        assert_eq!(
            paths,
            ["creatures[0].hp", "creatures[0].attacks[1]", "creatures[0].speed"],
            "shapes first: {faults:?}"
        );
        let faults = read(&json!({"id": "a", "ac": 99, "str": 77, "resistances": ["wind"],
            "attacks": [{"name": "Bite", "damage": "1d6 sharp"}]}))
        .unwrap_err();
        let paths: Vec<&str> = faults.iter().filter_map(|f| f.split(": ").next()).collect();
        for path in [
            "creatures[0].ac",
            "creatures[0].attacks[0].damage[0].type",
            "creatures[0].resistances[0]",
            "creatures[0].abilities.strength",
        ] {
            assert!(paths.contains(&path), "{path} is not among {paths:?}");
        }
    }
}
