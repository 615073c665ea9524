//! Files in which something was changed: each change is found, and what is sound is not complained
//! about.

use skirmish::hub::{ExportView, Proof, Verdict, face, prove, replay};
use skirmish::protocol::pb;
use skirmish::protocol::pb::combat_event::Event;

use super::{exported, finished};
use crate::support::fight::{begun, master};

fn events(export: &mut pb::FightExport) -> Vec<&mut pb::CombatEvent> {
    let stored = export.commits.iter_mut().flat_map(|commit| &mut commit.events);
    stored.chain(&mut export.events).collect()
}

/// The first attack that hit, and its number.
fn first_hit(export: &mut pb::FightExport) -> (u64, &mut pb::AttackDeed) {
    let found = events(export).into_iter().find_map(|event| {
        let Some(Event::Action(action)) = &mut event.event else { return None };
        let Some(pb::action::Deed::Attack(attack)) = &mut action.deed else { return None };
        (!attack.damage.is_empty()).then_some((event.seq?, attack))
    });
    found.unwrap()
}

fn proved(export: &pb::FightExport) -> Proof {
    prove(export).unwrap()
}

#[track_caller]
fn assert_found(export: &pb::FightExport, seq: u64, words: &str) {
    let proof = proved(export);
    assert_eq!(proof.verdict(), Verdict::Mismatch);
    let told = proof.findings.iter().find(|it| it.what.contains(words));
    let told = told.unwrap_or_else(|| panic!("{words:?} is missing in {:?}", proof.findings));
    assert_eq!(told.seq, seq, "{told:?}");
}

#[tokio::test]
async fn a_sound_file_is_verified_whoever_it_is_for() {
    for seed in 0..6 {
        let (hub, combat) = finished(seed).await;
        let complete = exported(&hub, combat, ExportView::Complete).await;
        let proof = proved(&complete);
        assert_eq!((proof.verdict(), proof.findings.clone()), (Verdict::Verified, vec![]));
        assert!(proof.public_rolls > 4 && proof.unseen_dice == 0, "{proof:?}");
        let shown = proved(&exported(&hub, combat, ExportView::Spectator).await);
        assert_eq!((shown.verdict(), shown.findings.clone()), (Verdict::Verified, vec![]));
        assert_eq!(shown.public_rolls, proof.public_rolls, "nobody was hidden");
        // Issue 3: an exported fight imports and replays to the same hash.
        let replayed = replay(&complete).unwrap();
        let stated = complete.fingerprint.as_ref().try_into().unwrap();
        assert_eq!(replayed.combat().fingerprint(), u128::from_be_bytes(stated));
        let live = hub.snapshot(&master(), combat).await.unwrap();
        for creature in replayed.combat().creatures() {
            let known = live.creatures.iter().find(|it| it.id == creature.id().to_string());
            let known = known.unwrap().hit_points.unwrap();
            assert_eq!(u32::from(creature.hit_points()), known, "{}", creature.name());
        }
    }
}

#[tokio::test]
async fn one_changed_face_is_found() {
    let (hub, combat) = finished(3).await;
    for view in [ExportView::Complete, ExportView::Spectator] {
        let mut export = exported(&hub, combat, view).await;
        let (seq, attack) = first_hit(&mut export);
        let roll = attack.roll.as_mut().unwrap();
        let right = roll.faces[0];
        roll.faces[0] = if right == 20 { 19 } else { 20 };
        roll.kept = roll.faces[0];
        roll.total += i32::try_from(roll.kept).unwrap() - i32::try_from(right).unwrap();
        assert_found(&export, seq, &format!("is shown, {right} is right"));
    }
}

#[tokio::test]
async fn a_changed_sum_is_found() {
    let (hub, combat) = finished(3).await;
    let mut export = exported(&hub, combat, ExportView::Complete).await;
    let (seq, attack) = first_hit(&mut export);
    attack.damage[0].rolled.as_mut().unwrap().total += 1;
    assert_found(&export, seq, "is right");
    let mut export = exported(&hub, combat, ExportView::Complete).await;
    let (seq, attack) = first_hit(&mut export);
    attack.roll.as_mut().unwrap().total += 5;
    assert_found(&export, seq, "the total is");
}

