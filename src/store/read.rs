//! Reading a fight back, in the order in which it happened, without a gap.
//!
//! Every value passes its seal on the way; a hole in a log is damage and is named, never skipped.

use super::{
    MAX_ROWS,
    character::{self, StoredCharacter},
    commit::{LogAppend, StoredCommit},
    error::ReadError,
    keys::{CharacterKey, CombatKey, IndexKey, Space, index_seq},
    seal::unseal,
    tables::{self, Rows},
};
use bytes::Bytes;
use redb::{ReadTransaction, ReadableTable};
use std::ops::RangeInclusive;

type Row = (Vec<u8>, Bytes);
/// Key and value as they are stored, seal included.
type RawRow = (Vec<u8>, Vec<u8>);

/// The payload of a log record: whose it is, its numbers, the events.
pub(super) fn encode_record(log: &LogAppend) -> Vec<u8> {
    // room for the seal as well
    let mut payload = Vec::with_capacity(48 + log.record.len());
    payload.extend_from_slice(&log.combat.bytes());
    payload.extend_from_slice(&log.first_seq.to_be_bytes());
    payload.extend_from_slice(&log.last_seq.to_be_bytes());
    payload.extend_from_slice(&log.record);
    payload
}

fn decode_record(payload: &[u8]) -> Option<(CombatKey, StoredCommit)> {
    let (combat, rest) = payload.split_first_chunk::<24>()?;
    let (first_seq, rest) = rest.split_first_chunk::<8>()?;
    let (last_seq, record) = rest.split_first_chunk::<8>()?;
    let commit = StoredCommit {
        first_seq: u64::from_be_bytes(*first_seq),
        last_seq: u64::from_be_bytes(*last_seq),
        record: Bytes::copy_from_slice(record),
    };
    Some((CombatKey::from_bytes(combat)?, commit))
}

/// The last number in the log of a fight.
pub(super) fn tail_of(
    index: &impl ReadableTable<&'static [u8], &'static [u8]>,
    combat: CombatKey,
) -> Result<Option<u64>, ReadError> {
    let failed = |error| ReadError::database(tables::INDEX_NAME, error);
    let (first, last) = (combat.index(0), combat.index(u64::MAX));
    let mut rows = index.range(first.as_slice()..=last.as_slice()).map_err(failed)?;
    match rows.next_back().transpose().map_err(failed)? {
        None => Ok(None),
        Some((key, value)) => {
            unseal(tables::INDEX_NAME, key.value(), value.value())?;
            Ok(index_seq(key.value()))
        }
    }
}

pub(super) fn tail(t: &ReadTransaction, combat: CombatKey) -> Result<Option<u64>, ReadError> {
    tail_of(&open(t, tables::INDEX, tables::INDEX_NAME)?, combat)
}

/// The first number that is still kept.
pub(super) fn oldest(
    t: &ReadTransaction,
    recent: &[(IndexKey, u64)],
    combat: CombatKey,
) -> Result<Option<u64>, ReadError> {
    let first = commits(t, recent, combat, 0..=u64::MAX, 0)?;
    Ok(first.first().map(|commit| commit.first_seq))
}

/// Whole commits that end after the first of these numbers and not after the last, in order: as
/// many as fit `max_bytes`, and at least one if there is any. `recent` are those that may not be in the index yet.
pub(super) fn commits(
    t: &ReadTransaction,
    recent: &[(IndexKey, u64)],
    combat: CombatKey,
    seqs: RangeInclusive<u64>,
    max_bytes: usize,
) -> Result<Vec<StoredCommit>, ReadError> {
    let (after_seq, last_seq) = seqs.into_inner();
    if after_seq >= last_seq {
        return Ok(Vec::new());
    }
    let Some(from) = after_seq.checked_add(1) else { return Ok(Vec::new()) };
    let index = open(t, tables::INDEX, tables::INDEX_NAME)?;
    let log =
        t.open_table(tables::LOG).map_err(|error| ReadError::database(tables::LOG_NAME, error))?;
    let failed = |error| ReadError::database(tables::INDEX_NAME, error);
    let (first, last) = (combat.index(from), combat.index(last_seq));
    let mut page = Page { found: Vec::new(), bytes: 0, max_bytes };
    let mut more = true;
    for row in index.range(first.as_slice()..=last.as_slice()).map_err(failed)? {
        let (key, value) = row.map_err(failed)?;
        let number = number_of(key.value(), value.value())?;
        more = page.take(record_of(&log, combat, key.value(), number)?, key.value())?;
        if !more {
            break;
        }
    }
    // Between a look at the recent appends and this transaction they may have moved to the index.
    let indexed = page.found.last().map_or(after_seq, |commit| commit.last_seq);
    let later = |seq| indexed < seq && seq <= last_seq;
    let recent = recent.iter().filter(|(key, _)| index_seq(key).is_some_and(later));
    for (key, number) in recent {
        if !more {
            break;
        }
        more = page.take(record_of(&log, combat, key, *number)?, key)?;
    }
    no_hole_before(&index, combat, after_seq, page.found.first())?;
    Ok(page.found)
}

