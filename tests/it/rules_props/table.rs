//! A table that plays fights without any of the program around it, and watches every fact.

use std::fmt::Write;
use std::sync::Arc;

use skirmish::rules::condition::Condition;
use skirmish::rules::creature::{Cost, Definition, SetOff, Trait, Uses};
use skirmish::rules::dice::Dice;
use skirmish::rules::event::{Audience, Deed, Edition, Event, Fact, MoveKind};
use skirmish::rules::geometry::{Space, space_of};
use skirmish::rules::grid::{Map, Terrain};
use skirmish::rules::id::{CreatureId, SideId, Slug, UserId};
use skirmish::rules::illegal::{Illegal, Phase};
use skirmish::rules::intent::{Action, Entrant, Intent};
use skirmish::rules::pending::{Answer, PENDING_MAX, SUSPENDED_MAX};
use skirmish::rules::state::{Combat, Creature, Life};
use skirmish::rules::tactics;
use skirmish::rules::timeline::{Commit, Recorded, Timeline};

/// Dice of a small generator: the same seed, the same fight.
#[derive(Clone)]
pub(super) struct Seeded(u64);

impl Seeded {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % end.max(1)
    }
}

impl Dice for Seeded {
    fn roll(&mut self, sides: u16) -> u16 {
        u16::try_from((self.next() >> 11) % u64::from(sides.max(1))).unwrap() + 1
    }
}

/// Conditions under which nobody acts or reacts, and those that hold the speed at 0, written out
/// here from SRD 5.2.1 (Rules Glossary) and not taken from the rules that are tried.
const INCAPACITATED: [Condition; 5] = [
    Condition::Incapacitated,
    Condition::Paralyzed,
    Condition::Petrified,
    Condition::Stunned,
    Condition::Unconscious,
];
const SPEED_ZERO: [Condition; 5] = [
    Condition::Grappled,
    Condition::Paralyzed,
    Condition::Petrified,
    Condition::Restrained,
    Condition::Unconscious,
];

pub(super) struct Table {
    pub(super) live: Timeline,
    pub(super) log: Vec<Commit>,
    pub(super) dice: Seeded,
    next_seq: u64,
    /// Most questions that were open at once.
    pub(super) deepest: usize,
}

impl Table {
    /// A fight of these on that map, with the first turn open.
    pub(super) fn begin(
        seed: u64,
        map: Option<Map>,
        party: &[Arc<Definition>],
        foes: &[Arc<Definition>],
    ) -> Self {
        Self::begin_by(Edition::Srd521, seed, map, party, foes)
    }

    /// The same by the rules of that edition.
    pub(super) fn begin_by(
        edition: Edition,
        seed: u64,
        map: Option<Map>,
        party: &[Arc<Definition>],
        foes: &[Arc<Definition>],
    ) -> Self {
        let mut table = Self {
            live: Timeline::default(),
            log: Vec::new(),
            dice: Seeded::new(seed),
            next_seq: 1,
            deepest: 0,
        };
        table.must(Intent::Initiate {
            name: "Ambush".into(),
            game_master: UserId(1),
            edition,
            map,
        });
        for (side, definitions) in [(SideId::party(), party), (SideId::foes(), foes)] {
            let entrants = definitions.iter().enumerate();
            table.must(Intent::Enter {
                entrants: entrants.map(|(n, d)| entrant(n, side, d)).collect(),
            });
        }
        table.must(Intent::Begin { public_commitment: [1; 32], hidden_commitment: [2; 32] });
        table
    }

    pub(super) fn combat(&self) -> &Combat {
        self.live.combat()
    }

    pub(super) fn over(&self) -> bool {
        self.combat().phase() == Phase::Ended
    }

    fn must(&mut self, intent: Intent) {
        let shown = format!("{intent:?}");
        if let Err(illegal) = self.submit(intent) {
            panic!("refused with {illegal:?}: {shown}\n{}", self.picture());
        }
    }

    /// Carries out a wish if it is allowed, watching each fact as it is folded.
    pub(super) fn submit(&mut self, intent: Intent) -> Result<(), Illegal> {
        let starts_unit = !matches!(intent, Intent::Respond { .. });
        let mover = match &intent {
            Intent::Act { creature, action: Action::Move { .. } } => Some(*creature),
            _ => None,
        };
        let events = self.live.combat().check(intent)?.resolve(&mut self.dice);
        assert!(!events.is_empty(), "something that is allowed leaves a fact");
        self.write(events, starts_unit);
        if let Some(mover) = mover.filter(|_| self.combat().pending().is_empty()) {
            stands_alone(self.combat(), mover);
        }
        Ok(())
    }

