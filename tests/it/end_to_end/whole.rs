//! A whole fight, from `/combat start` to the summary: typed and clicked, watched by two.

use std::time::Duration;

use serde_json::json;
use skirmish::clock;
use skirmish::protocol::pb;

use super::arena::{Arena, BORIN, CHANNEL, MIRA, STRANGER, TESS, said};
use super::players::Due;
use crate::support::discord::{MessageView, User};

/// Turns and answers after which a fight should long be over.
const STEPS_MAX: usize = 300;
/// What 99 of 100 interactions are answered within.
const P99: Duration = Duration::from_millis(250);

/// Turns in which everybody looks at everything. More, and one person might click more often in a
/// long fight than the bot allows: their turn would then go on, for they were asked to slow down.
const LOOKING_TURNS_MAX: usize = 6;
/// People who only watch; each reads the log in each turn.
const ONLOOKERS: std::ops::Range<u64> = 100..105;
/// One turn in so many looks at the status too.
const STATUS_EVERY: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fight_from_start_to_end_with_two_observers() {
    let begun = clock::monotonic();
    let mut arena = Arena::open("2 goblin-warrior", Some("12x12")).await;
    arena.begin(["Fighter", "Barbarian", "Cleric"]).await;
    let mut late = None;
    let mut stale: Option<(User, MessageView)> = None;
    let mut mistaken = false;
    let mut steps = 0;
    let mut turns = 0;
    let last = loop {
        steps += 1;
        assert!(steps < STEPS_MAX, "the fight does not end");
        let (user, state) = match arena.due().await {
            Due::Over(state) => break state,
            Due::Question(user) => {
                arena.answer(&user, "Yes").await;
                continue;
            }
            Due::Turn(user, state) => (user, state),
        };
        turns += 1;
        match turns {
            1 => stale = Some((user.clone(), arena.panel(&user).await)),
            2 => late = Some(arena.observe()),
            _ => {}
        }
        if let Some(stale) = stale.as_ref().filter(|_| turns > 1 && !mistaken)
            && arena.can_strike(&user).await
        {
            mistakes(&arena, &user, stale).await;
            mistaken = true;
        }
        if turns <= LOOKING_TURNS_MAX {
            everybody_looks(&arena).await;
        }
        let card = arena.cards().pop().expect("a card");
        for onlooker in ONLOOKERS {
            arena.fake.user(onlooker).click(&card, "Log").await;
        }
        if turns % STATUS_EVERY == 0 {
            let status = user.slash(CHANNEL, "combat", "status", &[]).await;
            assert!(status.text().contains("Ambush"), "{}", status.text());
        }
        let read = if turns % 2 == 0 {
            arena.turn_by_typing(&user).await
        } else {
            arena.turn_by_buttons(&user).await
        };
        let went_on = arena.state().await.turn > state.turn || over(&arena).await;
        assert!(went_on, "{}'s turn {} goes on: {read}", state.current_id, state.turn);
    };
    assert!(mistaken, "nobody could strike after the first turn");
    let mut late = late.expect("the fight had two turns");
    for observer in [&mut arena.first, &mut late] {
        observer.until(last.as_of).await;
        observer.assert_whole(last.as_of);
    }
    assert!(arena.first.events() == late.events(), "both observers saw the same bytes");
    assert!(arena.first.resumed().is_empty(), "nothing was broken off");
    let card = arena.settled_card().await;
    reads_as(&card, &arena.public_state().await);
    pings_are_gone(&arena).await;
    answered_in_time(&arena, begun);
    arena.fake.assert_clean();
    arena.terminate().await;
    arena.fake.assert_clean();
}

/// The players and the game master look at their panels, the log and what is offered.
async fn everybody_looks(arena: &Arena) {
    let card = arena.cards().pop().expect("a card");
    for player in [MIRA, BORIN, TESS] {
        arena.panel(&arena.fake.user(player)).await;
        arena.fake.user(player).click(&card, "Log").await;
    }
    let panel = arena.gm().click(&card, "GM").await;
    assert!(panel.text().contains("Game master"), "{}", panel.text());
}

async fn over(arena: &Arena) -> bool {
    arena.state().await.phase() == pb::Phase::Ended
}

/// What is mistaken, late or not one's own is answered privately and in so many words.
async fn mistakes(arena: &Arena, user: &User, (before, panel): &(User, MessageView)) {
    let tail = arena.state().await.as_of;
    let options = [("type", json!("attack")), ("target", json!("Smaug"))];
    let typed = user.slash(CHANNEL, "combat", "action", &options).await;
    assert!(typed.message().is_private());
    assert!(said(&typed).contains("no such target"), "{}", said(&typed));
    let stale = before.click(panel, "End turn").await;
    assert!(stale.message().is_private());
    assert!(said(&stale).contains("turn is over"), "{}", said(&stale));
    let card = arena.cards().pop().expect("a card");
    let stranger = arena.fake.user(STRANGER);
    let outside = stranger.click(&card, "My actions").await;
    assert!(outside.message().is_private());
    assert!(said(&outside).contains("/combat join"), "{}", said(&outside));
    // a button of somebody else's panel, which no client would show
    let id = panel.button("End turn").custom_id;
    let forged = stranger.forge_component(&card, 2, &id, &[]).await;
    assert!(forged.message().is_private());
    assert!(said(&forged).contains("not yours to play"), "{}", said(&forged));
    assert_eq!(arena.state().await.as_of, tail, "nothing came of any of it");
}

/// In plain words, apart from the code that made it: what the card says of everybody is so.
fn reads_as(card: &MessageView, state: &pb::Snapshot) {
    let text = card.text();
    let expect = |what: &str| assert!(text.contains(what), "{what} is not in\n{text}");
    expect("Ambush");
    expect(&format!("Over after round {}", state.round));
    for creature in state.creatures.iter().filter(|one| !one.left) {
        expect(&creature.name);
        let line = text.lines().find(|line| line.contains(&creature.name)).expect("a line");
        match (creature.life(), creature.hit_points, creature.hit_points_max) {
            (pb::Life::Up, Some(now), Some(most)) => {
                assert!(line.contains(&format!(" {now}/{most} HP")), "{line}");
            }
            (pb::Life::Dead, ..) => assert!(line.contains("Dead"), "{line}"),
            _ => {}
        }
    }
    assert!(!card.has_button("My actions") && card.has_button("Log"));
}

/// No ping stays when the fight is over.
async fn pings_are_gone(arena: &Arena) {
    arena
        .fake
        .wait_for("the last ping to go", |world| {
            let pings = world.messages.values().filter(|one| {
                let text = one.body["content"].as_str().unwrap_or_default();
                !one.deleted && text.contains("turn of")
            });
            (pings.count() == 0).then_some(())
        })
        .await;
}

fn answered_in_time(arena: &Arena, begun: std::time::Instant) {
    let mut all = arena.fake.ack_latencies();
    all.sort_unstable();
    assert!(all.len() >= 30, "only {} interactions", all.len());
    let at = |share: usize| all[(all.len() * share).div_ceil(100) - 1];
    let figures = format!(
        "{} interactions answered: p50 {:?}, p99 {:?}, slowest {:?}; fight of {:?}",
        all.len(),
        at(50),
        at(99),
        all[all.len() - 1],
        begun.elapsed(),
    );
    println!("{figures}");
    assert!(at(99) < P99, "{figures}");
}
