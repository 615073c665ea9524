//! The words for everything that has a name in the contract.

use crate::protocol::pb;

/// The lower-case word for a condition.
pub const fn condition(condition: pb::Condition) -> &'static str {
    match condition {
        pb::Condition::Unspecified => "a condition",
        pb::Condition::Blinded => "blinded",
        pb::Condition::Charmed => "charmed",
        pb::Condition::Deafened => "deafened",
        pb::Condition::Exhaustion => "exhaustion",
        pb::Condition::Frightened => "frightened",
        pb::Condition::Grappled => "grappled",
        pb::Condition::Incapacitated => "incapacitated",
        pb::Condition::Invisible => "invisible",
        pb::Condition::Paralyzed => "paralyzed",
        pb::Condition::Petrified => "petrified",
        pb::Condition::Poisoned => "poisoned",
        pb::Condition::Prone => "prone",
        pb::Condition::Restrained => "restrained",
        pb::Condition::Stunned => "stunned",
        pb::Condition::Unconscious => "unconscious",
    }
}

/// The lower-case word for an effect.
pub const fn effect(effect: pb::EffectKind) -> &'static str {
    match effect {
        pb::EffectKind::Unspecified => "an effect",
        pb::EffectKind::Dodging => "dodging",
        pb::EffectKind::Disengaged => "disengaged",
        pb::EffectKind::Distracted => "distracted",
        pb::EffectKind::Hidden => "hiding",
        pb::EffectKind::Marked => "marked",
        pb::EffectKind::Raging => "raging",
        pb::EffectKind::Reckless => "reckless",
        pb::EffectKind::NoHealing => "cannot heal",
        pb::EffectKind::Slowed => "slowed",
        pb::EffectKind::Blessed => "blessed",
        pb::EffectKind::Shielded => "shielded",
        pb::EffectKind::NoReactions => "no reactions",
        pb::EffectKind::Quarry => "quarry",
        pb::EffectKind::Rattled => "rattled",
        pb::EffectKind::Halved => "half speed",
        pb::EffectKind::Dazed => "dazed",
        pb::EffectKind::Exposed => "exposed",
        pb::EffectKind::Hampered => "hampered",
        pb::EffectKind::Emboldened => "emboldened",
        pb::EffectKind::Suffering => "suffering",
        pb::EffectKind::Vexed => "vexed",
        pb::EffectKind::Surprised => "surprised",
        pb::EffectKind::Assisted => "assisted",
    }
}

/// The lower-case word for a damage type.
pub const fn damage(kind: pb::DamageType) -> &'static str {
    match kind {
        pb::DamageType::Unspecified => "",
        pb::DamageType::Acid => "acid",
        pb::DamageType::Bludgeoning => "bludgeoning",
        pb::DamageType::Cold => "cold",
        pb::DamageType::Fire => "fire",
        pb::DamageType::Force => "force",
        pb::DamageType::Lightning => "lightning",
        pb::DamageType::Necrotic => "necrotic",
        pb::DamageType::Piercing => "piercing",
        pb::DamageType::Poison => "poison",
        pb::DamageType::Psychic => "psychic",
        pb::DamageType::Radiant => "radiant",
        pb::DamageType::Slashing => "slashing",
        pb::DamageType::Thunder => "thunder",
    }
}

/// The word for an ability, capitalised.
pub const fn ability(ability: pb::Ability) -> &'static str {
    match ability {
        pb::Ability::Unspecified => "Ability",
        pb::Ability::Strength => "Strength",
        pb::Ability::Dexterity => "Dexterity",
        pb::Ability::Constitution => "Constitution",
        pb::Ability::Intelligence => "Intelligence",
        pb::Ability::Wisdom => "Wisdom",
        pb::Ability::Charisma => "Charisma",
    }
}

/// The name of a skill.
pub const fn skill(skill: pb::Skill) -> &'static str {
    match skill {
        pb::Skill::Unspecified => "a skill",
        pb::Skill::Acrobatics => "Acrobatics",
        pb::Skill::AnimalHandling => "Animal Handling",
        pb::Skill::Arcana => "Arcana",
        pb::Skill::Athletics => "Athletics",
        pb::Skill::Deception => "Deception",
        pb::Skill::History => "History",
        pb::Skill::Insight => "Insight",
        pb::Skill::Intimidation => "Intimidation",
        pb::Skill::Investigation => "Investigation",
        pb::Skill::Medicine => "Medicine",
        pb::Skill::Nature => "Nature",
        pb::Skill::Perception => "Perception",
        pb::Skill::Performance => "Performance",
        pb::Skill::Persuasion => "Persuasion",
        pb::Skill::Religion => "Religion",
        pb::Skill::SleightOfHand => "Sleight of Hand",
        pb::Skill::Stealth => "Stealth",
        pb::Skill::Survival => "Survival",
    }
}

