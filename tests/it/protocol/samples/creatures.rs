//! Sample creatures: one entry of every kind that a definition can have.

use std::sync::Arc;

use skirmish::rules::ability::{Ability, ByAbility, Skill};
use skirmish::rules::condition::Condition;
use skirmish::rules::creature::*;
use skirmish::rules::damage::{DamageType, DiceExpr};
use skirmish::rules::event::*;
use skirmish::rules::grid::Position;
use skirmish::rules::id::*;

use super::{creature, slug};

const fn dice(count: u8, sides: u16, bonus: i16) -> DiceExpr {
    DiceExpr { count, sides, bonus }
}

/// A hero or a monster with an entry of every kind.
#[expect(clippy::too_many_lines, reason = "one of everything")]
pub(in crate::protocol) fn definition(name: &str, kind: Kind) -> Definition {
    let save = SaveSpec { ability: Ability::Wisdom, dc: 13 };
    let parts = [
        When::Always,
        When::AttackHadAdvantage,
        When::Charged { feet: 20 },
        When::TargetInjured,
        When::AttackerBloodied,
        When::SneakAttack,
        When::WhileEffect(EffectKind::Raging),
        When::TargetBears(EffectKind::Quarry),
    ];
    let damage: Vec<DamagePart> = parts
        .into_iter()
        .map(|when| DamagePart { dice: dice(1, 6, 2), kind: DamageType::Fire, when })
        .collect();
    let lasts = [
        Lasts::Removed,
        Lasts::SourceNextTurnStart,
        Lasts::SourceNextTurnEnd,
        Lasts::TargetNextTurnStart,
        Lasts::TargetNextTurnEnd,
        Lasts::TargetTurns(10),
        Lasts::SaveEnds,
        Lasts::Escape { dc: 14 },
    ];
    let mut riders: Vec<Rider> = lasts
        .into_iter()
        .map(|lasts| Rider::Condition {
            condition: Condition::Poisoned,
            save: Some(save),
            lasts,
            max_size: Some(Size::Large),
            when: When::Always,
        })
        .collect();
    riders.extend([
        Rider::SaveDamage { damage: damage[0], save, half_on_success: true },
        Rider::Push { feet: 10, max_size: None },
        Rider::DrainHeal { kind: DamageType::Necrotic },
        Rider::NoHealing,
        Rider::Slow { feet: 10 },
        Rider::Effect { kind: EffectKind::Rattled, lasts: Lasts::SourceNextTurnEnd, amount: 0 },
    ]);
    let shapes = [
        AreaShape::Cone { length: 15 },
        AreaShape::Cube { side: 10 },
        AreaShape::Line { length: 60, width: 5 },
        AreaShape::Sphere { radius: 20 },
        AreaShape::Emanation { radius: 10 },
        AreaShape::Cylinder { radius: 20 },
    ];
    let uses = [Uses::AtWill, Uses::PerDay(3), Uses::PerRest(1), Uses::Recharge { at_least: 5 }];
    let effects = [
        SpecialEffect::Save {
            save,
            damage: damage.clone(),
            half_on_success: true,
            riders: riders.clone(),
        },
        SpecialEffect::Heal { dice: dice(1, 10, 3) },
        SpecialEffect::TemporaryHitPoints { dice: dice(0, 0, 5) },
        SpecialEffect::Effect { kind: EffectKind::Blessed, turns: 10 },
        SpecialEffect::AutoDamage { damage: damage.clone() },
        SpecialEffect::Maneuvers { dash: true, disengage: false, hide: true },
        SpecialEffect::ExtraAction,
    ];
    let reaches = shapes
        .into_iter()
        .map(|shape| Reach::Area { shape, range: 60 })
        .chain([Reach::Own, Reach::Creatures { count: 3, feet: 60 }]);
    let specials = reaches
        .zip(effects.into_iter().cycle())
        .zip(uses.into_iter().cycle())
        .enumerate()
        .map(|(index, ((reach, effect), uses))| Special {
            id: slug(&format!("special-{index}")),
            name: format!("Special {index}"),
            cost: Cost::BonusAction,
            uses,
            reach,
            effect,
            spell: index % 2 == 0,
            terms: Terms::default(),
        })
        .collect();
    Definition::remembered(Draft {
        name: name.to_owned(),
        kind,
        size: Size::Medium,
        creature_type: "humanoid".to_owned(),
        armor_class: 15,
        hit_points: 20,
        hit_dice: Some(dice(3, 8, 3)),
        speeds: Speeds { walk: 30, fly: 60, swim: 10, climb: 5, burrow: 0, hover: true },
        abilities: ByAbility::from_fn(|ability| 8 + u8::try_from(ability.name().len()).unwrap()),
        saves: ByAbility::from_fn(|ability| i8::try_from(ability.name().len()).unwrap() - 7),
        skills: vec![(Skill::Stealth, 6), (Skill::Perception, -1)],
        proficiency_bonus: 2,
        initiative_bonus: -1,
        senses: Senses {
            darkvision: 60,
            blindsight: 10,
            tremorsense: 5,
            truesight: 0,
            passive_perception: 11,
        },
        resistances: [DamageType::Cold].into_iter().collect(),
        immunities: [DamageType::Poison, DamageType::Acid].into_iter().collect(),
        vulnerabilities: [DamageType::Radiant].into_iter().collect(),
        condition_immunities: [Condition::Poisoned].into_iter().collect(),
        attacks: vec![Attack {
            id: slug("scimitar"),
            name: "Scimitar".to_owned(),
            reach: Some(5),
            range: Some(Range { normal: 20, long: 60 }),
            to_hit: 4,
            advantage: None,
            damage,
            riders,
            uses: Uses::AtWill,
            cost: Cost::Action,
            spell: false,
            light: true,
            weapon: Weapon::default(),
        }],
        multiattack: vec![Multiattack {
            steps: vec![MultiattackStep { count: 2, any_of: vec![slug("scimitar")] }],
        }],
        specials,
        traits: vec![
            Trait::PackTactics,
            Trait::UndeadFortitude,
            Trait::MagicResistance,
            Trait::Regeneration {
                amount: 10,
                stopped_by: [DamageType::Fire].into_iter().collect(),
            },
            Trait::Flyby,
            Trait::SunlightSensitivity,
            Trait::Aggressive,
            Trait::Evasion,
            Trait::Ambusher,
            Trait::RageResistance,
            Trait::BloodiedFury,
            Trait::BloodiedFrenzy,
            Trait::CriticalFrom(19),
            Trait::Named { name: "Amphibious".into(), why_not_played: "no water".into() },
        ],
        legendary_actions: 0,
        spell_lists: Vec::new(),
        experience: 50,
        lair_experience: None,
    })
}

