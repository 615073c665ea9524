//! Writing a group of turns down: each is checked against what is there, then all share one sync.
//!
//! What must never happen: a member that is refused leaves a trace, or a group is answered before
//! it is durable. This is one plain function, called by the writer's thread and by a simulation.

use super::{
    MAX_RECENT_APPENDS,
    character::{CharacterWrite, StoredCharacter},
    commit::{Commit, LogAppend},
    error::{CommitError, Conflict, ReadError},
    keys::{CharacterKey, CombatKey, ReceiptKey},
    read,
    recent::{self, Recent},
    seal::seal,
    tables,
};
use redb::{Database, ReadableTable, Table, TableDefinition, WriteTransaction};
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

/// What became of a group.
#[derive(Debug)]
pub(super) struct Applied {
    pub(super) answers: Answers,
    /// The appends that it made.
    pub(super) recent: Recent,
    /// Whether those before it are in the index now.
    pub(super) moved: bool,
}

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

/// Writes the members that may be written and makes them durable together. `recent` are the appends
/// that are not in the index yet.
///
/// # Errors
/// What the disk said; then nothing of any member was written, unless it is in doubt.
pub(super) fn apply_group(
    database: &Database,
    recent: &Recent,
    group: &[Commit],
) -> Result<Applied, Failed> {
    let transaction = begin(database)?;
    let moves = recent.len() >= MAX_RECENT_APPENDS;
    if moves {
        recent.move_to_index(&transaction)?;
    }
    let mut answers = Vec::with_capacity(group.len());
    let mut open = Open::new(&transaction, recent);
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
    let appended = open.close();
    if !answers.iter().any(Result::is_ok) {
        transaction.abort()?;
        return Ok(Applied { answers, recent: Recent::default(), moved: false });
    }
    let number = tables::count_group(&transaction)?;
    match transaction.commit() {
        Ok(()) => Ok(Applied { answers, recent: appended, moved: moves }),
        Err(error) => Err(Failed { cause: error.to_string(), in_doubt: Some((number, answers)) }),
    }
}

