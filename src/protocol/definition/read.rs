//! Reads a stat block from the wire, telling everything that is wrong with it at once.
//!
//! A definition that somebody sends is validated by the rules; one that the log remembers was
//! validated when it entered the fight and is never judged again by rules that came later.

use super::super::malformed::{Inside, Malformed};
use super::super::pb;
use super::super::values::{dice_of, needed, number};
use super::super::words::{Word, word, words};
use super::entries::{attack_of, multiattack_of, special_of, trait_of};
use super::spells::spell_list_of;
use crate::rules::ability::ByAbility;
use crate::rules::creature::{Definition, Draft, ENTRIES_MAX, Kind, Senses, Size, Speeds};
use crate::rules::damage::{DamageSet, DamageType};

/// Longest text inside a stat block, in bytes: names, types, reasons.
pub(crate) const TEXT_MAX_BYTES: usize = 400;
/// Most entries of any list inside a stat block that is not bounded more tightly by the rules.
pub(crate) const LIST_MAX: usize = 64;

/// A definition that somebody sent: read, then validated by the rules.
///
/// # Errors
/// Everything that is wrong with it.
pub fn definition_of(wire: &pb::CreatureDefinition) -> Result<Definition, Vec<Malformed>> {
    let draft = draft_of(wire)?;
    Definition::try_from(draft).map_err(|problems| {
        problems.into_iter().map(|p| Malformed::wrong(&p.path, p.message)).collect()
    })
}

/// A definition out of the log.
///
/// # Errors
/// Everything that is wrong with it.
pub fn remembered_definition(wire: &pb::CreatureDefinition) -> Result<Definition, Vec<Malformed>> {
    draft_of(wire).map(Definition::remembered)
}

/// What is wrong so far.
struct Faults(Vec<Malformed>);

impl Faults {
    /// The value, or `instead` while the faults are gathered.
    fn or<T>(&mut self, read: Result<T, Malformed>, instead: T) -> T {
        read.unwrap_or_else(|fault| {
            self.0.push(fault);
            instead
        })
    }

    /// All of a list, up to `max`, faults noted with their place.
    fn list<W, T>(
        &mut self,
        field: &str,
        wire: &[W],
        max: usize,
        read: impl Fn(&W) -> Result<T, Malformed>,
    ) -> Vec<T> {
        if wire.len() > max {
            self.0.push(Malformed::wrong(field, format!("must have {max} entries at most")));
            return Vec::new();
        }
        let mut all = Vec::with_capacity(wire.len());
        for (index, one) in wire.iter().enumerate() {
            match read(one).inside_nth(field, index) {
                Ok(value) => all.push(value),
                Err(fault) => self.0.push(fault),
            }
        }
        all
    }

    fn set<W: Word, S: FromIterator<W>>(&mut self, field: &str, wire: &[i32]) -> S {
        let read = if wire.len() > LIST_MAX {
            Err(Malformed::wrong(field, format!("must have {LIST_MAX} entries at most")))
        } else {
            words::<W>(wire, field)
        };
        self.or(read, Vec::new()).into_iter().collect()
    }
}

/// A text within its limit and without control characters.
pub(super) fn text(text: &str, field: &str) -> Result<String, Malformed> {
    if text.len() > TEXT_MAX_BYTES {
        let message = format!("must have {TEXT_MAX_BYTES} bytes at most");
        return Err(Malformed::wrong(field, message));
    }
    if text.chars().any(char::is_control) {
        return Err(Malformed::wrong(field, "must not hold control characters"));
    }
    Ok(text.to_owned())
}

