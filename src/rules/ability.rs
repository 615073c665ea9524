//! The six abilities and the skills built on them (SRD 5.2.1, Playing the Game > The Six Abilities).

/// One of the six abilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    Strength,
    Dexterity,
    Constitution,
    Intelligence,
    Wisdom,
    Charisma,
}

impl Ability {
    /// All six, in the order of the book.
    pub const ALL: [Self; 6] = [
        Self::Strength,
        Self::Dexterity,
        Self::Constitution,
        Self::Intelligence,
        Self::Wisdom,
        Self::Charisma,
    ];

    /// The lower-case English word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strength => "strength",
            Self::Dexterity => "dexterity",
            Self::Constitution => "constitution",
            Self::Intelligence => "intelligence",
            Self::Wisdom => "wisdom",
            Self::Charisma => "charisma",
        }
    }
}

/// One value for each ability, without a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ByAbility<T> {
    pub strength: T,
    pub dexterity: T,
    pub constitution: T,
    pub intelligence: T,
    pub wisdom: T,
    pub charisma: T,
}

impl<T: Copy> ByAbility<T> {
    /// The value for one ability.
    pub const fn get(&self, ability: Ability) -> T {
        match ability {
            Ability::Strength => self.strength,
            Ability::Dexterity => self.dexterity,
            Ability::Constitution => self.constitution,
            Ability::Intelligence => self.intelligence,
            Ability::Wisdom => self.wisdom,
            Ability::Charisma => self.charisma,
        }
    }

    /// Builds all six from a function.
    pub fn from_fn(mut f: impl FnMut(Ability) -> T) -> Self {
        Self {
            strength: f(Ability::Strength),
            dexterity: f(Ability::Dexterity),
            constitution: f(Ability::Constitution),
            intelligence: f(Ability::Intelligence),
            wisdom: f(Ability::Wisdom),
            charisma: f(Ability::Charisma),
        }
    }
}

/// The modifier of a score of 1 to 30: the score less ten, halved, rounded down.
pub const fn modifier(score: u8) -> i8 {
    // A score is at most 30, so neither the widening nor the way back can lose anything.
    match score {
        0 | 1 => -5,
        2..=3 => -4,
        4..=5 => -3,
        6..=7 => -2,
        8..=9 => -1,
        10..=11 => 0,
        12..=13 => 1,
        14..=15 => 2,
        16..=17 => 3,
        18..=19 => 4,
        20..=21 => 5,
        22..=23 => 6,
        24..=25 => 7,
        26..=27 => 8,
        28..=29 => 9,
        30..=u8::MAX => 10,
    }
}

/// The eighteen skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skill {
    Acrobatics,
    AnimalHandling,
    Arcana,
    Athletics,
    Deception,
    History,
    Insight,
    Intimidation,
    Investigation,
    Medicine,
    Nature,
    Perception,
    Performance,
    Persuasion,
    Religion,
    SleightOfHand,
    Stealth,
    Survival,
}

impl Skill {
    /// All of them, by name.
    pub const ALL: [Self; 18] = [
        Self::Acrobatics,
        Self::AnimalHandling,
        Self::Arcana,
        Self::Athletics,
        Self::Deception,
        Self::History,
        Self::Insight,
        Self::Intimidation,
        Self::Investigation,
        Self::Medicine,
        Self::Nature,
        Self::Perception,
        Self::Performance,
        Self::Persuasion,
        Self::Religion,
        Self::SleightOfHand,
        Self::Stealth,
        Self::Survival,
    ];

    /// Its place in the list, from 1.
    pub fn place(self) -> u16 {
        let before = Self::ALL.into_iter().take_while(|skill| *skill != self).count();
        u16::try_from(before).unwrap_or_default().saturating_add(1)
    }

    /// The ability a check with this skill uses unless the GM says otherwise.
    pub const fn ability(self) -> Ability {
        match self {
            Self::Athletics => Ability::Strength,
            Self::Acrobatics | Self::SleightOfHand | Self::Stealth => Ability::Dexterity,
            Self::Arcana | Self::History | Self::Investigation | Self::Nature | Self::Religion => {
                Ability::Intelligence
            }
            Self::AnimalHandling
            | Self::Insight
            | Self::Medicine
            | Self::Perception
            | Self::Survival => Ability::Wisdom,
            Self::Deception | Self::Intimidation | Self::Performance | Self::Persuasion => {
                Ability::Charisma
            }
        }
    }

    /// The English name as the SRD writes it, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acrobatics => "acrobatics",
            Self::AnimalHandling => "animal handling",
            Self::Arcana => "arcana",
            Self::Athletics => "athletics",
            Self::Deception => "deception",
            Self::History => "history",
            Self::Insight => "insight",
            Self::Intimidation => "intimidation",
            Self::Investigation => "investigation",
            Self::Medicine => "medicine",
            Self::Nature => "nature",
            Self::Perception => "perception",
            Self::Performance => "performance",
            Self::Persuasion => "persuasion",
            Self::Religion => "religion",
            Self::SleightOfHand => "sleight of hand",
            Self::Stealth => "stealth",
            Self::Survival => "survival",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_follow_the_table_of_the_book() {
        for score in 1..=30_u8 {
            let expected = (i16::from(score) - 10).div_euclid(2);
            assert_eq!(i16::from(modifier(score)), expected, "score {score}");
        }
    }
}
