//! The hub holds what it promises to everybody behind it: order, once only, all or nothing, and
//! that nobody learns what is not theirs to know.

use std::task::Poll;
use std::time::Duration;

use prost::Message;
use skirmish::hub::reader::StartFrom;
use skirmish::hub::{Hub, HubOptions, Principal, Refusal, Scope};
use skirmish::protocol::pb;
use skirmish::rules::id::{GuildId, UserId};
use skirmish::store::{Store, StoreOptions};
use skirmish::telemetry::Metrics;

use crate::support::fight::{
    Event, GUILD, Wish, begun, first_attack, gathered, goblins, hub, initiate, join_hero, master,
    options, play, player, read_to, request, send, tail, watcher,
};

const BEGINNING: StartFrom = StartFrom::History { from_seq: 0 };

/// Whoever watches from the start and whoever comes at the end read the same bytes, without gaps.
#[tokio::test]
async fn an_early_and_a_late_reader_get_equal_bytes() {
    let hub = hub();
    let combat = gathered(&hub, "equal", false).await;
    let mut early = hub.follow(&watcher(combat), combat, BEGINNING).await.unwrap();
    send(&hub, master(), "b", combat, Wish::Begin(pb::Begin {})).await.unwrap();
    play(&hub, combat, 500).await;
    let last = tail(&hub, combat).await;
    let mut live = Vec::new();
    while early.position() < last {
        let page = early.next().await.unwrap();
        live.extend(page.iter().filter_map(|frame| Some((frame.seq?, frame.encode_to_vec()))));
    }
    let late = read_to(&hub, watcher(combat), combat, BEGINNING, last).await;
    assert!(live == late, "the two readers differ");
    let numbers: Vec<u64> = late.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "numbers have gaps or repeat");
}

/// Resuming after a number gives exactly what follows it, for every number there is.
#[tokio::test]
async fn resuming_gives_exactly_what_follows() {
    let hub = hub();
    let combat = begun(&hub, "resume", false).await;
    play(&hub, combat, 12).await;
    let last = tail(&hub, combat).await;
    let all = read_to(&hub, watcher(combat), combat, BEGINNING, last).await;
    for after in 0..last {
        let rest = read_to(&hub, watcher(combat), combat, StartFrom::After(after), last).await;
        let expected: Vec<_> = all.iter().filter(|(seq, _)| *seq > after).cloned().collect();
        assert!(rest == expected, "what follows {after} differs");
    }
    let beyond = hub.follow(&watcher(combat), combat, StartFrom::After(last + 1)).await;
    assert!(matches!(beyond, Err(Refusal::OutOfRange { .. })), "{beyond:?}");
}

/// A snapshot and what is delivered after it leave nothing out and repeat nothing.
#[tokio::test]
async fn a_snapshot_goes_on_live_without_a_gap() {
    let hub = hub();
    let combat = begun(&hub, "gap", false).await;
    let mut reader = hub.follow(&watcher(combat), combat, StartFrom::Snapshot).await.unwrap();
    play(&hub, combat, 10).await;
    let last = tail(&hub, combat).await;
    let first = reader.next().await.unwrap();
    let [frame] = first.as_slice() else { panic!("more than the snapshot: {first:?}") };
    let Some(Event::Snapshot(snapshot)) = &frame.event else { panic!("no snapshot: {frame:?}") };
    let mut numbers = Vec::new();
    while reader.position() < last {
        numbers.extend(reader.next().await.unwrap().iter().filter_map(|frame| frame.seq));
    }
    assert_eq!(numbers, (snapshot.as_of + 1..=last).collect::<Vec<_>>());
}

