//! Creatures made by hand, one for each mechanism, and maps to meet on.

use std::sync::Arc;

use skirmish::rules::ability::{Ability, ByAbility, Skill};
use skirmish::rules::condition::{Condition, ConditionSet};
use skirmish::rules::creature::{
    AreaShape, Attack, Beat, Cost, DamagePart, Definition, Draft, EffectKind, Going, Kind, Lasts,
    Mastery, Multiattack, MultiattackStep, Range, Reach, Rider, SaveSpec, Senses, SetOff, Size,
    Special, SpecialEffect, Speeds, Suffering, Terms, Trait, Uses, Weapon, When, Worse,
};
use skirmish::rules::damage::{DamageSet, DamageType, DiceExpr};
use skirmish::rules::grid::{Map, Terrain};
use skirmish::rules::id::Slug;

pub(super) fn dice(count: u8, sides: u16, bonus: i16) -> DiceExpr {
    DiceExpr { count, sides, bonus }
}

fn slug(name: &str) -> Slug {
    Slug::of_name(name).unwrap()
}

fn part(count: u8, sides: u16, bonus: i16, kind: DamageType) -> DamagePart {
    DamagePart { dice: dice(count, sides, bonus), kind, when: When::Always }
}

fn attack(name: &str, reach: Option<u16>, range: Option<(u16, u16)>, to_hit: i8) -> Attack {
    Attack {
        id: slug(name),
        name: name.into(),
        reach,
        range: range.map(|(normal, long)| Range { normal, long }),
        to_hit,
        advantage: None,
        damage: vec![part(1, 8, 3, DamageType::Slashing)],
        riders: Vec::new(),
        uses: Uses::AtWill,
        cost: Cost::Action,
        spell: false,
        light: false,
        weapon: Weapon::default(),
    }
}

fn weapon(mastery: Mastery) -> Weapon {
    Weapon { mastery: Some(mastery), ..Weapon::default() }
}

fn special(name: &str, cost: Cost, uses: Uses, reach: Reach, effect: SpecialEffect) -> Special {
    Special {
        id: slug(name),
        name: name.into(),
        cost,
        uses,
        reach,
        effect,
        spell: false,
        terms: Terms::default(),
    }
}

fn draft(name: &str, kind: Kind, hit_points: u16) -> Draft {
    Draft {
        name: name.into(),
        kind,
        size: Size::Medium,
        creature_type: "humanoid".into(),
        armor_class: 13,
        hit_points,
        hit_dice: None,
        speeds: Speeds { walk: 30, ..Speeds::default() },
        abilities: ByAbility::from_fn(|_| 12),
        saves: ByAbility::from_fn(|_| 1),
        skills: Vec::new(),
        proficiency_bonus: 2,
        initiative_bonus: 1,
        senses: Senses { passive_perception: 11, ..Senses::default() },
        resistances: DamageSet::default(),
        immunities: DamageSet::default(),
        vulnerabilities: DamageSet::default(),
        condition_immunities: ConditionSet::default(),
        attacks: Vec::new(),
        multiattack: Vec::new(),
        specials: Vec::new(),
        traits: Vec::new(),
        legendary_actions: 0,
        spell_lists: Vec::new(),
        experience: 100,
        lair_experience: None,
    }
}

fn hero(name: &str, class: &str, hit_points: u16) -> Draft {
    draft(name, Kind::Hero { class: class.into(), level: 3 }, hit_points)
}

fn monster(name: &str, hit_points: u16) -> Draft {
    draft(name, Kind::Monster { rating_eighths: 8 }, hit_points)
}

fn finish(draft: Draft) -> Arc<Definition> {
    Arc::new(Definition::try_from(draft).unwrap())
}

/// Rages, strikes twice, surges.
fn fighter() -> Arc<Definition> {
    let mut fighter = hero("Fighter", "fighter", 31);
    fighter.armor_class = 16;
    fighter.attacks = vec![
        attack("Greatsword", Some(5), None, 5),
        attack("Javelin", Some(5), Some((30, 120)), 5),
    ];
    fighter.attacks[0].weapon = weapon(Mastery::Cleave);
    fighter.attacks[1].weapon = weapon(Mastery::Slow);
    fighter.multiattack = vec![Multiattack {
        steps: vec![MultiattackStep {
            count: 2,
            any_of: vec![slug("Greatsword"), slug("Javelin")],
        }],
    }];
    fighter.specials = vec![
        special(
            "Second Wind",
            Cost::BonusAction,
            Uses::PerRest(2),
            Reach::Own,
            SpecialEffect::Heal { dice: dice(1, 10, 3) },
        ),
        special(
            "Action Surge",
            Cost::Free,
            Uses::PerRest(1),
            Reach::Own,
            SpecialEffect::ExtraAction,
        ),
        special(
            "Rage",
            Cost::BonusAction,
            Uses::PerDay(2),
            Reach::Own,
            SpecialEffect::Effect { kind: EffectKind::Raging, turns: 10 },
        ),
    ];
    fighter.traits = vec![Trait::RageResistance, Trait::CriticalFrom(19)];
    finish(fighter)
}

