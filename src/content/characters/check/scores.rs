//! Ability scores: how they came about, what the background adds, and what feats add later.
//!
//! SRD 5.2.1, Character Creation > Ability Scores; Feats. Scores are followed in the order in which
//! the feats were taken, so that a limit or a condition is judged by what was there at the time.

use super::{Known, listing, twice};
use crate::content::characters::assign::assign;
use crate::content::characters::book::{Book, Class, Feat, FeatCategory, Increase};
use crate::content::characters::sheet::{FeatChoice, Method, Points};
use crate::content::read::Faults;
use crate::rules::ability::{Ability, ByAbility};

/// The standard array, highest first.
pub const STANDARD_ARRAY: [u8; 6] = [15, 14, 13, 12, 10, 8];
/// Points to buy scores with.
pub const POINTS: u32 = 27;
/// Score that a second class asks for in its primary abilities, and so do some feats.
const NEEDED_SCORE: u8 = 13;
/// What the last level of two classes adds, and up to which score.
const CAPSTONE: (u8, u8) = (4, 25);

/// What a score costs, if it can be bought.
pub fn point_cost(score: u8) -> Option<u32> {
    match score {
        8..=13 => Some(u32::from(score) - 8),
        14 => Some(7),
        15 => Some(9),
        _ => None,
    }
}

/// Checks everything about scores and feats; the scores that come of it.
pub(super) fn check(known: &Known<'_>, faults: &mut Faults) -> ByAbility<u8> {
    base(known, faults);
    background(known, faults);
    styles(known, faults);
    let base = known.sheet.abilities.scores.by_ability();
    let mut scores = plus(base, known.sheet.increases);
    feats(known, &mut scores, faults);
    if known.classes.len() > 1 {
        second_classes(known, scores, faults);
    }
    for (_, class, level) in &known.classes {
        for ability in capstone(class, *level) {
            let score = scores.get(ability);
            let raised = score.max(score.saturating_add(CAPSTONE.0).min(CAPSTONE.1));
            scores = with(scores, ability, raised);
        }
    }
    scores
}

/// The abilities that the last level of a class raises.
fn capstone(class: &Class, level: u8) -> Vec<Ability> {
    if class.count("Primal Champion", level) > 0 {
        vec![Ability::Strength, Ability::Constitution]
    } else if class.count("Body and Mind", level) > 0 {
        vec![Ability::Dexterity, Ability::Wisdom]
    } else {
        Vec::new()
    }
}

fn with(scores: ByAbility<u8>, raised: Ability, score: u8) -> ByAbility<u8> {
    ByAbility::from_fn(|ability| if ability == raised { score } else { scores.get(ability) })
}

fn plus(scores: ByAbility<u8>, points: Points) -> ByAbility<u8> {
    let points = points.by_ability();
    ByAbility::from_fn(|ability| scores.get(ability).saturating_add(points.get(ability)))
}

fn base(known: &Known<'_>, faults: &mut Faults) {
    let scores = known.sheet.abilities.scores.by_ability();
    let each = Ability::ALL.map(|ability| (ability, scores.get(ability)));
    let mut within = |low: u8, high: u8, how: &str| {
        let mut all = true;
        for (ability, score) in each {
            if !(low..=high).contains(&score) {
                let path = format!("abilities.scores.{}", ability.name());
                faults.add(&path, format!("is {score}; {how} gives {low} to {high}"));
                all = false;
            }
        }
        all
    };
    match known.sheet.abilities.method {
        Method::StandardArray => {
            let mut sorted = each.map(|(_, score)| score);
            sorted.sort_unstable_by(|one, other| other.cmp(one));
            if sorted != STANDARD_ARRAY {
                let message = "the standard array is 15, 14, 13, 12, 10 and 8, each once";
                faults.add("abilities.scores", message);
            }
        }
        Method::PointBuy => {
            if within(8, 15, "buying with points") {
                let spent: u32 = each.iter().filter_map(|(_, score)| point_cost(*score)).sum();
                if spent > POINTS {
                    let message = format!("cost {spent} points; there are {POINTS} to spend");
                    faults.add("abilities.scores", message);
                }
            }
        }
        Method::Rolled => {
            within(3, 18, "rolling");
        }
    }
}

fn background(known: &Known<'_>, faults: &mut Faults) {
    let raised = known.sheet.increases.raised();
    let mut amounts: Vec<u8> = raised.iter().map(|(_, points)| *points).collect();
    amounts.sort_unstable();
    if amounts != [1, 2] && amounts != [1, 1, 1] {
        faults.add("increases", "add 2 to one score and 1 to another, or 1 to each of three");
    }
    let Some(background) = known.background else { return };
    for (ability, _) in raised {
        if !background.abilities.contains(&ability) {
            let names: Vec<&str> = background.abilities.iter().map(|one| one.name()).collect();
            let message = format!("{} raises {}", background.name, listing(&names));
            faults.add(&format!("increases.{}", ability.name()), message);
        }
    }
}

