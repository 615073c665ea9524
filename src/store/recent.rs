//! The latest appends, until their rows in the index of fights are written.
//!
//! A row in the index belongs beside the other rows of its fight, so that sixty-four fights would
//! dirty sixty-four pages with every sync. Instead an append leaves a small row at the end of one
//! table, and thousands of them move into the index together, in its order. What must never
//! happen: an append that is neither here nor in the index.

use super::{
    error::ReadError,
    keys::{CombatKey, IndexKey, index_seq},
    read,
    seal::{seal, unseal},
    tables,
};
use redb::{ReadTransaction, ReadableTable, Table, WriteTransaction};
use std::collections::BTreeMap;

/// Which append ends a commit of a fight, for the appends that are not in the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recent(BTreeMap<IndexKey, u64>);

impl Recent {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn insert(&mut self, key: IndexKey, number: u64) {
        self.0.insert(key, number);
    }

    pub(super) fn append(&mut self, mut later: Self) {
        self.0.append(&mut later.0);
    }

    /// The last number in the log of a fight, if its last append is among these.
    pub(super) fn tail(&self, combat: CombatKey) -> Option<u64> {
        let mut rows = self.0.range(combat.index(0)..=combat.index(u64::MAX));
        rows.next_back().and_then(|(key, _)| index_seq(key))
    }

    /// The appends of a fight that end at `from_seq` or later, in order.
    pub(super) fn of(&self, combat: CombatKey, from_seq: u64) -> Vec<(IndexKey, u64)> {
        let rows = self.0.range(combat.index(from_seq)..=combat.index(u64::MAX));
        rows.map(|(key, number)| (*key, *number)).collect()
    }

    /// Moves all of them into the index, in its order.
    pub(super) fn move_to_index(&self, transaction: &WriteTransaction) -> Result<(), redb::Error> {
        let Some(last) = self.0.values().max() else { return Ok(()) };
        let mut index = transaction.open_table(tables::INDEX)?;
        for (key, number) in &self.0 {
            tables::put(&mut index, tables::INDEX_NAME, key, number.to_be_bytes().to_vec())?;
        }
        transaction.delete_table(tables::RECENT)?;
        transaction.open_table(tables::RECENT)?;
        tables::set_indexed(transaction, *last)
    }
}

/// Writes the row of one append.
pub(super) fn put(
    table: &mut Table<'_, u64, &'static [u8]>,
    number: u64,
    key: &IndexKey,
) -> Result<(), redb::Error> {
    let row = seal(tables::RECENT_NAME, &number.to_be_bytes(), key.to_vec());
    table.insert(number, row.as_slice())?;
    Ok(())
}

/// What the file holds of them. A row that is damaged or lost is made again from its append.
pub(super) fn load(t: &ReadTransaction) -> Result<Recent, ReadError> {
    let of = |name: &'static str| move |error| ReadError::database(name, error);
    let rows = t.open_table(tables::RECENT).map_err(of(tables::RECENT_NAME))?;
    let log = t.open_table(tables::LOG).map_err(of(tables::LOG_NAME))?;
    let last = log.last().map_err(|error| ReadError::database(tables::LOG_NAME, error))?;
    let last = last.map_or(0, |(number, _)| number.value());
    let first = tables::indexed(t)?.unwrap_or(last).saturating_add(1);
    let mut recent = Recent::default();
    for number in first..=last {
        let place = number.to_be_bytes();
        let row = rows
            .get(number)
            .map_err(|error| ReadError::database(tables::RECENT_NAME, error))?
            .and_then(|row| {
                let key = unseal(tables::RECENT_NAME, &place, row.value()).ok()?;
                IndexKey::try_from(key).ok()
            });
        let key = match row {
            Some(key) => key,
            None => read::owner_of(&log, number)?
                .ok_or_else(|| ReadError::corrupt(tables::RECENT_NAME, &place))?,
        };
        recent.insert(key, number);
    }
    Ok(recent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fight_finds_its_own_appends_and_no_others() {
        let fight = |combat| CombatKey { guild: 1, combat };
        let mut recent = Recent::default();
        for (number, (combat, seq)) in (1..).zip([(1, 3), (2, 1), (1, 4), (0, 9), (1, 9)]) {
            recent.insert(fight(combat).index(seq), number);
        }
        let of = |combat, from| {
            let rows = recent.of(fight(combat), from);
            rows.iter().map(|(key, number)| (index_seq(key).unwrap(), *number)).collect::<Vec<_>>()
        };
        assert_eq!(of(1, 0), [(3, 1), (4, 3), (9, 5)]);
        assert_eq!(of(1, 4), [(4, 3), (9, 5)]);
        assert_eq!(of(3, 0), []);
        assert_eq!((recent.tail(fight(1)), recent.tail(fight(3))), (Some(9), None));
    }
}