/// Heals, blesses, burns.
fn cleric() -> Arc<Definition> {
    let mut cleric = hero("Cleric", "cleric", 24);
    cleric.armor_class = 18;
    cleric.attacks = vec![attack("Mace", Some(5), None, 4)];
    cleric.specials = vec![
        special(
            "Healing Word",
            Cost::BonusAction,
            Uses::PerDay(4),
            Reach::Creatures { count: 1, feet: 60 },
            SpecialEffect::Heal { dice: dice(2, 4, 3) },
        ),
        special(
            "Bless",
            Cost::Action,
            Uses::PerDay(2),
            Reach::Creatures { count: 3, feet: 30 },
            SpecialEffect::Effect { kind: EffectKind::Blessed, turns: 10 },
        ),
        special(
            "Sacred Flame",
            Cost::Action,
            Uses::AtWill,
            Reach::Creatures { count: 1, feet: 60 },
            SpecialEffect::Save {
                save: SaveSpec { ability: Ability::Dexterity, dc: 13 },
                damage: vec![part(1, 8, 0, DamageType::Radiant)],
                half_on_success: false,
                riders: Vec::new(),
            },
        ),
    ];
    cleric.specials[1].terms.concentration = true;
    cleric.skills = vec![(Skill::Medicine, 4), (Skill::Perception, 5)];
    finish(cleric)
}

/// Sneaks, hides, shoots.
fn rogue() -> Arc<Definition> {
    let mut rogue = hero("Rogue", "rogue", 24);
    rogue.armor_class = 14;
    let sneak =
        DamagePart { dice: dice(2, 6, 0), kind: DamageType::Piercing, when: When::SneakAttack };
    let mut bow = attack("Shortbow", None, Some((80, 320)), 5);
    let mut sword = attack("Shortsword", Some(5), None, 5);
    sword.light = true;
    bow.damage.push(sneak);
    sword.damage.push(sneak);
    sword.weapon = weapon(Mastery::Vex);
    let mut dagger = attack("Dagger", Some(5), Some((20, 60)), 5);
    dagger.light = true;
    dagger.weapon = weapon(Mastery::Nick);
    rogue.attacks = vec![sword, bow, dagger];
    rogue.specials = vec![special(
        "Cunning Action",
        Cost::BonusAction,
        Uses::AtWill,
        Reach::Own,
        SpecialEffect::Maneuvers { dash: true, disengage: true, hide: true },
    )];
    rogue.traits = vec![Trait::Evasion];
    finish(rogue)
}

/// Throws darts that never miss and balls of fire.
fn wizard() -> Arc<Definition> {
    let mut wizard = hero("Wizard", "wizard", 17);
    wizard.armor_class = 12;
    let mut bolt = attack("Fire Bolt", None, Some((120, 120)), 5);
    bolt.spell = true;
    bolt.damage = vec![part(1, 10, 0, DamageType::Fire)];
    wizard.attacks = vec![bolt];
    wizard.specials = vec![
        special(
            "Magic Missile",
            Cost::Action,
            Uses::PerDay(3),
            Reach::Creatures { count: 3, feet: 120 },
            SpecialEffect::AutoDamage { damage: vec![part(1, 4, 1, DamageType::Force)] },
        ),
        special(
            "Burning Hands",
            Cost::Action,
            Uses::PerDay(2),
            Reach::Area { shape: AreaShape::Cone { length: 15 }, range: 0 },
            SpecialEffect::Save {
                save: SaveSpec { ability: Ability::Dexterity, dc: 13 },
                damage: vec![part(3, 6, 0, DamageType::Fire)],
                half_on_success: true,
                riders: Vec::new(),
            },
        ),
        special(
            "Fireball",
            Cost::Action,
            Uses::PerDay(1),
            Reach::Area { shape: AreaShape::Sphere { radius: 20 }, range: 150 },
            SpecialEffect::Save {
                save: SaveSpec { ability: Ability::Dexterity, dc: 13 },
                damage: vec![part(8, 6, 0, DamageType::Fire)],
                half_on_success: true,
                riders: Vec::new(),
            },
        ),
    ];
    finish(wizard)
}

