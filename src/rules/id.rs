//! The names by which a fight knows its creatures, sides, people and itself.
//!
//! Ids are short plain ASCII kept inline, so that they copy like numbers; nothing here allocates.

use core::fmt;
use core::str::FromStr;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadId {
    /// Nothing was given.
    Empty,
    /// More than the form allows; `max` is in bytes.
    TooLong { max: usize },
    /// A character outside the form.
    BadCharacter,
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong { max } => write!(f, "is longer than {max} characters"),
            Self::BadCharacter => f.write_str("may hold only letters, digits, '-' and '_'"),
        }
    }
}

impl core::error::Error for BadId {}

/// Up to `N` bytes of `[A-Za-z0-9_-]`, inline.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Inline<const N: usize> {
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Inline<N> {
    fn parse(text: &str) -> Result<Self, BadId> {
        if text.is_empty() {
            return Err(BadId::Empty);
        }
        if text.len() > N {
            return Err(BadId::TooLong { max: N });
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(BadId::BadCharacter);
        }
        let mut bytes = [0; N];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        let len = u8::try_from(text.len()).map_err(|_| BadId::TooLong { max: N })?;
        Ok(Self { bytes, len })
    }

    fn as_str(&self) -> &str {
        let used = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(used).unwrap_or_default()
    }
}

macro_rules! inline_id {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Inline<$max>);

        impl $name {
            /// The longest such id, in bytes.
            pub const MAX_BYTES: usize = $max;

            /// The id as it was written.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Inline::parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

inline_id!(
    /// One creature in one fight. Opaque to everybody: nothing may be read out of it.
    CreatureId,
    32
);
inline_id!(
    /// A side of the fight, such as `party` or `foes`: creatures of one side are allies.
    SideId,
    16
);
inline_id!(
    /// An attack, special action or trait of a stat block: its name in lower case with hyphens.
    Slug,
    48
);

impl SideId {
    /// The side of the players unless somebody says otherwise.
    pub fn party() -> Self {
        Self(Inline::parse("party").unwrap_or(Inline { bytes: [b'p'; 16], len: 1 }))
    }

    /// The side of the monsters unless somebody says otherwise.
    pub fn foes() -> Self {
        Self(Inline::parse("foes").unwrap_or(Inline { bytes: [b'f'; 16], len: 1 }))
    }
}

impl Slug {
    /// The blow that needs no weapon and stands in no stat block.
    pub fn unarmed_strike() -> Self {
        Self(Inline::parse("unarmed-strike").unwrap_or(Inline { bytes: [b'u'; 48], len: 1 }))
    }

    /// The slug of a name: lower case, spaces as hyphens, everything else dropped; cut at the limit.
    ///
    /// # Errors
    /// When nothing of the name is left.
    pub fn of_name(name: &str) -> Result<Self, BadId> {
        let mut text = String::with_capacity(name.len());
        for c in name.chars() {
            let next = match c {
                'A'..='Z' | 'a'..='z' | '0'..='9' => c.to_ascii_lowercase(),
                ' ' | '-' | '/' => '-',
                _ => continue,
            };
            if !(next == '-' && text.ends_with('-')) && text.len() < Self::MAX_BYTES {
                text.push(next);
            }
        }
        text.trim_matches('-').parse()
    }
}

/// A person: the number under which the place they came from knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub u64);

/// The community a fight belongs to. Nothing crosses guilds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GuildId(pub u64);

/// One fight. Written as 26 characters of lower-case Crockford base 32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CombatId(pub u128);

/// A stored character sheet. Written like a [`CombatId`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharacterId(pub u128);

const BASE32: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters in a written 128-bit id: 26 times 5 bits.
const BASE32_CHARS: usize = 26;

fn write_base32(value: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for place in (0..BASE32_CHARS).rev() {
        let digit = usize::try_from((value >> (place * 5)) & 31).unwrap_or_default();
        let c = BASE32.get(digit).copied().unwrap_or(b'0');
        fmt::Write::write_char(f, char::from(c))?;
    }
    Ok(())
}

fn parse_base32(text: &str) -> Result<u128, BadId> {
    if text.is_empty() {
        return Err(BadId::Empty);
    }
    if text.len() != BASE32_CHARS {
        return Err(BadId::TooLong { max: BASE32_CHARS });
    }
    let mut value: u128 = 0;
    for (place, b) in text.bytes().enumerate() {
        let digit = BASE32.iter().position(|d| *d == b).ok_or(BadId::BadCharacter)?;
        if place == 0 && digit > 7 {
            return Err(BadId::BadCharacter); // 26 digits hold 130 bits; the first has only three
        }
        value = (value << 5) | u128::try_from(digit).unwrap_or_default();
    }
    Ok(value)
}

macro_rules! base32_id {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_base32(self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_base32(self.0, f)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                parse_base32(text).map(Self)
            }
        }
    };
}
base32_id!(CombatId);
base32_id!(CharacterId);

/// A question put to a creature's controller; unique within its fight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptId(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_id_reads_back() {
        for value in [0, 1, u128::MAX, 0x0192_3f3a_0000_7abc_8def_0123_4567_89ab] {
            let text = CombatId(value).to_string();
            assert_eq!(text.len(), 26);
            assert_eq!(text.parse(), Ok(CombatId(value)));
        }
        assert_eq!("z".repeat(26).parse::<CombatId>(), Err(BadId::BadCharacter));
        assert!("".parse::<CombatId>().is_err());
    }

    #[test]
    fn creature_ids_take_only_plain_text() {
        assert_eq!("goblin-1".parse::<CreatureId>().unwrap().as_str(), "goblin-1");
        assert_eq!("@everyone".parse::<CreatureId>(), Err(BadId::BadCharacter));
        assert_eq!("x".repeat(33).parse::<CreatureId>(), Err(BadId::TooLong { max: 32 }));
    }

    #[test]
    fn slugs_follow_the_name() {
        assert_eq!(Slug::of_name("Hunter's Mark").unwrap().as_str(), "hunters-mark");
        assert_eq!(Slug::of_name("Bite (Bear Form)").unwrap().as_str(), "bite-bear-form");
        assert!(Slug::of_name("!!!").is_err());
    }
}
