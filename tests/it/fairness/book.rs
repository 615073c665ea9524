//! Fights of everybody in the book: each die that was drawn is shown, says where it was drawn, and
//! comes out the same when it is rolled again. Whoever adds a roll to the rules meets this test.

use std::sync::Arc;

use prost::Message;
use skirmish::content::{Bestiary, Heroes};
use skirmish::hub::{Proof, Seeds, Verdict, prove, replay};
use skirmish::protocol::{Commit, Logged, encode_commit, pb};
use skirmish::rules::creature::Definition;
use skirmish::rules::event::{Audience, Edition, Event, Fact};
use skirmish::rules::grid::Map;
use skirmish::rules::id::{CombatId, SideId, UserId};
use skirmish::rules::illegal::Phase;
use skirmish::rules::intent::{Adjustments, Entrant, Intent};
use skirmish::rules::state::{Combat, DrawIndex};
use skirmish::rules::tactics;

use super::Fair;

/// A fight that takes longer is called off.
const WISHES_MAX: usize = 1_500;

struct Table {
    combat: Combat,
    dice: Fair,
    commits: Vec<pb::StoredCommit>,
    seq: u64,
}

impl Table {
    fn new(seed: u8) -> Self {
        let seeds = Seeds { public: [seed; 32], hidden: [!seed; 32] };
        let dice = Fair { seeds, drawn: DrawIndex::default() };
        Self { combat: Combat::default(), dice, commits: Vec::new(), seq: 0 }
    }

    fn carry_out(&mut self, intent: Intent) {
        let mut events = self.combat.check(intent).unwrap().resolve(&mut self.dice);
        if events.iter().any(|event| matches!(event.fact, Fact::Ended { .. })) {
            let fact = Fact::DiceRevealed { public_seed: self.dice.seeds.public };
            let drawn = self.dice.drawn;
            events.push(Event { drawn, audience: Audience::Everyone, fact });
        }
        for event in &events {
            self.combat.apply(event);
        }
        assert_eq!(self.combat.drawn(), self.dice.drawn, "every die is counted");
        let first = self.seq + 1;
        let logged = (first..).zip(events).map(|(seq, event)| Logged {
            seq,
            occurred_at_ms: 0,
            deadline_ms: None,
            event,
        });
        let commit = Commit {
            session_id: CombatId(1),
            events: logged.collect(),
            principal: None,
            request_id: format!("r-{first}"),
            starts_unit: true,
            committed_at_ms: 0,
        };
        self.seq = commit.events.last().unwrap().seq;
        let bytes = encode_commit(&commit);
        self.commits.push(pb::StoredCommit::decode(bytes.as_slice()).unwrap());
    }

    fn enter(&mut self, side: SideId, definitions: &[Arc<Definition>]) {
        let entrants = definitions.iter().enumerate().map(|(n, definition)| Entrant {
            id: format!("{}-{n}", side.as_str()).parse().unwrap(),
            name: format!("{} {n}", definition.name),
            side,
            owner: None,
            character: None,
            definition: Arc::clone(definition),
            hit_points: None,
            temporary_hit_points: 0,
            spent: Vec::new(),
            position: None,
            hidden: side == SideId::foes() && n % 2 == 1,
            autopilot: true,
        });
        self.carry_out(Intent::Enter { entrants: entrants.collect() });
    }

    fn play(&mut self) {
        let mut wishes = 0;
        while self.combat.phase() != Phase::Ended {
            wishes += 1;
            let intent = match self.combat.pending().last() {
                Some(open) => Intent::Respond {
                    prompt: open.prompt.id,
                    answer: tactics::answer(&self.combat, &open.prompt),
                    timed_out: false,
                },
                None if wishes > WISHES_MAX => Intent::End,
                // Somebody goes into hiding now and then, and rolls hidden dice.
                None if wishes % 23 == 7 => self.hide_the_current(),
                None => tactics::next_intent(&self.combat, self.combat.current().unwrap()),
            };
            self.carry_out(intent);
        }
    }

    fn hide_the_current(&self) -> Intent {
        let creature = self.combat.current().unwrap();
        let is_hidden = self.combat.creature(creature).unwrap().hidden();
        let hidden = Some(!is_hidden);
        Intent::Adjust { creature, adjustments: Adjustments { hidden, ..Adjustments::default() } }
    }

    fn proof(self) -> Proof {
        let export = pb::FightExport {
            format: 1,
            session_id: CombatId(1).to_string(),
            last_seq: self.seq,
            commits: self.commits,
            hidden_seeds: vec![self.dice.seeds.hidden.to_vec().into()],
            fingerprint: self.combat.fingerprint().to_be_bytes().to_vec().into(),
            ..pb::FightExport::default()
        };
        assert_eq!(replay(&export).unwrap().combat(), &self.combat);
        prove(&export).unwrap()
    }
}

fn fight(seed: u8, edition: Edition, party: &[Arc<Definition>], foes: &[Arc<Definition>]) -> Proof {
    let mut table = Table::new(seed);
    let map = (seed % 2 == 1).then(|| Map::open(14, 12));
    let (name, game_master) = ("Fair".to_owned(), UserId(1));
    table.carry_out(Intent::Initiate { name, game_master, edition, map });
    table.enter(SideId::party(), party);
    table.enter(SideId::foes(), foes);
    let (public_commitment, hidden_commitment) = table.dice.seeds.commitments();
    table.carry_out(Intent::Begin { public_commitment, hidden_commitment });
    table.play();
    table.proof()
}

/// Issue 3, verifiable dice: every roll of an exported fight is computed again.
#[test]
fn every_die_of_every_monster_and_hero_is_shown_and_rolled_again() {
    let monsters: Vec<_> = Bestiary::srd().iter().map(|it| Arc::clone(&it.definition)).collect();
    let heroes: Vec<_> = Heroes::srd().iter().map(|it| Arc::clone(&it.definition)).collect();
    let (mut public, mut hidden) = (0, 0);
    // Four at a time, so that each meets the others in no more fights than needed.
    for (n, foes) in monsters.chunks(4).enumerate() {
        let seed = u8::try_from(n % 255).unwrap();
        let edition = if n % 3 == 2 { Edition::Srd51 } else { Edition::Srd521 };
        let party: Vec<_> =
            (0..4).map(|k| Arc::clone(&heroes[(n + k * 2) % heroes.len()])).collect();
        let proof = fight(seed, edition, &party, foes);
        let names: Vec<&str> = foes.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(proof.findings, [], "{names:?}");
        assert_eq!(proof.verdict(), Verdict::Verified, "{names:?}: {proof:?}");
        assert_eq!(proof.unplaced_rolls + proof.sealed_rolls + proof.secret_rolls, 0, "{names:?}");
        public += proof.public_rolls;
        hidden += proof.hidden_rolls;
    }
    assert!(public > 1_000 && hidden > 20, "{public} public and {hidden} hidden rolls");
}
