//! Random commits against a store made of ordered maps: both must always say the same.

use super::*;
use proptest::prelude::*;
use skirmish::store::{CharacterKey, CharacterWrite, CommitError, Disk, MemoryDisk, Space, Writer};
use std::{collections::BTreeMap, sync::Arc};

#[derive(Debug, Clone)]
enum Step {
    /// `off` from the right number, so that some appends conflict.
    Append {
        combat: u8,
        off: i8,
        events: u8,
        request: u8,
        side: Option<(u8, Option<u8>)>,
    },
    Sheet {
        character: u8,
        owner: u8,
        level: u8,
        stale: bool,
    },
    Remove {
        character: u8,
        stale: bool,
    },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let off = prop_oneof![8 => Just(0i8), 1 => Just(-1), 1 => Just(1)];
    prop_oneof![
        6 => (0..4u8, off, 1..4u8, any::<u8>(), any::<Option<(u8, Option<u8>)>>()).prop_map(
            |(combat, off, events, request, side)| Step::Append {
                combat, off, events, request, side
            }
        ),
        3 => (0..4u8, 0..3u8, 1..5u8, prop::bool::weighted(0.2)).prop_map(
            |(character, owner, level, stale)| Step::Sheet { character, owner, level, stale }
        ),
        1 => (0..4u8, prop::bool::weighted(0.2))
            .prop_map(|(character, stale)| Step::Remove { character, stale }),
        1 => Just(Step::Restart),
    ]
}

#[derive(Debug, Default)]
struct Model {
    logs: BTreeMap<u8, Vec<(u64, u64)>>,
    receipts: BTreeMap<u8, Bytes>,
    side: BTreeMap<u8, u8>,
    /// owner, level, version
    sheets: BTreeMap<u8, (u8, u8, u64)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Conflict,
    Repeated(Bytes),
}

impl Model {
    fn tail(&self, combat: u8) -> u64 {
        self.logs.get(&combat).and_then(|log| log.last()).map_or(0, |(_, last)| *last)
    }

    fn version(&self, character: u8, stale: bool) -> Option<u64> {
        let version = self.sheets.get(&character).map(|(_, _, version)| *version);
        if stale { Some(version.unwrap_or(0) + 5) } else { version }
    }

    /// The commit of a step, and what must come of it.
    fn take(&mut self, step: &Step) -> Option<(Commit, Outcome)> {
        Some(match step {
            Step::Append { combat, off, events, request: id, side } => {
                let first = (self.tail(*combat) + 1).saturating_add_signed(i64::from(*off)).max(1);
                let last = first + u64::from(*events) - 1;
                let mut commit = append(fight(u128::from(*combat)), first, last);
                let answer = Bytes::from(format!("{combat}: {first} to {last}"));
                commit.receipts.push((request(&id.to_string()), answer.clone()));
                if let Some((key, value)) = side {
                    let value = value.map(|value| Bytes::from(vec![value]));
                    commit.puts.push((Space::Cards, vec![*key], value));
                }
                let outcome = if let Some(first) = self.receipts.get(id) {
                    Outcome::Repeated(first.clone())
                } else if first != self.tail(*combat) + 1 {
                    Outcome::Conflict
                } else {
                    self.receipts.insert(*id, answer);
                    self.logs.entry(*combat).or_default().push((first, last));
                    match side {
                        Some((key, Some(value))) => drop(self.side.insert(*key, *value)),
                        Some((key, None)) => drop(self.side.remove(key)),
                        None => {}
                    }
                    Outcome::Done
                };
                (commit, outcome)
            }
            Step::Sheet { character, owner, level, stale } => {
                let expected = self.version(*character, *stale);
                let write = CharacterWrite::Put {
                    key: CharacterKey { guild: 7, character: u128::from(*character) },
                    owner: u64::from(*owner),
                    name: format!("name {level}"),
                    level: *level,
                    expected_version: expected,
                    bytes: Bytes::from(vec![*owner, *level]),
                };
                if !*stale {
                    let version = expected.unwrap_or(0) + 1;
                    self.sheets.insert(*character, (*owner, *level, version));
                }
                (Commit { characters: vec![write], ..Commit::default() }, stale_is_conflict(*stale))
            }
            Step::Remove { character, stale } => {
                let write = CharacterWrite::Delete {
                    key: CharacterKey { guild: 7, character: u128::from(*character) },
                    expected_version: self.version(*character, *stale),
                };
                if !*stale {
                    self.sheets.remove(character);
                }
                (Commit { characters: vec![write], ..Commit::default() }, stale_is_conflict(*stale))
            }
            Step::Restart => return None,
        })
    }