/// Nimble, with a bow and a blade that cuts deeper with advantage.
fn goblin() -> Arc<Definition> {
    let mut goblin = monster("Goblin", 10);
    goblin.size = Size::Small;
    goblin.armor_class = 15;
    let mut scimitar = attack("Scimitar", Some(5), None, 4);
    scimitar.damage = vec![
        part(1, 6, 2, DamageType::Slashing),
        DamagePart {
            dice: dice(1, 4, 0),
            kind: DamageType::Slashing,
            when: When::AttackHadAdvantage,
        },
    ];
    goblin.attacks = vec![scimitar, attack("Shortbow", None, Some((80, 320)), 4)];
    goblin.specials = vec![special(
        "Nimble Escape",
        Cost::BonusAction,
        Uses::AtWill,
        Reach::Own,
        SpecialEffect::Maneuvers { dash: false, disengage: true, hide: true },
    )];
    finish(goblin)
}

/// Hunts in packs, throws its prey down.
fn wolf() -> Arc<Definition> {
    let mut wolf = monster("Wolf", 11);
    wolf.speeds.walk = 40;
    let mut bite = attack("Bite", Some(5), None, 4);
    bite.riders = vec![Rider::Condition {
        condition: Condition::Prone,
        save: Some(SaveSpec { ability: Ability::Strength, dc: 11 }),
        lasts: Lasts::Removed,
        max_size: Some(Size::Medium),
        when: When::Always,
    }];
    wolf.attacks = vec![bite];
    wolf.traits = vec![Trait::PackTactics];
    finish(wolf)
}

/// Large, slow to fall, does not like fire.
fn troll() -> Arc<Definition> {
    let mut troll = monster("Troll", 60);
    troll.size = Size::Large;
    troll.attacks = vec![attack("Claw", Some(10), None, 6), attack("Bite", Some(5), None, 6)];
    troll.multiattack = vec![Multiattack {
        steps: vec![
            MultiattackStep { count: 2, any_of: vec![slug("Claw")] },
            MultiattackStep { count: 1, any_of: vec![slug("Bite")] },
        ],
    }];
    troll.traits = vec![Trait::Regeneration {
        amount: 10,
        stopped_by: DamageSet::default().with(DamageType::Fire).with(DamageType::Acid),
    }];
    finish(troll)
}

/// Huge, breathes fire when it can, seizes what it bites.
fn drake() -> Arc<Definition> {
    let mut drake = monster("Drake", 70);
    drake.size = Size::Huge;
    drake.immunities = DamageSet::default().with(DamageType::Fire);
    let mut jaws = attack("Jaws", Some(10), None, 7);
    jaws.riders = vec![
        Rider::Condition {
            condition: Condition::Grappled,
            save: None,
            lasts: Lasts::Escape { dc: 13 },
            max_size: Some(Size::Large),
            when: When::Always,
        },
        Rider::Push { feet: 10, max_size: Some(Size::Large) },
    ];
    drake.attacks = vec![jaws];
    drake.specials = vec![special(
        "Fire Breath",
        Cost::Action,
        Uses::Recharge { at_least: 5 },
        Reach::Area { shape: AreaShape::Cone { length: 30 }, range: 0 },
        SpecialEffect::Save {
            save: SaveSpec { ability: Ability::Dexterity, dc: 13 },
            damage: vec![part(5, 6, 0, DamageType::Fire)],
            half_on_success: true,
            riders: Vec::new(),
        },
    )];
    finish(drake)
}

/// Paralyzes with its touch and gets up again.
fn ghoul() -> Arc<Definition> {
    let mut ghoul = monster("Ghoul", 22);
    ghoul.condition_immunities = ConditionSet::default().with(Condition::Poisoned);
    let mut claw = attack("Claws", Some(5), None, 4);
    claw.riders = vec![
        Rider::Condition {
            condition: Condition::Paralyzed,
            save: Some(SaveSpec { ability: Ability::Constitution, dc: 10 }),
            lasts: Lasts::SaveEnds,
            max_size: None,
            when: When::Always,
        },
        Rider::NoHealing,
        Rider::Slow { feet: 10 },
    ];
    ghoul.attacks = vec![claw];
    ghoul.traits = vec![Trait::UndeadFortitude, Trait::MagicResistance];
    finish(ghoul)
}

