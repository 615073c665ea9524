//! What makes a draft a creature: every figure within its limits, every name that is used defined.
//!
//! Everything that is wrong is found in one pass and named by its path; nothing is put right here.

use super::ability::Ability;
use super::creature::{
    AreaShape, Attack, Cost, DamagePart, Draft, ENTRIES_MAX, HIT_POINTS_MAX, Kind, Lasts,
    NAME_MAX_CHARS, Problem, Reach, Rider, SaveSpec, Special, SpecialEffect, Trait, Uses,
};
use super::damage::DiceExpr;
use super::id::Slug;

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
    check.traits(&draft.traits);
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

    fn uses(&mut self, path: &str, uses: Uses) {
        match uses {
            Uses::AtWill => {}
            Uses::PerDay(count) | Uses::PerRest(count) => {
                self.within(path, u32::from(count), 1, 100);
            }
            Uses::Recharge { at_least } => self.within(path, u32::from(at_least), 2, 6),
        }
    }

    fn damage(&mut self, path: &str, damage: &[DamagePart]) {
        self.count(path, damage.len(), PARTS_MAX);
        for (at, part) in damage.iter().enumerate() {
            self.dice(&format!("{path}[{at}].dice"), part.dice);
        }
    }

    fn riders(&mut self, path: &str, riders: &[Rider]) {
        self.count(path, riders.len(), PARTS_MAX);
        for (at, rider) in riders.iter().enumerate() {
            let path = format!("{path}[{at}]");
            match rider {
                Rider::Condition { save, lasts, .. } => {
                    if let Some(save) = save {
                        self.save(&format!("{path}.save"), *save);
                    }
                    self.lasts(&path, *lasts);
                }
                Rider::SaveDamage { damage, save, half_on_success: _ } => {
                    self.dice(&format!("{path}.damage.dice"), damage.dice);
                    self.save(&format!("{path}.save"), *save);
                }
                Rider::Push { feet, max_size: _ } | Rider::Slow { feet } => {
                    self.feet(&format!("{path}.feet"), *feet, 1);
                }
                Rider::Effect { kind: _, lasts } => self.lasts(&path, *lasts),
                Rider::DrainHeal { kind: _ } | Rider::NoHealing => {}
            }
        }
    }

    fn lasts(&mut self, path: &str, lasts: Lasts) {
        match lasts {
            Lasts::TargetTurns(turns) => {
                self.within(&format!("{path}.lasts"), u32::from(turns), 1, u32::from(u8::MAX));
            }
            Lasts::Escape { dc } => {
                self.within(&format!("{path}.lasts.dc"), u32::from(dc), 1, u32::from(DC_MAX));
            }
            Lasts::Removed
            | Lasts::SourceNextTurnStart
            | Lasts::SourceNextTurnEnd
            | Lasts::TargetNextTurnStart
            | Lasts::TargetNextTurnEnd
            | Lasts::SaveEnds => {}
        }
    }

    fn entries(&mut self, draft: &Draft) {
        self.count("attacks", draft.attacks.len(), ENTRIES_MAX);
        self.count("specials", draft.specials.len(), ENTRIES_MAX);
        self.count("traits", draft.traits.len(), ENTRIES_MAX);
        let mut known: Vec<Slug> = Vec::new();
        for (at, attack) in draft.attacks.iter().enumerate() {
            let path = format!("attacks[{at}]");
            self.once(&path, attack.id, &mut known);
            self.attack(&path, attack);
        }
        for (at, special) in draft.specials.iter().enumerate() {
            let path = format!("specials[{at}]");
            self.once(&path, special.id, &mut known);
            self.special(&path, special);
        }
    }

    fn once(&mut self, path: &str, id: Slug, known: &mut Vec<Slug>) {
        if known.contains(&id) {
            self.wrong(format!("{path}.id"), format!("`{id}` is used by another entry"));
        }
        known.push(id);
    }

    fn attack(&mut self, path: &str, attack: &Attack) {
        self.name(&format!("{path}.name"), &attack.name);
        self.bonus(&format!("{path}.to_hit"), i16::from(attack.to_hit), 40);
        if attack.reach.is_none() && attack.range.is_none() {
            self.wrong(path, "needs a reach or a range");
        }
        if let Some(reach) = attack.reach {
            self.feet(&format!("{path}.reach"), reach, 5);
        }
        if let Some(range) = attack.range {
            self.feet(&format!("{path}.range.normal"), range.normal, 5);
            self.feet(&format!("{path}.range.long"), range.long, range.normal);
        }
        if attack.cost == Cost::Free {
            self.wrong(format!("{path}.cost"), "must be an action, bonus action or reaction");
        }
        self.damage(&format!("{path}.damage"), &attack.damage);
        self.riders(&format!("{path}.riders"), &attack.riders);
        self.uses(&format!("{path}.uses"), attack.uses);
    }

    fn special(&mut self, path: &str, special: &Special) {
        self.name(&format!("{path}.name"), &special.name);
        self.uses(&format!("{path}.uses"), special.uses);
        match special.reach {
            Reach::Own => {}
            Reach::Creatures { count, feet } => {
                self.within(&format!("{path}.reach.count"), u32::from(count), 1, 20);
                self.feet(&format!("{path}.reach.feet"), feet, 5);
            }
            Reach::Area { shape, range } => {
                self.feet(&format!("{path}.reach.range"), range, 0);
                self.shape(&format!("{path}.reach.shape"), shape);
            }
        }
        let path = format!("{path}.effect");
        match &special.effect {
            SpecialEffect::Save { save, damage, half_on_success: _, riders } => {
                self.save(&format!("{path}.save"), *save);
                self.damage(&format!("{path}.damage"), damage);
                self.riders(&format!("{path}.riders"), riders);
            }
            SpecialEffect::Heal { dice } | SpecialEffect::TemporaryHitPoints { dice } => {
                self.dice(&format!("{path}.dice"), *dice);
            }
            SpecialEffect::Effect { kind: _, turns } => {
                self.within(&format!("{path}.turns"), u32::from(*turns), 1, u32::from(u8::MAX));
            }
            SpecialEffect::AutoDamage { damage } => {
                self.damage(&format!("{path}.damage"), damage);
            }
            SpecialEffect::Maneuvers { dash, disengage, hide } => {
                if !(*dash || *disengage || *hide) {
                    self.wrong(path, "allows nothing");
                }
            }
            SpecialEffect::ExtraAction => {}
        }
    }

    fn shape(&mut self, path: &str, shape: AreaShape) {
        match shape {
            AreaShape::Cone { length: feet }
            | AreaShape::Cube { side: feet }
            | AreaShape::Sphere { radius: feet }
            | AreaShape::Emanation { radius: feet }
            | AreaShape::Cylinder { radius: feet } => self.feet(path, feet, 5),
            AreaShape::Line { length, width } => {
                self.feet(&format!("{path}.length"), length, 5);
                self.feet(&format!("{path}.width"), width, 5);
            }
        }
    }

    fn multiattack(&mut self, draft: &Draft) {
        self.count("multiattack", draft.multiattack.len(), PARTS_MAX);
        let known = |id: &Slug| {
            draft.attacks.iter().any(|attack| attack.id == *id)
                || draft.specials.iter().any(|special| special.id == *id)
        };
        for (at, option) in draft.multiattack.iter().enumerate() {
            let path = format!("multiattack[{at}]");
            self.count(&format!("{path}.steps"), option.steps.len(), PARTS_MAX);
            if option.steps.is_empty() {
                self.wrong(format!("{path}.steps"), "is empty and must list something");
            }
            let uses: u32 = option.steps.iter().map(|step| u32::from(step.count)).sum();
            self.within(&path, uses, 1, MULTIATTACK_USES_MAX);
            for (at, step) in option.steps.iter().enumerate() {
                let path = format!("{path}.steps[{at}]");
                self.within(&format!("{path}.count"), u32::from(step.count), 1, 10);
                if step.any_of.is_empty() {
                    self.wrong(format!("{path}.any_of"), "is empty and must name something");
                }
                self.count(&format!("{path}.any_of"), step.any_of.len(), ENTRIES_MAX);
                for (at, id) in step.any_of.iter().enumerate().filter(|(_, id)| !known(id)) {
                    let message = format!("`{id}` is neither an attack nor a special");
                    self.wrong(format!("{path}.any_of[{at}]"), message);
                }
            }
        }
    }

    fn traits(&mut self, traits: &[Trait]) {
        for (at, known) in traits.iter().enumerate() {
            let path = format!("traits[{at}]");
            match known {
                Trait::Regeneration { amount, stopped_by: _ } => {
                    self.within(&format!("{path}.amount"), u32::from(*amount), 1, 500);
                }
                Trait::CriticalFrom(face) => self.within(&path, u32::from(*face), 2, 20),
                Trait::Named { name, why_not_played } => {
                    self.name(&format!("{path}.name"), name);
                    self.text(&format!("{path}.why_not_played"), why_not_played);
                }
                Trait::PackTactics
                | Trait::UndeadFortitude
                | Trait::MagicResistance
                | Trait::Flyby
                | Trait::SunlightSensitivity
                | Trait::Aggressive
                | Trait::Evasion
                | Trait::Ambusher
                | Trait::RageResistance
                | Trait::BloodiedFury
                | Trait::BloodiedFrenzy => {}
            }
            if traits.iter().take(at).any(|earlier| earlier == known) {
                self.wrong(path, "is listed twice");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::creature::Definition;
    use crate::rules::scenarios;

    #[test]
    fn everything_wrong_is_reported_at_once_with_its_path() {
        let mut draft = scenarios::draft("Wolf");
        draft.hit_points = 0;
        draft.abilities.wisdom = 31;
        draft.attacks.push(draft.attacks[0].clone());
        draft.attacks[0].reach = None;
        draft.attacks[0].damage[0].dice.sides = 1;
        draft.multiattack = vec![super::super::creature::Multiattack {
            steps: vec![super::super::creature::MultiattackStep {
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
