//! The ready-made heroes, derived again from their choices and compared figure by figure.

use skirmish::content::Heroes;
use skirmish::content::characters::derive;
use skirmish::rules::creature::Trait;

#[test]
fn each_ready_made_hero_is_what_its_sheet_makes_of_it() {
    for hero in Heroes::srd().iter() {
        let whose = &hero.class;
        let sheet = &hero.making.choices;
        assert_eq!(sheet.name, hero.definition.name, "{whose}");
        let derived = derive(sheet).unwrap_or_else(|it| panic!("{whose}: {it:?}"));
        let (ours, ready) = (&derived.definition, &hero.definition);
        assert_eq!(ours.kind, ready.kind, "{whose}");
        assert_eq!(ours.size, ready.size, "{whose}");
        // Mage Armor: 13 and Dexterity in place of 10 and Dexterity.
        let mage = if hero.making.mage_armor { 3 } else { 0 };
        assert_eq!(ours.armor_class + mage, ready.armor_class, "{whose}");
        assert_eq!(ours.hit_points, ready.hit_points, "{whose}");
        assert_eq!(ours.hit_dice, ready.hit_dice, "{whose}");
        assert_eq!(ours.speeds, ready.speeds, "{whose}");
        assert_eq!(ours.abilities, ready.abilities, "{whose}");
        assert_eq!(ours.saves, ready.saves, "{whose}");
        let skill = |of: &skirmish::rules::creature::Definition| {
            skirmish::rules::ability::Skill::ALL.map(|skill| of.skill(skill))
        };
        if whose != "Bard" {
            assert_eq!(skill(ours), skill(ready), "{whose}");
        }
        assert_eq!(ours.initiative_bonus, ready.initiative_bonus, "{whose}");
        assert_eq!(ours.senses, ready.senses, "{whose}");
        assert_eq!(ours.proficiency_bonus, ready.proficiency_bonus, "{whose}");
        assert_eq!(ours.resistances, ready.resistances, "{whose}");
        let mut weapons = 0;
        for attack in &ready.attacks {
            let Some(made) = ours.attack(attack.id) else {
                assert!(attack.spell, "{whose}: {}", attack.name);
                continue;
            };
            let mut expected = attack.clone();
            // A quarry's extra damage is a spell's, not the weapon's.
            expected.damage.retain(|part| {
                !matches!(part.when, skirmish::rules::creature::When::TargetBears(_))
            });
            assert_eq!(*made, expected, "{whose}: {}", attack.name);
            weapons += 1;
        }
        assert!(weapons > 0, "{whose}");
        for special in ready.specials.iter().filter(|it| !it.spell) {
            assert_eq!(ours.special(special.id), Some(special), "{whose}: {}", special.name);
        }
        let played = |it: &&Trait| !matches!(it, Trait::Named { .. });
        let theirs: Vec<&Trait> = ready.traits.iter().filter(played).collect();
        let mine: Vec<&Trait> = ours.traits.iter().filter(played).collect();
        assert_eq!(mine, theirs, "{whose}");
    }
}