/// The same with what came after 0.1.0: spells by name, and a lair. It stands beside the one that
/// the golden log holds, which must not change.
pub(in crate::protocol) fn caster(name: &str, kind: Kind) -> Definition {
    let spell = |name: &str, level, uses| ListedSpell { name: name.into(), level, uses };
    let mut draft = definition(name, kind).into_draft();
    draft.lair_experience = Some(100);
    draft.spell_lists = vec![
        SpellList {
            name: "Spellcasting".into(),
            cost: Cost::Action,
            uses: Uses::AtWill,
            ability: Some(Ability::Charisma),
            save_dc: Some(13),
            to_hit: Some(-1),
            spells: vec![
                spell("Light", None, Uses::AtWill),
                spell("Sleep", Some(2), Uses::PerDay(1)),
            ],
        },
        SpellList {
            name: "Divine Aid".into(),
            cost: Cost::BonusAction,
            uses: Uses::PerDay(2),
            ability: None,
            save_dc: None,
            to_hit: None,
            spells: vec![spell("Bless", None, Uses::Recharge { at_least: 5 })],
        },
    ];
    Definition::remembered(draft)
}

pub(in crate::protocol) fn suffering(each: Beat) -> Suffering {
    Suffering { dice: dice(3, 6, 0), kind: DamageType::Acid, each }
}

/// Every way in which a special is set off, and every term beside it.
fn terms(index: usize) -> Terms {
    let set_off = [
        SetOff::Chosen,
        SetOff::OwnTurnStart,
        SetOff::OwnTurnEnd,
        SetOff::TheirTurnStart,
        SetOff::Death,
        SetOff::StruckInMelee,
    ];
    Terms {
        whom: Whom {
            enemies_only: index.is_multiple_of(2),
            max_size: (index.is_multiple_of(3)).then_some(Size::Large),
            only: [CreatureType::Humanoid, CreatureType::Giant].into_iter().collect(),
            spared: [CreatureType::Undead].into_iter().collect(),
            having: [Condition::Grappled, Condition::Charmed].into_iter().collect(),
            from_user: !index.is_multiple_of(2),
        },
        set_off: set_off[index % set_off.len()],
        on_success: vec![Rider::Push { feet: 5, max_size: None }],
        while_able: index.is_multiple_of(2),
        immune_after_success: !index.is_multiple_of(2),
        concentration: index.is_multiple_of(3),
    }
}

