//! Why a dice text was not rolled: what is wrong, where, and what to change.
//!
//! Never a refusal without a position, and never one that only says "invalid".

use core::fmt;

/// What kind of fault it is. The codes are stable: scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnrollableCode {
    /// The text does not follow the grammar.
    Syntax,
    /// The text is well formed but asks for something that has no value.
    Value,
    /// It would roll more dice than [`super::MAX_ROLLS`].
    TooManyRolls,
    /// It is longer than [`super::MAX_DICE_TEXT_CHARS`].
    TooLong,
}

impl UnrollableCode {
    /// The stable code, as it is written in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Value => "value",
            Self::TooManyRolls => "too_many_rolls",
            Self::TooLong => "too_long",
        }
    }
}

impl fmt::Display for UnrollableCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A dice text that cannot be rolled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrollable {
    pub code: UnrollableCode,
    /// Where it went wrong: characters before it, so 0 is the first character.
    pub position: usize,
    /// One sentence for the person who typed it, saying what to change.
    pub message: String,
}

impl Unrollable {
    pub(super) fn syntax(position: usize, message: impl Into<String>) -> Self {
        Self { code: UnrollableCode::Syntax, position, message: message.into() }
    }

    pub(super) fn value(position: usize, message: impl Into<String>) -> Self {
        Self { code: UnrollableCode::Value, position, message: message.into() }
    }

    pub(super) fn too_many_rolls(position: usize) -> Self {
        Self {
            code: UnrollableCode::TooManyRolls,
            position,
            message: format!(
                "this rolls more than {} dice: roll fewer, or reroll and explode on fewer faces",
                super::MAX_ROLLS
            ),
        }
    }

    pub(super) fn too_large(position: usize) -> Self {
        Self::value(position, "the numbers become too large to keep exactly: use smaller ones")
    }
}

impl fmt::Display for Unrollable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Unrollable {}
