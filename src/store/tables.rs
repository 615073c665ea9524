//! The tables of the data file, and the version of their layout.
//!
//! A table's name and the form of its keys never change within a layout version.

use super::{
    SCHEMA_VERSION,
    error::ReadError,
    seal::{seal, unseal},
};
use bytes::Bytes;
use redb::{ReadTransaction, ReadableTable, Table, TableDefinition, WriteTransaction};

pub(super) type Rows = TableDefinition<'static, &'static [u8], &'static [u8]>;
pub(super) type RowTable<'t> = Table<'t, &'static [u8], &'static [u8]>;

pub(super) const META_NAME: &str = "meta";
pub(super) const LOG_NAME: &str = "log";
pub(super) const INDEX_NAME: &str = "log_index";
pub(super) const RECENT_NAME: &str = "log_recent";
pub(super) const HEADERS_NAME: &str = "headers";
pub(super) const SECRETS_NAME: &str = "secrets";
pub(super) const RECEIPTS_NAME: &str = "receipts";
pub(super) const CHARACTERS_NAME: &str = "characters";
pub(super) const BY_OWNER_NAME: &str = "characters_by_owner";
pub(super) const BY_NAME_NAME: &str = "characters_by_name";
pub(super) const BY_LEVEL_NAME: &str = "characters_by_level";
pub(super) const SIDE_NAME: &str = "side";

/// Facts about the file itself.
pub(super) const META: Rows = TableDefinition::new(META_NAME);
/// Number of the append -> guild, fight, first and last sequence number, record.
pub(super) const LOG: TableDefinition<'static, u64, &'static [u8]> = TableDefinition::new(LOG_NAME);
/// Guild, fight, last sequence number -> number of the append.
pub(super) const INDEX: Rows = TableDefinition::new(INDEX_NAME);
/// Number of the append -> guild, fight, last sequence number: what is not in the index yet.
pub(super) const RECENT: TableDefinition<'static, u64, &'static [u8]> =
    TableDefinition::new(RECENT_NAME);
/// Guild, fight -> header.
pub(super) const HEADERS: Rows = TableDefinition::new(HEADERS_NAME);
/// Guild, fight -> dice seeds.
pub(super) const SECRETS: Rows = TableDefinition::new(SECRETS_NAME);
/// Guild, principal, request id -> receipt.
pub(super) const RECEIPTS: Rows = TableDefinition::new(RECEIPTS_NAME);
/// Guild, character -> owner, level, version, name, sheet.
pub(super) const CHARACTERS: Rows = TableDefinition::new(CHARACTERS_NAME);
/// Guild, owner, character.
pub(super) const BY_OWNER: Rows = TableDefinition::new(BY_OWNER_NAME);
/// Guild, folded name, 0, character.
pub(super) const BY_NAME: Rows = TableDefinition::new(BY_NAME_NAME);
/// Guild, level, character.
pub(super) const BY_LEVEL: Rows = TableDefinition::new(BY_LEVEL_NAME);
/// Space, key -> value.
pub(super) const SIDE: Rows = TableDefinition::new(SIDE_NAME);

const ALL: [Rows; 10] =
    [META, INDEX, HEADERS, SECRETS, RECEIPTS, CHARACTERS, BY_OWNER, BY_NAME, BY_LEVEL, SIDE];

const SCHEMA_KEY: &[u8] = b"schema";

/// Where the number of the last append that is in the index is kept.
const INDEXED_KEY: &[u8] = b"indexed";

/// Where the number of the last group is kept.
const GROUPS_KEY: &[u8] = b"groups";

/// Counts a group within its own transaction, so that after a failure in the act of committing
/// the file itself says whether the group is in it. Returns its number.
pub(super) fn count_group(transaction: &WriteTransaction) -> Result<u64, redb::Error> {
    let mut meta = transaction.open_table(META)?;
    let last = get(&meta, META_NAME, GROUPS_KEY)
        .map_err(|error| redb::Error::Corrupted(error.to_string()))?;
    let number = number(last.as_deref()).saturating_add(1);
    put(&mut meta, META_NAME, GROUPS_KEY, number.to_be_bytes().to_vec())?;
    Ok(number)
}

/// The number of the last group in the file.
pub(super) fn last_group(transaction: &ReadTransaction) -> Result<u64, ReadError> {
    let meta =
        transaction.open_table(META).map_err(|error| ReadError::database(META_NAME, error))?;
    Ok(number(get(&meta, META_NAME, GROUPS_KEY)?.as_deref()))
}

/// The number of the last append that is in the index; none in a file from before there was a
/// table of recent appends.
pub(super) fn indexed(transaction: &ReadTransaction) -> Result<Option<u64>, ReadError> {
    let meta =
        transaction.open_table(META).map_err(|error| ReadError::database(META_NAME, error))?;
    Ok(get(&meta, META_NAME, INDEXED_KEY)?.map(|payload| number(Some(&payload))))
}

/// Notes which append is the last in the index.
pub(super) fn set_indexed(transaction: &WriteTransaction, last: u64) -> Result<(), redb::Error> {
    let mut meta = transaction.open_table(META)?;
    put(&mut meta, META_NAME, INDEXED_KEY, last.to_be_bytes().to_vec())
}

fn number(payload: Option<&[u8]>) -> u64 {
    payload.and_then(|payload| payload.try_into().ok()).map_or(0, u64::from_be_bytes)
}

/// Creates every table, so that a reader never meets a missing one, and writes the version.
pub(super) fn create(transaction: &WriteTransaction) -> Result<(), redb::Error> {
    for table in ALL {
        transaction.open_table(table)?;
    }
    transaction.open_table(RECENT)?;
    let last = transaction.open_table(LOG)?.last()?.map_or(0, |(number, _)| number.value());
    let mut meta = transaction.open_table(META)?;
    if meta.get(INDEXED_KEY)?.is_none() {
        // A file from before there was a table of recent appends: all it holds is in the index.
        put(&mut meta, META_NAME, INDEXED_KEY, last.to_be_bytes().to_vec())?;
    }
    let version = seal(META_NAME, SCHEMA_KEY, SCHEMA_VERSION.to_be_bytes().to_vec());
    meta.insert(SCHEMA_KEY, version.as_slice())?;
    Ok(())
}

/// The layout version of the file; none if nothing was ever written to it.
pub(super) fn schema(transaction: &ReadTransaction) -> Result<Option<u32>, ReadError> {
    let meta = match transaction.open_table(META) {
        Ok(meta) => meta,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(ReadError::database(META_NAME, error)),
    };
    let stored = meta.get(SCHEMA_KEY).map_err(|error| ReadError::database(META_NAME, error))?;
    let corrupt = || ReadError::corrupt(META_NAME, SCHEMA_KEY);
    let stored = stored.ok_or_else(corrupt)?;
    let version = unseal(META_NAME, SCHEMA_KEY, stored.value())?;
    Ok(Some(u32::from_be_bytes(version.try_into().map_err(|_| corrupt())?)))
}

/// Reads one sealed value.
pub(super) fn get(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    name: &'static str,
    key: &[u8],
) -> Result<Option<Bytes>, ReadError> {
    let found = table.get(key).map_err(|error| ReadError::database(name, error))?;
    found.map(|found| unseal(name, key, found.value()).map(Bytes::copy_from_slice)).transpose()
}

/// Seals and writes one value.
pub(super) fn put(
    table: &mut RowTable<'_>,
    name: &'static str,
    key: &[u8],
    payload: Vec<u8>,
) -> Result<(), redb::Error> {
    table.insert(key, seal(name, key, payload).as_slice())?;
    Ok(())
}
