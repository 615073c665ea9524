//! The written record: what is acknowledged is there, in order, whole, and nothing else is.

mod characters;
mod damage;
mod faults;
mod folder;
mod log;
mod model;
mod recent;

use bytes::Bytes;
use skirmish::store::{CombatKey, Commit, LogAppend, ReceiptKey, Store, StoreOptions};
use std::path::Path;

fn fight(combat: u128) -> CombatKey {
    CombatKey { guild: 7, combat }
}

fn open(dir: &Path) -> Store {
    Store::open(dir, &StoreOptions::default()).unwrap()
}

/// A commit of the events `first..=last` whose record says so.
fn append(combat: CombatKey, first_seq: u64, last_seq: u64) -> Commit {
    Commit { log: Some(log(combat, first_seq, last_seq)), ..Commit::default() }
}

fn log(combat: CombatKey, first_seq: u64, last_seq: u64) -> LogAppend {
    LogAppend { combat, first_seq, last_seq, record: record(combat, first_seq, last_seq) }
}

fn record(combat: CombatKey, first_seq: u64, last_seq: u64) -> Bytes {
    format!("fight {} of guild {}, {first_seq} to {last_seq}", combat.combat, combat.guild).into()
}

fn request(id: &str) -> ReceiptKey {
    ReceiptKey { guild: 7, principal: 99, request_id: id.to_owned() }
}

fn with_receipt(mut commit: Commit, id: &str, answer: &'static str) -> Commit {
    commit.receipts.push((request(id), Bytes::from_static(answer.as_bytes())));
    commit
}

/// The whole log of a fight, as (first, last), read in pages of `page_bytes`.
fn ranges(store: &Store, combat: CombatKey, page_bytes: usize) -> Vec<(u64, u64)> {
    let mut found = vec![];
    let mut cursor = 0;
    loop {
        let page = store.read_commits(combat, cursor, page_bytes).unwrap();
        let Some(last) = page.last() else { return found };
        cursor = last.last_seq;
        for commit in page {
            assert_eq!(commit.record, record(combat, commit.first_seq, commit.last_seq));
            found.push((commit.first_seq, commit.last_seq));
        }
    }
}