/// Acts between the turns of others, burns whoever is near, turns to stone, and bursts at its end.
fn legend() -> Arc<Definition> {
    let mut legend = monster("Legend", 60);
    legend.size = Size::Large;
    legend.legendary_actions = 2;
    let mut claw = attack("Claw", Some(10), None, 6);
    claw.advantage = Some(When::TargetHeld);
    let what =
        Suffering { dice: dice(1, 6, 0), kind: DamageType::Acid, each: Beat::SourceTurnStart };
    let grip = Lasts::Escape { dc: 13 };
    claw.riders = vec![
        Rider::Pull { feet: 10, max_size: Some(Size::Large) },
        Rider::Condition {
            condition: Condition::Grappled,
            save: None,
            lasts: grip,
            max_size: Some(Size::Large),
            when: When::Always,
        },
        Rider::Ongoing { what, lasts: grip, when: When::TargetHeld },
        Rider::ReduceMaximum { kind: None },
    ];
    legend.attacks = vec![claw];
    let save = |damage, riders| SpecialEffect::Save {
        save: SaveSpec { ability: Ability::Constitution, dc: 13 },
        damage,
        half_on_success: true,
        riders,
    };
    let around = Reach::Area { shape: AreaShape::Emanation { radius: 10 }, range: 0 };
    let fire = vec![part(1, 6, 0, DamageType::Fire)];
    let stone = Rider::Condition {
        condition: Condition::Restrained,
        save: None,
        lasts: Lasts::Worsens { into: Condition::Petrified, then: Worse::SaveEnds },
        max_size: None,
        when: When::Always,
    };
    let by_itself = |name, effect, set_off| {
        let mut it = special(name, Cost::Free, Uses::AtWill, around, effect);
        it.terms.set_off = set_off;
        it.terms.immune_after_success = set_off == SetOff::TheirTurnStart;
        it
    };
    let goes = |name, going, then| {
        let effect = SpecialEffect::Go { going, then };
        special(name, Cost::Legendary, Uses::OncePerRound, Reach::Own, effect)
    };
    let walk = Going::Walk { half: true, unprovoking: false };
    legend.specials = vec![
        goes("Pounce", walk, vec![slug("Claw")]),
        goes("Vanish", Going::Teleport { feet: 30 }, Vec::new()),
        goes("Appear", Going::Teleport { feet: 30 }, vec![slug("Claw")]),
        special(
            "Stare",
            Cost::Legendary,
            Uses::AtWill,
            Reach::Creatures { count: 1, feet: 60 },
            save(Vec::new(), vec![stone]),
        ),
        by_itself("Heat", save(fire.clone(), Vec::new()), SetOff::OwnTurnEnd),
        by_itself("Dread", save(fire.clone(), Vec::new()), SetOff::TheirTurnStart),
        by_itself("Burst", save(fire.clone(), Vec::new()), SetOff::Death),
        by_itself("Hide", SpecialEffect::AutoDamage { damage: fire }, SetOff::StruckInMelee),
    ];
    legend.traits = vec![
        Trait::LegendaryResistance(2),
        Trait::Absorption(DamageType::Lightning),
        Trait::HurtBy { kind: DamageType::Cold, effect: EffectKind::Slowed, amount: 10 },
        Trait::RallyingAura { feet: 10 },
        Trait::Reactive,
    ];
    finish(legend)
}

/// Shares the space of others, walks through walls, and nobody sees it well.
fn swarm() -> Arc<Definition> {
    let mut swarm = monster("Swarm", 18);
    swarm.attacks = vec![attack("Bites", Some(5), None, 4)];
    swarm.traits = vec![
        Trait::Swarm,
        Trait::IncorporealMovement,
        Trait::BlurredForm,
        Trait::Agile,
        Trait::BloodFrenzy,
        Trait::Unseen,
    ];
    finish(swarm)
}

pub(super) fn heroes() -> Vec<Arc<Definition>> {
    vec![fighter(), cleric(), rogue(), wizard()]
}

pub(super) fn monsters() -> Vec<Arc<Definition>> {
    vec![goblin(), wolf(), troll(), drake(), ghoul(), legend(), swarm()]
}

/// No map, an open field, or a field with walls and mud.
pub(super) fn map(kind: u8) -> Option<Map> {
    match kind % 3 {
        0 => None,
        1 => Some(Map::open(20, 15)),
        _ => {
            let mut map = Map::open(24, 16);
            for (index, terrain) in map.terrain.iter_mut().enumerate() {
                *terrain = match index % 53 {
                    7..=9 => Terrain::Wall,
                    20..=28 => Terrain::Difficult,
                    _ => Terrain::Open,
                };
            }
            Some(map)
        }
    }
}