/// A reader whose caller gives up each time that it would have to wait delivers every number all
/// the same. Under load this test once found nobody waiting: it had left that to chance. Here each
/// wait is looked at once and given up; the first cannot be over by then, for the fight that it
/// waits for is loaded by a task that has not begun.
#[tokio::test]
async fn giving_up_waiting_loses_nothing() {
    let store = Store::open_in_memory().unwrap();
    let hub = Hub::new(store.clone(), options(), Metrics::new());
    let combat = begun(&hub, "give-up", false).await;
    play(&hub, combat, 8).await;
    let last = tail(&hub, combat).await;
    // Another hub, which has to load the fight first.
    let hub = Hub::new(store, options(), Metrics::new());
    let reader = hub.follow(&master(), combat, BEGINNING).await.unwrap();
    let mut reader = reader.with_options();
    let (mut numbers, mut given_up) = (Vec::new(), 0);
    while reader.position() < last {
        let looked_at_once = {
            let mut next = std::pin::pin!(reader.next());
            std::future::poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await
        };
        match looked_at_once {
            Poll::Ready(page) => numbers.extend(page.unwrap().iter().filter_map(|it| it.seq)),
            Poll::Pending => {
                given_up += 1;
                tokio::task::yield_now().await;
            }
        }
    }
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    assert!(given_up > 0, "nobody ever had to wait: this shows nothing");
}

/// The same request twice is done once; the same id for something else is refused.
#[tokio::test]
async fn a_repeated_request_is_done_once() {
    let hub = hub();
    let combat = begun(&hub, "once", false).await;
    let current = hub.snapshot(&master(), combat).await.unwrap().current_id;
    let end = || Wish::EndTurn(pb::EndTurn { creature_id: current.clone() });
    let first = send(&hub, master(), "one", combat, end()).await.unwrap();
    let before = tail(&hub, combat).await;
    let again = send(&hub, master(), "one", combat, end()).await.unwrap();
    assert!(again.repeated_request && !first.repeated_request);
    assert_eq!(pb::Receipt { repeated_request: false, ..again }, first);
    assert_eq!(tail(&hub, combat).await, before, "the repeated request wrote something");
    let other = send(&hub, master(), "one", combat, Wish::Pause(pb::Pause {})).await.unwrap_err();
    assert_eq!((other.code(), other.status().number()), ("request_id_reused", 3));
    let open = || request("open-twice", "", initiate(GUILD, vec![goblins(1, false)]));
    let one = hub.submit(&master(), open()).await.unwrap();
    let two = hub.submit(&master(), open()).await.unwrap();
    assert_eq!(one.session_id, two.session_id, "a repeated initiate opened a second fight");
}

/// A request meant for another turn or another state of the log changes nothing.
#[tokio::test]
async fn stale_requests_are_refused() {
    let hub = hub();
    let combat = begun(&hub, "stale", false).await;
    let before = tail(&hub, combat).await;
    let pause = |id: &str| request(id, &combat.to_string(), Wish::Pause(pb::Pause {}));
    let turn = pb::CombatRequest { turn: Some(99), ..pause("turn") };
    let refused = hub.submit(&master(), turn).await.unwrap_err();
    assert_eq!((refused.code(), refused.status().number()), ("stale_turn", 9));
    let seq = pb::CombatRequest { expected_seq: Some(before - 1), ..pause("seq") };
    let refused = hub.submit(&master(), seq).await.unwrap_err();
    assert_eq!((refused.code(), refused.status().number()), ("seq_moved", 10));
    assert_eq!(tail(&hub, combat).await, before);
}

