//! Broken requests: each is refused or read, none panics, and none takes long.

use std::time::{Duration, Instant};

use super::samples;
use prost::Message;
use skirmish::protocol::{Wish, action_of, batch_head, decode, decode_commit, definition_to, pb};
use skirmish::rules::creature::Kind;

const INPUTS: usize = 100_000;
/// Generous for a debug build on a busy machine; a hundred thousand take a few seconds.
const TIME_MAX: Duration = Duration::from_mins(2);

/// A small generator of our own: the same inputs on every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }
}

#[expect(clippy::too_many_lines, reason = "one entry a kind of request")]
fn requests() -> Vec<pb::CombatRequest> {
    use pb::combat_action::Action;
    use pb::combat_request::Request;
    let id = || "c-mira".to_owned();
    let square = pb::Position { x: 3, y: 4 };
    let at = Some(square);
    let condition = pb::ActiveCondition {
        condition: 5,
        source_id: String::new(),
        until: Some(pb::Until { until: Some(pb::until::Until::EscapeDc(12)) }),
        level: 1,
    };
    let spec = |from: &str, definition| pb::CreatureSpec {
        from: from.to_owned(),
        definition,
        count: 3,
        name: "Goblin".into(),
        side: "foes".into(),
        hidden: true,
        autopilot: Some(false),
        position: at,
    };
    let kind = Kind::Monster { rating_eighths: 2 };
    let own = definition_to(&samples::definition("Own", kind));
    let map =
        pb::GridMap { width: 9, height: 9, squares: vec![pb::grid_map::Square { at, terrain: 3 }] };
    let trigger = pb::Trigger { trigger: Some(pb::trigger::Trigger::EnemyWithinFeet(10)) };
    let response = pb::ReadiedResponse {
        response: Some(pb::readied_response::Response::Attack("bow".into())),
    };
    let actions = vec![
        Action::Attack(pb::AttackAction {
            attack: "bow".into(),
            target_id: id(),
            mode: 2,
            knock_out: true,
        }),
        Action::Special(pb::SpecialAction {
            special: "roar".into(),
            target_ids: vec![id(), id()],
            aim: at,
        }),
        Action::Move(pb::MoveAction { to: at, path: vec![square; 4] }),
        Action::Dash(pb::DashAction { cost: 0 }),
        Action::Disengage(pb::DisengageAction { cost: 2 }),
        Action::Dodge(pb::DodgeAction {}),
        Action::Help(pb::HelpAction { target_id: id() }),
        Action::Hide(pb::HideAction { cost: 1 }),
        Action::Ready(pb::ReadyAction { trigger: Some(trigger), response: Some(response) }),
        Action::ReleaseReadied(pb::ReleaseReadiedAction { target_id: id() }),
        Action::StandUp(pb::StandUpAction {}),
        Action::DropProne(pb::DropProneAction {}),
        Action::Stabilize(pb::StabilizeAction { target_id: id() }),
        Action::Escape(pb::EscapeAction {}),
        Action::Grapple(pb::GrappleAction { target_id: id() }),
        Action::Shove(pb::ShoveAction { target_id: id(), prone: true }),
        Action::LetGo(pb::LetGoAction { target_id: id() }),
        Action::Inquire(pb::InquireAction { inquiry: 1, skill: 12 }),
        Action::Assist(pb::AssistAction { target_id: id(), skill: 16 }),
        Action::UseObject(pb::UseObjectAction {}),
        Action::StopConcentrating(pb::StopConcentratingAction {}),
    ];
    let session = "01j4zkm0000nybrf0h4d2nf2db";
    let mut all: Vec<Request> = actions
        .into_iter()
        .map(|action| {
            Request::ExecuteAction(pb::CombatAction {
                session_id: session.into(),
                actor_id: id(),
                request_id: "b".into(),
                turn: Some(1),
                expected_seq: Some(2),
                action: Some(action),
            })
        })
        .collect();
    all.extend([
        Request::Attach(pb::Attach { session_id: session.into(), resume_after: Some(8) }),
        Request::Initiate(pb::Initiate {
            guild_id: "80351110224678912".into(),
            channel_id: "80351110224678913".into(),
            name: "Ambush".into(),
            edition: 1,
            map: Some(map),
            creatures: vec![spec("srd:goblin-warrior", None), spec("", Some(own.clone()))],
        }),
        Request::Join(pb::Join {
            name: "Mira".into(),
            side: "party".into(),
            position: at,
            who: Some(pb::join::Who::Hero("hero:fighter".into())),
        }),
        Request::AddCreatures(pb::AddCreatures { creatures: vec![spec("", Some(own))] }),
        Request::RollInitiative(pb::RollInitiative { creature_id: id() }),
        Request::Begin(pb::Begin {}),
        Request::EndTurn(pb::EndTurn { creature_id: id() }),
        Request::Leave(pb::Leave { creature_id: id() }),
        Request::EndCombat(pb::EndCombat {}),
        Request::Pause(pb::Pause {}),
        Request::Resume(pb::Resume {}),
        Request::Undo(pb::Undo {}),
        Request::Redo(pb::Redo {}),
        Request::Adjust(pb::Adjust {
            creature_id: id(),
            hit_points: Some(5),
            temporary_hit_points: Some(0),
            position: at,
            hidden: Some(true),
            autopilot: None,
            add_conditions: vec![condition],
            remove_conditions: vec![3],
            surprised: Some(true),
        }),
        Request::Respond(pb::Respond { prompt_id: 4, accept: true, attack: "bow".into() }),
        Request::Transfer(pb::Transfer { user_id: "80351110224678912".into() }),
        Request::SetOrder(pb::SetOrder { creature_ids: vec![id(), "c-goblin".into()] }),
    ]);
    let request = |request| pb::CombatRequest {
        request_id: "request 1".into(),
        session_id: session.into(),
        turn: Some(3),
        expected_seq: Some(40),
        request: Some(request),
    };
    all.into_iter().map(request).collect()
}

