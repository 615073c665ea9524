//! The table a scenario is played at: the fight, its log, its dice and the people around it.
//!
//! Setting the fight up writes down what is so; from then on only requests change it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::access::GAME_MASTER;
use super::creature::Placed;
use super::file::{Asked, Scenario};
use super::run::{Refused, table_words};
use super::setting::fight_name;
use super::wire;
use crate::content::{Heroes, bestiary};
use crate::protocol::{
    CreatureSpec, Decoded, FrameMeta, Framer, JoinAs, SnapshotMeta, Source, Viewer, Wish,
    creature_state, pb, snapshot,
};
use crate::rules::creature::Definition;
use crate::rules::dice::Scripted;
use crate::rules::event::{Audience, D20Roll, Edition, Event, Fact, RollMode};
use crate::rules::id::{CombatId, CreatureId, GuildId, SideId, Slug, UserId};
use crate::rules::illegal::{Illegal, Phase};
use crate::rules::intent::{Adjustments, Entrant, Intent};
use crate::rules::state::{Combat, Creature};
use crate::rules::timeline::{Commit, Recorded, Timeline};

/// The id of every scenario's fight.
const SESSION: CombatId = CombatId(1);
/// The first person who is not the game master.
const FIRST_PLAYER: u64 = 100;
/// The moment at which everything in a scenario happens, in milliseconds since 1970.
const NOW_MS: i64 = 0;
/// What the game master is called in `as`.
const GAME_MASTER_NAMES: [&str; 2] = ["gm", "game_master"];

/// What the game master sees happen.
pub(super) type Frames = Vec<pb::CombatEvent>;

/// A fight in play.
#[derive(Debug)]
pub(super) struct Table {
    live: Timeline,
    log: Vec<Commit>,
    framer: Framer,
    next_seq: u64,
    pub(super) dice: Scripted,
    /// Everybody by the name the scenario has for them.
    people: BTreeMap<String, UserId>,
}

impl Table {
    /// The fight of a scenario, begun if its order is fixed.
    pub(super) fn open(scenario: &Scenario) -> Result<Self, Refused> {
        let mut table = Self {
            live: Timeline::default(),
            log: Vec::new(),
            framer: Framer::new(),
            next_seq: 1,
            dice: Scripted::new(scenario.dice.iter().copied()),
            people: people(scenario),
        };
        let setting = &scenario.setting;
        table.wish(Intent::Initiate {
            name: fight_name(&setting.name),
            game_master: GAME_MASTER,
            edition: setting.edition,
            map: setting.map.clone(),
        })?;
        let owner = |it: &Placed| {
            let name = it.owner.clone().unwrap_or_else(|| it.id.to_string());
            table.people.get(&name).copied()
        };
        let entrants: Vec<Entrant> =
            setting.creatures.iter().map(|it| it.entrant(owner(it))).collect();
        table.wish(Intent::Enter { entrants })?;
        for creature in &setting.creatures {
            table.stands_as_placed(creature);
        }
        for creature in setting.creatures.iter().filter(|it| it.surprised) {
            let adjustments = Adjustments { surprised: Some(true), ..Adjustments::default() };
            table.wish(Intent::Adjust { creature: creature.id, adjustments })?;
        }
        if let Some(order) = &scenario.initiative {
            table.fix_order(order);
            table.begin_if_gathering()?;
        }
        Ok(table)
    }

    pub(super) fn combat(&self) -> &Combat {
        self.live.combat()
    }

    /// Whom `as` names: the game master unless somebody is named; a stranger if nobody knows them.
    pub(super) fn person(&self, name: Option<&str>) -> UserId {
        let Some(name) = name else { return GAME_MASTER };
        if GAME_MASTER_NAMES.contains(&name) {
            return GAME_MASTER;
        }
        let of_creature = || {
            let id: CreatureId = name.parse().ok()?;
            self.combat().creature(id)?.owner()
        };
        let stranger = UserId(FIRST_PLAYER.saturating_sub(1));
        of_creature().or_else(|| self.people.get(name).copied()).unwrap_or(stranger)
    }