/// Commits of one fight in a row, as many as fit.
struct Page {
    found: Vec<StoredCommit>,
    bytes: usize,
    max_bytes: usize,
}

impl Page {
    /// Takes the next commit if there is room; says whether there is room for more.
    fn take(&mut self, commit: StoredCommit, key: &[u8]) -> Result<bool, ReadError> {
        self.bytes = self.bytes.saturating_add(commit.record.len());
        if !self.found.is_empty() && self.bytes > self.max_bytes {
            return Ok(false);
        }
        let expected = self.found.last().map_or(commit.first_seq, |before| before.last_seq + 1);
        if commit.first_seq != expected {
            return Err(ReadError::corrupt(tables::INDEX_NAME, key));
        }
        self.found.push(commit);
        Ok(self.bytes < self.max_bytes)
    }
}

/// The number of the append that a row of the index names.
fn number_of(key: &[u8], value: &[u8]) -> Result<u64, ReadError> {
    let number = unseal(tables::INDEX_NAME, key, value)?;
    let number = number.try_into().map_err(|_| ReadError::corrupt(tables::INDEX_NAME, key))?;
    Ok(u64::from_be_bytes(number))
}

/// The append of that number, if it is the one that ends a commit of the fight there.
fn record_of(
    log: &impl ReadableTable<u64, &'static [u8]>,
    combat: CombatKey,
    key: &[u8],
    number: u64,
) -> Result<StoredCommit, ReadError> {
    let corrupt = || ReadError::corrupt(tables::INDEX_NAME, key);
    let stored = log
        .get(number)
        .map_err(|error| ReadError::database(tables::LOG_NAME, error))?
        .ok_or_else(corrupt)?;
    let payload = unseal(tables::LOG_NAME, &number.to_be_bytes(), stored.value())?;
    let (owner, commit) = decode_record(payload).ok_or_else(corrupt)?;
    let fits = owner == combat
        && Some(commit.last_seq) == index_seq(key)
        && commit.first_seq <= commit.last_seq;
    if fits { Ok(commit) } else { Err(corrupt()) }
}

/// Whose the append of that number is, and where it ends; nothing if it is lost.
pub(super) fn owner_of(
    log: &impl ReadableTable<u64, &'static [u8]>,
    number: u64,
) -> Result<Option<IndexKey>, ReadError> {
    let stored = log.get(number).map_err(|error| ReadError::database(tables::LOG_NAME, error))?;
    let Some(stored) = stored else { return Ok(None) };
    let payload = unseal(tables::LOG_NAME, &number.to_be_bytes(), stored.value())?;
    Ok(decode_record(payload).map(|(owner, commit)| owner.index(commit.last_seq)))
}

/// The first commit of a page may begin later than asked only if nothing older is kept.
fn no_hole_before(
    index: &impl ReadableTable<&'static [u8], &'static [u8]>,
    combat: CombatKey,
    after_seq: u64,
    first: Option<&StoredCommit>,
) -> Result<(), ReadError> {
    let Some(first) = first else { return Ok(()) };
    if first.first_seq <= after_seq.saturating_add(1) {
        return Ok(());
    }
    let failed = |error| ReadError::database(tables::INDEX_NAME, error);
    let (low, high) = (combat.index(0), combat.index(first.first_seq - 1));
    let mut before = index.range(low.as_slice()..=high.as_slice()).map_err(failed)?;
    match before.next().transpose().map_err(failed)? {
        None => Ok(()),
        Some(_) => Err(ReadError::corrupt(tables::INDEX_NAME, &combat.index(first.last_seq))),
    }
}

pub(super) fn catalogue(
    t: &ReadTransaction,
    guild: Option<u64>,
    after: Option<CombatKey>,
    limit: usize,
) -> Result<Vec<(CombatKey, Bytes)>, ReadError> {
    let low = CombatKey { guild: guild.unwrap_or(0), combat: 0 }.bytes();
    let high = CombatKey { guild: guild.unwrap_or(u64::MAX), combat: u128::MAX }.bytes();
    let after = after.map(CombatKey::bytes);
    let low = after.as_ref().map_or(&low, |after| after.max(&low));
    if *low > high {
        return Ok(Vec::new());
    }
    let headers = open(t, tables::HEADERS, tables::HEADERS_NAME)?;
    let failed = |error| ReadError::database(tables::HEADERS_NAME, error);
    let mut found = Vec::new();
    for row in headers.range(low.as_slice()..=high.as_slice()).map_err(failed)? {
        if found.len() >= limit.min(MAX_ROWS) {
            break;
        }
        let (key, value) = row.map_err(failed)?;
        if after.as_deref() == Some(key.value()) {
            continue;
        }
        let header = unseal(tables::HEADERS_NAME, key.value(), value.value())?;
        let combat = CombatKey::from_bytes(key.value())
            .ok_or_else(|| ReadError::corrupt(tables::HEADERS_NAME, key.value()))?;
        found.push((combat, Bytes::copy_from_slice(header)));
    }
    Ok(found)
}

