//! Spellcasting in figures: the DC, the attack bonus, and the slots of one class or of several.
//!
//! SRD 5.2.1, Classes; Character Creation > Multiclassing > Spellcasting. No spell is named here.

use crate::content::characters::book::{Book, Cantrip, CastingKind, Class};
use crate::content::characters::check::Legal;
use crate::content::schema::{
    AttackText, Cost, DamageText, EffectRiderText, Lasts, RangeText, Reach, RiderText,
    SpecialEffect, SpecialText, Uses, WhenText,
};
use crate::rules::ability::Ability;

/// Highest level of a spell.
const SPELL_LEVELS: usize = 9;

/// Spell slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slots {
    /// Of spell levels 1 to 9.
    pub by_level: [u8; SPELL_LEVELS],
    /// Pact Magic: how many, and of which level.
    pub pact: Option<(u8, u8)>,
}

/// What one class casts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Casting {
    pub class: String,
    pub ability: Ability,
    pub dc: u8,
    pub attack: i8,
    pub cantrips: u8,
    pub prepared: u8,
}

/// What each class of the character casts with.
pub(super) fn castings(legal: &Legal<'_>) -> Vec<Casting> {
    let mut all = Vec::new();
    for (class, level) in &legal.classes {
        let Some(casting) = class.casting else { continue };
        let modifier = legal.modifier(casting.ability);
        let attack = modifier.saturating_add_unsigned(legal.proficiency_bonus());
        let more = ["Divine Order", "Primal Order"].iter().zip(["Thaumaturge", "Magician"]);
        let more = more.filter(|(group, wanted)| {
            let here = class.options.iter().any(|one| one.name == **group);
            here && legal.option(group) == Some(wanted)
        });
        let extra = u8::try_from(more.count()).unwrap_or_default();
        let at = |column: &[u8]| Class::at(column, *level).copied().unwrap_or_default();
        all.push(Casting {
            class: class.name.clone(),
            ability: casting.ability,
            dc: 8_u8.saturating_add_signed(attack),
            attack,
            cantrips: at(&class.cantrips).saturating_add(extra),
            prepared: at(&class.prepared),
        });
    }
    all
}

/// How often a cantrip counts at a level of the character.
pub(super) fn times(level: u8) -> u8 {
    match level {
        0..=4 => 1,
        5..=10 => 2,
        11..=16 => 3,
        17..=u8::MAX => 4,
    }
}

/// The cantrips that a fight plays, with what casts them. Armour without training allows none.
pub(super) fn cantrips(legal: &Legal<'_>) -> Vec<(&'static Cantrip, Casting)> {
    let trained =
        |armor: &crate::content::armory::Armor| legal.worn.training.contains(&armor.category);
    if !legal.worn.armor.is_none_or(trained) {
        return Vec::new();
    }
    let castings = castings(legal);
    let each =
        legal.classes.iter().filter_map(|(class, _)| class.cantrip.as_ref().zip(Some(class)));
    let with = each.filter_map(|(cantrip, class)| {
        let casting = castings.iter().find(|one| one.class == class.name)?;
        Some((cantrip, casting.clone()))
    });
    let mut all: Vec<(&'static Cantrip, Casting)> = Vec::new();
    for (cantrip, casting) in with {
        // Two classes may have the same one: the better of them casts it.
        match all.iter_mut().find(|(known, _)| known.name == cantrip.name) {
            Some((_, known)) if known.attack < casting.attack => *known = casting,
            Some(_) => {}
            None => all.push((cantrip, casting)),
        }
    }
    all
}

fn damage(legal: &Legal<'_>, cantrip: &Cantrip) -> DamageText {
    let sides = cantrip.dice.trim_start_matches('1');
    let count = if cantrip.beams { 1 } else { times(legal.level) };
    DamageText {
        dice: format!("{count}{sides}"),
        kind: cantrip.kind.clone(),
        when: WhenText::Always,
    }
}

/// Those with an attack roll.
pub(super) fn attacks(legal: &Legal<'_>) -> Vec<AttackText> {
    let all = cantrips(legal).into_iter().filter(|(cantrip, _)| cantrip.save.is_none());
    let each = all.map(|(cantrip, casting)| AttackText {
        name: cantrip.name.clone(),
        range: Some(RangeText { normal: cantrip.feet, long: None }),
        to_hit: casting.attack,
        damage: vec![damage(legal, cantrip)],
        spell: true,
        ..AttackText::default()
    });
    each.collect()
}

/// Those with a save.
pub(super) fn specials(legal: &Legal<'_>) -> Vec<SpecialText> {
    let all = cantrips(legal).into_iter();
    let each = all.filter_map(|(cantrip, casting)| {
        let save = cantrip.save.clone()?;
        let rattled = RiderText::Effect(EffectRiderText {
            kind: "rattled".to_owned(),
            lasts: Lasts::TargetNextTurnEnd,
            amount: 0,
        });
        let effect = SpecialEffect::Save {
            ability: save,
            dc: casting.dc,
            damage: vec![damage(legal, cantrip)],
            half_on_success: false,
            riders: cantrip.rattles.then_some(rattled).into_iter().collect(),
        };
        let reach = Reach::Creatures { count: 1, feet: cantrip.feet };
        let mut special =
            super::deeds::special(&cantrip.name, Cost::Action, Uses::AtWill, reach, effect);
        special.spell = true;
        Some(special)
    });
    each.collect()
}

/// The slots there are.
pub(super) fn slots(legal: &Legal<'_>) -> Slots {
    let mut slots = Slots::default();
    let casters: Vec<(&Class, u8, CastingKind)> = legal
        .classes
        .iter()
        .filter_map(|(class, level)| Some((*class, *level, class.casting?.kind)))
        .collect();
    for (class, level, kind) in &casters {
        if *kind == CastingKind::Pact {
            let row = Class::at(&class.slots, *level).map(Vec::as_slice).unwrap_or_default();
            let count = row.last().copied().unwrap_or_default();
            slots.pact = Some((count, u8::try_from(row.len()).unwrap_or_default()));
        }
    }
    let mut shared = casters.iter().filter(|(_, _, kind)| *kind != CastingKind::Pact);
    let row = match (shared.next(), shared.next()) {
        (Some((class, level, _)), None) => Class::at(&class.slots, *level),
        (Some(_), Some(_)) => {
            let sum = casters.iter().map(|(_, level, kind)| match kind {
                CastingKind::Full => *level,
                CastingKind::Half => level.div_ceil(2),
                CastingKind::Pact => 0,
            });
            let sum = sum.fold(0_u8, u8::saturating_add);
            // The table for several classes is the one of a class that only casts.
            let full = Book::srd().classes().iter().find(|class| {
                class.casting.is_some_and(|casting| casting.kind == CastingKind::Full)
            });
            full.and_then(|class| Class::at(&class.slots, sum))
        }
        (None, _) => None,
    };
    for (spot, count) in slots.by_level.iter_mut().zip(row.into_iter().flatten()) {
        *spot = *count;
    }
    slots
}
