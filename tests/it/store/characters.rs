//! Character sheets: found by user, name and level, and never overwritten unseen.

use super::*;
use skirmish::store::{CharacterKey, CharacterWrite, CommitError, Conflict};

fn sheet(guild: u64, character: u128) -> CharacterKey {
    CharacterKey { guild, character }
}

fn put(key: CharacterKey, owner: u64, name: &str, level: u8, expected: Option<u64>) -> Commit {
    let write = CharacterWrite::Put {
        key,
        owner,
        name: name.to_owned(),
        level,
        expected_version: expected,
        bytes: Bytes::from(format!("{name} at {level}")),
    };
    Commit { characters: vec![write], ..Commit::default() }
}

fn delete(key: CharacterKey, expected_version: Option<u64>) -> Commit {
    let write = CharacterWrite::Delete { key, expected_version };
    Commit { characters: vec![write], ..Commit::default() }
}

fn names(found: Vec<skirmish::store::StoredCharacter>) -> Vec<String> {
    found.into_iter().map(|sheet| sheet.name).collect()
}

#[test]
fn sheets_are_listed_by_user_by_name_and_by_level() {
    let store = Store::open_in_memory().unwrap();
    for commit in [
        put(sheet(1, 1), 10, "Bob", 3, None),
        put(sheet(1, 2), 10, "Bo", 5, None),
        put(sheet(1, 3), 11, "boris", 1, None),
        put(sheet(1, 4), 11, "Åsa", 3, None),
        put(sheet(2, 1), 10, "Bob of elsewhere", 3, None),
    ] {
        store.commit_blocking(commit).unwrap();
    }
    assert_eq!(names(store.characters_of_user(1, 10).unwrap()), ["Bob", "Bo"]);
    assert_eq!(names(store.characters_of_user(2, 10).unwrap()), ["Bob of elsewhere"]);
    assert_eq!(names(store.characters_by_name(1, "BO", 9).unwrap()), ["Bo", "Bob", "boris"]);
    assert_eq!(names(store.characters_by_name(1, "bob", 9).unwrap()), ["Bob"]);
    assert_eq!(names(store.characters_by_name(1, "å", 9).unwrap()), ["Åsa"]);
    assert_eq!(names(store.characters_by_name(1, "", 2).unwrap()), ["Bo", "Bob"]);
    assert_eq!(names(store.characters_by_level(1, 1..=3, 9).unwrap()), ["boris", "Bob", "Åsa"]);
    assert_eq!(names(store.characters_by_level(1, 2..=255, 2).unwrap()), ["Bob", "Åsa"]);

    // what changes moves in every list, what is removed leaves them all
    store.commit_blocking(put(sheet(1, 1), 11, "Robert", 4, Some(1))).unwrap();
    store.commit_blocking(delete(sheet(1, 2), Some(1))).unwrap();
    assert_eq!(names(store.characters_of_user(1, 10).unwrap()), [""; 0]);
    assert_eq!(names(store.characters_of_user(1, 11).unwrap()), ["Robert", "boris", "Åsa"]);
    assert_eq!(names(store.characters_by_name(1, "bo", 9).unwrap()), ["boris"]);
    assert_eq!(
        names(store.characters_by_level(1, 0..=255, 9).unwrap()),
        ["boris", "Åsa", "Robert"]
    );
    let robert = store.character(sheet(1, 1)).unwrap().unwrap();
    assert_eq!((robert.version, robert.bytes), (2, "Robert at 4".into()));
}

#[test]
fn a_sheet_that_moved_in_between_fails_the_whole_commit() {
    let store = Store::open_in_memory().unwrap();
    let key = sheet(7, 1);
    let conflict = |version, expected| {
        Err(CommitError::Conflict(Conflict::Character { key, version, expected }))
    };
    assert_eq!(store.commit_blocking(put(key, 1, "Ylva", 1, Some(1))), conflict(None, Some(1)));
    store.commit_blocking(put(key, 1, "Ylva", 1, None)).unwrap();
    assert_eq!(store.commit_blocking(put(key, 1, "Ylva", 1, None)), conflict(Some(1), None));
    store.commit_blocking(put(key, 1, "Ylva", 2, Some(1))).unwrap();

    let end_of_fight = Commit {
        log: Some(log(fight(1), 1, 1)),
        ..with_receipt(put(key, 1, "Ylva", 3, Some(1)), "end", "ended")
    };
    assert_eq!(store.commit_blocking(end_of_fight), conflict(Some(2), Some(1)));
    assert_eq!(store.tail(fight(1)).unwrap(), None);
    assert_eq!(store.receipt(&request("end")).unwrap(), None);
    assert_eq!(store.character(key).unwrap().unwrap().level, 2);

    assert_eq!(store.commit_blocking(delete(key, Some(1))), conflict(Some(2), Some(1)));
    store.commit_blocking(delete(key, Some(2))).unwrap();
    assert_eq!(store.commit_blocking(delete(key, Some(2))), conflict(None, Some(2)));
    store.commit_blocking(delete(key, None)).unwrap();
    assert_eq!(store.character(key).unwrap(), None);
}