/// A monster with an entry of every kind that came after 0.1.0.
pub(in crate::protocol) fn newer_definition(name: &str, kind: Kind) -> Definition {
    let mut draft = definition(name, kind).into_draft();
    let terms_of_time = [
        When::Uncharged { feet: 20 },
        When::TargetBloodied,
        When::AttackerUnbloodied,
        When::TargetHeld,
        When::TargetHas(Condition::Poisoned),
        When::TargetIs([CreatureType::Beast, CreatureType::Humanoid].into_iter().collect()),
        When::TargetIsNot([CreatureType::Undead].into_iter().collect()),
        When::FailedBy(5),
        When::FirstRound,
    ];
    let lasts = [
        Lasts::TurnsUnlessHarmed(10),
        Lasts::Worsens { into: Condition::Petrified, then: Worse::Removed },
        Lasts::Worsens { into: Condition::Unconscious, then: Worse::TurnsUnlessHarmed(10) },
        Lasts::Worsens { into: Condition::Paralyzed, then: Worse::SaveEnds },
    ];
    let condition = Condition::Restrained;
    let mut riders: Vec<Rider> = lasts
        .into_iter()
        .zip(terms_of_time)
        .map(|(lasts, when)| Rider::Condition {
            condition,
            save: None,
            lasts,
            max_size: None,
            when,
        })
        .collect();
    riders.extend([
        Rider::Effect { kind: EffectKind::Exposed, lasts: Lasts::TargetNextTurnEnd, amount: 2 },
        Rider::Pull { feet: 25, max_size: Some(Size::Huge) },
        Rider::ReduceMaximum { kind: None },
        Rider::ReduceMaximum { kind: Some(DamageType::Necrotic) },
        Rider::Ongoing {
            what: suffering(Beat::TargetTurnStart),
            lasts: Lasts::SaveEnds,
            when: When::TargetHas(Condition::Poisoned),
        },
        Rider::Ongoing {
            what: suffering(Beat::SourceTurnStart),
            lasts: Lasts::Escape { dc: 13 },
            when: When::Always,
        },
    ]);
    for attack in &mut draft.attacks {
        attack.advantage = Some(When::TargetHeld);
        attack.riders.clone_from(&riders);
        attack.damage = terms_of_time
            .into_iter()
            .map(|when| DamagePart { dice: dice(2, 4, 0), kind: DamageType::Piercing, when })
            .collect();
    }
    for (index, special) in draft.specials.iter_mut().enumerate() {
        special.terms = terms(index);
    }
    let goings = [
        Going::Stay,
        Going::Walk { half: true, unprovoking: false },
        Going::Walk { half: false, unprovoking: true },
        Going::Teleport { feet: 60 },
    ];
    for (index, going) in goings.into_iter().enumerate() {
        let then = if index == 3 { Vec::new() } else { vec![slug("scimitar")] };
        draft.specials.push(Special {
            id: slug(&format!("going-{index}")),
            name: format!("Going {index}"),
            cost: Cost::Legendary,
            uses: Uses::OncePerRound,
            reach: Reach::Own,
            effect: SpecialEffect::Go { going, then },
            spell: false,
            terms: Terms::default(),
        });
    }
    draft.legendary_actions = 3;
    draft.traits.extend([
        Trait::LegendaryResistance(3),
        Trait::Swarm,
        Trait::SharesSpace,
        Trait::IncorporealMovement,
        Trait::Absorption(DamageType::Lightning),
        Trait::HurtBy { kind: DamageType::Cold, effect: EffectKind::Slowed, amount: 20 },
        Trait::RallyingAura { feet: 10 },
        Trait::BlurredForm,
        Trait::BloodFrenzy,
        Trait::Agile,
        Trait::Unseen,
        Trait::Reactive,
        Trait::Parry { bonus: 3 },
    ]);
    Definition::remembered(draft)
}

/// Somebody who joined with entries that came after 0.1.0.
pub(in crate::protocol) fn newer_joined(id: &str, name: &str) -> Joined {
    let kind = Kind::Monster { rating_eighths: 80 };
    let definition = Arc::new(newer_definition(name, kind));
    Joined { definition, ..joined(id, name, None, false) }
}

/// The same with an entry of everything that 0.1.0 did not know.
pub(in crate::protocol) fn definition_of_today(name: &str, kind: Kind) -> Definition {
    let mut draft = definition(name, kind).into_draft();
    let masteries = [
        Mastery::Cleave,
        Mastery::Graze,
        Mastery::Nick,
        Mastery::Push,
        Mastery::Sap,
        Mastery::Slow,
        Mastery::Topple,
        Mastery::Vex,
    ];
    let weapons =
        masteries.into_iter().zip(Ability::ALL.into_iter().cycle()).map(|(m, a)| Weapon {
            ability: Some(a),
            mastery: Some(m),
            heavy: m == Mastery::Graze,
            loading: m == Mastery::Slow,
        });
    let first = draft.attacks[0].clone();
    draft.attacks.extend(weapons.enumerate().map(|(index, weapon)| Attack {
        id: slug(&format!("weapon-{index}")),
        weapon,
        ..first.clone()
    }));
    Definition::remembered(draft)
}

pub(in crate::protocol) fn joined(
    id: &str,
    name: &str,
    owner: Option<UserId>,
    hidden: bool,
) -> Joined {
    let kind = match owner {
        Some(_) => Kind::Hero { class: "Fighter".into(), level: 3 },
        None => Kind::Monster { rating_eighths: 2 },
    };
    Joined {
        id: creature(id),
        name: name.to_owned(),
        side: if owner.is_some() { SideId::party() } else { SideId::foes() },
        owner,
        character: owner.map(|user| CharacterId(u128::from(user.0) << 70)),
        definition: Arc::new(definition(name, kind)),
        hit_points: 20,
        temporary_hit_points: 3,
        spent: vec![(slug("special-1"), 2)],
        position: Some(Position { x: 2, y: 3 }),
        hidden,
        autopilot: owner.is_none(),
    }
}