/// A side as the subject of a sentence: whether it is one or many shows in the verb.
pub fn side_wins(side: &str) -> String {
    match side {
        "party" => "the party wins".to_owned(),
        "foes" => "the foes win".to_owned(),
        other => format!("the side {} wins", other.replace('-', " ")),
    }
}

/// How a creature looks from outside, capitalised.
pub const fn health(health: pb::Health) -> &'static str {
    match health {
        pb::Health::Unspecified => "Unknown",
        pb::Health::Healthy => "Healthy",
        pb::Health::Injured => "Injured",
        pb::Health::Bloodied => "Bloodied",
        pb::Health::Critical => "Critical",
        pb::Health::Down => "Down",
        pb::Health::Dead => "Dead",
    }
}

/// What something costs.
pub const fn cost(cost: pb::Cost) -> &'static str {
    match cost {
        pb::Cost::Unspecified | pb::Cost::Free => "free",
        pb::Cost::Action => "action",
        pb::Cost::BonusAction => "bonus action",
        pb::Cost::Reaction => "reaction",
        pb::Cost::Legendary => "legendary action",
    }
}

/// Why a roll had advantage or disadvantage.
pub const fn reason(reason: pb::Reason) -> &'static str {
    match reason {
        pb::Reason::Unspecified => "a reason",
        pb::Reason::TargetBlinded => "target blinded",
        pb::Reason::TargetParalyzed => "target paralyzed",
        pb::Reason::TargetPetrified => "target petrified",
        pb::Reason::TargetProneNear => "target prone",
        pb::Reason::TargetProneFar => "target prone, from afar",
        pb::Reason::TargetRestrained => "target restrained",
        pb::Reason::TargetStunned => "target stunned",
        pb::Reason::TargetUnconscious => "target unconscious",
        pb::Reason::TargetInvisible => "target invisible",
        pb::Reason::TargetHidden => "target hidden",
        pb::Reason::TargetDodging => "target dodging",
        pb::Reason::TargetDistracted => "target distracted",
        pb::Reason::TargetMarked => "target marked",
        pb::Reason::TargetReckless => "target reckless",
        pb::Reason::AttackerBlinded | pb::Reason::Unseen => "cannot see",
        pb::Reason::AttackerFrightened | pb::Reason::Frightened => "frightened",
        pb::Reason::AttackerGrappled => "grappled",
        pb::Reason::AttackerHidden => "attacker hidden",
        pb::Reason::AttackerInvisible | pb::Reason::Invisible => "invisible",
        pb::Reason::AttackerPoisoned | pb::Reason::Poisoned => "poisoned",
        pb::Reason::AttackerProne => "attacker prone",
        pb::Reason::AttackerRestrained | pb::Reason::Restrained => "restrained",
        pb::Reason::AttackerReckless => "reckless",
        pb::Reason::AttackerExhausted | pb::Reason::Exhaustion => "exhausted",
        pb::Reason::AttackerRattled => "rattled",
        pb::Reason::Bloodied => "bloodied",
        pb::Reason::Rallied => "ally's aura",
        pb::Reason::TargetBlurred => "target blurred",
        pb::Reason::EasyPrey => "easy prey",
        pb::Reason::Hampered => "hampered",
        pb::Reason::Emboldened => "emboldened",
        pb::Reason::PackTactics => "pack tactics",
        pb::Reason::LongRange => "long range",
        pb::Reason::EnemyNearby => "enemy within 5 ft",
        pb::Reason::HelpedBy => "helped",
        pb::Reason::GameMaster => "game master",
        pb::Reason::Incapacitated => "incapacitated",
        pb::Reason::Dodging => "dodging",
        pb::Reason::Raging => "raging",
        pb::Reason::MagicResistance => "magic resistance",
        pb::Reason::Blessed => "blessed",
        pb::Reason::Untrained => "untrained",
        pb::Reason::HeavyWeapon => "heavy weapon",
        pb::Reason::TargetVexed => "target vexed",
        pb::Reason::Surprised => "surprised",
    }
}