    /// Whether the request is one that only a begun fight knows, so that the fight begins first.
    pub(super) fn begins_with(&self, asked: &Asked) -> bool {
        use pb::combat_request::Request;
        let turns = match asked.message.request {
            Some(Request::ExecuteAction(_) | Request::EndTurn(_) | Request::Respond(_)) => true,
            Some(_) | None => false,
        };
        turns && self.combat().phase() == Phase::Gathering
    }

    /// Opens the first turn of a fight that has not begun; initiative is rolled for who has none.
    pub(super) fn begin_if_gathering(&mut self) -> Result<Frames, Refused> {
        if self.combat().phase() != Phase::Gathering {
            return Ok(Vec::new());
        }
        self.wish(Intent::Begin { public_commitment: [0; 32], hidden_commitment: [0; 32] })
    }

    /// The request with what every request says, and what goes without saying, filled in.
    pub(super) fn filled_in(&self, asked: &Asked) -> pb::CombatRequest {
        use pb::combat_request::Request;
        let mut message = asked.message.clone();
        if message.request_id.is_empty() {
            message.request_id = format!("request-{}", self.log.len());
        }
        message.session_id = SESSION.to_string();
        let current = || self.combat().current().map(|id| id.to_string()).unwrap_or_default();
        match &mut message.request {
            Some(Request::ExecuteAction(action)) => {
                action.session_id.clear();
                if action.actor_id.is_empty() {
                    action.actor_id = current();
                }
            }
            Some(Request::EndTurn(wire)) if wire.creature_id.is_empty() => {
                wire.creature_id = current();
            }
            Some(Request::Respond(wire)) if asked.any_prompt => {
                let open = self.combat().pending().last();
                wire.prompt_id = open.map_or(u32::MAX, |open| open.prompt.id.0);
            }
            Some(_) | None => {}
        }
        message
    }

    /// A turn or a number that a request names must still hold.
    pub(super) fn check_currency(&self, decoded: &Decoded) -> Result<(), Refused> {
        if decoded.turn.is_some_and(|turn| turn != self.combat().turn()) {
            return Err(table_words("stale_turn"));
        }
        if decoded.expected_seq.is_some_and(|seq| seq.saturating_add(1) != self.next_seq) {
            return Err(table_words("seq_moved"));
        }
        Ok(())
    }

    /// What is asked happens, or is refused; what the game master sees of it.
    pub(super) fn carry_out(&mut self, who: UserId, wish: Wish) -> Result<Frames, Refused> {
        let intent = match wish {
            Wish::Intent(intent) => intent,
            Wish::Begin => Intent::Begin { public_commitment: [0; 32], hidden_commitment: [0; 32] },
            Wish::EndCombat => Intent::End,
            Wish::Undo => {
                let unit = self.live.undo_target().ok_or_else(|| table_words("nothing_to_undo"))?;
                return Ok(self.rewind(Fact::Undone { from: unit.from, to: unit.to }));
            }
            Wish::Redo => {
                let unit = self.live.redo_target().ok_or_else(|| table_words("nothing_to_redo"))?;
                return Ok(self.rewind(Fact::Redone { from: unit.from, to: unit.to }));
            }
            Wish::AddCreatures { creatures } => Intent::Enter { entrants: self.added(&creatures)? },
            Wish::Join { who: JoinAs::Hero(hero), name, side, position } => {
                let definition = of_the_book(&Source::Hero(hero), self.combat().edition())?;
                let name = name.unwrap_or_else(|| definition.name.clone());
                let (owner, entrant) = (Some(who), self.newcomer(&definition, &name, &[])?);
                Intent::Enter { entrants: vec![Entrant { side, owner, position, ..entrant }] }
            }
            Wish::Join { who: JoinAs::Character(_), .. } => {
                return Err(table_words("no_such_character"));
            }
            Wish::Attach { .. } | Wish::Initiate { .. } => return Err(table_words("malformed")),
        };
        self.wish(intent)
    }

