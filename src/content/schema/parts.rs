//! What a creature does, as people write it: attacks, riders, special actions and traits.
//!
//! A choice is either a word (`"at_will"`) or an object with one key (`{"per_day": 1}`).

use serde::Deserialize;

/// One attack with an attack roll.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttackText {
    pub name: String,
    /// Feet; left out, it cannot be made in melee.
    pub reach: Option<u16>,
    /// Left out, it cannot be made from afar.
    pub range: Option<RangeText>,
    pub to_hit: i8,
    /// When the roll has advantage by itself.
    pub advantage: Option<WhenText>,
    pub damage: Vec<DamageText>,
    #[serde(default)]
    pub riders: Vec<RiderText>,
    #[serde(default)]
    pub uses: Uses,
    #[serde(default)]
    pub cost: Cost,
    #[serde(default)]
    pub spell: bool,
    #[serde(default)]
    pub light: bool,
    /// Set only if whoever wields it has learnt to use it.
    pub mastery: Option<String>,
    /// The ability it is wielded with.
    pub ability: Option<String>,
    #[serde(default)]
    pub heavy: bool,
    #[serde(default)]
    pub loading: bool,
}

/// Feet. Without `long` the range ends at `normal`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeText {
    pub normal: u16,
    pub long: Option<u16>,
}

/// One line of damage.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DamageText {
    pub dice: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub when: WhenText,
}

/// When a line counts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenText {
    #[default]
    Always,
    AttackHadAdvantage,
    ChargedFeet(u16),
    UnchargedFeet(u16),
    TargetInjured,
    TargetBloodied,
    AttackerBloodied,
    AttackerUnbloodied,
    TargetHeld,
    TargetHas(String),
    TargetIs(Vec<String>),
    TargetIsNot(Vec<String>),
    FailedBy(u8),
    FirstRound,
    SneakAttack,
    WhileEffect(String),
    TargetBears(String),
}

/// What else happens to the target.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiderText {
    Condition(ConditionRiderText),
    SaveDamage(SaveDamageText),
    Push(PushText),
    Pull(PushText),
    /// By the damage of this type, or `"all"`.
    ReduceMaximum(String),
    Ongoing(OngoingText),
    DrainHeal(String),
    NoHealing,
    SlowFeet(u16),
    Effect(EffectRiderText),
}

/// A condition, perhaps with a save, a size beyond which it does nothing, and a moment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRiderText {
    pub condition: String,
    pub save: Option<SaveText>,
    pub lasts: Lasts,
    pub max_size: Option<String>,
    #[serde(default)]
    pub when: WhenText,
}

/// More damage, with a save of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveDamageText {
    pub damage: DamageText,
    pub save: SaveText,
    #[serde(default)]
    pub half_on_success: bool,
}

/// A push straight away.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushText {
    pub feet: u16,
    pub max_size: Option<String>,
}

/// An effect that is no condition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectRiderText {
    pub kind: String,
    pub lasts: Lasts,
    /// Feet or points of an effect that has some.
    #[serde(default)]
    pub amount: u16,
}

/// Damage that comes again.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OngoingText {
    pub dice: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub each: BeatText,
    pub lasts: Lasts,
    #[serde(default)]
    pub when: WhenText,
}

/// When damage comes again.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BeatText {
    #[default]
    TargetTurnStart,
    SourceTurnStart,
}

/// A saving throw.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveText {
    pub ability: String,
    pub dc: u8,
}

/// How long it lasts.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasts {
    Removed,
    SourceNextTurnStart,
    SourceNextTurnEnd,
    TargetNextTurnStart,
    TargetNextTurnEnd,
    TargetTurns(u8),
    TurnsUnlessHarmed(u8),
    SaveEnds,
    Worsens(WorsensText),
    EscapeDc(u8),
}

/// What a second failure brings, and for how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorsensText {
    pub into: String,
    pub then: WorseText,
}

/// How long that lasts.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorseText {
    Removed,
    TurnsUnlessHarmed(u8),
    SaveEnds,
}

/// How often.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uses {
    #[default]
    AtWill,
    PerDay(u8),
    PerRest(u8),
    OncePerRound,
    /// Comes back when a d6 shows at least this.
    Recharge(u8),
}

