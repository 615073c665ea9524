//! What kinds of damage there are, and how much of it some dice promise.

/// The thirteen damage types (SRD 5.2.1, Rules Glossary > Damage Types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DamageType {
    Acid,
    Bludgeoning,
    Cold,
    Fire,
    Force,
    Lightning,
    Necrotic,
    Piercing,
    Poison,
    Psychic,
    Radiant,
    Slashing,
    Thunder,
}

impl DamageType {
    /// All thirteen, by name.
    pub const ALL: [Self; 13] = [
        Self::Acid,
        Self::Bludgeoning,
        Self::Cold,
        Self::Fire,
        Self::Force,
        Self::Lightning,
        Self::Necrotic,
        Self::Piercing,
        Self::Poison,
        Self::Psychic,
        Self::Radiant,
        Self::Slashing,
        Self::Thunder,
    ];

    /// The lower-case English word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acid => "acid",
            Self::Bludgeoning => "bludgeoning",
            Self::Cold => "cold",
            Self::Fire => "fire",
            Self::Force => "force",
            Self::Lightning => "lightning",
            Self::Necrotic => "necrotic",
            Self::Piercing => "piercing",
            Self::Poison => "poison",
            Self::Psychic => "psychic",
            Self::Radiant => "radiant",
            Self::Slashing => "slashing",
            Self::Thunder => "thunder",
        }
    }

    const fn bit(self) -> u16 {
        match self {
            Self::Acid => 1,
            Self::Bludgeoning => 1 << 1,
            Self::Cold => 1 << 2,
            Self::Fire => 1 << 3,
            Self::Force => 1 << 4,
            Self::Lightning => 1 << 5,
            Self::Necrotic => 1 << 6,
            Self::Piercing => 1 << 7,
            Self::Poison => 1 << 8,
            Self::Psychic => 1 << 9,
            Self::Radiant => 1 << 10,
            Self::Slashing => 1 << 11,
            Self::Thunder => 1 << 12,
        }
    }
}

/// A set of damage types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct DamageSet(u16);

impl DamageSet {
    /// Whether the type is in the set.
    pub const fn contains(self, kind: DamageType) -> bool {
        self.0 & kind.bit() != 0
    }

    /// The set with one more type.
    #[must_use]
    pub const fn with(self, kind: DamageType) -> Self {
        Self(self.0 | kind.bit())
    }

    /// The types in it, by name.
    pub fn iter(self) -> impl Iterator<Item = DamageType> {
        DamageType::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<DamageType> for DamageSet {
    fn from_iter<I: IntoIterator<Item = DamageType>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// Some equal dice and a flat part: `count`d`sides` + `bonus`. `count` 0 is the flat part alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DiceExpr {
    pub count: u8,
    pub sides: u16,
    pub bonus: i16,
}

impl DiceExpr {
    /// The average, rounded down, at least 0; what a stat block prints before its dice.
    pub fn average(self) -> i32 {
        let twice = i32::from(self.count) * (i32::from(self.sides) + 1) + 2 * i32::from(self.bonus);
        twice.max(0) / 2
    }
}

impl core::fmt::Display for DiceExpr {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match (self.count, self.bonus) {
            (0, bonus) => write!(f, "{bonus}"),
            (count, 0) => write!(f, "{count}d{}", self.sides),
            (count, bonus) => write!(f, "{count}d{}{bonus:+}", self.sides),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_those_a_stat_block_prints() {
        assert_eq!(DiceExpr { count: 1, sides: 6, bonus: 2 }.average(), 5);
        assert_eq!(DiceExpr { count: 3, sides: 6, bonus: 0 }.average(), 10);
        assert_eq!(DiceExpr { count: 1, sides: 4, bonus: -3 }.average(), 0);
        assert_eq!(DiceExpr { count: 1, sides: 6, bonus: 2 }.to_string(), "1d6+2");
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: DamageSet = [DamageType::Fire, DamageType::Acid].into_iter().collect();
        assert!(set.contains(DamageType::Fire) && !set.contains(DamageType::Cold));
        assert_eq!(set.iter().count(), 2);
    }
}