fn styles(known: &Known<'_>, faults: &mut Faults) {
    let chosen = &known.sheet.fighting_styles;
    twice("fighting_styles", chosen, faults);
    let mut on_offer: Vec<&str> = Vec::new();
    let styles = Book::srd().feats().iter();
    let styles = styles.filter(|feat| feat.category == FeatCategory::FightingStyle);
    on_offer.extend(styles.map(|feat| feat.name.as_str()));
    for (_, class, level) in &known.classes {
        on_offer.extend(class.other_style.as_deref().filter(|_| class.styles(*level) > 0));
    }
    for (at, name) in chosen.iter().enumerate() {
        if known.whole && !on_offer.contains(&name.as_str()) {
            let message = format!("'{name}' is no style on offer: choose {}", listing(&on_offer));
            faults.add(&format!("fighting_styles[{at}]"), message);
        }
    }
    let most = known.styles();
    if known.whole && chosen.len() != most {
        let message = format!("has {}; the classes give {most}", chosen.len());
        faults.add("fighting_styles", message);
    }
}

/// An occasion to take a feat.
struct Occasion {
    from: String,
    /// The highest level that the character can have had then.
    level: u8,
    origin_only: bool,
}

impl Occasion {
    fn allows(&self, feat: &Feat) -> bool {
        feat.level <= self.level && (!self.origin_only || feat.category == FeatCategory::Origin)
    }
}

fn occasions(known: &Known<'_>) -> Vec<Occasion> {
    let mut all = Vec::new();
    if let Some(species) = known.species.filter(|species| species.origin_feat) {
        all.push(Occasion { from: species.name.clone(), level: 1, origin_only: true });
    }
    for (_, class, level) in &known.classes {
        let elsewhere = known.level.saturating_sub(*level);
        for feature in class.features.iter().filter(|feature| feature.level <= *level) {
            if feature.name == "Ability Score Improvement" || feature.name == "Epic Boon" {
                all.push(Occasion {
                    from: format!("{} {}", class.name, feature.level),
                    level: feature.level.saturating_add(elsewhere),
                    origin_only: false,
                });
            }
        }
    }
    all
}

/// Whether each feat must be an origin feat, and whether it may be an epic boon.
pub(super) fn feat_offers(known: &Known<'_>) -> Vec<(bool, bool)> {
    let boon = Book::srd().feats().iter().find(|feat| feat.category == FeatCategory::EpicBoon);
    let all = occasions(known).into_iter();
    let each = all.map(|one| (one.origin_only, boon.is_some_and(|boon| one.allows(boon))));
    each.collect()
}

