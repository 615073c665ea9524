//! Taking back the end of a fight: the seed was shown, so new dice decide from then on. And what is
//! hidden stays hidden in a spectator's file.

use skirmish::hub::{ExportView, Hub, Principal, Refusal, Verdict, prove};
use skirmish::protocol::pb;
use skirmish::protocol::pb::combat_event::Event;
use skirmish::rules::id::CombatId;

use super::{exported, finished};
use crate::support::fight::{Wish, begun, goblins, master, play, send};

async fn undo(hub: &Hub, combat: CombatId, id: &str) -> Result<pb::Receipt, Refusal> {
    send(hub, master(), id, combat, Wish::Undo(pb::Undo {})).await
}

/// All commitments and seeds that a file shows, in order.
fn told(export: &pb::FightExport) -> Vec<(&'static str, Vec<u8>)> {
    let stored = export.commits.iter().flat_map(|commit| &commit.events);
    let told = stored.chain(&export.events).filter_map(|event| match event.event.as_ref()? {
        Event::DiceCommitted(it) => Some(("committed", it.public.to_vec())),
        Event::DiceRevealed(it) => Some(("revealed", it.public_seed.to_vec())),
        _ => None,
    });
    told.collect()
}

/// The public seed is shown at the end. When the end was taken back, the fight went on with the very
/// same seed, and whoever had seen it knew every roll to come.
#[tokio::test]
async fn a_seed_that_was_shown_decides_no_more_dice() {
    let (hub, combat) = finished(3).await;
    let early = exported(&hub, combat, ExportView::Complete).await;
    undo(&hub, combat, "u1").await.unwrap();
    let open = exported(&hub, combat, ExportView::Complete).await;
    assert!(open.hidden_seeds.is_empty(), "the fight goes on");
    let seen = told(&open);
    assert_eq!(
        seen.iter().map(|it| it.0).collect::<Vec<_>>(),
        ["committed", "revealed", "committed"]
    );
    assert_ne!(seen[0].1, seen[2].1, "a new promise");
    let live = hub.snapshot(&master(), combat).await.unwrap();
    assert_eq!(live.public_commitment.to_vec(), seen[2].1, "and everybody is told of it");

    assert!(play(&hub, combat, super::REQUESTS_MAX).await < super::REQUESTS_MAX);
    for view in [ExportView::Complete, ExportView::Spectator] {
        let export = exported(&hub, combat, view).await;
        let proof = prove(&export).unwrap();
        assert_eq!((proof.verdict(), proof.findings.clone()), (Verdict::Verified, vec![]));
        assert_eq!(proof.promises.iter().filter(|it| it.revealed).count(), 2);
    }
    let late = exported(&hub, combat, ExportView::Complete).await;
    assert_eq!(late.hidden_seeds.len(), 2);
    assert_eq!(late.hidden_seeds[0], early.hidden_seeds[0]);
    // Whoever asks for the fight as it was before gets no seed that decides dice now.
    undo(&hub, combat, "u2").await.unwrap();
    let past = hub.export_page(combat, ExportView::Complete, 0, Some(late.last_seq)).await.unwrap();
    let past = if past.fingerprint.is_empty() {
        let reached = past.commits.last().unwrap().events.last().unwrap().seq.unwrap();
        let until = Some(late.last_seq);
        hub.export_page(combat, ExportView::Complete, reached, until).await.unwrap()
    } else {
        past
    };
    assert_eq!(past.hidden_seeds, late.hidden_seeds);
}

#[tokio::test]
async fn an_end_that_was_taken_back_and_came_again_is_verified() {
    let (hub, combat) = finished(3).await;
    undo(&hub, combat, "u1").await.unwrap();
    send(&hub, master(), "r1", combat, Wish::Redo(pb::Redo {})).await.unwrap();
    let export = exported(&hub, combat, ExportView::Complete).await;
    let proof = prove(&export).unwrap();
    assert_eq!((proof.verdict(), proof.findings.clone()), (Verdict::Verified, vec![]));
}

async fn hide(hub: &Hub, combat: CombatId, creature: &str) {
    let wish = Wish::Adjust(pb::Adjust {
        creature_id: creature.to_owned(),
        hidden: Some(true),
        ..pb::Adjust::default()
    });
    send(hub, master(), "hide", combat, wish).await.unwrap();
}

#[tokio::test]
async fn a_spectators_file_names_nobody_who_hides_and_no_hidden_die() {
    let hub = super::hub(9);
    let combat = begun(&hub, "lurking", false).await;
    let add = Wish::AddCreatures(pb::AddCreatures {
        creatures: vec![pb::CreatureSpec {
            name: "Lurker".to_owned(),
            hidden: true,
            ..goblins(1, false)
        }],
    });
    send(&hub, master(), "add", combat, add).await.unwrap();
    let snapshot = hub.snapshot(&master(), combat).await.unwrap();
    let lurker = snapshot.creatures.iter().find(|it| it.hidden).unwrap().id.clone();
    let visible = snapshot.creatures.iter().find(|it| it.side == "foes" && !it.hidden).unwrap();
    hide(&hub, combat, &visible.id).await;
    let end = Wish::EndCombat(pb::EndCombat {});
    send(&hub, master(), "end", combat, end).await.unwrap();

    let complete = exported(&hub, combat, ExportView::Complete).await;
    let all = prove(&complete).unwrap();
    assert_eq!(all.verdict(), Verdict::Verified, "{all:?}");
    assert!(all.hidden_rolls > 0, "the lurker rolled for initiative");
    let shown = exported(&hub, combat, ExportView::Spectator).await;
    let proof = prove(&shown).unwrap();
    assert_eq!((proof.verdict(), proof.findings.clone()), (Verdict::Verified, vec![]));
    assert_eq!(proof.hidden_rolls, 0);
    let text = skirmish::protocol::to_json("FightExport", &shown).unwrap().to_string();
    assert!(!text.contains(&lurker) && !text.contains("Lurker"), "{text}");
    assert!(shown.hidden_seeds.is_empty() && shown.fingerprint.is_empty());
    let stranger = Principal { user: skirmish::rules::id::UserId(0), ..master() };
    assert!(hub.snapshot(&stranger, combat).await.is_ok(), "the fight is still there");
}