#[tokio::test]
async fn a_roll_that_was_taken_out_is_found() {
    let (hub, combat) = finished(3).await;
    for view in [ExportView::Complete, ExportView::Spectator] {
        // The whole event, with its number.
        let mut export = exported(&hub, combat, view).await;
        let (seq, _) = first_hit(&mut export);
        for commit in &mut export.commits {
            let session_id = commit.events[0].session_id.clone();
            commit.events.retain(|event| event.seq != Some(seq));
            if let Some(first) = commit.events.first_mut() {
                first.session_id = session_id;
            }
        }
        export.commits.retain(|commit| !commit.events.is_empty());
        export.events.retain(|event| event.seq != Some(seq));
        assert_found(&export, seq + 1, &format!("event {seq} is missing"));
        // All numbers put right again.
        for (number, event) in (1..).zip(events(&mut export)) {
            event.seq = Some(number);
        }
        export.last_seq -= 1;
        let proof = proved(&export);
        assert_eq!(proof.verdict(), Verdict::Mismatch);
        assert!(proof.findings.iter().any(|it| it.what.contains("shown nowhere")), "{proof:?}");
        // The dice alone, taken out of the event.
        let mut export = exported(&hub, combat, view).await;
        let (seq, attack) = first_hit(&mut export);
        attack.damage.clear();
        assert_found(&export, seq, "shown nowhere");
        // The last events, with the end of the fight: nothing is proven any more.
        let mut export = exported(&hub, combat, view).await;
        let last = export.last_seq;
        for commit in &mut export.commits {
            commit.events.retain(|event| event.seq < Some(last));
        }
        export.events.retain(|event| event.seq < Some(last));
        assert_found(&export, last - 1, "the file ends here");
    }
}

#[tokio::test]
async fn another_seed_is_found_whether_or_not_its_hash_was_changed_as_well() {
    let (hub, combat) = finished(3).await;
    for view in [ExportView::Complete, ExportView::Spectator] {
        let mut export = exported(&hub, combat, view).await;
        let mut revealed = 0;
        for event in events(&mut export) {
            if let Some(Event::DiceRevealed(it)) = &mut event.event {
                it.public_seed = vec![7; 32].into();
                revealed = event.seq.unwrap();
            }
        }
        assert_found(&export, revealed, "not the one that was committed to");
        for event in events(&mut export) {
            if let Some(Event::DiceCommitted(it)) = &mut event.event {
                it.public = blake3::hash(&[7; 32]).as_bytes().to_vec().into();
            }
        }
        let proof = proved(&export);
        assert_eq!(proof.verdict(), Verdict::Mismatch);
        assert!(proof.findings_in_all > 10, "{proof:?}");
    }
}

/// Faces of a seed that was made up later agree with it; what gives it away is the commitment.
#[tokio::test]
async fn a_fight_rolled_anew_has_another_commitment() {
    let (hub, combat) = finished(3).await;
    let export = exported(&hub, combat, ExportView::Complete).await;
    let promised = proved(&export).promises[0].commitment;
    let (other_hub, other) = finished(4).await;
    let other = exported(&other_hub, other, ExportView::Complete).await;
    assert_ne!(proved(&other).promises[0].commitment, promised);
    assert_ne!(face(&[3; 32], 0, u16::MAX), face(&[4; 32], 0, u16::MAX));
}

#[tokio::test]
async fn a_roll_that_hides_where_it_was_drawn_proves_nothing() {
    let (hub, combat) = finished(3).await;
    let mut export = exported(&hub, combat, ExportView::Complete).await;
    let (_, attack) = first_hit(&mut export);
    attack.roll.as_mut().unwrap().draw = None;
    let proof = proved(&export);
    assert_eq!((proof.verdict(), proof.unplaced_rolls), (Verdict::Unproven, 1));
    // A roll that claims the dice of another one.
    let mut export = exported(&hub, combat, ExportView::Complete).await;
    let (seq, attack) = first_hit(&mut export);
    let first = attack.roll.as_mut().unwrap().draw.as_mut().unwrap();
    first.first = Some(first.first.unwrap() - 1);
    let proof = proved(&export);
    assert_eq!(proof.verdict(), Verdict::Mismatch);
    assert!(proof.findings.iter().any(|it| it.seq == seq), "{proof:?}");
    // A roll that hides among the hidden ones.
    let mut export = exported(&hub, combat, ExportView::Spectator).await;
    let (_, attack) = first_hit(&mut export);
    let draw = attack.roll.as_mut().unwrap().draw.as_mut().unwrap();
    *draw = pb::DiceDraw { stream: pb::DiceStream::Hidden.into(), first: None };
    assert_eq!(proved(&export).verdict(), Verdict::Mismatch);
}

#[tokio::test]
async fn a_fight_that_goes_on_shows_no_seed_and_proves_nothing_yet() {
    let hub = super::hub(5);
    let combat = begun(&hub, "going", false).await;
    for view in [ExportView::Complete, ExportView::Spectator] {
        let mut export = exported(&hub, combat, view).await;
        assert!(export.hidden_seeds.is_empty());
        let told = events(&mut export);
        assert!(!told.iter().any(|it| matches!(it.event, Some(Event::DiceRevealed(_)))));
        let proof = proved(&export);
        assert_eq!((proof.verdict(), proof.findings.clone()), (Verdict::Unproven, vec![]));
        assert!(proof.sealed_rolls >= 4, "{proof:?}");
    }
}
