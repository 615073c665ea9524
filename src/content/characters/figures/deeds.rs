//! What a character can do besides attacks, what it is at all times, and what is only named.
//!
//! Nothing is passed over in silence: a feature that matters in a fight and is not played stands
//! among the traits with the reason.

use super::FeatureLine;
use super::arms::usable;
use super::body::column;
use crate::content::armory::{ArmorCategory, Property, WeaponKind};
use crate::content::characters::book::{Book, Feat, Standing};
use crate::content::characters::check::{Legal, trained_with};
use crate::content::schema::{
    AreaShape, Cost, DamageText, ManeuversText, NamedText, Reach, SetOffText, SpecialEffect,
    SpecialText, TraitText, Uses, WhenText, WhomText,
};
use crate::rules::ability::Ability;
use crate::rules::creature::ENTRIES_MAX;

/// A dragonborn's breath.
pub(super) const BREATH: &str = "Breath Weapon";
/// Turns in a minute.
const MINUTE: u8 = 10;
/// Why a feature is named only.
const LATER: &str = "not played yet: the GM applies it with adjust";
/// The score below which a heavy weapon is too much.
const HEAVY_SCORE: u8 = 13;

pub(super) fn special(
    name: &str,
    cost: Cost,
    uses: Uses,
    reach: Reach,
    effect: SpecialEffect,
) -> SpecialText {
    SpecialText {
        name: name.to_owned(),
        cost,
        uses,
        reach,
        effect,
        spell: false,
        whom: WhomText::default(),
        set_off: SetOffText::Chosen,
        on_success: Vec::new(),
        while_able: false,
        immune_after_success: false,
        concentration: false,
    }
}

