//! The program dies or is stopped in the middle of a fight, and the fight goes on where it was.

use skirmish::protocol::pb;

use super::arena::{Arena, BORIN, CHANNEL, MIRA, TESS, said};
use super::players::Due;
use crate::support::discord::{InteractionResult, MessageView};

/// Sturdy enough for both sides to stand for a few rounds.
const MONSTERS: &str = "2 ogre";
const HEROES: [&str; 3] = ["Fighter", "Barbarian", "Cleric"];

impl Arena {
    /// Discord sends again what a process that was killed had not noted as done, and takes no
    /// second answer to it. That is no fault of the next process.
    fn forgive_what_was_sent_before(&self) {
        self.fake.change(|world| {
            for one in world.interactions.values_mut() {
                one.forgiven = true;
            }
        });
    }

    /// A turn's worth of play by everybody who is due, so many times.
    async fn play(&mut self, turns: usize) {
        for turn in 0..turns {
            let Some((user, _)) = self.turn().await else { panic!("the fight ended early") };
            if turn % 2 == 0 {
                self.turn_by_buttons(&user).await;
            } else {
                self.turn_by_typing(&user).await;
            }
        }
    }

    /// The game master ends the fight from the panel; then the observer that was there all along
    /// and one that comes only now have the same list, and the one card is right.
    async fn end_and_compare(&mut self) {
        let gm = self.gm();
        let card = self.cards().pop().expect("a card");
        let panel = gm.click(&card, "GM").await.message();
        let sure = gm.click(&panel, "End the fight").await.message();
        gm.click(&sure, "End it").await;
        let state = self.state().await;
        assert_eq!(state.phase(), pb::Phase::Ended);
        let mut fresh = self.observe();
        for observer in [&mut self.first, &mut fresh] {
            observer.until(state.as_of).await;
            observer.assert_whole(state.as_of);
        }
        assert!(self.first.events() == fresh.events(), "resumed and fresh saw the same bytes");
        self.settled_card().await;
    }
}