    /// One creature as the game master sees it.
    pub(super) fn creature(&self, id: CreatureId) -> Option<Value> {
        let combat = self.combat();
        let state = creature_state(combat, combat.creature(id)?, &Viewer::Gm)?;
        Some(wire::shown(&wire::contract()?.creature, &state))
    }

    /// The whole fight as the game master sees it.
    pub(super) fn snapshot(&self) -> Value {
        let shown = snapshot(self.combat(), &self.snapshot_meta(), &Viewer::Gm);
        wire::contract().map(|it| wire::shown(&it.snapshot, &shown)).unwrap_or_default()
    }

    fn snapshot_meta(&self) -> SnapshotMeta<'static> {
        SnapshotMeta {
            session_id: SESSION,
            as_of: self.next_seq.saturating_sub(1),
            guild: GuildId(1),
            channel: None,
            started_at_ms: Some(NOW_MS),
            ended_at_ms: self.combat().ended().map(|_| NOW_MS),
            can_undo: self.live.undo_target().is_some(),
            can_redo: self.live.redo_target().is_some(),
            deadlines: &[],
        }
    }

    fn wish(&mut self, intent: Intent) -> Result<Frames, Refused> {
        let starts_unit = !matches!(intent, Intent::Respond { .. });
        let legal = self.live.combat().check(intent).map_err(|illegal| refused(&illegal))?;
        let events = legal.resolve(&mut self.dice);
        Ok(self.write(events, starts_unit))
    }

    fn rewind(&mut self, fact: Fact) -> Frames {
        let event = self.event(fact);
        self.write(vec![event], false)
    }

    fn event(&self, fact: Fact) -> Event {
        Event { drawn: self.combat().drawn(), audience: Audience::Everyone, fact }
    }

    /// Writes events down, folds them, and shows them to the game master.
    fn write(&mut self, events: Vec<Event>, starts_unit: bool) -> Frames {
        let first_seq = self.next_seq;
        let commit = Commit { first_seq, events, starts_unit };
        let count = u64::try_from(commit.events.len()).unwrap_or_default();
        self.next_seq = first_seq.saturating_add(count);
        let recorded = self.live.record(first_seq, &commit.events, starts_unit);
        self.log.push(commit);
        if recorded == Recorded::Refold {
            self.live = Timeline::refold(self.log.iter().cloned());
        }
        let mut framer = core::mem::take(&mut self.framer);
        let now = |viewer: &Viewer| snapshot(self.combat(), &self.snapshot_meta(), viewer);
        let mut frames = Vec::new();
        let events = self.log.last().map(|commit| commit.events.as_slice()).unwrap_or_default();
        for (seq, event) in (first_seq..).zip(events) {
            let meta = FrameMeta {
                session_id: SESSION,
                seq,
                occurred_at_ms: NOW_MS,
                request_id: "",
                principal: None,
                last_in_commit: seq.saturating_add(1) == self.next_seq,
                deadline_ms: None,
            };
            frames.push(framer.frame(event, &meta, &Viewer::Gm, Some(&now)));
            framer.advance(event, &meta);
        }
        self.framer = framer;
        frames
    }

    /// What is on a creature as the fight begins.
    fn stands_as_placed(&mut self, placed: &Placed) {
        self.set(placed.facts());
    }

    /// The order of turns as it is given, with no die rolled for it.
    fn fix_order(&mut self, order: &[(CreatureId, i16)]) {
        let here = |id: &CreatureId| self.combat().creature(*id).is_some_and(Creature::present);
        let order: Vec<(CreatureId, i16)> =
            order.iter().copied().filter(|(id, _)| here(id)).collect();
        let mut facts: Vec<Fact> = order
            .iter()
            .map(|(creature, total)| Fact::Initiative {
                creature: *creature,
                roll: D20Roll {
                    faces: Vec::new(),
                    mode: RollMode::Normal,
                    kept: 0,
                    bonus: *total,
                    total: *total,
                    advantages: Vec::new(),
                    disadvantages: Vec::new(),
                    extra_dice: Vec::new(),
                    drawn_at: None,
                },
                tie_break: Vec::new(),
                tie_break_drawn_at: Vec::new(),
            })
            .collect();
        facts.push(Fact::OrderSet { order: order.into_iter().map(|(id, _)| id).collect() });
        self.set(facts);
    }

    /// Writes down what is so.
    fn set(&mut self, facts: Vec<Fact>) {
        if !facts.is_empty() {
            let events = facts.into_iter().map(|fact| self.event(fact)).collect();
            let _unseen = self.write(events, true);
        }
    }

    /// Creatures that a request adds; their ids are their names in lower case.
    fn added(&self, specs: &[CreatureSpec]) -> Result<Vec<Entrant>, Refused> {
        let mut entrants: Vec<Entrant> = Vec::new();
        for spec in specs {
            let definition = of_the_book(&spec.source, self.combat().edition())?;
            let name = spec.name.clone().unwrap_or_else(|| definition.name.clone());
            for _ in 0..spec.count {
                let entrant = self.newcomer(&definition, &name, &entrants)?;
                let (side, hidden, autopilot) = (spec.side, spec.hidden, spec.autopilot);
                let position = spec.position;
                entrants.push(Entrant { side, position, hidden, autopilot, ..entrant });
            }
        }
        Ok(entrants)
    }

    fn newcomer(
        &self,
        definition: &Arc<Definition>,
        name: &str,
        beside: &[Entrant],
    ) -> Result<Entrant, Refused> {
        let short = Slug::of_name(name).map_err(|_| table_words("name_empty"))?;
        let taken = |id: &CreatureId| {
            self.combat().creature(*id).is_some() || beside.iter().any(|it| it.id == *id)
        };
        let mut candidates = core::iter::once(short.to_string())
            .chain((2_u32..).map(|n| format!("{short}-{n}")))
            .map_while(|text| text.parse::<CreatureId>().ok());
        let id = candidates.find(|id| !taken(id)).ok_or_else(|| table_words("name_too_long"))?;
        Ok(Entrant {
            id,
            name: name.to_owned(),
            side: SideId::foes(),
            owner: None,
            character: None,
            definition: Arc::clone(definition),
            hit_points: None,
            temporary_hit_points: 0,
            spent: Vec::new(),
            position: None,
            hidden: false,
            autopilot: false,
        })
    }
}

