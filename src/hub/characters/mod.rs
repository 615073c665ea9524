//! Characters between fights: made, listed, changed, brought into a fight and written back.
//!
//! A character is in one running fight at most. What a fight does to it is written back in the same
//! commit that ends the fight or takes the character out of it.

mod sheets;
mod write_back;

use prost::Message;

use super::access::{Deed, Principal, Scope};
use super::refusal::Refusal;
use super::{Hub, commit_refusal, read_refusal};
use crate::clock;
use crate::protocol::{definition_of, definition_to, pb, timestamp};
use crate::rules::creature::{Definition, Kind, NAME_MAX_CHARS, Problem};
use crate::rules::id::{BadId, CharacterId, GuildId, UserId};
use crate::store::{CharacterKey, CharacterWrite, Commit, ReceiptKey, Space, StoredCharacter};

/// Characters of one person in one guild.
const CHARACTERS_MAX: usize = 50;
/// Characters on a page unless another number is asked for, and the most there are.
const PAGE: (u32, u32) = (20, 100);

fn malformed(path: &str, message: impl Into<String>) -> Refusal {
    Refusal::Malformed { path: path.to_owned(), message: message.into() }
}

fn problems(path: &str, problems: &[Problem]) -> Refusal {
    let each: Vec<String> =
        problems.iter().take(10).map(|it| format!("{}: {}", it.path, it.message)).collect();
    malformed(path, each.join("; "))
}

fn guild(text: &str) -> Result<GuildId, Refusal> {
    let number = text.parse().map_err(|_| malformed("guild_id", "must be a decimal number"))?;
    Ok(GuildId(number))
}

/// A name as it may be kept: trimmed, of a length, without control characters.
fn name(text: &str) -> Result<String, Refusal> {
    let trimmed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if trimmed.is_empty() {
        return Err(malformed("name", "must not be empty"));
    }
    if trimmed.chars().count() > NAME_MAX_CHARS {
        return Err(malformed("name", format!("must have at most {NAME_MAX_CHARS} characters")));
    }
    if trimmed.chars().any(char::is_control) {
        return Err(malformed("name", "must not hold control characters"));
    }
    Ok(trimmed)
}

fn level(character: &pb::Character) -> u8 {
    u8::try_from(character.level).unwrap_or(u8::MAX)
}

fn active_key(guild: GuildId, user: UserId) -> Vec<u8> {
    format!("active:{}:{}", guild.0, user.0).into_bytes()
}

fn now() -> prost_types::Timestamp {
    timestamp(i64::try_from(clock::now().0).unwrap_or(i64::MAX))
}

/// The class and level of a hero.
fn class_of(definition: &Definition) -> Result<(String, u8), Refusal> {
    match &definition.kind {
        Kind::Hero { class, level } => Ok((class.clone(), *level)),
        Kind::Monster { .. } => Err(malformed("definition.kind", "must be a hero")),
    }
}

/// A character as it is at first: unhurt and rested.
fn fresh(
    character_id: String,
    guild: GuildId,
    owner: UserId,
    name: String,
    made: &sheets::Made,
) -> Result<pb::Character, Refusal> {
    let (class, level) = class_of(&made.definition)?;
    Ok(pb::Character {
        character_id,
        guild_id: guild.0.to_string(),
        owner_id: owner.0.to_string(),
        name,
        class,
        level: u32::from(level),
        hit_points: u32::from(made.definition.hit_points),
        definition: Some(definition_to(&made.definition)),
        sheet_json: made.sheet_json.clone(),
        version: 1,
        updated_at: Some(now()),
        ..pb::Character::default()
    })
}

/// Notes on a character that it was changed by hand.
fn changed(character: &mut pb::Character, version: u64) {
    character.written_by.clear();
    character.updated_at = Some(now());
    character.version = version.saturating_add(1);
}

fn receipt_key(who: &Principal, guild: GuildId, request_id: &str) -> ReceiptKey {
    ReceiptKey { guild: guild.0, principal: who.user.0, request_id: request_id.to_owned() }
}