/// Of two writers who both saw the same number, exactly one is first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_racing_writers_one_wins() {
    let hub = hub();
    let combat = begun(&hub, "race", false).await;
    for round in 0..10 {
        let known = tail(&hub, combat).await;
        let wish =
            if round % 2 == 0 { Wish::Pause(pb::Pause {}) } else { Wish::Resume(pb::Resume {}) };
        let attempts = ["left", "right"].map(|side| {
            let (hub, id) = (hub.clone(), format!("{side}-{round}"));
            let wish = request(&id, &combat.to_string(), wish.clone());
            let wish = pb::CombatRequest { expected_seq: Some(known), ..wish };
            tokio::spawn(async move { hub.submit(&master(), wish).await })
        });
        let mut won = 0;
        for attempt in attempts {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                Err(refusal) => assert_eq!(refusal.code(), "seq_moved"),
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
}

/// What was undone is gone from the state, and redo brings it back exactly.
#[tokio::test]
async fn undo_and_redo_restore_the_state() {
    fn state(snapshot: pb::Snapshot) -> pb::Snapshot {
        pb::Snapshot { as_of: 0, can_undo: false, can_redo: false, ..snapshot }
    }
    let hub = hub();
    let combat = begun(&hub, "undo", false).await;
    for round in 0..8 {
        let before = state(hub.snapshot(&master(), combat).await.unwrap());
        assert_eq!(play(&hub, combat, 1).await, 1);
        let after = state(hub.snapshot(&master(), combat).await.unwrap());
        assert!(before != after, "nothing was done");
        let undo = format!("undo-{round}");
        send(&hub, master(), &undo, combat, Wish::Undo(pb::Undo {})).await.unwrap();
        assert_eq!(state(hub.snapshot(&master(), combat).await.unwrap()), before, "undo {round}");
        let redo = format!("redo-{round}");
        send(&hub, master(), &redo, combat, Wish::Redo(pb::Redo {})).await.unwrap();
        assert_eq!(state(hub.snapshot(&master(), combat).await.unwrap()), after, "redo {round}");
    }
}

/// A batch is done whole or not at all, and names the action that stopped it.
#[tokio::test]
async fn a_batch_is_all_or_nothing() {
    let hub = hub();
    let combat = begun(&hub, "batch", false).await;
    let snapshot = hub.snapshot(&master(), combat).await.unwrap();
    let creature = snapshot.current_id.parse().unwrap();
    let offered = hub.options(&master(), combat, creature).await.unwrap();
    let mut attack = first_attack(&offered).unwrap();
    attack.request_id = "batch-1".to_owned();
    let nonsense = pb::CombatAction {
        action: Some(pb::combat_action::Action::Attack(pb::AttackAction {
            attack: "no-such-attack".to_owned(),
            target_id: snapshot.current_id.clone(),
            mode: 0,
            knock_out: false,
        })),
        ..attack.clone()
    };
    let refused = hub.batch(&master(), vec![attack.clone(), nonsense]).await.unwrap_err();
    assert_eq!(refused.index, Some(1), "{refused:?}");
    assert_eq!(tail(&hub, combat).await, snapshot.as_of, "half of a batch was done");
    let done = hub.batch(&master(), vec![attack.clone()]).await.unwrap();
    assert_eq!(done.first_seq, Some(snapshot.as_of + 1));
    let again = hub.batch(&master(), vec![attack]).await.unwrap();
    assert!(again.repeated_request);
    let empty = hub.batch(&master(), Vec::new()).await.unwrap_err();
    assert_eq!(empty.refusal.code(), "malformed");
}

/// A fight that left memory is as it was when somebody asks again.
#[tokio::test(start_paused = true)]
async fn an_idle_fight_comes_back_on_demand() {
    let options = HubOptions { idle_evict: Duration::from_millis(1), ..options() };
    let metrics = Metrics::new();
    let hub = Hub::new(Store::open_in_memory().unwrap(), options, metrics);
    let combat = begun(&hub, "idle", false).await;
    for _ in 0..5 {
        let before = hub.snapshot(&master(), combat).await.unwrap();
        // The clock is paused: this runs every timer that is due, and waits for nothing.
        tokio::time::advance(Duration::from_secs(1)).await;
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        assert_eq!(hub.snapshot(&master(), combat).await.unwrap(), before);
        play(&hub, combat, 2).await;
    }
}

/// A fight in a folder goes on after the program was stopped, with the same dice to come.
#[tokio::test]
async fn a_fight_goes_on_after_a_restart() {
    async fn finish(dir: &std::path::Path, pieces: usize) -> Vec<Option<Event>> {
        let mut combat = None;
        for piece in 0..pieces {
            let store = Store::open(dir, &StoreOptions::default()).unwrap();
            let hub = Hub::new(store.clone(), options(), Metrics::new());
            let id = match combat {
                Some(id) => id,
                None => *combat.insert(begun(&hub, "restart", false).await),
            };
            let most = if piece + 1 == pieces { 500 } else { 5 };
            play(&hub, id, most).await;
            hub.drain();
            store.close();
        }
        let store = Store::open(dir, &StoreOptions::default()).unwrap();
        let hub = Hub::new(store.clone(), options(), Metrics::new());
        let id = combat.unwrap();
        let snapshot = hub.snapshot(&master(), id).await.unwrap();
        assert_eq!(snapshot.phase(), pb::Phase::Ended);
        let wanted =
            pb::GetHistoryRequest { session_id: id.to_string(), after_seq: 0, limit: 1000 };
        let history = hub.history(&watcher(id), &wanted).await.unwrap();
        let kinds = history.events.into_iter().map(|frame| frame.event);
        kinds.filter(|event| matches!(event, Some(Event::DiceRevealed(_)))).collect()
    }
    let (whole, pieces) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let one = finish(whole.path(), 1).await;
    assert_eq!(one.len(), 1, "the dice were not revealed at the end");
    assert_eq!(one, finish(pieces.path(), 4).await);
}

/// A character is in one fight at a time, and comes out as the fight left it.
#[tokio::test]
async fn a_character_joins_is_busy_and_is_written_back() {
    let hub = hub();
    let make = pb::CreateCharacterRequest {
        guild_id: GUILD.0.to_string(),
        name: "@everyone".to_owned(),
        sheet: Some(pb::create_character_request::Sheet::Class("fighter".to_owned())),
        request_id: "make".to_owned(),
    };
    let made = hub.create_character(&player(13), make.clone()).await.unwrap();
    assert_eq!(made.name, "@everyone", "a name is data and stays as it is");
    assert_eq!(hub.create_character(&player(13), make).await.unwrap(), made);
    let id = made.character_id.clone();
    let join = || {
        Wish::Join(pb::Join {
            who: Some(pb::join::Who::CharacterId(id.clone())),
            side: "party".to_owned(),
            ..pb::Join::default()
        })
    };
    let combat = gathered(&hub, "busy", false).await;
    let other = gathered(&hub, "busy-too", false).await;
    send(&hub, player(13), "j1", combat, join()).await.unwrap();
    let refused = send(&hub, player(13), "j2", other, join()).await.unwrap_err();
    assert_eq!(refused.code(), "character_in_combat");
    let get = pb::GetCharacterRequest { guild_id: made.guild_id.clone(), character_id: id.clone() };
    let busy = hub.character(&player(13), &get).unwrap();
    assert_eq!(busy.session_id, combat.to_string());
    let snapshot = hub.snapshot(&master(), combat).await.unwrap();
    let creature = snapshot.creatures.iter().find(|one| one.owner_id == "13").unwrap();
    let hurt = pb::Adjust {
        creature_id: creature.id.clone(),
        hit_points: Some(3),
        ..pb::Adjust::default()
    };
    send(&hub, master(), "hurt", combat, Wish::Adjust(hurt)).await.unwrap();
    send(&hub, master(), "end", combat, Wish::EndCombat(pb::EndCombat {})).await.unwrap();
    let back = hub.character(&player(13), &get).unwrap();
    assert_eq!((back.hit_points, back.session_id.as_str()), (3, ""));
    assert!(back.version > busy.version);
    send(&hub, player(13), "j3", other, join()).await.unwrap();
    let delete = pb::DeleteCharacterRequest {
        guild_id: made.guild_id,
        character_id: id,
        expected_version: back.version,
    };
    let refused = hub.delete_character(&player(14), &delete).await.unwrap_err();
    assert_eq!(refused.code(), "no_such_character");
}

/// A hidden creature leaves no trace in anything a spectator or player is sent.
#[tokio::test]
async fn a_hidden_creature_leaves_no_trace() {
    let hub = hub();
    let combat = gathered(&hub, "hidden", false).await;
    let name = "Zzyzx the Unseen";
    let spec = pb::CreatureSpec { name: name.to_owned(), hidden: true, ..goblins(1, false) };
    let add = Wish::AddCreatures(pb::AddCreatures { creatures: vec![spec] });
    send(&hub, master(), "add", combat, add).await.unwrap();
    send(&hub, master(), "b", combat, Wish::Begin(pb::Begin {})).await.unwrap();
    play(&hub, combat, 6).await;
    let seen = hub.snapshot(&master(), combat).await.unwrap();
    let hidden = seen.creatures.iter().find(|one| one.name == name).expect("the GM sees it");
    let holds = |bytes: &[u8], text: &str| {
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    for who in [watcher(combat), player(11), player(99)] {
        let snapshot = hub.snapshot(&who, combat).await.unwrap().encode_to_vec();
        // It never attacked: its turns are ended before it has a target it could be seen by.
        assert!(!holds(&snapshot, name) && !holds(&snapshot, &hidden.id), "snapshot of {who:?}");
        for (seq, bytes) in read_to(&hub, who, combat, BEGINNING, seen.as_of).await {
            let told = holds(&bytes, name) || holds(&bytes, &hidden.id);
            assert!(!told, "event {seq} tells {who:?}");
        }
    }
}

/// Malformed ids and names are refused with the field's name; odd ones are kept as data.
#[tokio::test]
async fn malformed_requests_name_what_is_wrong() {
    let hub = hub();
    let combat = gathered(&hub, "malformed", false).await;
    let session = combat.to_string();
    let long = "x".repeat(10_000);
    let named = |name: &str| pb::Initiate {
        guild_id: "1".into(),
        name: name.into(),
        ..pb::Initiate::default()
    };
    let bad = [
        request("", &session, Wish::Pause(pb::Pause {})),
        request(&long, &session, Wish::Pause(pb::Pause {})),
        request("tab\t", &session, Wish::Pause(pb::Pause {})),
        request("m1", "not-an-id", Wish::Pause(pb::Pause {})),
        request("m2", &long, Wish::Pause(pb::Pause {})),
        request("m3", "", Wish::Pause(pb::Pause {})),
        request("m4", &session, Wish::EndTurn(pb::EndTurn { creature_id: "?".to_owned() })),
        request("m5", "", Wish::Initiate(named(&long))),
        request("m6", "", Wish::Initiate(named(""))),
        request("m7", "", Wish::Initiate(pb::Initiate { guild_id: "-1".into(), ..named("x") })),
        pb::CombatRequest { request: None, ..request("m8", &session, Wish::Undo(pb::Undo {})) },
    ];
    for (index, request) in bad.into_iter().enumerate() {
        let refused = hub.submit(&master(), request).await.unwrap_err();
        assert_eq!((refused.code(), refused.status().number()), ("malformed", 3), "case {index}");
    }
    let open = request("everyone", "", Wish::Initiate(named("@everyone <@1> `x`")));
    let odd = hub.submit(&master(), open).await.unwrap().session_id.parse().unwrap();
    assert_eq!(hub.snapshot(&master(), odd).await.unwrap().name, "@everyone <@1> `x`");
    assert!(hub.tokens().verify("skm1_").is_err() && hub.tokens().verify(&long).is_err());
}

/// A fight of another guild looks exactly like one that does not exist.
#[tokio::test]
async fn another_guild_sees_nothing() {
    let hub = hub();
    let combat = gathered(&hub, "guild", false).await;
    let stranger = Principal { user: UserId(1), scope: Scope::Start { guild: GuildId(2) } };
    let refused = hub.snapshot(&stranger, combat).await.unwrap_err();
    let nothing = hub.snapshot(&stranger, "0".repeat(26).parse().unwrap()).await.unwrap_err();
    assert_eq!(refused, nothing);
    let joined = send(&hub, stranger, "j", combat, join_hero("hero:fighter")).await;
    assert_eq!(joined.unwrap_err(), nothing);
    let list = hub.list(&stranger, &pb::ListCombatsRequest::default()).unwrap();
    assert!(list.combats.is_empty());
}

/// Of 330 monsters a list of choices shows 25; what is typed, with hyphens or without, decides.
#[tokio::test]
async fn monsters_are_offered_by_what_was_typed() {
    let hub = hub();
    let of = |edition, typed: &str| -> Vec<String> {
        hub.monsters_matching(edition, typed, 25).into_iter().map(|one| one.name).collect()
    };
    let names = |typed: &str| of(pb::Edition::Srd521, typed);
    assert_eq!(names("goblin-w"), ["Goblin Warrior", "Hobgoblin Warrior"]);
    assert_eq!(names("Goblin W"), names("goblin-w"));
    assert_eq!(names("wolf")[0], "Wolf");
    assert_eq!(names("will-o'").len(), 1);
    assert_eq!(names("dragon").len(), 25);
    assert_eq!(names("red dragon").len(), 4);
    assert_eq!(names("").len(), 25);
    assert_eq!(names("nobody"), [""; 0]);
    assert_eq!(of(pb::Edition::Srd51, "goblin"), ["Goblin", "Hobgoblin"]);
}
