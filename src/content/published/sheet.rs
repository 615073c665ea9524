//! The schema of a character sheet.
//!
//! Names come from the book, so that a new species is in the schema by being in the book.

use serde_json::{Value, json};

use super::{flag, line, list, maybe, object, one_of, schema, text, whole};
use crate::content::armory::{ArmorCategory, Armory};
use crate::content::characters::Book;
use crate::content::characters::book::FeatCategory;
use crate::rules::ability::{Ability, Skill};

fn abilities(least: i64, most: i64, needed: bool) -> Value {
    let each: Vec<(&str, Value)> =
        Ability::ALL.iter().map(|ability| (ability.name(), whole(least, most))).collect();
    let names: Vec<&str> = Ability::ALL.iter().map(|ability| ability.name()).collect();
    object(&each, if needed { &names } else { &[] })
}

fn items(names: &Value) -> Value {
    list(&object(&[("item", names.clone()), ("count", whole(1, 1_000))], &["item"]))
}

/// The schema of what `ImportCharacter` and `skirmish character check` read.
pub fn sheet() -> Value {
    let book = Book::srd();
    let classes = one_of(book.classes().iter().map(|class| &class.name));
    let subclasses = one_of(book.classes().iter().map(|class| &class.subclass.name));
    let species = one_of(book.species().iter().map(|species| &species.name));
    let groups = book.species().iter().filter_map(|species| species.lineage.as_ref());
    let lineages = one_of(groups.flat_map(|group| &group.options).map(|option| &option.name));
    let backgrounds = one_of(book.backgrounds().iter().map(|background| &background.name));
    let feats = one_of(book.feats().iter().map(|feat| &feat.name));
    let styles = book.feats().iter().filter(|feat| feat.category == FeatCategory::FightingStyle);
    let others = book.classes().iter().filter_map(|class| class.other_style.as_ref());
    let styles = one_of(styles.map(|feat| &feat.name).chain(others));
    let spells = one_of(["cleric", "druid", "wizard"]);
    let weapons = one_of(Armory::srd().weapons().iter().map(|weapon| &weapon.name));
    let suits = Armory::srd().armor().iter();
    let suits = one_of(
        suits.filter(|armor| armor.category != ArmorCategory::Shield).map(|armor| &armor.name),
    );
    let skills = list(&one_of(Skill::ALL.map(Skill::name)));
    let groups: Vec<(&str, Value)> = book
        .classes()
        .iter()
        .flat_map(|class| &class.options)
        .map(|group| (group.name.as_str(), one_of(&group.of)))
        .collect();
    let class = [("class", classes), ("level", whole(1, 20)), ("subclass", maybe(&subclasses))];
    let feat = [
        ("feat", feats),
        ("increases", abilities(0, 2, false)),
        ("list", maybe(&spells)),
        ("tools", list(&text())),
    ];
    let methods = one_of(["standard_array", "point_buy", "rolled"]);
    let scores = [("method", methods), ("scores", abilities(3, 18, true))];
    let members = [
        ("name", line()),
        ("species", species),
        ("lineage", maybe(&lineages)),
        ("size", maybe(&one_of(["small", "medium"]))),
        (
            "classes",
            json!({"type": "array", "minItems": 1, "maxItems": 12, "items": object(&class, &["class", "level"])}),
        ),
        ("background", backgrounds),
        ("abilities", object(&scores, &["method", "scores"])),
        ("increases", abilities(0, 2, false)),
        ("skills", skills.clone()),
        ("expertise", skills),
        ("feats", list(&object(&feat, &["feat"]))),
        ("fighting_styles", list(&styles)),
        ("masteries", list(&weapons)),
        ("options", object(&groups, &[])),
        ("armor", maybe(&suits)),
        ("shield", flag()),
        ("untrained_armor", flag()),
        ("weapons", items(&weapons)),
        ("gear", items(&line())),
        ("gold", whole(0, 10_000_000)),
        ("rolled_hit_points", list(&whole(1, 12))),
        ("experience", maybe(&whole(0, i64::from(u32::MAX)))),
    ];
    let needed = ["name", "species", "classes", "background", "abilities", "increases"];
    schema("A character sheet of Skirmish", object(&members, &needed), &[])
}