fn draft_of(wire: &pb::CreatureDefinition) -> Result<Draft, Vec<Malformed>> {
    let mut faults = Faults(Vec::new());
    let f = &mut faults;
    let draft = Draft {
        name: f.or(text(&wire.name, "name"), String::new()),
        kind: f.or(kind_of(wire), Kind::Monster { rating_eighths: 0 }),
        size: f.or(word(wire.size, "size"), Size::Medium),
        creature_type: f.or(text(&wire.creature_type, "creature_type"), String::new()),
        armor_class: f.or(number(wire.armor_class, "armor_class"), 0),
        hit_points: f.or(number(wire.hit_points, "hit_points"), 0),
        hit_dice: f.or(wire.hit_dice.map(dice_of).transpose().inside("hit_dice"), None),
        speeds: f.or(speeds_of(wire).inside("speeds"), Speeds::default()),
        abilities: f.or(scores_of(wire).inside("abilities"), ByAbility::default()),
        saves: f.or(saves_of(wire).inside("saves"), ByAbility::default()),
        skills: f.list("skills", &wire.skills, LIST_MAX, |listed| {
            Ok((word(listed.skill, "skill")?, number(listed.bonus, "bonus")?))
        }),
        proficiency_bonus: f.or(number(wire.proficiency_bonus, "proficiency_bonus"), 0),
        initiative_bonus: f.or(number(wire.initiative_bonus, "initiative_bonus"), 0),
        senses: f.or(senses_of(wire).inside("senses"), Senses::default()),
        resistances: f.set::<DamageType, DamageSet>("resistances", &wire.resistances),
        immunities: f.set::<DamageType, DamageSet>("immunities", &wire.immunities),
        vulnerabilities: f.set::<DamageType, DamageSet>("vulnerabilities", &wire.vulnerabilities),
        condition_immunities: f.set("condition_immunities", &wire.condition_immunities),
        attacks: f.list("attacks", &wire.attacks, ENTRIES_MAX, attack_of),
        multiattack: f.list("multiattack", &wire.multiattack, ENTRIES_MAX, multiattack_of),
        specials: f.list("specials", &wire.specials, ENTRIES_MAX, special_of),
        traits: f.list("traits", &wire.traits, ENTRIES_MAX, trait_of),
        legendary_actions: f.or(number(wire.legendary_actions, "legendary_actions"), 0),
        spell_lists: f.list("spell_lists", &wire.spell_lists, ENTRIES_MAX, spell_list_of),
        experience: wire.experience,
        lair_experience: wire.lair_experience,
    };
    if faults.0.is_empty() { Ok(draft) } else { Err(faults.0) }
}

fn kind_of(wire: &pb::CreatureDefinition) -> Result<Kind, Malformed> {
    use pb::creature_definition::Kind as Wire;
    match wire.kind.as_ref().ok_or_else(|| Malformed::no_choice("kind"))? {
        Wire::Hero(hero) => Ok(Kind::Hero {
            class: text(&hero.class, "hero.class")?,
            level: number(hero.level, "hero.level")?,
        }),
        Wire::Monster(monster) => Ok(Kind::Monster {
            rating_eighths: number(monster.rating_eighths, "monster.rating_eighths")?,
        }),
    }
}

fn speeds_of(wire: &pb::CreatureDefinition) -> Result<Speeds, Malformed> {
    let speeds = needed(wire.speeds.as_ref(), "")?;
    Ok(Speeds {
        walk: number(speeds.walk, "walk")?,
        fly: number(speeds.fly, "fly")?,
        swim: number(speeds.swim, "swim")?,
        climb: number(speeds.climb, "climb")?,
        burrow: number(speeds.burrow, "burrow")?,
        hover: speeds.hover,
    })
}

fn senses_of(wire: &pb::CreatureDefinition) -> Result<Senses, Malformed> {
    let senses = needed(wire.senses.as_ref(), "")?;
    Ok(Senses {
        darkvision: number(senses.darkvision, "darkvision")?,
        blindsight: number(senses.blindsight, "blindsight")?,
        tremorsense: number(senses.tremorsense, "tremorsense")?,
        truesight: number(senses.truesight, "truesight")?,
        passive_perception: number(senses.passive_perception, "passive_perception")?,
    })
}

fn scores_of(wire: &pb::CreatureDefinition) -> Result<ByAbility<u8>, Malformed> {
    let scores = needed(wire.abilities.as_ref(), "")?;
    Ok(ByAbility {
        strength: number(scores.strength, "strength")?,
        dexterity: number(scores.dexterity, "dexterity")?,
        constitution: number(scores.constitution, "constitution")?,
        intelligence: number(scores.intelligence, "intelligence")?,
        wisdom: number(scores.wisdom, "wisdom")?,
        charisma: number(scores.charisma, "charisma")?,
    })
}

fn saves_of(wire: &pb::CreatureDefinition) -> Result<ByAbility<i8>, Malformed> {
    let saves = needed(wire.saves.as_ref(), "")?;
    Ok(ByAbility {
        strength: number(saves.strength, "strength")?,
        dexterity: number(saves.dexterity, "dexterity")?,
        constitution: number(saves.constitution, "constitution")?,
        intelligence: number(saves.intelligence, "intelligence")?,
        wisdom: number(saves.wisdom, "wisdom")?,
        charisma: number(saves.charisma, "charisma")?,
    })
}
