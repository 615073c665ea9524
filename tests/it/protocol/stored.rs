//! What the log holds is read back as the very same events, by every later version.

use super::samples;
use prost::Message;
use skirmish::protocol::{
    Commit, Logged, STORED_FORMAT, Unreadable, decode_commit, definition_of, definition_to,
    encode_commit, pb,
};
use skirmish::rules::creature::Kind;
use skirmish::rules::event::Fact;
use skirmish::rules::id::{CombatId, UserId};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/0.1.0/commit-sample.binpb");
/// Samples of facts that the golden commit holds.
const FACTS_OF_0_1_0: usize = 79;

fn commit() -> Commit {
    let events = samples::events().into_iter().zip(41_u64..).map(|(event, seq)| Logged {
        seq,
        occurred_at_ms: 1_790_000_000_000 + i64::try_from(seq).unwrap(),
        deadline_ms: matches!(event.fact, Fact::PromptOpened { .. } | Fact::PromptAnswered { .. })
            .then_some(1_790_000_060_001),
        event,
    });
    Commit {
        session_id: CombatId(0x0192_3f3a_0000_7abc_8def_0123_4567_89ab),
        events: events.collect(),
        principal: Some(UserId(80_351_110_224_678_912)),
        request_id: "request 1".to_owned(),
        starts_unit: true,
        committed_at_ms: 1_790_000_000_999,
    }
}

#[test]
fn every_fact_reads_back_as_itself() {
    let written = commit();
    let read = decode_commit(&encode_commit(&written)).unwrap();
    for (before, after) in written.events.iter().zip(&read.events) {
        assert_eq!(before, after);
    }
    assert_eq!(written, read);
    let nobody = Commit { principal: None, starts_unit: false, ..written };
    assert_eq!(decode_commit(&encode_commit(&nobody)).unwrap(), nobody);
}

/// What 0.1.0 wrote reads as it did and is written again byte by byte. The samples it was made of
/// stay among today's, in their order and unchanged: new ones are added beside them.
#[test]
fn a_commit_of_release_0_1_0_reads_and_writes_the_same_for_ever() {
    let golden = std::fs::read(GOLDEN).unwrap();
    let read = decode_commit(&golden).unwrap();
    assert!(
        encode_commit(&read) == golden,
        "the stored form has changed: old fights would not replay"
    );
    assert_eq!(read.events.len(), FACTS_OF_0_1_0);
    let mut today = samples::facts().into_iter();
    for logged in &read.events {
        assert!(today.any(|fact| fact == logged.event.fact), "read as another: {logged:?}");
    }
    let Commit { session_id, events: _, principal, request_id, starts_unit, committed_at_ms } =
        read;
    let events = Vec::new();
    let around = Commit { session_id, events, principal, request_id, starts_unit, committed_at_ms };
    assert_eq!(around, Commit { events: Vec::new(), ..commit() });
}

#[test]
fn what_a_newer_version_wrote_is_told_apart_from_damage() {
    let stored = pb::StoredCommit::decode(encode_commit(&commit()).as_slice()).unwrap();
    let read = |stored: &pb::StoredCommit| decode_commit(&stored.encode_to_vec()).unwrap_err();

    let mut newer = stored.clone();
    newer.format = STORED_FORMAT + 1;
    assert_eq!(read(&newer), Unreadable::Newer { format: STORED_FORMAT + 1 });

    let mut unknown_event = stored.clone();
    unknown_event.events[3].event = None; // as an event of an unknown kind is read
    assert!(matches!(read(&unknown_event), Unreadable::Newer { .. }));

    let mut unknown_word = stored.clone();
    unknown_word.events[3].audience = 99;
    assert!(matches!(read(&unknown_word), Unreadable::Newer { .. }));

    let mut damaged = stored;
    damaged.events[3].seq = None;
    assert!(matches!(read(&damaged), Unreadable::Damaged(_)));
    assert!(matches!(decode_commit(&[0xff; 9]), Err(Unreadable::Damaged(_))));
    assert!(matches!(decode_commit(&[]), Err(Unreadable::Damaged(_))));
}

#[test]
fn a_definition_keeps_every_entry_on_its_way() {
    let kind = Kind::Hero { class: "Rogue".into(), level: 20 };
    let samples = [
        samples::definition("Mira", kind.clone()),
        samples::caster("Mira", kind.clone()),
        samples::newer_definition("Mira", kind.clone()),
        samples::definition_of_today("Ogre", kind),
    ];
    for before in samples {
        let wire = definition_to(&before);
        let again = skirmish::protocol::remembered_definition(&wire).unwrap();
        assert_eq!(before, again);
    }
}

#[test]
fn everything_wrong_with_a_definition_is_told_at_once() {
    let kind = Kind::Monster { rating_eighths: 2 };
    let mut wire = definition_to(&samples::definition("Goblin", kind));
    wire.armor_class = 1_000;
    wire.size = 0;
    wire.attacks[0].id = "@everyone".into();
    wire.specials[2].effect = None;
    let faults = definition_of(&wire).unwrap_err();
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["size", "armor_class", "attacks[0].id", "specials[2].effect"]);
}