impl Hub {
    fn stored(
        &self,
        guild: GuildId,
        id: CharacterId,
    ) -> Result<(StoredCharacter, pb::Character), Refusal> {
        let key = CharacterKey { guild: guild.0, character: id.0 };
        let found = self.store().character(key).map_err(|fault| read_refusal(&fault))?;
        opened(found.ok_or(Refusal::NoSuchCharacter)?)
    }

    /// A character that this caller may read: any of the guild for its members.
    fn readable(
        &self,
        who: &Principal,
        guild_id: &str,
        id: &str,
    ) -> Result<(StoredCharacter, pb::Character), Refusal> {
        let guild = guild(guild_id)?;
        who.may_in_guild(Deed::KeepCharacters, guild)?;
        let id = id.parse().map_err(|bad: BadId| malformed("character_id", bad.to_string()))?;
        self.stored(guild, id)
    }

    /// A character that this caller may change: one's own.
    fn changeable(
        &self,
        who: &Principal,
        guild_id: &str,
        id: &str,
    ) -> Result<(StoredCharacter, pb::Character), Refusal> {
        let found = self.readable(who, guild_id, id)?;
        if found.0.owner == who.user.0 || who.scope == Scope::Admin {
            Ok(found)
        } else {
            Err(Refusal::NoSuchCharacter)
        }
    }

    /// Makes a character of a ready-made class or of a whole definition.
    ///
    /// # Errors
    /// What is wrong with the name, class or definition; a limit.
    pub async fn create_character(
        &self,
        who: &Principal,
        wanted: pb::CreateCharacterRequest,
    ) -> Result<pb::Character, Refusal> {
        let hash = *blake3::hash(&wanted.encode_to_vec()).as_bytes();
        let guild = guild(&wanted.guild_id)?;
        who.may_in_guild(Deed::KeepCharacters, guild)?;
        if let Some(character) = self.made_before(who, guild, &wanted.request_id, hash)? {
            return Ok(character);
        }
        let name = name(&wanted.name)?;
        let made = sheets::made(wanted.sheet, &name)?;
        self.keep(who, guild, (name, made), (&wanted.request_id, hash)).await
    }

    /// The character that this request made when it came before.
    fn made_before(
        &self,
        who: &Principal,
        guild: GuildId,
        request_id: &str,
        hash: [u8; 32],
    ) -> Result<Option<pb::Character>, Refusal> {
        let key = receipt_key(who, guild, request_id);
        if request_id.is_empty() {
            return Ok(None);
        }
        let found = self.store().receipt(&key).map_err(|fault| read_refusal(&fault))?;
        let Some(bytes) = found else { return Ok(None) };
        let receipt = super::table::stored_receipt(&bytes, hash)?;
        let id = receipt.session_id.parse().map_err(|bad: BadId| Refusal::bug(&bad))?;
        self.stored(guild, id).map(|(_, character)| Some(character))
    }

    /// Stores a new character, with the receipt of the request that brought it.
    async fn keep(
        &self,
        who: &Principal,
        guild: GuildId,
        (name, made): (String, sheets::Made),
        (request_id, hash): (&str, [u8; 32]),
    ) -> Result<pb::Character, Refusal> {
        let owned = self
            .store()
            .characters_of_user(guild.0, who.user.0)
            .map_err(|fault| read_refusal(&fault))?;
        if owned.len() >= CHARACTERS_MAX {
            return Err(Refusal::LimitReached {
                what: "your characters here",
                limit: CHARACTERS_MAX,
            });
        }
        let id = CharacterId(clock::fresh_uuid().as_u128());
        let character = fresh(id.to_string(), guild, who.user, name, &made)?;
        let mut commit = Commit { characters: vec![write(&character, None)?], ..Commit::default() };
        if !request_id.is_empty() {
            let receipt = pb::Receipt { session_id: id.to_string(), ..pb::Receipt::default() };
            let stored =
                pb::StoredReceipt { payload_hash: hash.to_vec().into(), receipt: Some(receipt) };
            let key = receipt_key(who, guild, request_id);
            commit.receipts.push((key, stored.encode_to_vec().into()));
        }
        if self.active_character(guild, who.user)?.is_none() {
            let value = id.0.to_be_bytes().to_vec();
            commit.puts.push((Space::Settings, active_key(guild, who.user), Some(value.into())));
        }
        self.store().commit(commit).await.map_err(commit_refusal)?;
        Ok(character)
    }

