//! Lists: fights of a guild or channel, the history of one, and names to choose from.

use prost::Message;

use super::access::Principal;
use super::fight::FightKey;
use super::refusal::Refusal;
use super::{Hub, read_refusal};
use crate::content::characters::Book;
use crate::content::{Bestiary, Heroes};
use crate::protocol::pb;
use crate::rules::id::{CombatId, GuildId};
use crate::store::Space;

/// Fights on a page unless another number is asked for.
const PAGE_DEFAULT: u32 = 20;
/// Most fights on a page.
const PAGE_MAX: u32 = 100;
/// Most open fights that are listed at once.
const OPEN_MAX: usize = 5_000;
/// Events of a page of history unless another number is asked for.
const HISTORY_DEFAULT: u32 = 200;
/// Most events of a page of history, up to the end of the last commit.
const HISTORY_MAX: u32 = 1_000;

/// Something with a name to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub id: String,
    pub name: String,
    /// Such as `CR 1/4 · Fey`.
    pub note: String,
}

impl Hub {
    /// Fights that this caller may know of, newest first.
    ///
    /// # Errors
    /// For a page token that this list did not give out.
    pub fn list(
        &self,
        who: &Principal,
        wanted: &pb::ListCombatsRequest,
    ) -> Result<pb::ListCombatsResponse, Refusal> {
        let size = match wanted.page_size {
            0 => PAGE_DEFAULT,
            size => size.min(PAGE_MAX),
        };
        let size = usize::try_from(size).unwrap_or_default();
        let before: Option<CombatId> = match wanted.page_token.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| Refusal::Malformed {
                path: "page_token".into(),
                message: "must be a token of the page before".into(),
            })?),
        };
        let mut headers = self.known_headers(who, wanted.include_ended)?;
        headers.sort_by(|one, other| other.session_id.cmp(&one.session_id));
        let mut rest = headers.into_iter().skip_while(|header| {
            before.is_some_and(|before| header.session_id >= before.to_string())
        });
        let combats: Vec<pb::CombatListing> = rest.by_ref().take(size).map(listing).collect();
        let more = rest.next().is_some();
        let last = combats.last().map(|listing| listing.session_id.clone());
        let next_page_token = last.filter(|_| more).unwrap_or_default();
        Ok(pb::ListCombatsResponse { combats, next_page_token })
    }

    fn known_headers(
        &self,
        who: &Principal,
        include_ended: bool,
    ) -> Result<Vec<pb::CombatHeader>, Refusal> {
        use super::access::Scope;
        match who.scope {
            Scope::Observe { combat } | Scope::GameMaster { combat } => {
                let header = self.header(self.find(who, combat)?)?;
                let shown = include_ended || header.phase() != pb::Phase::Ended;
                Ok(if shown { vec![header] } else { Vec::new() })
            }
            Scope::Act { guild } | Scope::Start { guild } if include_ended => {
                self.catalogue(Some(guild))
            }
            Scope::Act { guild } | Scope::Start { guild } => {
                self.open_headers(&format!("open:{}:", guild.0))
            }
            Scope::Admin if include_ended => self.catalogue(None),
            Scope::Admin => self.all_open_fights(),
        }
    }

    fn catalogue(&self, guild: Option<GuildId>) -> Result<Vec<pb::CombatHeader>, Refusal> {
        let guild = guild.map(|guild| guild.0);
        let rows = self.store().catalogue(guild, None, crate::store::MAX_ROWS);
        let rows = rows.map_err(|fault| read_refusal(&fault))?;
        let decoded = rows.into_iter().map(|(_, bytes)| pb::CombatHeader::decode(bytes));
        decoded.collect::<Result<_, _>>().map_err(|fault| Refusal::bug(&fault))
    }

    fn open_headers(&self, prefix: &str) -> Result<Vec<pb::CombatHeader>, Refusal> {
        let rows = self
            .store()
            .scan(Space::Settings, prefix.as_bytes(), OPEN_MAX)
            .map_err(|fault| read_refusal(&fault))?;
        let mut headers = Vec::with_capacity(rows.len());
        for (key, _) in rows {
            let text = core::str::from_utf8(&key).unwrap_or_default();
            let guild = text.split(':').nth(1).and_then(|guild| guild.parse().ok());
            let combat = text.rsplit(':').next().and_then(|id| id.parse::<CombatId>().ok());
            if let Some((guild, combat)) = guild.zip(combat) {
                headers.push(self.header(FightKey { guild: GuildId(guild), combat })?);
            }
        }
        headers.sort_by(|one, other| other.session_id.cmp(&one.session_id));
        Ok(headers)
    }

    /// Fights of a channel that are not over, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn open_fights(
        &self,
        guild: GuildId,
        channel: &str,
    ) -> Result<Vec<pb::CombatHeader>, Refusal> {
        self.open_headers(&format!("open:{}:{channel}:", guild.0))
    }

    /// Fights of all guilds that are not over: for the bot itself, after a restart.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn all_open_fights(&self) -> Result<Vec<pb::CombatHeader>, Refusal> {
        self.open_headers("open:")
    }

    /// A page of events after a number, as this caller may see them; whole commits only.
    ///
    /// # Errors
    /// [`Refusal::NoSuchCombat`], or [`Refusal::OutOfRange`] for a number that is not kept.
    pub async fn history(
        &self,
        who: &Principal,
        wanted: &pb::GetHistoryRequest,
    ) -> Result<pb::GetHistoryResponse, Refusal> {
        use super::reader::StartFrom;
        let combat = wanted.session_id.parse().map_err(|bad: crate::rules::id::BadId| {
            Refusal::Malformed { path: "session_id".into(), message: bad.to_string() }
        })?;
        let limit = match wanted.limit {
            0 => HISTORY_DEFAULT,
            limit => limit.min(HISTORY_MAX),
        };
        let limit = usize::try_from(limit).unwrap_or_default();
        let key = self.find(who, combat)?;
        let tail = self.feed(key)?.tail();
        let mut events: Vec<pb::CombatEvent> = Vec::new();
        if wanted.after_seq < tail {
            let mut reader = self.follow(who, combat, StartFrom::After(wanted.after_seq)).await?;
            while events.len() < limit && reader.position() < tail {
                events.extend(reader.next().await?);
            }
        }
        // The page ends with the commit in which the limit lies.
        let end = events
            .iter()
            .enumerate()
            .skip(limit.saturating_sub(1))
            .find(|(_, event)| event.last_in_commit)
            .map_or(events.len(), |(index, _)| index.saturating_add(1));
        events.truncate(end);
        Ok(pb::GetHistoryResponse { events, last_seq: tail })
    }

    /// Monsters of the edition's book whose name holds the text, those that begin with it first. A
    /// hyphen is as good as a space: names are typed as ids, too.
    pub fn monsters_matching(&self, edition: pb::Edition, text: &str, limit: usize) -> Vec<Named> {
        let plain = |name: &str| name.to_lowercase().replace('-', " ");
        let wanted = plain(text.trim());
        let book = match edition {
            pb::Edition::Unspecified | pb::Edition::Srd521 => Bestiary::srd(),
            pb::Edition::Srd51 => Bestiary::srd51(),
        };
        let mut found: Vec<(bool, Named)> = book
            .iter()
            .filter(|entry| plain(entry.name()).contains(&wanted))
            .map(|entry| {
                let begins = plain(entry.name()).starts_with(&wanted);
                let note = format!("CR {} · {}", entry.challenge(), entry.creature_type());
                (!begins, Named { id: entry.id.clone(), name: entry.name().to_owned(), note })
            })
            .collect();
        found.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        found.into_iter().take(limit).map(|(_, named)| named).collect()
    }

    /// The twelve classes.
    pub fn classes(&self) -> Vec<Named> {
        let named = Book::srd().classes().iter().map(|class| {
            let primary: Vec<&str> =
                class.primary.abilities().iter().map(|ability| ability.name()).collect();
            let note = format!("d{} · {}", class.hit_die, primary.join(", "));
            Named { id: class.name.to_lowercase(), name: class.name.clone(), note }
        });
        named.collect()
    }

    /// The species, each with its lineages, to choose from.
    pub fn species(&self) -> Vec<Named> {
        let mut all = Vec::new();
        for species in Book::srd().species() {
            let (name, note) = (species.name.clone(), format!("speed {}", species.speed));
            match &species.lineage {
                None => all.push(Named { id: name.clone(), name, note }),
                Some(group) => all.extend(group.options.iter().map(|one| Named {
                    id: one.name.clone(),
                    name: format!("{name}: {}", one.name),
                    note: note.clone(),
                })),
            }
        }
        all
    }

    /// The backgrounds.
    pub fn backgrounds(&self) -> Vec<Named> {
        let named = Book::srd().backgrounds().iter().map(|one| {
            let raises: Vec<&str> = one.abilities.iter().map(|it| it.name()).collect();
            Named { id: one.name.clone(), name: one.name.clone(), note: raises.join(", ") }
        });
        named.collect()
    }

    /// The classes of the ready-made heroes.
    pub fn hero_classes(&self) -> Vec<Named> {
        let named = Heroes::srd().iter().map(|entry| Named {
            id: entry.id.clone(),
            name: entry.class.clone(),
            note: entry.summary().to_owned(),
        });
        named.collect()
    }
}

fn listing(header: pb::CombatHeader) -> pb::CombatListing {
    pb::CombatListing {
        phase: header.phase,
        session_id: header.session_id,
        name: header.name,
        guild_id: header.guild_id,
        channel_id: header.channel_id,
        game_master_id: header.game_master_id,
        round: header.round,
        last_seq: header.last_seq,
        created_at: header.created_at,
        updated_at: header.updated_at,
    }
}
