//! Writing a group of turns down: each is checked against what is there, then all share one sync.
//!
//! What must never happen: a member that is refused leaves a trace, or a group is answered before
//! it is durable. This is one plain function, called by the writer's thread and by a simulation.

use super::{
    character::{CharacterWrite, StoredCharacter},
    commit::{Commit, LogAppend},
    error::{CommitError, Conflict, ReadError},
    keys::{CharacterKey, ReceiptKey},
    read,
    seal::seal,
    tables::{self, RowTable},
};
use redb::{Database, ReadableTable, Table, WriteTransaction};
use std::collections::BTreeSet;

/// A write transaction with the settings that make an acknowledgement worth something: two
/// phases, so that a torn write cannot half-commit, and the allocator's state saved with each
/// commit, so that opening after a crash takes milliseconds.
pub(super) fn begin(database: &Database) -> Result<WriteTransaction, redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_two_phase_commit(true);
    transaction.set_quick_repair(true);
    Ok(transaction)
}

/// One answer for each member of a group.
pub(super) type Answers = Vec<Result<(), CommitError>>;

/// The disk failed while a group was written.
#[derive(Debug)]
pub(super) struct Failed {
    /// What the disk said.
    pub(super) cause: String,
    /// Set if it failed in the very act of committing: the group's number and what its members
    /// are to be answered if that number turns out to be in the file.
    pub(super) in_doubt: Option<(u64, Answers)>,
}

impl<E: std::fmt::Display> From<E> for Failed {
    fn from(error: E) -> Self {
        Self { cause: error.to_string(), in_doubt: None }
    }
}

/// Writes the members that may be written and makes them durable together.
///
/// # Errors
/// What the disk said; then nothing of any member was written, unless it is in doubt.
pub(super) fn apply_group(database: &Database, group: &[Commit]) -> Result<Answers, Failed> {
    let transaction = begin(database)?;
    let mut answers = Vec::with_capacity(group.len());
    {
        let mut open = Open::new(&transaction)?;
        for commit in group {
            match open.check(commit) {
                Ok(()) => {
                    open.write(commit)?;
                    answers.push(Ok(()));
                }
                Err(Refusal::Commit(error)) => answers.push(Err(error)),
                Err(Refusal::Disk(cause)) => return Err(cause.into()),
            }
        }
    }
    if !answers.iter().any(Result::is_ok) {
        transaction.abort()?;
        return Ok(answers);
    }
    let number = tables::count_group(&transaction)?;
    match transaction.commit() {
        Ok(()) => Ok(answers),
        Err(error) => Err(Failed { cause: error.to_string(), in_doubt: Some((number, answers)) }),
    }
}

enum Refusal {
    Commit(CommitError),
    Disk(String),
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        Self::Commit(error)
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Corrupt { .. } => Self::Commit(CommitError::Damaged(error)),
            ReadError::Unavailable(cause) => Self::Disk(cause),
            ReadError::Closed => Self::Commit(CommitError::Closed),
        }
    }
}

/// The tables of one write transaction.
struct Open<'t> {
    log: Table<'t, u64, &'static [u8]>,
    /// The number of the next append.
    next: u64,
    index: RowTable<'t>,
    headers: RowTable<'t>,
    snapshots: RowTable<'t>,
    secrets: RowTable<'t>,
    receipts: RowTable<'t>,
    characters: RowTable<'t>,
    by_owner: RowTable<'t>,
    by_name: RowTable<'t>,
    by_level: RowTable<'t>,
    side: RowTable<'t>,
}

impl<'t> Open<'t> {
    fn new(transaction: &'t WriteTransaction) -> Result<Self, redb::Error> {
        let log = transaction.open_table(tables::LOG)?;
        let next = log.last()?.map_or(1, |(number, _)| number.value().saturating_add(1));
        Ok(Self {
            log,
            next,
            index: transaction.open_table(tables::INDEX)?,
            headers: transaction.open_table(tables::HEADERS)?,
            snapshots: transaction.open_table(tables::SNAPSHOTS)?,
            secrets: transaction.open_table(tables::SECRETS)?,
            receipts: transaction.open_table(tables::RECEIPTS)?,
            characters: transaction.open_table(tables::CHARACTERS)?,
            by_owner: transaction.open_table(tables::BY_OWNER)?,
            by_name: transaction.open_table(tables::BY_NAME)?,
            by_level: transaction.open_table(tables::BY_LEVEL)?,
            side: transaction.open_table(tables::SIDE)?,
        })
    }