/// Moves what is recent into the index, in a transaction of its own.
pub(super) fn move_recent(database: &Database, recent: &Recent) -> Result<(), redb::Error> {
    let transaction = begin(database)?;
    recent.move_to_index(&transaction)?;
    transaction.commit()?;
    Ok(())
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

impl From<redb::Error> for Refusal {
    fn from(error: redb::Error) -> Self {
        Self::Disk(error.to_string())
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

/// A table of a write transaction, opened when it is needed first: each one that is open costs its
/// share when the transaction commits.
struct Lazy<'t, K: redb::Key + 'static> {
    transaction: &'t WriteTransaction,
    definition: TableDefinition<'static, K, &'static [u8]>,
    table: Option<Table<'t, K, &'static [u8]>>,
}

impl<'t, K: redb::Key + 'static> Lazy<'t, K> {
    fn new(
        transaction: &'t WriteTransaction,
        definition: TableDefinition<'static, K, &'static [u8]>,
    ) -> Self {
        Self { transaction, definition, table: None }
    }

    fn open(&mut self) -> Result<&mut Table<'t, K, &'static [u8]>, redb::Error> {
        let table = match self.table.take() {
            Some(table) => table,
            None => self.transaction.open_table(self.definition)?,
        };
        Ok(self.table.insert(table))
    }
}

/// The tables of one write transaction.
struct Open<'t> {
    log: Lazy<'t, u64>,
    /// The number of the next append, once it is known.
    next: Option<u64>,
    /// The appends before this transaction that are not in the index, and those of it.
    recent: &'t Recent,
    appended: Recent,
    recents: Lazy<'t, u64>,
    index: Lazy<'t, &'static [u8]>,
    headers: Lazy<'t, &'static [u8]>,
    secrets: Lazy<'t, &'static [u8]>,
    receipts: Lazy<'t, &'static [u8]>,
    characters: Lazy<'t, &'static [u8]>,
    by_owner: Lazy<'t, &'static [u8]>,
    by_name: Lazy<'t, &'static [u8]>,
    by_level: Lazy<'t, &'static [u8]>,
    side: Lazy<'t, &'static [u8]>,
}

impl<'t> Open<'t> {
    fn new(transaction: &'t WriteTransaction, recent: &'t Recent) -> Self {
        Self {
            log: Lazy::new(transaction, tables::LOG),
            next: None,
            recent,
            appended: Recent::default(),
            recents: Lazy::new(transaction, tables::RECENT),
            index: Lazy::new(transaction, tables::INDEX),
            headers: Lazy::new(transaction, tables::HEADERS),
            secrets: Lazy::new(transaction, tables::SECRETS),
            receipts: Lazy::new(transaction, tables::RECEIPTS),
            characters: Lazy::new(transaction, tables::CHARACTERS),
            by_owner: Lazy::new(transaction, tables::BY_OWNER),
            by_name: Lazy::new(transaction, tables::BY_NAME),
            by_level: Lazy::new(transaction, tables::BY_LEVEL),
            side: Lazy::new(transaction, tables::SIDE),
        }
    }

    /// Closes the tables, so that the transaction can commit; what was appended.
    fn close(self) -> Recent {
        self.appended
    }

    /// The last number in the log of a fight, members before this one included.
    fn tail(&mut self, combat: CombatKey) -> Result<u64, Refusal> {
        match self.appended.tail(combat).or_else(|| self.recent.tail(combat)) {
            Some(tail) => Ok(tail),
            None => Ok(read::tail_of(self.index.open()?, combat)?.unwrap_or(0)),
        }
    }

    /// Refuses a commit that does not fit what is stored, members before it included.
    fn check(&mut self, commit: &Commit) -> Result<(), Refusal> {
        commit.check()?;
        // A repeated request is recognised before anything else: its log range is stale by nature.
        let mut requests: BTreeSet<&ReceiptKey> = BTreeSet::new();
        for (key, _) in &commit.receipts {
            if let Some(found) =
                tables::get(self.receipts.open()?, tables::RECEIPTS_NAME, &key.bytes())?
            {
                return Err(CommitError::ReceiptExists(found).into());
            }
            if !requests.insert(key) {
                return Err(CommitError::Invalid("it has two receipts for one request").into());
            }
        }
        if let Some(log) = &commit.log {
            let tail = self.tail(log.combat)?;
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

    fn check_character(&mut self, write: &CharacterWrite) -> Result<CharacterKey, Refusal> {
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

    fn character(&mut self, key: CharacterKey) -> Result<Option<StoredCharacter>, Refusal> {
        let found = tables::get(self.characters.open()?, tables::CHARACTERS_NAME, &key.bytes())?;
        Ok(found.map(|payload| StoredCharacter::decode(key, &payload)).transpose()?)
    }

    /// Writes a commit that was checked.
    fn write(&mut self, commit: &Commit) -> Result<(), redb::Error> {
        if let Some(log) = &commit.log {
            self.append(log)?;
        }
        for (key, value) in &commit.receipts {
            tables::put(
                self.receipts.open()?,
                tables::RECEIPTS_NAME,
                &key.bytes(),
                value.to_vec(),
            )?;
        }
        if let Some((combat, value)) = &commit.header {
            tables::put(
                self.headers.open()?,
                tables::HEADERS_NAME,
                &combat.bytes(),
                value.to_vec(),
            )?;
        }
        if let Some((combat, value)) = &commit.secret {
            tables::put(
                self.secrets.open()?,
                tables::SECRETS_NAME,
                &combat.bytes(),
                value.to_vec(),
            )?;
        }
        for write in &commit.characters {
            self.write_character(write)?;
        }
        for (space, key, value) in &commit.puts {
            let key = space.key(key);
            if let Some(value) = value {
                tables::put(self.side.open()?, tables::SIDE_NAME, &key, value.to_vec())?;
            } else {
                self.side.open()?.remove(key.as_slice())?;
            }
        }
        Ok(())
    }

    fn append(&mut self, log: &LogAppend) -> Result<(), redb::Error> {
        let table = self.log.open()?;
        let number = match self.next {
            Some(number) => number,
            None => table.last()?.map_or(1, |(number, _)| number.value().saturating_add(1)),
        };
        self.next = Some(number.saturating_add(1));
        let payload = read::encode_record(log);
        let record = seal(tables::LOG_NAME, &number.to_be_bytes(), payload);
        table.insert(number, record.as_slice())?;
        let key = log.combat.index(log.last_seq);
        recent::put(self.recents.open()?, number, &key)?;
        self.appended.insert(key, number);
        Ok(())
    }

    fn write_character(&mut self, write: &CharacterWrite) -> Result<(), redb::Error> {
        let (CharacterWrite::Put { key, .. } | CharacterWrite::Delete { key, .. }) = write;
        // `check` has read it, so it can be read
        if let Ok(Some(old)) = self.character(*key) {
            self.by_owner.open()?.remove(old.owner_row().as_slice())?;
            self.by_name.open()?.remove(old.name_row().as_slice())?;
            self.by_level.open()?.remove(old.level_row().as_slice())?;
            self.characters.open()?.remove(key.bytes().as_slice())?;
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
        tables::put(self.characters.open()?, tables::CHARACTERS_NAME, &key.bytes(), new.encode())?;
        self.by_owner.open()?.insert(new.owner_row().as_slice(), [].as_slice())?;
        self.by_name.open()?.insert(new.name_row().as_slice(), [].as_slice())?;
        self.by_level.open()?.insert(new.level_row().as_slice(), [].as_slice())?;
        Ok(())
    }
}