    pub(super) fn write(&mut self, events: Vec<Event>, starts_unit: bool) {
        let mut scratch = self.combat().clone();
        for event in &events {
            Self::watch(&scratch, event);
            scratch.apply(event);
        }
        sane(&scratch);
        self.deepest = self.deepest.max(scratch.pending().len());
        let commit = Commit { first_seq: self.next_seq, events, starts_unit };
        self.next_seq += u64::try_from(commit.events.len()).unwrap();
        let recorded = self.live.record(commit.first_seq, &commit.events, starts_unit);
        self.log.push(commit);
        if recorded == Recorded::Refold {
            self.live = self.refolded();
        } else {
            assert_eq!(scratch, *self.combat(), "one fold, however it is cut");
        }
        self.someone_can_go_on();
    }

    pub(super) fn refolded(&self) -> Timeline {
        Timeline::refold(self.log.iter().cloned())
    }

    /// The same table after a restart: the log is read again, the dice go on where they were.
    pub(super) fn taken_up_again(&self) -> Self {
        Self {
            live: self.refolded(),
            log: self.log.clone(),
            dice: self.dice.clone(),
            next_seq: self.next_seq,
            deepest: self.deepest,
        }
    }

    pub(super) fn undo(&mut self) -> bool {
        let target = self.live.undo_target();
        if let Some(unit) = target {
            self.rewind(Fact::Undone { from: unit.from, to: unit.to });
        }
        target.is_some()
    }

    pub(super) fn redo(&mut self) -> bool {
        let target = self.live.redo_target();
        if let Some(unit) = target {
            self.rewind(Fact::Redone { from: unit.from, to: unit.to });
        }
        target.is_some()
    }

    fn rewind(&mut self, fact: Fact) {
        let drawn = self.combat().drawn();
        self.write(vec![Event { drawn, audience: Audience::default(), fact }], false);
    }

    /// Nobody who is dead, down or gone does anything; nobody incapacitated acts or reacts, though
    /// it may move; nobody whose speed is 0 moves, and nobody farther than it has movement left.
    fn watch(before: &Combat, event: &Event) {
        let (who, moves) = match &event.fact {
            Fact::Action { creature, deed: Deed::DropProne, .. } => (*creature, Some(0)),
            Fact::Action { creature, deed: Deed::StandUp { feet }, .. } => (*creature, Some(*feet)),
            // What happens by itself, as a burst at somebody's death, nobody does.
            Fact::Action { creature, deed: Deed::Special { special, .. }, .. }
                if automatic(before, *creature, *special) =>
            {
                return;
            }
            Fact::Action { creature, .. } => (*creature, None),
            Fact::Moved { creature, kind: MoveKind::Willing, cost, .. } => (*creature, Some(*cost)),
            _ => return,
        };
        let actor = before.creature(who).expect("an actor");
        let doing = || format!("{} {:?}: {:?}", short(actor), actor.conditions(), event.fact);
        assert!(actor.life() == Life::Up && !actor.left(), "{}", doing());
        let held: &[Condition] = match moves {
            Some(_) => &SPEED_ZERO,
            None => &INCAPACITATED,
        };
        let hindered = |held: &Condition| actor.conditions().iter().any(|c| c.condition == *held);
        assert!(!held.iter().any(hindered), "{}", doing());
        if let Some(feet) = moves {
            assert!(feet <= before.movement_left(who), "{}", doing());
        }
        if let Fact::Action { cost: Cost::Reaction, .. } = &event.fact {
            assert!(!actor.economy().reaction_spent, "{}", doing());
        }
    }

    /// A running fight waits for somebody who can do something, or it is over. A question can
    /// always be declined, whoever is asked and whatever became of them.
    fn someone_can_go_on(&self) {
        let combat = self.combat();
        if combat.phase() != Phase::Running {
            return;
        }
        if let Some(open) = combat.pending().last() {
            let prompt = open.prompt.id;
            let no = Intent::Respond { prompt, answer: Answer::Decline, timed_out: true };
            assert!(combat.check(no).is_ok(), "nobody can answer\n{}", self.picture());
            return;
        }
        let picture = || self.picture();
        let current = combat.current().unwrap_or_else(|| panic!("nobody's turn\n{}", picture()));
        let end = Intent::EndTurn { creature: current };
        assert!(combat.check(end).is_ok(), "the turn cannot end\n{}", picture());
    }

    /// One step as the tactics would have it; whether a turn was ended by it.
    pub(super) fn tactical_step(&mut self) -> bool {
        let intent = self.tactical_intent();
        let ends = matches!(intent, Intent::EndTurn { .. });
        self.must(intent);
        ends
    }

