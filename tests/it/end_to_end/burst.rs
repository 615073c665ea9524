//! Much happens at once: the channel is edited with measure, and the last state arrives.

use std::time::Duration;

use skirmish::protocol::pb;

use super::arena::{Arena, CHANNEL};
use crate::support::fight::{Wish, call, request};

/// Events of the burst.
const EVENTS: u64 = 200;
/// Edits that are decent within the time below.
const EDITS_MAX: usize = 5;
const PER: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_events_at_once_are_told_in_few_edits() {
    let mut arena = Arena::open("2 goblin-warrior", None).await;
    arena.begin(["Fighter", "Barbarian", "Cleric"]).await;
    let (_, state) = arena.turn().await.expect("a turn");
    let hero = state.creatures.iter().find(|one| !one.owner_id.is_empty()).expect("a hero");
    let mut calls = arena.calls();
    for event in 0..EVENTS {
        let adjust = pb::Adjust {
            creature_id: hero.id.clone(),
            hit_points: Some(u32::try_from(1 + event % 9).expect("small")),
            ..pb::Adjust::default()
        };
        let wish = request(&format!("burst-{event}"), &arena.combat, Wish::Adjust(adjust));
        calls.submit(call(arena.master_token(), wish)).await.expect("adjusted");
    }
    let now = arena.state().await;
    assert!(now.as_of >= state.as_of + EVENTS, "{} events", now.as_of - state.as_of);
    let card = arena.settled_card().await;
    assert!(card.text().contains(" 2/"), "{}", card.text());
    let path = format!("channels/{CHANNEL}/messages/");
    let edits: Vec<_> = arena.fake.see(|world| {
        let edits = world.requests.iter();
        let edits = edits.filter(|one| one.method == "PATCH" && one.path.starts_with(&path));
        edits.map(|one| one.at).collect()
    });
    for (edit, sixth) in edits.iter().zip(edits.iter().skip(EDITS_MAX)) {
        let apart = sixth.duration_since(*edit);
        assert!(apart >= PER, "{} edits within {apart:?}", EDITS_MAX + 1);
    }
    arena.fake.assert_clean();
}