/// What it takes of a turn.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cost {
    #[default]
    Action,
    BonusAction,
    Reaction,
    Free,
    Legendary,
}

/// So many uses, each any one of the named attacks or specials.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepText {
    pub count: u8,
    pub any_of: Vec<String>,
}

/// Something a creature can do that is no attack roll.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialText {
    pub name: String,
    #[serde(default)]
    pub cost: Cost,
    #[serde(default)]
    pub uses: Uses,
    pub reach: Reach,
    pub effect: SpecialEffect,
    #[serde(default)]
    pub spell: bool,
    /// Whom of those it reaches it concerns.
    #[serde(default)]
    pub whom: WhomText,
    #[serde(default)]
    pub set_off: SetOffText,
    /// What befalls whoever saves.
    #[serde(default)]
    pub on_success: Vec<RiderText>,
    #[serde(default)]
    pub while_able: bool,
    #[serde(default)]
    pub immune_after_success: bool,
    /// Lasts only as long as its user concentrates.
    #[serde(default)]
    pub concentration: bool,
}

/// Whom a special concerns; everybody if nothing is said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhomText {
    pub enemies_only: bool,
    pub max_size: Option<String>,
    pub only: Vec<String>,
    pub spared: Vec<String>,
    pub having: Vec<String>,
    pub from_user: bool,
}

/// What makes it happen.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetOffText {
    #[default]
    Chosen,
    OwnTurnStart,
    OwnTurnEnd,
    TheirTurnStart,
    Death,
    StruckInMelee,
}

/// Whom it reaches.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Reach {
    Own,
    Creatures {
        count: u8,
        feet: u16,
    },
    Area {
        shape: AreaShape,
        #[serde(default)]
        range: u16,
    },
}

/// The shape of an area; feet.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AreaShape {
    Cone(u16),
    Cube(u16),
    Line { length: u16, width: u16 },
    Sphere(u16),
    Emanation(u16),
    Cylinder(u16),
}

/// What it does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SpecialEffect {
    Save {
        ability: String,
        dc: u8,
        #[serde(default)]
        damage: Vec<DamageText>,
        #[serde(default)]
        half_on_success: bool,
        #[serde(default)]
        riders: Vec<RiderText>,
    },
    /// Dice of hit points.
    Heal(String),
    /// Dice of temporary hit points.
    TemporaryHitPoints(String),
    Effect {
        kind: String,
        turns: u8,
    },
    AutoDamage(Vec<DamageText>),
    Maneuvers(ManeuversText),
    ExtraAction,
    Go(GoText),
}

/// Where it takes its user, and the attacks one of which it then makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoText {
    pub going: GoingText,
    #[serde(default)]
    pub then: Vec<String>,
}

/// How it goes there.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum GoingText {
    Stay,
    Walk {
        #[serde(default)]
        half: bool,
        #[serde(default)]
        unprovoking: bool,
    },
    /// Feet.
    Teleport(u16),
}

/// What may be done at the cost of the special.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ManeuversText {
    pub dash: bool,
    pub disengage: bool,
    pub hide: bool,
}

/// A trait: a word for what is played, `named` with a reason for what is not.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraitText {
    PackTactics,
    UndeadFortitude,
    MagicResistance,
    Regeneration(RegenerationText),
    Flyby,
    SunlightSensitivity,
    Aggressive,
    Evasion,
    Ambusher,
    RageResistance,
    BloodiedFury,
    BloodiedFrenzy,
    CriticalFrom(u8),
    LegendaryResistance(u8),
    Swarm,
    SharesSpace,
    IncorporealMovement,
    Absorption(String),
    HurtBy(HurtByText),
    RallyingAura(u16),
    BlurredForm,
    BloodFrenzy,
    Agile,
    Unseen,
    Reactive,
    /// Points of Armor Class.
    Parry(u8),
    Named(NamedText),
}

/// Hit points back at the start of each turn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegenerationText {
    pub amount: u16,
    #[serde(default)]
    pub stopped_by: Vec<String>,
}

/// An effect that a type of damage has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HurtByText {
    #[serde(rename = "type")]
    pub kind: String,
    pub effect: String,
    #[serde(default)]
    pub amount: u16,
}

/// Something that is named and not played.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedText {
    pub name: String,
    pub why_not_played: String,
}