    /// One character.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCharacter`].
    pub fn character(
        &self,
        who: &Principal,
        wanted: &pb::GetCharacterRequest,
    ) -> Result<pb::Character, Refusal> {
        self.readable(who, &wanted.guild_id, &wanted.character_id).map(|(_, character)| character)
    }

    /// Changes a character that is in no fight.
    ///
    /// # Errors
    /// [`Refusal::SheetMoved`] if it was changed since; [`Refusal::CharacterBusy`] in a fight.
    pub async fn update_character(
        &self,
        who: &Principal,
        wanted: pb::UpdateCharacterRequest,
    ) -> Result<pb::Character, Refusal> {
        let (stored, mut character) =
            self.changeable(who, &wanted.guild_id, &wanted.character_id)?;
        if wanted.expected_version != stored.version {
            return Err(Refusal::SheetMoved);
        }
        if !character.session_id.is_empty() {
            return Err(Refusal::CharacterBusy);
        }
        if let Some(text) = &wanted.name {
            character.name = name(text)?;
        }
        if let Some(wire) = wanted.definition {
            let definition = definition_of(&wire)?;
            let (class, level) = class_of(&definition)?;
            character.class = class;
            character.level = u32::from(level);
            // The choices behind the old one say nothing of this one.
            character.sheet_json.clear();
            character.hit_points = character.hit_points.min(u32::from(definition.hit_points));
            character.definition = Some(definition_to(&definition));
        }
        let most = character.definition.as_ref().map_or(0, |definition| definition.hit_points);
        if let Some(hit_points) = wanted.hit_points {
            if hit_points > most {
                return Err(malformed("hit_points", format!("must be at most {most}")));
            }
            character.hit_points = hit_points;
        }
        if wanted.long_rest {
            character.hit_points = most;
            character.spent.clear();
        }
        changed(&mut character, stored.version);
        let characters = vec![write(&character, Some(stored.version))?];
        let commit = Commit { characters, ..Commit::default() };
        self.store().commit(commit).await.map_err(commit_refusal)?;
        Ok(character)
    }

    /// Deletes a character that is in no fight.
    ///
    /// # Errors
    /// [`Refusal::SheetMoved`] if it was changed since; [`Refusal::CharacterBusy`] in a fight.
    pub async fn delete_character(
        &self,
        who: &Principal,
        wanted: &pb::DeleteCharacterRequest,
    ) -> Result<(), Refusal> {
        let (stored, character) = self.changeable(who, &wanted.guild_id, &wanted.character_id)?;
        if wanted.expected_version != stored.version {
            return Err(Refusal::SheetMoved);
        }
        if !character.session_id.is_empty() {
            return Err(Refusal::CharacterBusy);
        }
        let delete =
            CharacterWrite::Delete { key: stored.key, expected_version: Some(stored.version) };
        let commit = Commit { characters: vec![delete], ..Commit::default() };
        self.store().commit(commit).await.map_err(commit_refusal)
    }

    /// Characters of a person, by name, or by level.
    ///
    /// # Errors
    /// For a page token that this list did not give out.
    pub fn list_characters(
        &self,
        who: &Principal,
        wanted: &pb::ListCharactersRequest,
    ) -> Result<pb::ListCharactersResponse, Refusal> {
        let guild = guild(&wanted.guild_id)?;
        who.may_in_guild(Deed::KeepCharacters, guild)?;
        let rows = crate::store::MAX_ROWS;
        let by_level = wanted.level_min > 0 || wanted.level_max > 0;
        let found = if !wanted.name_prefix.is_empty() {
            self.store().characters_by_name(guild.0, &wanted.name_prefix, rows)
        } else if by_level && wanted.owner_id.is_empty() {
            self.store().characters_by_level(guild.0, levels(wanted), rows)
        } else {
            let owner = match wanted.owner_id.as_str() {
                "" => who.user.0,
                text => {
                    text.parse().map_err(|_| malformed("owner_id", "must be a decimal number"))?
                }
            };
            self.store().characters_of_user(guild.0, owner)
        };
        let found = found.map_err(|fault| read_refusal(&fault))?;
        let size = match wanted.page_size {
            0 => PAGE.0,
            size => size.min(PAGE.1),
        };
        let size = usize::try_from(size).unwrap_or_default();
        let start = match wanted.page_token.as_str() {
            "" => 0,
            text => text
                .parse::<usize>()
                .map_err(|_| malformed("page_token", "must be a token of the page before"))?,
        };
        let mut characters = Vec::new();
        for stored in found {
            let (_, character) = opened(stored)?;
            let fits = levels(wanted).contains(&level(&character));
            let owned = wanted.owner_id.is_empty() || character.owner_id == wanted.owner_id;
            if fits && owned {
                characters.push(character);
            }
        }
        let end = start.saturating_add(size);
        let next_page_token = if characters.len() > end { end.to_string() } else { String::new() };
        let characters = characters.into_iter().skip(start).take(size).collect();
        Ok(pb::ListCharactersResponse { characters, next_page_token })
    }

