//! Undo and redo over made-up logs: what is a unit, what comes back, what never does.

use proptest::prelude::*;

use super::*;
use crate::rules::event::{Audience, Edition, EndReason, Summary};
use crate::rules::id::{CreatureId, PromptId, UserId};
use crate::rules::pending::{Answer, Prompt, Question};
use crate::rules::state::DrawIndex;

fn somebody() -> CreatureId {
    "a".parse().unwrap()
}

/// A log as the hub would write it, with the live timeline beside it.
#[derive(Default)]
struct Log {
    commits: Vec<Commit>,
    live: Timeline,
    next_seq: u64,
    dice: u64,
}

impl Log {
    fn begun() -> Self {
        let mut log = Self { next_seq: 1, ..Self::default() };
        log.write(true, [initiated()]);
        log
    }

    fn write(&mut self, starts_unit: bool, facts: impl IntoIterator<Item = Fact>) {
        let events: Vec<Event> = facts
            .into_iter()
            .map(|fact| {
                self.dice += 1;
                let drawn = DrawIndex { public: self.dice, hidden: 0 };
                Event { drawn, audience: Audience::Everyone, fact }
            })
            .collect();
        let commit = Commit { first_seq: self.next_seq, events, starts_unit };
        self.next_seq += u64::try_from(commit.events.len()).unwrap();
        let recorded = self.live.record(commit.first_seq, &commit.events, starts_unit);
        self.commits.push(commit);
        let folded = Timeline::refold(self.commits.iter().cloned());
        if recorded == Recorded::Refold {
            self.live = folded;
        } else {
            assert_eq!(self.live, folded, "the live state is the fold of the log");
        }
    }

    fn undo(&mut self) -> bool {
        let target = self.live.undo_target();
        if let Some(Unit { from, to }) = target {
            self.write(false, [Fact::Undone { from, to }]);
        }
        target.is_some()
    }

    fn redo(&mut self) -> bool {
        let target = self.live.redo_target();
        if let Some(Unit { from, to }) = target {
            self.write(false, [Fact::Redone { from, to }]);
        }
        target.is_some()
    }

    fn combat(&self) -> &Combat {
        self.live.combat()
    }

    /// The fight without what undo never takes back.
    fn shape(&self) -> Combat {
        Combat {
            drawn: DrawIndex::default(),
            last_turn: 0,
            next_prompt: 0,
            game_master: None,
            ..self.combat().clone()
        }
    }

    fn start_turn(&mut self) {
        let turn = self.combat().last_turn + 1;
        let round = self.combat().round() + 1;
        self.write(
            true,
            [Fact::RoundStarted { round }, Fact::TurnStarted { creature: somebody(), round, turn }],
        );
    }

    fn ask(&mut self) {
        let id = PromptId(self.combat().next_prompt);
        let question = Question::OpportunityAttack { target: somebody() };
        let prompt = Prompt { id, creature: somebody(), question };
        self.write(true, [Fact::PromptOpened { prompt, suspended: Vec::new() }]);
    }

    fn answer(&mut self) {
        if let Some(open) = self.combat().pending().last() {
            let prompt = open.prompt.id;
            let round = self.combat().round() + 7;
            let answered = Fact::PromptAnswered {
                prompt,
                creature: somebody(),
                answer: Answer::Decline,
                timed_out: true,
            };
            self.write(false, [answered, Fact::RoundStarted { round }]);
        }
    }
}

fn initiated() -> Fact {
    Fact::Initiated {
        name: "Ambush".into(),
        game_master: UserId(1),
        edition: Edition::Srd521,
        map: None,
    }
}

fn ended() -> Fact {
    let summary = Summary { rounds: 1, turns: 1, by_creature: Vec::new(), experience: 0 };
    Fact::Ended { reason: EndReason::Called, summary }
}

#[test]
fn the_fight_itself_cannot_be_undone_but_its_end_can() {
    let mut log = Log::begun();
    assert_eq!(log.live.undo_target(), None);
    log.start_turn();
    log.write(true, [ended()]);
    assert!(log.combat().ended().is_some());
    assert!(log.undo());
    assert!(log.combat().ended().is_none());
    assert_eq!(log.combat().turn(), 1);
    assert!(log.redo());
    assert!(log.combat().ended().is_some());
}

#[test]
fn a_question_and_its_answers_are_taken_back_together() {
    let mut log = Log::begun();
    log.start_turn();
    let before = log.shape();
    log.ask();
    log.answer();
    assert!(log.undo());
    assert_eq!(log.shape(), before);
    assert!(log.redo());
    assert_eq!(log.combat().pending().len(), 0);
    assert_eq!(log.combat().round(), 8);
}

