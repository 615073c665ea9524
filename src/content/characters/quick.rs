//! A whole sheet of a few words: whatever is not said is filled in sensibly.
//!
//! What comes out is a sheet like any other and is checked like any other. Nothing of what was said
//! is changed.

use super::book::{Book, Class, Feat, FeatCategory, Package, Primary};
use super::check::{Offers, STANDARD_ARRAY, may_master, offers, trained_with};
use super::sheet::{Abilities, ClassLevel, FeatChoice, Item, Method, Points, Scores, Sheet};
use crate::content::armory::{Armory, Weapon};
use crate::rules::ability::{Ability, ByAbility, Skill};

/// What somebody said about the character they want.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    pub name: String,
    pub class: String,
    /// Left out: 1.
    pub level: Option<u8>,
    /// A species, or one of its lineages.
    pub species: Option<String>,
    pub background: Option<String>,
    /// Before the background adds anything; left out: as the book suggests for the class.
    pub scores: Option<Scores>,
}

/// The species of whoever does not say.
const SPECIES: &str = "Human";
/// Origin feats in the order in which they are taken by whoever does not say.
const ORIGIN: [&str; 2] = ["Alert", "Savage Attacker"];
/// Fighting styles in that order, for whoever does not shoot.
const STYLES: [&str; 4] = ["Defense", "Great Weapon Fighting", "Two-Weapon Fighting", "Archery"];

/// A sheet of what was said and sensible choices for the rest.
pub fn quick(wishes: &Wishes) -> Sheet {
    let book = Book::srd();
    let class = book.class(&wishes.class);
    let (species, lineage) = species(wishes.species.as_deref().unwrap_or(SPECIES));
    let fallback = Scores::from(array_of(STANDARD_ARRAY));
    let scores = wishes.scores.or(class.map(|class| class.standard_array)).unwrap_or(fallback);
    let background = wishes.background.as_ref().map_or_else(
        || background(scores),
        |said| book.background(said).map_or_else(|| said.clone(), |one| one.name.clone()),
    );
    let level = wishes.level.unwrap_or(1);
    let name = class.map_or_else(|| wishes.class.clone(), |class| class.name.clone());
    let mut sheet = Sheet {
        name: wishes.name.clone(),
        species,
        lineage,
        size: None,
        classes: vec![ClassLevel { class: name, level, subclass: None }],
        increases: increases(&background, &wanted(class, scores.by_ability())),
        background,
        abilities: Abilities { method: method(scores), scores },
        skills: Vec::new(),
        expertise: Vec::new(),
        feats: Vec::new(),
        fighting_styles: Vec::new(),
        masteries: Vec::new(),
        options: std::collections::BTreeMap::new(),
        armor: None,
        shield: false,
        untrained_armor: false,
        weapons: Vec::new(),
        gear: Vec::new(),
        gold: 0,
        rolled_hit_points: Vec::new(),
        experience: None,
    };
    if let Some(class) = class {
        for group in class.options.iter().filter(|group| group.level <= level) {
            let first = group.of.first().cloned().unwrap_or_default();
            sheet.options.insert(group.name.clone(), first);
        }
        equip(&mut sheet, class);
        learn(&mut sheet, class);
    }
    sheet
}

/// The words of a species or of a lineage, as the book writes them.
fn species(said: &str) -> (String, Option<String>) {
    let said = said.trim();
    let all = Book::srd().species();
    if let Some(found) = Book::srd().species_named(said) {
        let lineage = found.lineage.as_ref().and_then(|group| group.options.first());
        return (found.name.clone(), lineage.map(|one| one.name.clone()));
    }
    let lineages = all.iter().flat_map(|species| {
        let options = species.lineage.iter().flat_map(|group| &group.options);
        options.map(move |one| (species, one))
    });
    let mut lineages = lineages.filter(|(_, one)| one.name.eq_ignore_ascii_case(said));
    match lineages.next() {
        Some((species, one)) => (species.name.clone(), Some(one.name.clone())),
        None => (said.to_owned(), None),
    }
}

fn array_of(scores: [u8; 6]) -> ByAbility<u8> {
    let mut rest = scores.into_iter();
    ByAbility::from_fn(|_| rest.next().unwrap_or_default())
}

/// The array if it is one, points otherwise.
fn method(scores: Scores) -> Method {
    let all = scores.by_ability();
    let mut sorted = Ability::ALL.map(|ability| all.get(ability));
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    if sorted == STANDARD_ARRAY { Method::StandardArray } else { Method::PointBuy }
}