    fn agrees(&self, store: &Store, page_bytes: usize) {
        for combat in 0..4u8 {
            let expected = self.logs.get(&combat).cloned().unwrap_or_default();
            let key = fight(u128::from(combat));
            assert_eq!(ranges(store, key, page_bytes), expected);
            assert_eq!(store.tail(key).unwrap(), expected.last().map(|(_, last)| *last));
            assert_eq!(store.oldest(key).unwrap(), expected.first().map(|(first, _)| *first));
        }
        for (id, answer) in &self.receipts {
            assert_eq!(store.receipt(&request(&id.to_string())).unwrap().as_ref(), Some(answer));
        }
        let side: Vec<_> =
            self.side.iter().map(|(key, value)| (vec![*key], Bytes::from(vec![*value]))).collect();
        assert_eq!(store.scan(Space::Cards, b"", 1000).unwrap(), side);
        for owner in 0..3u8 {
            let ids = |rows: Vec<skirmish::store::StoredCharacter>| {
                rows.iter().map(|sheet| (sheet.key.character, sheet.version)).collect::<Vec<_>>()
            };
            let expected = |fits: &dyn Fn(u8, u8) -> bool| {
                let fitting =
                    self.sheets.iter().filter(|(_, (owner, level, _))| fits(*owner, *level));
                fitting.map(|(id, (_, _, version))| (u128::from(*id), *version)).collect::<Vec<_>>()
            };
            let of_user = store.characters_of_user(7, u64::from(owner)).unwrap();
            assert_eq!(ids(of_user), expected(&|of, _| of == owner));
            let level = owner + 1;
            let by_level = store.characters_by_level(7, level..=level, 99).unwrap();
            assert_eq!(ids(by_level), expected(&|_, at| at == level));
            let by_name = store.characters_by_name(7, &format!("NAME {level}"), 99).unwrap();
            assert_eq!(ids(by_name), expected(&|_, at| at == level));
        }
    }
}

fn stale_is_conflict(stale: bool) -> Outcome {
    if stale { Outcome::Conflict } else { Outcome::Done }
}

fn outcome(answer: Result<(), CommitError>) -> Outcome {
    match answer {
        Ok(()) => Outcome::Done,
        Err(CommitError::Conflict(_)) => Outcome::Conflict,
        Err(CommitError::ReceiptExists(first)) => Outcome::Repeated(first),
        Err(other) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_store_says_what_ordered_maps_say(
        steps in prop::collection::vec(step(), 1..60),
        page_bytes in 0..200usize,
    ) {
        let disk: Arc<dyn Disk> = Arc::new(MemoryDisk::default());
        let options = StoreOptions { cache_bytes: 1 << 20, check_integrity: true };
        let start = || {
            Store::open_with_backend(Arc::clone(&disk), &options, Writer::Inline).unwrap()
        };
        let mut store = start();
        let mut model = Model::default();
        for step in &steps {
            if let Some((commit, expected)) = model.take(step) {
                prop_assert_eq!(outcome(store.commit_blocking(commit)), expected);
            } else {
                store.close();
                store = start();
            }
        }
        model.agrees(&store, page_bytes);
        drop(store);
        model.agrees(&start(), page_bytes);
    }
}
