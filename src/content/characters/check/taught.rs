//! What a character has learnt: skills, expertise, and the choices within features.
//!
//! Which of several offers pays for a skill is found out, never asked for.

use super::{Known, listing, twice};
use crate::content::characters::assign::assign;
use crate::content::characters::book::{MulticlassSkills, SkillGrant};
use crate::content::read::Faults;
use crate::content::words;
use crate::rules::ability::Skill;

/// One skill to choose: from a list, or any if the list is empty.
pub(super) struct Offer {
    pub(super) from: Vec<Skill>,
    by: String,
}

impl Offer {
    fn allows(&self, skill: Skill) -> bool {
        self.from.is_empty() || self.from.contains(&skill)
    }

    fn text(&self) -> String {
        match self.from.as_slice() {
            [] => format!("any ({})", self.by),
            list => {
                let names: Vec<&str> = list.iter().map(|skill| skill.name()).collect();
                format!("{} ({})", listing(&names), self.by)
            }
        }
    }
}

/// Checks what was learnt: the skills with proficiency, and those with expertise.
pub(super) fn check(known: &Known<'_>, faults: &mut Faults) -> (Vec<Skill>, Vec<Skill>) {
    let sheet = known.sheet;
    let chosen = read("skills", &sheet.skills, faults);
    let granted = known.background.map(|one| one.skills.clone()).unwrap_or_default();
    for (at, skill) in &chosen {
        if let Some(background) = known.background.filter(|one| one.skills.contains(skill)) {
            let message = format!("comes with the background {} already", background.name);
            faults.add(&format!("skills[{at}]"), message);
        }
    }
    if known.whole && chosen.len() == sheet.skills.len() {
        place("skills", "skill", &chosen, &skill_offers(known), faults);
    }
    let mut proficient: Vec<Skill> = granted;
    proficient.extend(chosen.iter().map(|(_, skill)| *skill));
    proficient.sort_unstable();
    proficient.dedup();
    let expert = read("expertise", &sheet.expertise, faults);
    for (at, skill) in &expert {
        if known.whole && !proficient.contains(skill) {
            let message = format!("needs proficiency in {} first", skill.name());
            faults.add(&format!("expertise[{at}]"), message);
        }
    }
    if known.whole && expert.len() == sheet.expertise.len() {
        place("expertise", "expertise", &expert, &expert_offers(known), faults);
    }
    options(known, faults);
    (proficient, expert.into_iter().map(|(_, skill)| skill).collect())
}

fn read(list: &str, names: &[String], faults: &mut Faults) -> Vec<(usize, Skill)> {
    twice(list, names, faults);
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate() {
        match words::skill(name) {
            Ok(skill) => found.push((at, skill)),
            Err(message) => faults.add(&format!("{list}[{at}]"), message),
        }
    }
    found
}

fn place(list: &str, what: &str, chosen: &[(usize, Skill)], offers: &[Offer], faults: &mut Faults) {
    let fits = |choice: usize, at: usize| match (chosen.get(choice), offers.get(at)) {
        (Some((_, skill)), Some(offer)) => offer.allows(*skill),
        _ => false,
    };
    let outcome = assign(chosen.len(), offers.len(), &fits);
    let misplaced = outcome.unplaced.len();
    for at in outcome.unplaced {
        let Some((position, skill)) = chosen.get(at) else { continue };
        let message = if offers.is_empty() {
            format!("this character chooses no {what}")
        } else {
            let texts = distinct(offers.iter().map(Offer::text).collect());
            let count = offers.len();
            format!("'{}' finds no place: {count} of {}", skill.name(), texts.join("; "))
        };
        faults.add(&format!("{list}[{position}]"), message);
    }
    let open = outcome.open.iter().filter_map(|at| offers.get(*at));
    let open: Vec<String> = open.map(Offer::text).collect();
    // A choice that fits nowhere explains an empty place: one problem, not two.
    if open.len() > misplaced {
        faults.add(list, format!("lacks {}: {}", open.len(), distinct(open).join("; ")));
    }
}

fn distinct(mut texts: Vec<String>) -> Vec<String> {
    texts.dedup();
    texts
}

fn push(offers: &mut Vec<Offer>, grant: &SkillGrant, level: u8, by: &str) {
    if grant.level <= level {
        for _ in 0..grant.count {
            offers.push(Offer { from: grant.from.clone(), by: by.to_owned() });
        }
    }
}

pub(super) fn skill_offers(known: &Known<'_>) -> Vec<Offer> {
    let mut offers = Vec::new();
    for (order, (_, class, level)) in known.classes.iter().enumerate() {
        let by = class.name.clone();
        match (order, class.multiclass.skills) {
            (0, _) => push(&mut offers, &class.skills, *level, &by),
            (_, Some(MulticlassSkills::Any)) => offers.push(Offer { from: Vec::new(), by }),
            (_, Some(MulticlassSkills::Class)) => {
                offers.push(Offer { from: class.skills.from.clone(), by });
            }
            (_, None) => {}
        }
        for grant in &class.more_skills {
            push(&mut offers, grant, *level, &class.name);
        }
    }
    if let Some(species) = known.species
        && let Some(from) = &species.skill
    {
        offers.push(Offer { from: from.clone(), by: species.name.clone() });
    }
    for choice in &known.sheet.feats {
        let feat = crate::content::characters::book::Book::srd().feat(&choice.feat);
        let count = feat.map_or(0, |feat| usize::from(feat.proficiencies));
        for _ in choice.tools.len()..count {
            offers.push(Offer { from: Vec::new(), by: choice.feat.clone() });
        }
    }
    offers
}

pub(super) fn expert_offers(known: &Known<'_>) -> Vec<Offer> {
    let mut offers = Vec::new();
    for (_, class, level) in &known.classes {
        for grant in &class.expertise {
            push(&mut offers, grant, *level, &class.name);
        }
    }
    offers
}

/// The choices within features: each that there is, and no other.
fn options(known: &Known<'_>, faults: &mut Faults) {
    let mut groups = Vec::new();
    for (_, class, level) in &known.classes {
        groups.extend(class.options.iter().filter(|group| group.level <= *level));
    }
    for group in &groups {
        let path = format!("options.{}", group.name);
        match known.sheet.options.get(&group.name) {
            Some(wanted) if group.of.contains(wanted) => {}
            Some(_) | None => faults.add(&path, format!("must be {}", listing(&group.of))),
        }
    }
    for name in known.sheet.options.keys() {
        if known.whole && !groups.iter().any(|group| group.name == *name) {
            let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
            let message = match names.as_slice() {
                [] => "this character has no such choice: leave it out".to_owned(),
                names => format!("is no choice of this character: {}", listing(names)),
            };
            faults.add(&format!("options.{name}"), message);
        }
    }
}
