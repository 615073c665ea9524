//! What is written together: a turn's facts, its receipt and all that follows from it, or nothing.
//!
//! A commit is a plain value; nothing here touches a disk.

use super::{
    CharacterWrite, CombatKey, CommitError, MAX_COMMIT_BYTES, MAX_COMMIT_ITEMS, MAX_NAME_BYTES,
    MAX_REQUEST_ID_BYTES, MAX_SIDE_KEY_BYTES, MAX_VALUE_BYTES, ReceiptKey, Space,
};
use bytes::Bytes;

/// Everything that one request writes, all or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Commit {
    /// The facts for the log of one fight.
    pub log: Option<LogAppend>,
    /// Answers to the requests this commit fulfils; a key that exists refuses the commit.
    pub receipts: Vec<(ReceiptKey, Bytes)>,
    /// The fight's line in the catalogue, replacing the last one.
    pub header: Option<(CombatKey, Bytes)>,
    /// The dice seeds of a fight, kept apart from everything that is shown.
    pub secret: Option<(CombatKey, Bytes)>,
    /// Character sheets written or removed.
    pub characters: Vec<CharacterWrite>,
    /// Entries of side tables; `None` removes one.
    pub puts: Vec<(Space, Vec<u8>, Option<Bytes>)>,
}

/// One record for the log of one fight: all events of a commit, already encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogAppend {
    /// The fight.
    pub combat: CombatKey,
    /// The number of the first event: the fight's tail plus one; 1 for an empty log.
    pub first_seq: u64,
    /// The number of the last event, not less than the first.
    pub last_seq: u64,
    /// The events.
    pub record: Bytes,
}

/// One record as it was appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCommit {
    /// The number of the first event.
    pub first_seq: u64,
    /// The number of the last event.
    pub last_seq: u64,
    /// The events.
    pub record: Bytes,
}

impl Commit {
    /// The size of all its values, in bytes.
    pub fn value_bytes(&self) -> usize {
        let one = |value: Option<&Bytes>| value.map_or(0, Bytes::len);
        one(self.log.as_ref().map(|log| &log.record))
            + self.receipts.iter().map(|(_, value)| value.len()).sum::<usize>()
            + one(self.header.as_ref().map(|(_, value)| value))
            + one(self.secret.as_ref().map(|(_, value)| value))
            + self.characters.iter().map(CharacterWrite::value_bytes).sum::<usize>()
            + self.puts.iter().map(|(_, _, value)| one(value.as_ref())).sum::<usize>()
    }

    /// Refuses what no state of the store could accept, before it waits for the disk.
    pub(super) fn check(&self) -> Result<(), CommitError> {
        limit("a commit", self.value_bytes(), MAX_COMMIT_BYTES)?;
        limit("the number of receipts", self.receipts.len(), MAX_COMMIT_ITEMS)?;
        limit("the number of characters", self.characters.len(), MAX_COMMIT_ITEMS)?;
        limit("the number of side-table writes", self.puts.len(), MAX_COMMIT_ITEMS)?;
        if let Some(log) = &self.log {
            limit("a log record", log.record.len(), MAX_VALUE_BYTES)?;
            if log.first_seq == 0 || log.last_seq < log.first_seq {
                return Err(CommitError::Invalid("its sequence numbers are not a range"));
            }
        }
        for (key, value) in &self.receipts {
            limit("a request id", key.request_id.len(), MAX_REQUEST_ID_BYTES)?;
            limit("a receipt", value.len(), MAX_VALUE_BYTES)?;
        }
        for value in [
            self.header.as_ref().map(|(_, value)| value),
            self.secret.as_ref().map(|(_, value)| value),
        ] {
            limit("a value", value.map_or(0, Bytes::len), MAX_VALUE_BYTES)?;
        }
        for write in &self.characters {
            limit("a character name", write.name().len(), MAX_NAME_BYTES)?;
            limit("a character sheet", write.value_bytes(), MAX_VALUE_BYTES)?;
        }
        for (_, key, value) in &self.puts {
            limit("a side-table key", key.len(), MAX_SIDE_KEY_BYTES)?;
            limit("a side-table value", value.as_ref().map_or(0, Bytes::len), MAX_VALUE_BYTES)?;
        }
        Ok(())
    }
}

fn limit(what: &'static str, found: usize, limit: usize) -> Result<(), CommitError> {
    if found > limit { Err(CommitError::TooLarge { what, found, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGHT: CombatKey = CombatKey { guild: 1, combat: 2 };

    #[test]
    fn what_no_store_could_take_is_refused_before_it_is_queued() {
        let receipt = |bytes: usize| Commit {
            receipts: vec![(
                ReceiptKey { guild: 1, principal: 2, request_id: "r".repeat(bytes) },
                Bytes::new(),
            )],
            ..Commit::default()
        };
        assert_eq!(receipt(MAX_REQUEST_ID_BYTES).check(), Ok(()));
        assert!(matches!(
            receipt(MAX_REQUEST_ID_BYTES + 1).check(),
            Err(CommitError::TooLarge { what: "a request id", .. })
        ));
        let log = |first_seq, last_seq, bytes: usize| Commit {
            log: Some(LogAppend {
                combat: FIGHT,
                first_seq,
                last_seq,
                record: vec![0; bytes].into(),
            }),
            ..Commit::default()
        };
        assert_eq!(log(1, 1, MAX_VALUE_BYTES).check(), Ok(()));
        assert!(matches!(
            log(1, 1, MAX_VALUE_BYTES + 1).check(),
            Err(CommitError::TooLarge { what: "a log record", .. })
        ));
        assert!(matches!(log(0, 1, 1).check(), Err(CommitError::Invalid(_))));
        assert!(matches!(log(3, 2, 1).check(), Err(CommitError::Invalid(_))));
    }
}
