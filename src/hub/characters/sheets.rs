//! Sheets in and out: characters of a few choices, of JSON that somebody brings, and back to JSON.
//!
//! A sheet is stored beside what was derived from it, so that it can be changed and derived again.
//! Nothing is stored of a sheet with a problem.

use prost::Message;

use super::{changed, guild, malformed, problems, write};
use crate::content::characters::{self, Derived, Sheet, Wishes, sheet::Scores};
use crate::content::heroes;
use crate::hub::access::{Deed, Principal};
use crate::hub::refusal::Refusal;
use crate::hub::{Hub, commit_refusal};
use crate::protocol::{definition_of, definition_to, pb};
use crate::rules::creature::{Definition, Problem};
use crate::store::Commit;

/// Characters of a sheet in JSON that are kept; the derived ones are far smaller.
const STORED_SHEET_MAX_BYTES: usize = crate::content::INPUT_MAX_BYTES;

/// A definition and the choices behind it, if there are any.
pub(super) struct Made {
    pub definition: Definition,
    pub sheet_json: String,
}

/// The character that a request describes.
pub(super) fn made(
    sheet: Option<pb::create_character_request::Sheet>,
    name: &str,
) -> Result<Made, Refusal> {
    use pb::create_character_request::Sheet as Asked;
    match sheet {
        Some(Asked::Class(class)) => {
            let definition =
                heroes::quick(&class, name).map_err(|faults| problems("class", &faults))?;
            let ready = heroes::Heroes::srd().find(&class);
            let sheet_json = ready.map(|ready| {
                stored(&Sheet { name: name.to_owned(), ..ready.making.choices.clone() })
            });
            Ok(Made { definition, sheet_json: sheet_json.unwrap_or_default() })
        }
        Some(Asked::Definition(wire)) => {
            Ok(Made { definition: definition_of(&wire)?, sheet_json: String::new() })
        }
        Some(Asked::Choices(choices)) => {
            let sheet = characters::quick(&wishes(&choices, name)?);
            let derived =
                characters::derive(&sheet).map_err(|faults| problems("sheet", &faults))?;
            Ok(Made { definition: derived.definition, sheet_json: stored(&sheet) })
        }
        None => Err(malformed("sheet", "must be a class, choices or a definition")),
    }
}

fn wishes(choices: &pb::CharacterChoices, name: &str) -> Result<Wishes, Refusal> {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let level = match choices.level {
        0 => None,
        level => Some(u8::try_from(level).unwrap_or(u8::MAX)),
    };
    let score = |score: u32| {
        u8::try_from(score).map_err(|_| malformed("choices.scores", "must be scores of 8 to 15"))
    };
    let scores = match &choices.scores {
        None => None,
        Some(wire) => Some(Scores {
            strength: score(wire.strength)?,
            dexterity: score(wire.dexterity)?,
            constitution: score(wire.constitution)?,
            intelligence: score(wire.intelligence)?,
            wisdom: score(wire.wisdom)?,
            charisma: score(wire.charisma)?,
        }),
    };
    Ok(Wishes {
        name: name.to_owned(),
        class: choices.class.clone(),
        level,
        species: text(&choices.species),
        background: text(&choices.background),
        scores,
    })
}

/// A sheet as it is kept: without the spaces that people like.
fn stored(sheet: &Sheet) -> String {
    serde_json::to_string(sheet).unwrap_or_default()
}

/// The sheet of a character worked out again, if it has one that this book still understands.
pub(super) fn derived(character: &pb::Character) -> Option<Derived> {
    if character.sheet_json.is_empty() {
        return None;
    }
    characters::import(&character.sheet_json).ok().map(|(_, derived)| derived)
}

fn refused(found: Vec<Problem>) -> pb::ImportCharacterResponse {
    let each = found.into_iter().map(|it| pb::SheetProblem { path: it.path, message: it.message });
    pb::ImportCharacterResponse { character: None, problems: each.collect() }
}

impl Hub {
    /// Makes a character of a sheet in JSON, or puts the sheet in the place of a character's own.
    ///
    /// # Errors
    /// A limit; [`Refusal::SheetMoved`] if the character was changed since;
    /// [`Refusal::CharacterBusy`] in a fight. What is wrong with the sheet is an answer, no error.
    pub async fn import_character(
        &self,
        who: &Principal,
        wanted: pb::ImportCharacterRequest,
    ) -> Result<pb::ImportCharacterResponse, Refusal> {
        let guild = guild(&wanted.guild_id)?;
        who.may_in_guild(Deed::KeepCharacters, guild)?;
        let (sheet, derived) = match characters::import(&wanted.json) {
            Ok(found) => found,
            Err(found) => return Ok(refused(found)),
        };
        let made = Made { definition: derived.definition, sheet_json: stored(&sheet) };
        assert!(made.sheet_json.len() <= STORED_SHEET_MAX_BYTES, "a sheet grew by being written");
        let name = super::name(&sheet.name)?;
        let character = if wanted.check_only {
            super::fresh(String::new(), guild, who.user, name, &made)?
        } else if wanted.character_id.is_empty() {
            let hash = *blake3::hash(&wanted.encode_to_vec()).as_bytes();
            match self.made_before(who, guild, &wanted.request_id, hash)? {
                Some(character) => character,
                None => self.keep(who, guild, (name, made), (&wanted.request_id, hash)).await?,
            }
        } else {
            self.replace(who, &wanted, name, made).await?
        };
        Ok(pb::ImportCharacterResponse { character: Some(character), problems: Vec::new() })
    }

    async fn replace(
        &self,
        who: &Principal,
        wanted: &pb::ImportCharacterRequest,
        name: String,
        made: Made,
    ) -> Result<pb::Character, Refusal> {
        let (stored, mut character) =
            self.changeable(who, &wanted.guild_id, &wanted.character_id)?;
        if wanted.expected_version != stored.version {
            return Err(Refusal::SheetMoved);
        }
        if !character.session_id.is_empty() {
            return Err(Refusal::CharacterBusy);
        }
        let before = character.definition.as_ref().map_or(0, |definition| definition.hit_points);
        let most = u32::from(made.definition.hit_points);
        // Whoever is unhurt stays unhurt; wounds stay wounds.
        let lost = before.saturating_sub(character.hit_points);
        character.hit_points = most.saturating_sub(lost);
        let (class, level) = super::class_of(&made.definition)?;
        character.name = name;
        character.class = class;
        character.level = u32::from(level);
        character.definition = Some(definition_to(&made.definition));
        character.sheet_json = made.sheet_json;
        changed(&mut character, stored.version);
        let characters = vec![write(&character, Some(stored.version))?];
        let commit = Commit { characters, ..Commit::default() };
        self.store().commit(commit).await.map_err(commit_refusal)?;
        Ok(character)
    }

    /// The sheet of a character in JSON.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCharacter`], and for a character that came as a definition.
    pub fn export_character(
        &self,
        who: &Principal,
        wanted: &pb::GetCharacterRequest,
    ) -> Result<pb::ExportCharacterResponse, Refusal> {
        let character = self.character(who, wanted)?;
        if character.sheet_json.is_empty() {
            let message = "was not made of a sheet, so there is none to write";
            return Err(malformed("character_id", message));
        }
        let read = characters::read_sheet(&character.sheet_json);
        let mut sheet = read.map_err(|found| problems("sheet", &found))?;
        sheet.name = character.name;
        Ok(pb::ExportCharacterResponse { json: characters::write_sheet(&sheet) })
    }
}