    /// Refuses a commit that does not fit what is stored, members before it included.
    fn check(&self, commit: &Commit) -> Result<(), Refusal> {
        commit.check()?;
        // A repeated request is recognised before anything else: its log range is stale by nature.
        let mut requests: BTreeSet<&ReceiptKey> = BTreeSet::new();
        for (key, _) in &commit.receipts {
            if let Some(found) = tables::get(&self.receipts, tables::RECEIPTS_NAME, &key.bytes())? {
                return Err(CommitError::ReceiptExists(found).into());
            }
            if !requests.insert(key) {
                return Err(CommitError::Invalid("it has two receipts for one request").into());
            }
        }
        if let Some(log) = &commit.log {
            let tail = read::tail_of(&self.index, log.combat)?.unwrap_or(0);
            if tail.checked_add(1) != Some(log.first_seq) {
                let (combat, first_seq) = (log.combat, log.first_seq);
                let conflict = Conflict::Log { combat, tail, first_seq };
                return Err(CommitError::Conflict(conflict).into());
            }
        }
        let mut sheets: BTreeSet<CharacterKey> = BTreeSet::new();
        for write in &commit.characters {
            let key = self.check_character(write)?;
            if !sheets.insert(key) {
                return Err(CommitError::Invalid("it writes one character twice").into());
            }
        }
        Ok(())
    }

    fn check_character(&self, write: &CharacterWrite) -> Result<CharacterKey, Refusal> {
        let (key, expected, any) = match write {
            CharacterWrite::Put { key, expected_version, .. } => (*key, *expected_version, false),
            CharacterWrite::Delete { key, expected_version } => {
                (*key, *expected_version, expected_version.is_none())
            }
        };
        let version = self.character(key)?.map(|sheet| sheet.version);
        if any || version == expected {
            Ok(key)
        } else {
            let conflict = Conflict::Character { key, version, expected };
            Err(CommitError::Conflict(conflict).into())
        }
    }

    fn character(&self, key: CharacterKey) -> Result<Option<StoredCharacter>, ReadError> {
        tables::get(&self.characters, tables::CHARACTERS_NAME, &key.bytes())?
            .map(|payload| StoredCharacter::decode(key, &payload))
            .transpose()
    }

    /// Writes a commit that was checked.
    fn write(&mut self, commit: &Commit) -> Result<(), redb::Error> {
        if let Some(log) = &commit.log {
            self.append(log)?;
        }
        for (key, value) in &commit.receipts {
            tables::put(&mut self.receipts, tables::RECEIPTS_NAME, &key.bytes(), value.to_vec())?;
        }
        if let Some((combat, value)) = &commit.header {
            tables::put(&mut self.headers, tables::HEADERS_NAME, &combat.bytes(), value.to_vec())?;
        }
        if let Some((combat, seq, value)) = &commit.snapshot {
            let mut payload = Vec::with_capacity(16 + value.len());
            payload.extend_from_slice(&seq.to_be_bytes());
            payload.extend_from_slice(value);
            tables::put(&mut self.snapshots, tables::SNAPSHOTS_NAME, &combat.bytes(), payload)?;
        }
        if let Some((combat, value)) = &commit.secret {
            tables::put(&mut self.secrets, tables::SECRETS_NAME, &combat.bytes(), value.to_vec())?;
        }
        for write in &commit.characters {
            self.write_character(write)?;
        }
        for (space, key, value) in &commit.puts {
            let key = space.key(key);
            if let Some(value) = value {
                tables::put(&mut self.side, tables::SIDE_NAME, &key, value.to_vec())?;
            } else {
                self.side.remove(key.as_slice())?;
            }
        }
        Ok(())
    }

    fn append(&mut self, log: &LogAppend) -> Result<(), redb::Error> {
        let number = self.next;
        self.next = number.saturating_add(1);
        let payload = read::encode_record(log);
        let record = seal(tables::LOG_NAME, &number.to_be_bytes(), payload);
        self.log.insert(number, record.as_slice())?;
        let key = log.combat.index(log.last_seq);
        tables::put(&mut self.index, tables::INDEX_NAME, &key, number.to_be_bytes().to_vec())
    }

    fn write_character(&mut self, write: &CharacterWrite) -> Result<(), redb::Error> {
        let (CharacterWrite::Put { key, .. } | CharacterWrite::Delete { key, .. }) = write;
        // `check` has read it, so it can be read
        if let Ok(Some(old)) = self.character(*key) {
            self.by_owner.remove(old.owner_row().as_slice())?;
            self.by_name.remove(old.name_row().as_slice())?;
            self.by_level.remove(old.level_row().as_slice())?;
            self.characters.remove(key.bytes().as_slice())?;
        }
        let CharacterWrite::Put { key, owner, name, level, expected_version, bytes } = write else {
            return Ok(());
        };
        let new = StoredCharacter {
            key: *key,
            owner: *owner,
            name: name.clone(),
            level: *level,
            version: expected_version.unwrap_or(0).saturating_add(1),
            bytes: bytes.clone(),
        };
        tables::put(&mut self.characters, tables::CHARACTERS_NAME, &key.bytes(), new.encode())?;
        self.by_owner.insert(new.owner_row().as_slice(), [].as_slice())?;
        self.by_name.insert(new.name_row().as_slice(), [].as_slice())?;
        self.by_level.insert(new.level_row().as_slice(), [].as_slice())?;
        Ok(())
    }
}
