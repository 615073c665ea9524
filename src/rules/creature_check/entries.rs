//! What a creature can do, checked entry by entry: attacks, riders, specials, multiattacks, traits.
//!
//! Every name that an entry uses must lead somewhere; nothing is put right here.

use super::{Check, DC_MAX, MULTIATTACK_USES_MAX, PARTS_MAX};
use crate::rules::creature::{
    AreaShape, Attack, Cost, DamagePart, Draft, ENTRIES_MAX, Going, Lasts, Reach, Rider, Special,
    SpecialEffect, Trait, Uses, When, Worse,
};
use crate::rules::id::Slug;

impl Check {
    pub(super) fn uses(&mut self, path: &str, uses: Uses) {
        match uses {
            Uses::AtWill | Uses::OncePerRound => {}
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
                Rider::Pull { feet, max_size: _ }
                | Rider::Push { feet, max_size: _ }
                | Rider::Slow { feet } => {
                    self.feet(&format!("{path}.feet"), *feet, 1);
                }
                Rider::Effect { kind: _, lasts, amount } => {
                    self.lasts(&path, *lasts);
                    self.feet(&format!("{path}.amount"), *amount, 0);
                }
                Rider::Ongoing { what, lasts, when: _ } => {
                    self.dice(&format!("{path}.dice"), what.dice);
                    self.lasts(&path, *lasts);
                }
                Rider::DrainHeal { kind: _ }
                | Rider::ReduceMaximum { kind: _ }
                | Rider::NoHealing => {}
            }
        }
    }

    fn lasts(&mut self, path: &str, lasts: Lasts) {
        match lasts {
            Lasts::Worsens { into: _, then: Worse::TurnsUnlessHarmed(turns) }
            | Lasts::TurnsUnlessHarmed(turns)
            | Lasts::TargetTurns(turns) => {
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
            | Lasts::Worsens { into: _, then: Worse::Removed | Worse::SaveEnds }
            | Lasts::SaveEnds => {}
        }
    }

    pub(super) fn entries(&mut self, draft: &Draft) {
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
        if attack.advantage == Some(When::Always) {
            self.wrong(format!("{path}.advantage"), "must name when the roll has advantage");
        }
        if matches!(attack.cost, Cost::Free | Cost::Legendary) {
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
        self.riders(&format!("{path}.terms.on_success"), &special.terms.on_success);
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
            SpecialEffect::Go { going, then } => {
                if let Going::Teleport { feet } = going {
                    self.feet(&format!("{path}.going.feet"), *feet, 5);
                }
                if *going == Going::Stay && then.is_empty() {
                    self.wrong(format!("{path}.then"), "is empty, and it goes nowhere");
                }
                self.count(&format!("{path}.then"), then.len(), ENTRIES_MAX);
            }
        }
    }

    /// The attacks with which specials end must be there.
    pub(super) fn strikes(&mut self, draft: &Draft) {
        for (at, special) in draft.specials.iter().enumerate() {
            let SpecialEffect::Go { then, .. } = &special.effect else { continue };
            let known = |id: &Slug| draft.attacks.iter().any(|attack| attack.id == *id);
            for (place, id) in then.iter().enumerate().filter(|(_, id)| !known(id)) {
                let path = format!("specials[{at}].effect.then[{place}]");
                self.wrong(path, format!("`{id}` is no attack"));
            }
        }
        self.within("legendary_actions", u32::from(draft.legendary_actions), 0, 10);
        let legendary = draft.specials.iter().any(|special| special.cost == Cost::Legendary);
        if legendary && draft.legendary_actions == 0 {
            self.wrong("legendary_actions", "must say how many, for there are such specials");
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

    pub(super) fn multiattack(&mut self, draft: &Draft) {
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

    pub(super) fn traits(&mut self, traits: &[Trait]) {
        for (at, known) in traits.iter().enumerate() {
            let path = format!("traits[{at}]");
            match known {
                Trait::Regeneration { amount, stopped_by: _ } => {
                    self.within(&format!("{path}.amount"), u32::from(*amount), 1, 500);
                }
                Trait::LegendaryResistance(uses) => self.within(&path, u32::from(*uses), 1, 10),
                Trait::HurtBy { amount, .. } => {
                    self.feet(&format!("{path}.amount"), *amount, 0);
                }
                Trait::Parry { bonus } => {
                    self.within(&format!("{path}.bonus"), u32::from(*bonus), 1, 10);
                }
                Trait::RallyingAura { feet } => self.feet(&format!("{path}.feet"), *feet, 5),
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
                | Trait::BloodiedFrenzy
                | Trait::Swarm
                | Trait::SharesSpace
                | Trait::IncorporealMovement
                | Trait::Absorption(_)
                | Trait::BlurredForm
                | Trait::BloodFrenzy
                | Trait::Agile
                | Trait::Unseen
                | Trait::Reactive => {}
            }
            if traits.iter().take(at).any(|earlier| earlier == known) {
                self.wrong(path, "is listed twice");
            }
        }
    }
}