/// One sealed value of a table.
pub(super) fn one(
    t: &ReadTransaction,
    table: Rows,
    name: &'static str,
    key: &[u8],
) -> Result<Option<Bytes>, ReadError> {
    tables::get(&open(t, table, name)?, name, key)
}

pub(super) fn scan(
    t: &ReadTransaction,
    space: Space,
    prefix: &[u8],
    limit: usize,
) -> Result<Vec<Row>, ReadError> {
    let side = open(t, tables::SIDE, tables::SIDE_NAME)?;
    let mut found = Vec::new();
    for (key, value) in with_prefix(&side, tables::SIDE_NAME, &space.key(prefix), limit)? {
        let value = unseal(tables::SIDE_NAME, &key, &value)?;
        // the first byte is the space
        let key = key.get(1..).unwrap_or_default().to_vec();
        found.push((key, Bytes::copy_from_slice(value)));
    }
    Ok(found)
}

pub(super) fn character(
    t: &ReadTransaction,
    key: CharacterKey,
) -> Result<Option<StoredCharacter>, ReadError> {
    one(t, tables::CHARACTERS, tables::CHARACTERS_NAME, &key.bytes())?
        .map(|payload| StoredCharacter::decode(key, &payload))
        .transpose()
}

pub(super) fn characters_of_user(
    t: &ReadTransaction,
    guild: u64,
    user: u64,
) -> Result<Vec<StoredCharacter>, ReadError> {
    let prefix = character::owner_prefix(guild, user);
    let list = (tables::BY_OWNER, tables::BY_OWNER_NAME);
    listed(t, list, guild, &prefix, MAX_ROWS, StoredCharacter::owner_row)
}

pub(super) fn characters_by_name(
    t: &ReadTransaction,
    guild: u64,
    prefix: &str,
    limit: usize,
) -> Result<Vec<StoredCharacter>, ReadError> {
    let prefix = character::name_prefix(guild, prefix);
    let list = (tables::BY_NAME, tables::BY_NAME_NAME);
    listed(t, list, guild, &prefix, limit, StoredCharacter::name_row)
}

pub(super) fn characters_by_level(
    t: &ReadTransaction,
    guild: u64,
    levels: RangeInclusive<u8>,
    limit: usize,
) -> Result<Vec<StoredCharacter>, ReadError> {
    let list = (tables::BY_LEVEL, tables::BY_LEVEL_NAME);
    let mut found: Vec<StoredCharacter> = Vec::new();
    for level in levels {
        let room = limit.saturating_sub(found.len());
        if room == 0 {
            break;
        }
        let prefix = character::level_prefix(guild, level);
        found.extend(listed(t, list, guild, &prefix, room, StoredCharacter::level_row)?);
    }
    Ok(found)
}

/// The sheets that the rows of a list name; a row that does not fit its sheet is damage.
fn listed(
    t: &ReadTransaction,
    (table, name): (Rows, &'static str),
    guild: u64,
    prefix: &[u8],
    limit: usize,
    row_of: impl Fn(&StoredCharacter) -> Vec<u8>,
) -> Result<Vec<StoredCharacter>, ReadError> {
    let list = open(t, table, name)?;
    let sheets = open(t, tables::CHARACTERS, tables::CHARACTERS_NAME)?;
    let mut found = Vec::new();
    for (row, _) in with_prefix(&list, name, prefix, limit)? {
        let corrupt = || ReadError::corrupt(name, &row);
        let key = character::row_key(guild, &row).ok_or_else(corrupt)?;
        let payload = tables::get(&sheets, tables::CHARACTERS_NAME, &key.bytes())?;
        let sheet = StoredCharacter::decode(key, &payload.ok_or_else(corrupt)?)?;
        if row_of(&sheet) != row {
            return Err(corrupt());
        }
        found.push(sheet);
    }
    Ok(found)
}

/// The rows whose key begins with `prefix`, as they are stored.
fn with_prefix(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    name: &'static str,
    prefix: &[u8],
    limit: usize,
) -> Result<Vec<RawRow>, ReadError> {
    let failed = |error| ReadError::database(name, error);
    let mut found = Vec::new();
    for row in table.range(prefix..).map_err(failed)? {
        let (key, value) = row.map_err(failed)?;
        if found.len() >= limit.min(MAX_ROWS) || !key.value().starts_with(prefix) {
            break;
        }
        found.push((key.value().to_vec(), value.value().to_vec()));
    }
    Ok(found)
}

fn open(
    t: &ReadTransaction,
    table: Rows,
    name: &'static str,
) -> Result<redb::ReadOnlyTable<&'static [u8], &'static [u8]>, ReadError> {
    t.open_table(table).map_err(|error| ReadError::database(name, error))
}