    pub(super) fn tactical_intent(&self) -> Intent {
        let combat = self.combat();
        match combat.pending().last() {
            Some(pending) => Intent::Respond {
                prompt: pending.prompt.id,
                answer: tactics::answer(combat, &pending.prompt),
                timed_out: false,
            },
            None => tactics::next_intent(combat, combat.current().expect("somebody's turn")),
        }
    }

    /// What happened last and how everybody is, for a failure.
    pub(super) fn picture(&self) -> String {
        let mut text = String::new();
        for event in self.log.iter().flat_map(|commit| &commit.events).rev().take(12) {
            writeln!(text, "{:?}", event.fact).unwrap();
        }
        for c in self.combat().creatures() {
            writeln!(
                text,
                "{} {}/{} {:?} {:?} {:?} {:?}",
                c.id(),
                c.hit_points(),
                c.definition().hit_points,
                c.life(),
                c.position(),
                c.conditions(),
                c.economy()
            )
            .unwrap();
        }
        text
    }
}

fn entrant(n: usize, side: SideId, definition: &Arc<Definition>) -> Entrant {
    let id: CreatureId = format!("{}-{n}", side.as_str()).parse().unwrap();
    Entrant {
        id,
        name: format!("{} {n}", definition.name),
        side,
        owner: None,
        character: None,
        definition: Arc::clone(definition),
        hit_points: None,
        temporary_hit_points: 0,
        spent: Vec::new(),
        position: None,
        hidden: false,
        autopilot: true,
    }
}

/// What holds whenever a wish has come true.
fn sane(combat: &Combat) {
    for creature in combat.creatures() {
        let definition = creature.definition();
        assert!(creature.hit_points() <= definition.hit_points, "{}", short(creature));
        assert!(creature.hit_points() == 0 || creature.life() == Life::Up, "{}", short(creature));
        if let Life::Dying { successes, failures } = creature.life() {
            assert!(successes <= 3 && failures <= 3, "{}", short(creature));
        }
        for (entry, spent) in creature.spent() {
            let attack = definition.attack(*entry).map(|attack| attack.uses);
            let uses = attack.or_else(|| definition.special(*entry).map(|special| special.uses));
            let most = match uses.expect("only what it has is used") {
                Uses::AtWill => 0,
                Uses::PerDay(most) | Uses::PerRest(most) => most,
                Uses::Recharge { .. } | Uses::OncePerRound => 1,
            };
            assert!(*spent <= most, "{entry} used {spent} times: {}", short(creature));
        }
        for active in creature.conditions() {
            let exhaustion = active.condition == Condition::Exhaustion;
            assert!(active.level == 1 || (exhaustion && active.level <= 6), "{active:?}");
        }
    }
    assert!(combat.pending().len() <= PENDING_MAX, "{:?}", combat.pending());
    for open in combat.pending() {
        assert!((1..=SUSPENDED_MAX).contains(&open.suspended.len()), "{open:?}");
    }
    on_firm_ground(combat);
}

/// Nobody stands in a wall or off the map.
fn on_firm_ground(combat: &Combat) {
    let Some(map) = combat.map() else { return };
    let standing = combat.creatures().iter().filter(|creature| creature.present());
    for square in standing.filter_map(space_of).flat_map(Space::squares) {
        assert_ne!(map.at(square), Terrain::Wall, "{square:?}");
    }
}

/// Whether a special is one that nobody chooses.
fn automatic(combat: &Combat, owner: CreatureId, special: Slug) -> bool {
    let special = combat.creature(owner).and_then(|owner| owner.definition().special(special));
    special.is_some_and(|special| special.terms.set_off != SetOff::Chosen)
}

/// Nobody ends a move of its own in somebody else's space, but for those who share spaces, and in
/// those of swarms; one that was struck down or seized on its way may lie there.
fn stands_alone(combat: &Combat, mover: CreatureId) {
    let mover = combat.creature(mover).expect("it moved");
    let own = space_of(mover).expect("it stands somewhere");
    if mover.definition().shares_space() {
        return;
    }
    let others = combat.creatures().iter().filter(|c| c.present() && c.id() != mover.id());
    for other in others.filter(|other| !other.definition().has(&Trait::Swarm)) {
        let apart = space_of(other).is_none_or(|theirs| !own.overlaps(theirs));
        assert!(apart, "{} stands on {}", short(mover), short(other));
    }
}

/// A creature in one line.
fn short(c: &Creature) -> String {
    format!("{} {}/{} {:?}", c.id(), c.hit_points(), c.definition().hit_points, c.life())
}