    /// The character that somebody joins with unless they say otherwise.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn active_character(
        &self,
        guild: GuildId,
        user: UserId,
    ) -> Result<Option<pb::Character>, Refusal> {
        let found = self
            .store()
            .get(Space::Settings, &active_key(guild, user))
            .map_err(|fault| read_refusal(&fault))?;
        let id = found.and_then(|bytes| <[u8; 16]>::try_from(bytes.as_ref()).ok());
        let Some(id) = id else { return Ok(None) };
        match self.stored(guild, CharacterId(u128::from_be_bytes(id))) {
            Ok((_, character)) => Ok(Some(character)),
            Err(Refusal::NoSuchCharacter) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Makes a character the one that its owner joins with.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCharacter`].
    pub async fn use_character(
        &self,
        who: &Principal,
        guild: GuildId,
        id: CharacterId,
    ) -> Result<pb::Character, Refusal> {
        let (_, character) = self.changeable(who, &guild.0.to_string(), &id.to_string())?;
        let value = id.0.to_be_bytes().to_vec();
        let puts = vec![(Space::Settings, active_key(guild, who.user), Some(value.into()))];
        let commit = Commit { puts, ..Commit::default() };
        self.store().commit(commit).await.map_err(commit_refusal)?;
        Ok(character)
    }

    /// A sheet to read, in lines of text.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCharacter`].
    pub fn character_sheet(
        &self,
        who: &Principal,
        wanted: &pb::GetCharacterRequest,
    ) -> Result<pb::CharacterSheet, Refusal> {
        let character = self.character(who, wanted)?;
        let wire = character.definition.as_ref().ok_or(Refusal::NoSuchCharacter)?;
        let sections = match sheets::derived(&character) {
            Some(derived) => super::sheet::derived_sections(&derived, &character),
            None => super::sheet::sections(&definition_of(wire)?, &character),
        };
        Ok(pb::CharacterSheet { character: Some(character), sections })
    }
}

fn levels(wanted: &pb::ListCharactersRequest) -> core::ops::RangeInclusive<u8> {
    let least = u8::try_from(wanted.level_min).unwrap_or(u8::MAX);
    let most = match wanted.level_max {
        0 => u8::MAX,
        level => u8::try_from(level).unwrap_or(u8::MAX),
    };
    least..=most
}

fn opened(stored: StoredCharacter) -> Result<(StoredCharacter, pb::Character), Refusal> {
    let mut character =
        pb::Character::decode(stored.bytes.clone()).map_err(|fault| Refusal::bug(&fault))?;
    character.version = stored.version;
    Ok((stored, character))
}

fn write(
    character: &pb::Character,
    expected_version: Option<u64>,
) -> Result<CharacterWrite, Refusal> {
    let id: CharacterId =
        character.character_id.parse().map_err(|bad: BadId| Refusal::bug(&bad))?;
    Ok(CharacterWrite::Put {
        key: CharacterKey { guild: guild(&character.guild_id)?.0, character: id.0 },
        owner: character.owner_id.parse().map_err(|fault| Refusal::bug(&fault))?,
        name: character.name.clone(),
        level: level(character),
        expected_version,
        bytes: character.encode_to_vec().into(),
    })
}