fn uses(legal: &Legal<'_>, class: &str, name: &str) -> u8 {
    column(legal, class, name).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn in_heavy_armor(legal: &Legal<'_>) -> bool {
    legal.worn.armor.is_some_and(|armor| armor.category == ArmorCategory::Heavy)
}

/// The special actions that a fight plays.
pub(super) fn specials(legal: &Legal<'_>) -> Vec<SpecialText> {
    let mut all = Vec::new();
    if legal.has("Barbarian", "Rage") && !in_heavy_armor(legal) {
        let count = uses(legal, "Barbarian", "Rages");
        let effect = SpecialEffect::Effect { kind: "raging".to_owned(), turns: MINUTE };
        all.push(special("Rage", Cost::BonusAction, Uses::PerDay(count), Reach::Own, effect));
    }
    if legal.has("Barbarian", "Reckless Attack") {
        let effect = SpecialEffect::Effect { kind: "reckless".to_owned(), turns: 1 };
        all.push(special("Reckless Attack", Cost::Free, Uses::AtWill, Reach::Own, effect));
    }
    if legal.has("Fighter", "Second Wind") {
        let effect = SpecialEffect::Heal(format!("1d10+{}", legal.level_in("Fighter")));
        let count = uses(legal, "Fighter", "Second Wind");
        all.push(special(
            "Second Wind",
            Cost::BonusAction,
            Uses::PerDay(count),
            Reach::Own,
            effect,
        ));
    }
    if legal.has("Fighter", "Action Surge") {
        let fighter = legal.classes.iter().find(|(class, _)| class.name == "Fighter");
        let count = fighter.map_or(0, |(class, level)| class.count("Action Surge", *level));
        let count = u8::try_from(count).unwrap_or(1);
        let effect = SpecialEffect::ExtraAction;
        all.push(special("Action Surge", Cost::Free, Uses::PerRest(count), Reach::Own, effect));
    }
    if legal.has("Rogue", "Cunning Action") {
        let effect =
            SpecialEffect::Maneuvers(ManeuversText { dash: true, disengage: true, hide: true });
        all.push(special("Cunning Action", Cost::BonusAction, Uses::AtWill, Reach::Own, effect));
    }
    if legal.has("Paladin", "Lay On Hands") {
        let count = legal.level_in("Paladin");
        let touch = Reach::Creatures { count: 1, feet: 5 };
        let effect = SpecialEffect::Heal("5".to_owned());
        all.push(special("Lay on Hands", Cost::BonusAction, Uses::PerDay(count), touch, effect));
    }
    all.extend(breath(legal));
    all.extend(super::magic::specials(legal));
    all
}

fn breath(legal: &Legal<'_>) -> Option<SpecialText> {
    if legal.species.name != "Dragonborn" {
        return None;
    }
    let kind = legal.lineage?.resistance?;
    let dice = super::magic::times(legal.level);
    let bonus = legal.proficiency_bonus();
    let dc =
        8_u8.saturating_add(bonus).saturating_add_signed(legal.modifier(Ability::Constitution));
    let effect = SpecialEffect::Save {
        ability: "dexterity".to_owned(),
        dc,
        damage: vec![DamageText {
            dice: format!("{dice}d10"),
            kind: kind.name().to_owned(),
            when: WhenText::Always,
        }],
        half_on_success: true,
        riders: Vec::new(),
    };
    let cone = Reach::Area { shape: AreaShape::Cone(15), range: 0 };
    Some(special(BREATH, Cost::Action, Uses::PerDay(bonus), cone, effect))
}

fn named(name: &str, why: &str) -> TraitText {
    TraitText::Named(NamedText { name: name.to_owned(), why_not_played: why.to_owned() })
}

/// What is played at all times, then what is named.
pub(super) fn traits(legal: &Legal<'_>) -> Vec<TraitText> {
    let mut all = Vec::new();
    if legal.has("Barbarian", "Rage") {
        all.push(TraitText::RageResistance);
    }
    if legal.has("Rogue", "Evasion") || legal.has("Monk", "Evasion") {
        all.push(TraitText::Evasion);
    }
    if legal.has("Fighter", "Superior Critical") {
        all.push(TraitText::CriticalFrom(18));
    } else if legal.has("Fighter", "Improved Critical") {
        all.push(TraitText::CriticalFrom(19));
    }
    let mut rest = Vec::new();
    if legal.level_in("Paladin") > 0 {
        rest.push(named("Lay on Hands pool", "its hit points come in portions of five"));
    }
    if !super::magic::castings(legal).is_empty() {
        let why = "slots and spells are on the sheet; of spells one cantrip is played so far";
        rest.push(named("Spells", why));
    }
    if legal.species.name == "Dragonborn" {
        rest.push(named("Breath Weapon as a line", "it is played as a cone"));
    }
    for note in drawbacks(legal) {
        rest.push(named("Drawback", &note));
    }
    let features = features(legal);
    let later = features.iter().filter(|line| line.standing == Standing::Later);
    let mut seen: Vec<&str> = Vec::new();
    for line in later {
        if !seen.contains(&line.name.as_str()) {
            seen.push(&line.name);
            rest.push(named(&line.name, LATER));
        }
    }
    let room = ENTRIES_MAX.saturating_sub(all.len());
    if rest.len() > room {
        let more = rest.len() - room + 1;
        rest.truncate(room.saturating_sub(1));
        rest.push(named(&format!("{more} more features"), "see the sheet: there is no room here"));
    }
    all.extend(rest);
    all
}

/// All features, by where they come from and by level.
pub(super) fn features(legal: &Legal<'_>) -> Vec<FeatureLine> {
    let mut all = Vec::new();
    for (class, level) in &legal.classes {
        for (feature, from) in class.features_to(*level) {
            all.push(FeatureLine {
                level: feature.level,
                from: from.to_owned(),
                name: feature.name.clone(),
                standing: feature.standing,
            });
        }
    }
    for one in legal.species.traits.iter().filter(|one| one.level <= legal.level) {
        let lineage = legal
            .lineage
            .filter(|_| legal.species.lineage.as_ref().is_some_and(|group| group.name == one.name));
        let name = match lineage {
            Some(lineage) => format!("{} ({})", one.name, lineage.name),
            None => one.name.clone(),
        };
        all.push(FeatureLine {
            level: one.level,
            from: legal.species.name.clone(),
            name,
            standing: one.standing,
        });
    }
    let background = (legal.background.feat.as_str(), legal.background.name.as_str());
    let chosen = legal.sheet.feats.iter().map(|one| (one.feat.as_str(), "Feat"));
    let styles = legal.sheet.fighting_styles.iter().map(|one| (one.as_str(), "Fighting style"));
    for (name, from) in std::iter::once(background).chain(chosen).chain(styles) {
        let feat: Option<&Feat> = Book::srd().feat(name);
        all.push(FeatureLine {
            level: feat.map_or(1, |feat| feat.level),
            from: from.to_owned(),
            name: feat.map_or_else(|| name.to_owned(), |feat| feat.name.clone()),
            standing: feat.map_or(Standing::Table, |feat| feat.standing),
        });
    }
    all
}

/// Numbers that go with features.
pub(super) fn numbers(legal: &Legal<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (class, level) in &legal.classes {
        for name in class.columns.keys() {
            if let Some(text) = class.column(name, *level) {
                all.push((name.clone(), text.to_owned()));
            }
        }
        if class.name == "Paladin" {
            let pool = u16::from(*level) * 5;
            all.push(("Lay On Hands".to_owned(), format!("{pool} hit points")));
        }
    }
    all
}

/// Tools with proficiency.
pub(super) fn tools(legal: &Legal<'_>) -> Vec<String> {
    let mut all = vec![legal.background.tool.clone()];
    for (order, (class, _)) in legal.classes.iter().enumerate() {
        all.extend(if order == 0 { class.tools.clone() } else { class.multiclass.tools.clone() });
    }
    all.extend(legal.sheet.feats.iter().flat_map(|feat| feat.tools.clone()));
    let mut seen = Vec::new();
    all.retain(|tool| {
        let new = !seen.contains(tool);
        seen.push(tool.clone());
        new
    });
    all
}

/// Drawbacks and hints, in sentences.
pub(super) fn notes(legal: &Legal<'_>) -> Vec<String> {
    let mut all = drawbacks(legal);
    for weapon in &legal.worn.weapons {
        if !usable(legal, weapon) {
            all.push(format!("{} takes both hands: not beside the shield.", weapon.name));
        }
        let score = match weapon.kind {
            WeaponKind::Melee => legal.scores.strength,
            WeaponKind::Ranged => legal.scores.dexterity,
        };
        if weapon.is(Property::Heavy) && score < HEAVY_SCORE {
            all.push(format!("{} is too heavy: disadvantage on attack rolls.", weapon.name));
        }
        if !trained_with(&legal.worn.martial, weapon) {
            all.push(format!("No training with the {}: no proficiency bonus.", weapon.name));
        }
    }
    all
}

/// What makes rolls worse and is not counted by a fight, in sentences.
fn drawbacks(legal: &Legal<'_>) -> Vec<String> {
    let mut all = Vec::new();
    let worn = &legal.worn;
    if let Some(armor) = worn.armor {
        if !worn.training.contains(&armor.category) {
            all.push(format!(
                "No training with {}: disadvantage on rolls with Strength and Dexterity, no spells.",
                armor.name
            ));
        }
        if armor.loud {
            all.push(format!("{}: disadvantage on Stealth.", armor.name));
        }
        if let Some(least) = armor.strength.filter(|least| legal.scores.strength < *least) {
            all.push(format!("{} needs Strength {least}: 10 feet slower.", armor.name));
        }
    }
    if legal.has("Barbarian", "Rage") && in_heavy_armor(legal) {
        all.push("No rage in heavy armor.".to_owned());
    }
    all
}