fn feats(known: &Known<'_>, scores: &mut ByAbility<u8>, faults: &mut Faults) {
    let chosen = &known.sheet.feats;
    let mut found: Vec<(usize, &'static Feat)> = Vec::new();
    for (at, choice) in chosen.iter().enumerate() {
        let path = format!("feats[{at}]");
        let feat = Book::srd().feat(&choice.feat).filter(|one| one.name == choice.feat);
        let Some(feat) = feat else {
            let names: Vec<&str> =
                Book::srd().feats().iter().map(|one| one.name.as_str()).collect();
            let message = format!("'{}' is no feat of the SRD: {}", choice.feat, listing(&names));
            faults.add(&format!("{path}.feat"), message);
            continue;
        };
        one_feat(&path, known, (feat, choice), *scores, faults);
        repeated(&path, known, at, feat, faults);
        *scores = plus(*scores, choice.increases);
        found.push((at, feat));
    }
    if !known.whole || found.len() != chosen.len() {
        return;
    }
    let occasions = occasions(known);
    let fits = |choice: usize, at: usize| match (found.get(choice), occasions.get(at)) {
        (Some((_, feat)), Some(occasion)) => occasion.allows(feat),
        _ => false,
    };
    let outcome = assign(found.len(), occasions.len(), &fits);
    let origin = |one: &Occasion| if one.origin_only { " (an origin feat)" } else { "" };
    let names: Vec<String> =
        occasions.iter().map(|one| format!("{}{}", one.from, origin(one))).collect();
    let misplaced = outcome.unplaced.len();
    for at in outcome.unplaced {
        let Some((position, feat)) = found.get(at) else { continue };
        let offer = match names.as_slice() {
            [] => "this character has no feat to choose".to_owned(),
            names => format!("feats come from {}", names.join(", ")),
        };
        let message = format!("there is no place for {}: {offer}", feat.name);
        faults.add(&format!("feats[{position}].feat"), message);
    }
    let open: Vec<&str> =
        outcome.open.iter().filter_map(|at| names.get(*at)).map(String::as_str).collect();
    // A feat that fits nowhere explains an empty place: one problem, not two.
    if open.len() > misplaced {
        faults.add("feats", format!("lacks one for each of: {}", open.join(", ")));
    }
}

fn one_feat(
    path: &str,
    known: &Known<'_>,
    (feat, choice): (&Feat, &FeatChoice),
    scores: ByAbility<u8>,
    faults: &mut Faults,
) {
    let name = format!("{path}.feat");
    let needs = &feat.needs_13;
    if !needs.is_empty() && needs.iter().all(|one| scores.get(*one) < NEEDED_SCORE) {
        let names: Vec<&str> = needs.iter().map(|one| one.name()).collect();
        let message = format!("{} needs {NEEDED_SCORE} in {}", feat.name, listing(&names));
        faults.add(&name, message);
    }
    if feat.needs_spellcasting && known.whole && !known.casts() {
        faults.add(&name, format!("{} needs a class that casts spells", feat.name));
    }
    let style = feat.category == FeatCategory::FightingStyle;
    if style && known.whole && known.styles() == 0 {
        faults.add(&name, format!("{} needs a class with fighting styles", feat.name));
    }
    match &feat.increase {
        Some(increase) => points(path, feat, increase, choice.increases, scores, faults),
        None if choice.increases != Points::default() => {
            faults.add(&format!("{path}.increases"), format!("{} raises no score", feat.name));
        }
        None => {}
    }
    if choice.tools.len() > usize::from(feat.proficiencies) {
        let message = format!("{} gives {} skills or tools", feat.name, feat.proficiencies);
        faults.add(&format!("{path}.tools"), message);
    }
    let list = choice.list.as_deref();
    let known_list = list.is_some_and(|list| feat.lists.iter().any(|one| one == list));
    if feat.lists.is_empty() && list.is_some() {
        faults.add(&format!("{path}.list"), format!("{} has no list to choose", feat.name));
    } else if !feat.lists.is_empty() && !known_list {
        faults.add(&format!("{path}.list"), format!("must be {}", listing(&feat.lists)));
    }
}

fn points(
    path: &str,
    feat: &Feat,
    increase: &Increase,
    chosen: Points,
    scores: ByAbility<u8>,
    faults: &mut Faults,
) {
    let raised = chosen.raised();
    let sum = raised.iter().fold(0_u8, |sum, (_, points)| sum.saturating_add(*points));
    if sum != increase.points {
        let names: Vec<&str> = increase.of.iter().map(|one| one.name()).collect();
        let message = format!("{} adds {} to {}", feat.name, increase.points, listing(&names));
        faults.add(&format!("{path}.increases"), message);
    }
    for (ability, points) in raised {
        let place = format!("{path}.increases.{}", ability.name());
        if !increase.of.contains(&ability) {
            let names: Vec<&str> = increase.of.iter().map(|one| one.name()).collect();
            faults.add(&place, format!("{} raises {}", feat.name, listing(&names)));
        } else if scores.get(ability).saturating_add(points) > increase.up_to {
            let message = format!("would be more than {}", increase.up_to);
            faults.add(&place, message);
        }
    }
}

/// A feat is taken once unless it says otherwise, and then with another list.
fn repeated(path: &str, known: &Known<'_>, at: usize, feat: &Feat, faults: &mut Faults) {
    let choice = known.sheet.feats.get(at);
    let list = choice.and_then(|choice| choice.list.as_deref());
    let before = known.sheet.feats.iter().take(at);
    let mut same = before.filter(|one| one.feat == feat.name);
    let origin = known.background.filter(|background| background.feat == feat.name);
    if !feat.repeatable {
        let styles = known.sheet.fighting_styles.iter();
        let as_style = styles.into_iter().any(|one| *one == feat.name);
        if same.next().is_some() || origin.is_some() || as_style {
            let message = format!("{} can be taken once, and is there already", feat.name);
            faults.add(&format!("{path}.feat"), message);
        }
        return;
    }
    let taken = same.any(|one| one.list.as_deref() == list)
        || origin.is_some_and(|background| background.feat_list.as_deref() == list);
    if !feat.lists.is_empty() && list.is_some() && taken {
        faults.add(&format!("{path}.list"), "is there already: another list each time");
    }
}

/// The primary abilities of all classes must be 13 for whoever has more than one.
fn second_classes(known: &Known<'_>, scores: ByAbility<u8>, faults: &mut Faults) {
    use crate::content::characters::book::Primary;
    for (at, class, _) in &known.classes {
        let enough = |ability: &Ability| scores.get(*ability) >= NEEDED_SCORE;
        let fits = match &class.primary {
            Primary::All(all) => all.iter().all(enough),
            Primary::Any(any) => any.iter().any(enough),
        };
        if !fits {
            let names: Vec<&str> = class.primary.abilities().iter().map(|one| one.name()).collect();
            let message = format!(
                "beside another class, {} needs {NEEDED_SCORE} in its primary ability ({})",
                class.name,
                names.join(", ")
            );
            faults.add(&format!("classes[{at}].class"), message);
        }
    }
}