#[test]
fn every_kind_of_request_is_read() {
    for request in requests() {
        let decoded = decode(&request).unwrap_or_else(|fault| panic!("{fault}: {request:?}"));
        assert_eq!(decoded.request_id, "request 1");
        assert_eq!((decoded.turn, decoded.expected_seq), (Some(3), Some(40)));
        assert!(decoded.session.is_some());
    }
}

#[test]
fn limits_are_named_with_their_place() {
    use pb::combat_request::Request;
    let refused = |change: &dyn Fn(&mut pb::Initiate)| {
        let mut request = requests()
            .into_iter()
            .find(|request| matches!(request.request, Some(Request::Initiate(_))))
            .unwrap();
        if let Some(Request::Initiate(initiate)) = &mut request.request {
            change(initiate);
        }
        decode(&request).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|i| i.creatures[0].count = 51),
        "initiate.creatures[0].count must be 50 at most"
    );
    assert_eq!(
        refused(&|i| i.name = "x".repeat(61)),
        "initiate.name must have 60 characters at most"
    );
    assert_eq!(
        refused(&|i| i.creatures[0].from = "dnd:goblin".into()),
        "initiate.creatures[0].from must begin with srd:, srd51: or hero:"
    );
    assert_eq!(
        refused(&|i| i.guild_id = "home".into()),
        "initiate.guild_id must be a decimal number of 1 to 20 digits"
    );
    assert_eq!(
        refused(&|i| i.map.as_mut().unwrap().width = 101),
        "initiate.map.width must be 1 to 100 squares"
    );
    assert!(refused(&|i| i.creatures = vec![i.creatures[0].clone(); 51]).contains("50 entries"));
}

#[test]
fn two_names_of_the_fight_must_agree() {
    let mut request = requests().remove(0);
    request.session_id = "01j4zkm0000nybrf0h4d2nf2dc".into();
    assert_eq!(decode(&request).unwrap_err().path, "session_id");
    request.session_id = String::new();
    let decoded = decode(&request).unwrap();
    assert!(decoded.session.is_some() && matches!(decoded.wish, Wish::Intent(_)));
}

#[test]
fn a_hundred_thousand_broken_requests_are_refused_or_read() {
    let valid: Vec<Vec<u8>> = requests().iter().map(Message::encode_to_vec).collect();
    let mut noise = Noise(0x5eed_f1f5_8e48_0001);
    let (mut read, mut refused, mut garbage) = (0_usize, 0_usize, 0_usize);
    #[expect(clippy::disallowed_methods, reason = "the test bounds how long reading takes")]
    let started = Instant::now();
    for round in 0..INPUTS {
        let mut bytes = if round % 10 == 0 {
            (0..noise.below(200)).map(|_| noise.byte()).collect()
        } else {
            let chosen = noise.below(valid.len());
            valid[chosen].clone()
        };
        for _ in 0..=noise.below(4) {
            let (place, byte) = (noise.below(bytes.len()), noise.byte());
            match noise.below(4) {
                0 => bytes.truncate(place),
                1 if !bytes.is_empty() => bytes.insert(place, byte),
                2 if !bytes.is_empty() => drop(bytes.remove(place)),
                _ => {
                    if let Some(at) = bytes.get_mut(place) {
                        *at = byte;
                    }
                }
            }
        }
        match pb::CombatRequest::decode(bytes.as_slice()).map(|request| decode(&request)) {
            Ok(Ok(_)) => read += 1,
            Ok(Err(fault)) => {
                assert!(!fault.message.is_empty());
                refused += 1;
            }
            Err(_) => garbage += 1,
        }
        if let Ok(action) = pb::CombatAction::decode(bytes.as_slice()) {
            drop(batch_head(&action));
            drop(action_of(&action));
        }
        drop(decode_commit(&bytes));
    }
    assert_eq!(read + refused + garbage, INPUTS);
    assert!(read > 100 && refused > 1_000 && garbage > 1_000, "{read} {refused} {garbage}");
    assert!(started.elapsed() < TIME_MAX, "took {:?}", started.elapsed());
}