/// Abilities, the best score first; of equals the one that the book names first.
fn best_first(scores: ByAbility<u8>) -> Vec<Ability> {
    let mut all = Ability::ALL.to_vec();
    all.sort_by_key(|ability| core::cmp::Reverse(scores.get(*ability)));
    all
}

/// The background that helps most with the best scores.
fn background(scores: Scores) -> String {
    let order = best_first(scores.by_ability());
    let worth =
        |wanted: &Ability| order.iter().position(|one| one == wanted).map_or(0, |at| 6 - at);
    let each = Book::srd().backgrounds().iter();
    let best = each.max_by_key(|background| {
        let mut all: Vec<usize> = background.abilities.iter().map(worth).collect();
        all.sort_unstable();
        // The best of the three counts most: it is raised by 2.
        all.iter().rev().zip([4, 2, 1]).map(|(worth, times)| worth * times).sum::<usize>()
    });
    best.map(|background| background.name.clone()).unwrap_or_default()
}

/// Abilities in the order in which a class wants them raised: what it lives by, then Constitution.
fn wanted(class: Option<&Class>, scores: ByAbility<u8>) -> Vec<Ability> {
    let best = best_first(scores);
    let primary = match class.map(|class| &class.primary) {
        Some(Primary::All(all)) => all.clone(),
        Some(Primary::Any(any)) => {
            best.iter().find(|one| any.contains(one)).copied().into_iter().collect()
        }
        None => Vec::new(),
    };
    let mut order: Vec<Ability> =
        best.iter().filter(|one| primary.contains(one)).copied().collect();
    for ability in std::iter::once(Ability::Constitution).chain(best) {
        if !order.contains(&ability) {
            order.push(ability);
        }
    }
    order
}

/// 2 to the most wanted of the three scores, 1 to the next.
fn increases(background: &str, order: &[Ability]) -> Points {
    let found = Book::srd().background(background);
    let allowed = found.map(|one| one.abilities.as_slice()).unwrap_or_default();
    let mut order = order.iter().copied().filter(|ability| allowed.contains(ability));
    let (most, next) = (order.next(), order.next());
    Points::from(ByAbility::from_fn(|ability| {
        if Some(ability) == most { 2 } else { u8::from(Some(ability) == next) }
    }))
}

/// What the class and the background hand out.
fn equip(sheet: &mut Sheet, class: &Class) {
    let scores = sheet.abilities.scores;
    let nimble = scores.dexterity > scores.strength;
    let light = |package: &&Package| {
        let armor = package.armor.as_deref().and_then(|name| Armory::srd().armor_named(name));
        armor.is_some_and(|armor| armor.category == crate::content::armory::ArmorCategory::Light)
    };
    let first = class.starting.first();
    let own = if nimble { class.starting.iter().find(light).or(first) } else { first };
    let background = Book::srd().background(&sheet.background);
    let other = background.and_then(|background| background.starting.first());
    for package in own.into_iter().chain(other) {
        if sheet.armor.is_none() {
            sheet.armor.clone_from(&package.armor);
        }
        sheet.shield |= package.shield;
        sheet.gold = sheet.gold.saturating_add(package.gold);
        for counted in &package.weapons {
            add(&mut sheet.weapons, &counted.item, counted.count);
        }
        for counted in &package.gear {
            add(&mut sheet.gear, &counted.item, counted.count);
        }
    }
}

fn add(items: &mut Vec<Item>, name: &str, count: u16) {
    match items.iter_mut().find(|item| item.item == name) {
        Some(item) => item.count = item.count.saturating_add(count),
        None => items.push(Item { item: name.to_owned(), count }),
    }
}

/// Styles, feats, skills, expertise and masteries.
fn learn(sheet: &mut Sheet, class: &Class) {
    let on_offer = offers(sheet);
    let scores = sheet.abilities.scores;
    let shoots = scores.dexterity > scores.strength
        && sheet.weapons.iter().any(|item| item.item == "Longbow" || item.item == "Shortbow");
    let archery = shoots.then_some("Archery");
    let styles = archery.into_iter().chain(STYLES.into_iter().filter(|one| archery != Some(*one)));
    sheet.fighting_styles = styles.take(on_offer.styles).map(str::to_owned).collect();
    sheet.feats = feats(sheet, class, &on_offer);
    sheet.skills = skills(sheet, &on_offer);
    sheet.expertise = expertise(sheet, &on_offer);
    sheet.masteries = masteries(sheet, &on_offer);
}

fn scores_of(sheet: &Sheet) -> ByAbility<u8> {
    let base = sheet.abilities.scores.by_ability();
    let more = sheet.increases.by_ability();
    ByAbility::from_fn(|ability| base.get(ability).saturating_add(more.get(ability)))
}