/// Everybody who plays a creature, or acts for one.
fn people(scenario: &Scenario) -> BTreeMap<String, UserId> {
    let creatures = &scenario.setting.creatures;
    let owners = creatures.iter().filter_map(|it| it.owner.clone());
    let actors = scenario.steps.iter().filter_map(|step| step.actor.clone());
    let names = owners.chain(actors).filter(|name| !GAME_MASTER_NAMES.contains(&name.as_str()));
    let mut people = BTreeMap::new();
    for name in names {
        let next = FIRST_PLAYER.saturating_add(u64::try_from(people.len()).unwrap_or_default());
        people.entry(name).or_insert(UserId(next));
    }
    people
}

fn refused(illegal: &Illegal) -> Refused {
    let (code, meaning) = table_words(illegal.code());
    (code, format!("{meaning} ({illegal:?})"))
}

/// The creature that a request names.
fn of_the_book(source: &Source, edition: Edition) -> Result<Arc<Definition>, Refused> {
    let found = match source {
        Source::Own(definition) => Some(Arc::clone(definition)),
        Source::Monster { name, edition: named } => {
            let entry = bestiary::find(name.as_str(), *named, edition);
            entry.map(|entry| Arc::clone(&entry.definition))
        }
        Source::Hero(slug) => {
            let entry = Heroes::srd().find(&format!("hero:{slug}"));
            entry
                .or_else(|| Heroes::srd().find(slug.as_str()))
                .map(|entry| Arc::clone(&entry.definition))
        }
    };
    found.ok_or_else(|| table_words("no_such_content"))
}