#[test]
fn numbers_dice_and_the_game_master_never_go_back() {
    let mut log = Log::begun();
    log.start_turn();
    log.ask();
    log.write(true, [Fact::Transferred { game_master: UserId(2) }]);
    let (drawn, prompt) = (log.combat().drawn(), log.combat().next_prompt);
    assert!(log.undo());
    assert!(log.undo());
    assert_eq!((log.combat().turn(), log.combat().pending().len()), (0, 0));
    assert!(log.combat().drawn().public > drawn.public);
    assert_eq!((log.combat().last_turn, log.combat().next_prompt), (1, prompt));
    assert_eq!(log.combat().game_master(), Some(UserId(2)));
    log.start_turn();
    assert_eq!(log.combat().turn(), 2, "no number means two turns");
}

#[test]
fn something_new_clears_what_could_be_redone() {
    let mut log = Log::begun();
    log.start_turn();
    log.start_turn();
    assert!(log.undo());
    log.write(true, [Fact::Transferred { game_master: UserId(3) }]);
    assert!(log.live.redo_target().is_some(), "a new game master changes nothing in the fight");
    log.start_turn();
    assert_eq!(log.live.redo_target(), None);
}

#[test]
fn what_was_undone_on_its_own_stays_undone_when_more_comes_back() {
    let mut log = Log::begun();
    log.ask();
    log.write(true, [Fact::Paused { quiet_rounds: None }]);
    assert!(log.undo());
    log.answer();
    assert_eq!(log.combat().round(), 7);
    let whole = log.shape();
    assert!(log.undo());
    assert_eq!((log.combat().round(), log.combat().pending().len()), (0, 0));
    assert!(log.redo());
    assert_eq!(log.shape(), whole);
}

#[test]
fn new_commitments_that_came_with_an_undo_stay() {
    let mut log = Log::begun();
    log.ask();
    log.write(true, [ended()]);
    let Unit { from, to } = log.live.undo_target().unwrap();
    let fresh = Fact::DiceCommitted { public: [1; 32], hidden: [2; 32] };
    log.write(false, [Fact::Undone { from, to }, fresh]);
    log.answer();
    assert!(log.undo());
    assert_eq!(log.combat().commitments(), Some(([1; 32], [2; 32])));
}

#[test]
fn only_so_many_units_are_remembered() {
    let mut log = Log::begun();
    for _ in 0..UNDO_UNITS_MAX + 5 {
        log.start_turn();
    }
    let undone = core::iter::repeat_with(|| log.undo()).take_while(|undone| *undone).count();
    assert_eq!(undone, UNDO_UNITS_MAX);
    assert_eq!(log.combat().turn(), 5);
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Turn,
    Ask,
    Answer,
    Batch,
    Transfer,
    End,
    Undo,
    Redo,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Turn),
        3 => Just(Step::Ask),
        3 => Just(Step::Answer),
        2 => Just(Step::Batch),
        1 => Just(Step::Transfer),
        1 => Just(Step::End),
        4 => Just(Step::Undo),
        2 => Just(Step::Redo),
    ];
    prop::collection::vec(step, 1..40)
}

fn take(log: &mut Log, step: Step) {
    match step {
        Step::Turn => log.start_turn(),
        Step::Ask => log.ask(),
        Step::Answer => log.answer(),
        Step::Batch => {
            let round = log.combat().round();
            let rounds = (1..=3).map(|more| Fact::RoundStarted { round: round + more });
            log.write(true, rounds);
        }
        Step::Transfer => log.write(true, [Fact::Transferred { game_master: UserId(9) }]),
        Step::End => log.write(true, [ended()]),
        Step::Undo => {
            log.undo();
        }
        Step::Redo => {
            log.redo();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// After any history, undoing everything goes back through the states that were, and redoing
    /// returns through them; `Log::write` holds the live state to the fold of the log throughout.
    #[test]
    fn undo_and_redo_walk_the_same_states(steps in steps()) {
        let mut log = Log::begun();
        for step in steps {
            take(&mut log, step);
        }
        let mut states = vec![log.shape()];
        while log.undo() {
            states.push(log.shape());
        }
        while states.len() > 1 {
            prop_assert_eq!(Some(log.shape()), states.pop());
            prop_assert!(log.redo());
        }
        prop_assert_eq!(Some(log.shape()), states.pop());
    }

    /// Each request that is undone at once leaves the fight as it was before it.
    #[test]
    fn undoing_a_new_unit_goes_back_to_before_it(steps in steps()) {
        let mut log = Log::begun();
        for step in steps {
            let starts_unit = matches!(step, Step::Turn | Step::Ask | Step::Batch | Step::End);
            let (before, dice) = (log.shape(), log.combat().drawn());
            take(&mut log, step);
            prop_assert!(log.combat().drawn().public >= dice.public);
            if starts_unit {
                let after = log.shape();
                prop_assert!(log.undo());
                prop_assert_eq!(log.shape(), before);
                prop_assert!(log.redo());
                prop_assert_eq!(log.shape(), after);
            }
        }
    }
}