/// The state without what a restart moves: open questions wait anew.
fn timeless(mut state: pb::Snapshot) -> pb::Snapshot {
    for open in &mut state.prompts {
        open.deadline = None;
    }
    state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_mid_turn_the_fight_goes_on_and_old_buttons_work() {
    let mut arena = Arena::open(MONSTERS, None).await;
    arena.begin(HEROES).await;
    let (user, _) = arena.turn().await.expect("a turn");
    let panel = arena.panel(&user).await;
    let panel = user.click(&panel, "Dodge").await.message();
    let card = arena.cards().pop().expect("a card");
    let before = arena.state().await;
    arena.first.until(before.as_of).await;

    arena.forgive_what_was_sent_before();
    arena.kill().await;
    arena.start_again().await;
    assert_eq!(arena.state().await, before, "nothing was lost and nothing done twice");
    let old = user.click(&card, "My actions").await.message();
    assert!(old.text().contains("Action spent"), "{}", old.text());
    let ended = user.click(&panel, "End turn").await;
    assert!(said(&ended).contains("turn of"), "{}", said(&ended));
    assert!(arena.state().await.turn > before.turn);
    arena.play(2).await;

    // killed while a click is on its way, and clicked while nobody is there
    let (user, _) = arena.turn().await.expect("a turn");
    let panel = arena.panel(&user).await;
    let turn = arena.state().await.turn;
    arena.forgive_what_was_sent_before();
    let in_flight = user.click_and_leave(&panel, "End turn");
    arena.fake.change(|world| {
        world.interactions.get_mut(&in_flight).expect("just made").forgiven = true;
    });
    arena.kill().await;
    let reader = arena.fake.user(TESS);
    let waiting = reader.click_and_leave(&card, "Log");
    arena.start_again().await;
    let ended = arena.until("the turn to end", |state| state.turn > turn).await;
    arena.first.until(ended.as_of).await;
    let log = InteractionResult::of(&arena.fake, waiting).await;
    assert!(log.message().is_private() && log.text().contains("## Ambush"), "{}", log.text());
    let starts = arena.first.frames().into_iter().filter(|frame| {
        matches!(&frame.event, Some(pb::combat_event::Event::TurnStarted(it)) if it.turn == turn + 1)
    });
    assert_eq!(starts.count(), 1, "the click was done once");
    arena.play(2).await;
    arena.end_and_compare().await;
    assert_eq!(arena.first.resumed().len(), 2, "it went on twice");
    arena.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_with_open_questions_they_are_still_asked() {
    let mut arena = Arena::open("ogre", Some("12x12")).await;
    let leaver = arena.ogres_by_hand().await.remove(0);
    arena.begin(HEROES).await;
    let first = arena.provoke(&leaver).await;

    // a hero may strike at the ogre that walks away
    let asked = arena.state().await;
    let is_asked = |message: &MessageView| message.has_button("Decide");
    let note = arena.fake.channel(CHANNEL).wait_for("the question", is_asked).await;
    assert!(!note.text().contains("trike"), "what is asked is not public: {}", note.text());
    arena.forgive_what_was_sent_before();
    arena.kill().await;
    arena.start_again().await;
    assert_eq!(timeless(arena.state().await), timeless(asked.clone()));
    let question = first.click(&note, "Decide").await;
    assert!(question.message().is_private(), "only its player reads it");
    let other = arena.fake.user(if first.id == MIRA { BORIN } else { MIRA });
    let refused = other.click(&note, "Decide").await;
    assert!(said(&refused).contains("somebody else"), "{}", said(&refused));
    assert_eq!(arena.strikes_at(&leaver), 0);
    arena.accept(&first, &question.message()).await;

    // the strike is made, and on the same walk another hero is asked
    let between = arena.state().await;
    arena.first.until(between.as_of).await;
    assert_eq!(arena.strikes_at(&leaver), 1);
    let Due::Question(second) = arena.due().await else { panic!("the other hero is asked too") };
    assert_ne!(second.id, first.id);
    arena.forgive_what_was_sent_before();
    arena.kill().await;
    arena.start_again().await;
    assert_eq!(timeless(arena.state().await), timeless(between.clone()));
    arena.answer(&second, "No").await;
    while let Due::Question(user) = arena.due().await {
        arena.answer(&user, "No").await;
    }
    let place = |state: &pb::Snapshot| {
        state.creatures.iter().find(|one| one.id == leaver).and_then(|one| one.position)
    };
    let after = arena.state().await;
    assert_ne!(place(&after), place(&between), "and then the walk went on");
    arena.end_and_compare().await;
    arena.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_with_a_question_inside_another_both_are_still_asked() {
    let mut arena = Arena::open("2 ogre", Some("12x12")).await;
    let ogres = arena.ogres_by_hand().await;
    let [leaver, friend] = ogres.as_slice() else { panic!("two ogres: {ogres:?}") };
    arena.begin(HEROES).await;
    let hero = arena.provoke_twice(leaver, friend, MIRA).await;
    let nested = arena.state().await;
    assert_eq!(nested.prompts.len(), 2, "two questions are open: {:?}", nested.prompts);
    assert_eq!(&nested.prompts[1].creature_id, friend);
    arena.forgive_what_was_sent_before();
    arena.kill().await;
    arena.start_again().await;
    assert_eq!(timeless(arena.state().await), timeless(nested.clone()));

    // the inner one first: the game master answers it on the ogre's panel
    let gm = arena.gm();
    let panel = gm.click(&arena.cards().pop().expect("a card"), "GM").await.message();
    let panel = gm.choose(&panel, "Act for", &[friend]).await.message();
    gm.click(&panel, "No").await;
    let outer = arena.state().await;
    assert_eq!(outer.prompts.len(), 1);
    assert_eq!(outer.prompts[0].prompt_id, nested.prompts[0].prompt_id);
    arena.first.until(outer.as_of).await;
    assert_eq!(arena.strikes_at(leaver), 0);
    arena.answer(&hero, "Yes").await;
    while let Due::Question(user) = arena.due().await {
        arena.answer(&user, "No").await;
    }
    let after = arena.state().await;
    arena.first.until(after.as_of).await;
    assert_eq!(arena.strikes_at(leaver), 1);
    let place = |state: &pb::Snapshot| {
        state.creatures.iter().find(|one| one.id == *leaver).and_then(|one| one.position)
    };
    assert_ne!(place(&after), place(&nested), "and then the walk went on");
    arena.end_and_compare().await;
    arena.fake.assert_clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_and_started_again_the_session_and_the_card_go_on() {
    let mut arena = Arena::open(MONSTERS, None).await;
    arena.begin(HEROES).await;
    let (user, before) = arena.turn().await.expect("a turn");
    let card = arena.settled_card().await;
    let panel = arena.panel(&user).await;
    let writes = arena.fake.see(|world| world.command_writes);
    arena.terminate().await;
    let waiting = user.click_and_leave(&panel, "End turn");
    arena.start_again().await;
    let ended = InteractionResult::of(&arena.fake, waiting).await;
    assert!(said(&ended).contains("turn of"), "{}", said(&ended));
    assert!(arena.state().await.turn > before.turn);
    let (identified, resumed, closed) = arena.fake.see(|world| {
        let gateway = &world.gateway;
        (gateway.identifies.len(), gateway.resumes.len(), gateway.closed_by_bot.clone())
    });
    assert_eq!((identified, resumed), (1, 1), "the session was resumed, not begun anew");
    assert!(!closed.iter().any(|code| [1_000, 1_001].contains(code)), "kept: {closed:?}");
    arena.play(2).await;
    arena.turn().await.expect("a turn");
    let now = arena.settled_card().await;
    assert_eq!(now.id, card.id, "edited in place");
    assert!(now.edits > card.edits);
    assert_eq!(arena.fake.see(|world| world.command_writes), writes, "the commands are the same");
    arena.end_and_compare().await;
    assert_eq!(arena.first.resumed().len(), 1);
    arena.fake.assert_clean();
    arena.terminate().await;
    arena.fake.assert_clean();
}