fn feats(sheet: &Sheet, class: &Class, on_offer: &Offers) -> Vec<FeatChoice> {
    let mut scores = scores_of(sheet);
    let order = wanted(Some(class), scores);
    let background = Book::srd().background(&sheet.background);
    let mut chosen = Vec::new();
    for (origin, boon) in &on_offer.feats {
        if *origin {
            let taken = background.map(|one| one.feat.as_str());
            let feat = ORIGIN.into_iter().find(|one| Some(*one) != taken).unwrap_or_default();
            chosen.push(FeatChoice { feat: feat.to_owned(), ..FeatChoice::default() });
            continue;
        }
        let boons = Book::srd().feat(&class.boon).filter(|_| *boon);
        let wanted = boons.or_else(|| Book::srd().feat("Ability Score Improvement"));
        let Some(feat) = wanted else { continue };
        let increases = spread(feat, &order, &mut scores);
        chosen.push(FeatChoice { feat: feat.name.clone(), increases, ..FeatChoice::default() });
    }
    debug_assert!(chosen.iter().all(|one| !one.feat.is_empty()), "a feat without a name");
    chosen
}

/// The points of a feat, on the best abilities that have room for them.
fn spread(feat: &Feat, order: &[Ability], scores: &mut ByAbility<u8>) -> Points {
    let mut points = ByAbility::<u8>::default();
    let Some(increase) = &feat.increase else { return Points::default() };
    debug_assert!(feat.category != FeatCategory::Origin, "an origin feat raises no score");
    for _ in 0..increase.points {
        let mut open = order.iter().copied();
        let found = open
            .find(|ability| increase.of.contains(ability) && scores.get(*ability) < increase.up_to);
        let Some(raised) = found else { break };
        let bump = |all: &ByAbility<u8>| {
            ByAbility::from_fn(|one| all.get(one).saturating_add(u8::from(one == raised)))
        };
        points = bump(&points);
        *scores = bump(scores);
    }
    Points::from(points)
}

/// One skill for each offer: those with the shortest lists first, the best modifier first.
fn skills(sheet: &Sheet, on_offer: &Offers) -> Vec<String> {
    let background = Book::srd().background(&sheet.background);
    let granted = background.map(|one| one.skills.clone()).unwrap_or_default();
    pick(&on_offer.skills, &Skill::ALL, &granted, scores_of(sheet))
}

fn expertise(sheet: &Sheet, on_offer: &Offers) -> Vec<String> {
    let background = Book::srd().background(&sheet.background);
    let mut known = background.map(|one| one.skills.clone()).unwrap_or_default();
    let chosen =
        Skill::ALL.into_iter().filter(|skill| sheet.skills.iter().any(|it| it == skill.name()));
    known.extend(chosen);
    pick(&on_offer.expertise, &known, &[], scores_of(sheet))
}

fn pick(
    offers: &[Vec<Skill>],
    from: &[Skill],
    taken: &[Skill],
    scores: ByAbility<u8>,
) -> Vec<String> {
    let mut order = from.to_vec();
    // Perception is asked for more often than all others.
    order.sort_by_key(|skill| {
        (*skill != Skill::Perception, core::cmp::Reverse(scores.get(skill.ability())))
    });
    let mut offers: Vec<&Vec<Skill>> = offers.iter().collect();
    offers.sort_by_key(|offer| if offer.is_empty() { Skill::ALL.len() } else { offer.len() });
    let mut taken = taken.to_vec();
    let mut names = Vec::new();
    for offer in offers {
        let fits =
            |skill: &&Skill| (offer.is_empty() || offer.contains(skill)) && !taken.contains(skill);
        if let Some(skill) = order.iter().find(fits).copied() {
            taken.push(skill);
            names.push(skill.name().to_owned());
        }
    }
    names
}

fn masteries(sheet: &Sheet, on_offer: &Offers) -> Vec<String> {
    let carried = sheet.weapons.iter().filter_map(|item| Armory::srd().weapon(&item.item));
    let trained = |weapon: &&Weapon| trained_with(&on_offer.martial, weapon);
    let all: Vec<&Weapon> = carried.chain(Armory::srd().weapons()).filter(trained).collect();
    let mut names: Vec<String> = Vec::new();
    for place in &on_offer.masteries {
        let fits = |weapon: &&&Weapon| {
            may_master(*place, &on_offer.martial, weapon) && !names.contains(&weapon.name)
        };
        if let Some(weapon) = all.iter().find(fits) {
            names.push(weapon.name.clone());
        }
    }
    names
}
