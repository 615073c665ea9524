//! What makes a draft a creature: every figure within its limits, every name that is used defined.
//!
//! Everything that is wrong is found in one pass and named by its path; nothing is put right here.

mod entries;
mod spells;

use super::ability::Ability;
use super::creature::{Draft, HIT_POINTS_MAX, Kind, NAME_MAX_CHARS, Problem, SaveSpec};
use super::damage::DiceExpr;

/// Longest text that is no name: a creature type, a class, why a trait is not played.
const TEXT_MAX_CHARS: usize = 200;
/// Most dice in one roll.
const DICE_MAX: u8 = 60;
/// Most sides of a die.
const SIDES_MAX: u16 = 100;
/// Largest flat bonus, either way.
const BONUS_MAX: i16 = 500;
/// Farthest reach, range, speed or sense, in feet.
const FEET_MAX: u16 = 5_280;
/// Highest DC of a check or save.
const DC_MAX: u8 = 40;
/// Most lines of damage or riders of one attack, steps of a multiattack, kinds of multiattack.
const PARTS_MAX: usize = 20;
/// Most uses in one multiattack.
const MULTIATTACK_USES_MAX: u32 = 20;

/// Everything that is wrong with a draft, in the order of its fields.
pub(super) fn problems_of(draft: &Draft) -> Vec<Problem> {
    let mut check = Check(Vec::new());
    check.name("name", &draft.name);
    check.kind(&draft.kind);
    check.text("creature_type", &draft.creature_type);
    check.within("armor_class", u32::from(draft.armor_class), 1, 40);
    check.within("hit_points", u32::from(draft.hit_points), 1, u32::from(HIT_POINTS_MAX));
    if let Some(dice) = draft.hit_dice {
        check.dice("hit_dice", dice);
    }
    let speeds = &draft.speeds;
    for (name, feet) in [
        ("walk", speeds.walk),
        ("fly", speeds.fly),
        ("swim", speeds.swim),
        ("climb", speeds.climb),
        ("burrow", speeds.burrow),
    ] {
        check.feet(&format!("speeds.{name}"), feet, 0);
    }
    for ability in Ability::ALL {
        let name = ability.name();
        check.within(&format!("abilities.{name}"), u32::from(draft.abilities.get(ability)), 1, 30);
        check.bonus(&format!("saves.{name}"), i16::from(draft.saves.get(ability)), 30);
    }
    for (at, (skill, bonus)) in draft.skills.iter().enumerate() {
        check.bonus(&format!("skills[{at}]"), i16::from(*bonus), 40);
        if draft.skills.iter().take(at).any(|(other, _)| other == skill) {
            check.wrong(format!("skills[{at}]"), "is listed twice");
        }
    }
    check.within("proficiency_bonus", u32::from(draft.proficiency_bonus), 0, 9);
    check.bonus("initiative_bonus", i16::from(draft.initiative_bonus), 40);
    check.senses(draft);
    check.entries(draft);
    check.multiattack(draft);
    check.strikes(draft);
    check.traits(&draft.traits);
    check.spell_lists(&draft.spell_lists);
    check.0
}

struct Check(Vec<Problem>);

impl Check {
    fn wrong(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem { path: path.into(), message: message.into() });
    }

    fn within(&mut self, path: &str, value: u32, low: u32, high: u32) {
        if !(low..=high).contains(&value) {
            self.wrong(path, format!("is {value} and must be {low} to {high}"));
        }
    }

    fn bonus(&mut self, path: &str, value: i16, most: i16) {
        if !(-most..=most).contains(&value) {
            self.wrong(path, format!("is {value:+} and must be -{most} to +{most}"));
        }
    }

    fn feet(&mut self, path: &str, feet: u16, least: u16) {
        self.within(path, u32::from(feet), u32::from(least), u32::from(FEET_MAX));
    }

    fn name(&mut self, path: &str, name: &str) {
        if name.trim().is_empty() {
            self.wrong(path, "is empty and must have something to show");
        } else if name.chars().count() > NAME_MAX_CHARS {
            self.wrong(path, format!("is longer than {NAME_MAX_CHARS} characters"));
        } else if name.chars().any(char::is_control) {
            self.wrong(path, "has a character that cannot be shown");
        }
    }

    fn text(&mut self, path: &str, text: &str) {
        if text.chars().count() > TEXT_MAX_CHARS {
            self.wrong(path, format!("is longer than {TEXT_MAX_CHARS} characters"));
        }
    }

    fn count(&mut self, path: &str, count: usize, most: usize) {
        if count > most {
            self.wrong(path, format!("has {count} entries and may have {most}"));
        }
    }

    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Hero { class, level } => {
                self.name("kind.class", class);
                self.within("kind.level", u32::from(*level), 1, 20);
            }
            Kind::Monster { rating_eighths } => {
                self.within("kind.rating_eighths", u32::from(*rating_eighths), 0, 240);
            }
        }
    }

    fn senses(&mut self, draft: &Draft) {
        let senses = &draft.senses;
        for (name, feet) in [
            ("darkvision", senses.darkvision),
            ("blindsight", senses.blindsight),
            ("tremorsense", senses.tremorsense),
            ("truesight", senses.truesight),
        ] {
            self.feet(&format!("senses.{name}"), feet, 0);
        }
        self.within("senses.passive_perception", u32::from(senses.passive_perception), 0, 60);
    }

    fn dice(&mut self, path: &str, dice: DiceExpr) {
        let DiceExpr { count, sides, bonus } = dice;
        self.within(&format!("{path}.count"), u32::from(count), 0, u32::from(DICE_MAX));
        if count > 0 {
            self.within(&format!("{path}.sides"), u32::from(sides), 2, u32::from(SIDES_MAX));
        }
        self.bonus(&format!("{path}.bonus"), bonus, BONUS_MAX);
    }

    fn save(&mut self, path: &str, save: SaveSpec) {
        self.within(&format!("{path}.dc"), u32::from(save.dc), 1, u32::from(DC_MAX));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::creature::Definition;
    use crate::rules::scenarios;

    #[test]
    fn everything_wrong_is_reported_at_once_with_its_path() {
        let mut draft = scenarios::draft("Wolf");
        draft.hit_points = 0;
        draft.abilities.wisdom = 31;
        draft.attacks.push(draft.attacks[0].clone());
        draft.attacks[0].reach = None;
        draft.attacks[0].damage[0].dice.sides = 1;
        draft.multiattack = vec![crate::rules::creature::Multiattack {
            steps: vec![crate::rules::creature::MultiattackStep {
                count: 0,
                any_of: vec!["tail".parse().unwrap()],
            }],
        }];
        let problems = Definition::try_from(draft).unwrap_err();
        let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "hit_points",
                "abilities.wisdom",
                "attacks[0]",
                "attacks[0].damage[0].dice.sides",
                "attacks[2].id",
                "multiattack[0]",
                "multiattack[0].steps[0].count",
                "multiattack[0].steps[0].any_of[0]",
            ]
        );
    }

    #[test]
    fn a_sound_draft_becomes_a_creature_and_a_draft_again() {
        let draft = scenarios::draft("Wolf");
        let definition = Definition::try_from(draft.clone()).unwrap();
        assert_eq!(definition.into_draft(), draft);
    }
}
