//! Characters: what a player chooses, whether the book allows it, and every figure that follows.
//!
//! A [`Sheet`] holds choices alone. [`derive`] says everything that is wrong with them at once, or
//! works out the sheet to read and the creature that a fight uses. On a sheet every word is written
//! as the book writes it. No rule of play is decided here.

mod assign;
pub mod book;
mod check;
mod figures;
mod lists;
mod quick;
pub mod sheet;

use super::read::json;
use super::{INPUT_MAX_BYTES, Problem};

pub use book::Book;
pub use check::{EXPERIENCE, POINTS, STANDARD_ARRAY, point_cost, proficiency_bonus};
pub use figures::{Casting, Derived, FeatureLine, Proficiency, SaveLine, SkillLine, Slots, derive};
pub use quick::{Wishes, quick};
pub use sheet::Sheet;

/// Reads a sheet somebody wrote.
///
/// # Errors
/// A fault of the JSON itself, with line and column.
pub fn read_sheet(text: &str) -> Result<Sheet, Vec<Problem>> {
    if text.len() > INPUT_MAX_BYTES {
        return Err(vec![Problem {
            path: String::new(),
            message: format!("the text is longer than {INPUT_MAX_BYTES} bytes"),
        }]);
    }
    let sheet = json(text).map_err(|problem| vec![problem])?;
    let misplaced = lists::misplaced(text);
    if misplaced.is_empty() { Ok(sheet) } else { Err(misplaced) }
}

/// Reads a sheet and works it out.
///
/// # Errors
/// A fault of the JSON itself alone, otherwise everything that is wrong with the choices.
pub fn import(text: &str) -> Result<(Sheet, Derived), Vec<Problem>> {
    let sheet = read_sheet(text)?;
    let derived = derive(&sheet)?;
    Ok((sheet, derived))
}

/// Writes a sheet as people read it: JSON with one choice a line.
pub fn write_sheet(sheet: &Sheet) -> String {
    // A sheet is made of texts, numbers, lists and maps with text keys: there is always JSON of it.
    serde_json::to_string_pretty(sheet).unwrap_or_default()
}
