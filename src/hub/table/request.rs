//! What somebody asks of a running fight: may they, is it still meant, and what it becomes.
//!
//! Everything is decided on the state as it is; nothing is changed or written here.

use super::Table;
use super::commit::{Request, stored_receipt};
use crate::hub::access::{Deed, Principal, Role};
use crate::hub::dice::{SeededDice, Seeds};
use crate::hub::refusal::Refusal;
use crate::hub::{BATCH_ACTIONS_MAX, read_refusal, wishes};
use crate::protocol::{BatchHead, Decoded, Wish, pb};
use crate::rules::batch;
use crate::rules::event::{Audience, Event, Fact};
use crate::rules::id::{CreatureId, UserId};
use crate::rules::illegal::Phase;
use crate::rules::intent::{Action, Intent};
use crate::store::ReceiptKey;

impl Table {
    /// The answer that this request was given before, if it was.
    fn known_receipt(
        &self,
        who: &Principal,
        request_id: &str,
        hash: [u8; 32],
    ) -> Result<Option<pb::Receipt>, Refusal> {
        let key = self.receipt_key(who.user, request_id);
        let found = self.hub.store().receipt(&key).map_err(|fault| read_refusal(&fault))?;
        found.map(|bytes| stored_receipt(&bytes, hash)).transpose()
    }

    pub(super) fn receipt_key(&self, user: UserId, request_id: &str) -> ReceiptKey {
        ReceiptKey { guild: self.key.guild.0, principal: user.0, request_id: request_id.to_owned() }
    }

    fn check_currency(&self, turn: Option<u32>, expected: Option<u64>) -> Result<(), Refusal> {
        let now = self.combat().turn();
        if turn.is_some_and(|turn| turn != now) {
            return Err(Refusal::StaleTurn { now });
        }
        if expected.is_some_and(|expected| expected != self.fold.seq) {
            return Err(Refusal::SequenceMoved { now: self.fold.seq });
        }
        Ok(())
    }

    pub(super) async fn submit(
        &mut self,
        who: &Principal,
        decoded: Decoded,
        hash: [u8; 32],
    ) -> Result<pb::Receipt, Refusal> {
        if let Some(receipt) = self.known_receipt(who, &decoded.request_id, hash)? {
            return Ok(receipt);
        }
        self.may(who, &decoded.wish)?;
        self.check_currency(decoded.turn, decoded.expected_seq)?;
        let seeds = self.seeds_for(&decoded.wish)?;
        let events = self.events_of(who, decoded.wish, seeds.as_ref())?;
        let starts_unit =
            !matches!(events.first().map(|event| &event.fact), Some(Fact::PromptAnswered { .. }));
        self.autopilot_held = events.iter().any(|event| rewinds(&event.fact));
        self.autopilot_stuck = false;
        let request = Request {
            request_id: &decoded.request_id,
            principal: Some(who.user),
            hash: Some(hash),
            starts_unit,
            seeds,
        };
        self.commit(request, events).await
    }

    /// Fresh seeds, if the wish takes back the end of the fight: the public one was shown then.
    fn seeds_for(&self, wish: &Wish) -> Result<Option<Seeds>, Refusal> {
        if !matches!(wish, Wish::Undo) || self.combat().phase() != Phase::Ended {
            return Ok(None);
        }
        let times = self.secrets.earlier_hidden.len().saturating_add(1);
        self.hub.fresh_seeds(times).map(Some)
    }

    /// The access matrix, for every kind of request.
    fn may(&self, who: &Principal, wish: &Wish) -> Result<(), Refusal> {
        let combat = self.combat();
        let deed = |deed, creature| who.may(deed, combat, creature).map(|_| ());
        match wish {
            Wish::Attach { .. } => deed(Deed::Watch, None),
            Wish::Initiate { .. } => Err(Refusal::ScopeTooNarrow),
            Wish::Join { .. } => deed(Deed::Join, None),
            Wish::AddCreatures { .. } | Wish::Begin | Wish::EndCombat | Wish::Undo | Wish::Redo => {
                deed(Deed::RunFight, None)
            }
            Wish::Intent(intent) => match intent {
                Intent::Act { creature, action } => {
                    deed(Deed::PlayCreature, Some(*creature))?;
                    // Advantage is computed; only the game master may say otherwise.
                    if matches!(action, Action::Attack { mode: Some(_), .. }) {
                        return deed(Deed::RunFight, None);
                    }
                    Ok(())
                }
                Intent::EndTurn { creature }
                | Intent::Leave { creature }
                | Intent::RollInitiative { creature } => deed(Deed::PlayCreature, Some(*creature)),
                Intent::Respond { prompt, .. } => {
                    match combat.pending().iter().find(|open| open.prompt.id == *prompt) {
                        Some(open) => deed(Deed::PlayCreature, Some(open.prompt.creature)),
                        // That nothing is asked is for the rules to say, to those who play.
                        None if who.role(combat) == Role::Spectator => {
                            Err(Refusal::NotYourCreature)
                        }
                        None => Ok(()),
                    }
                }
                Intent::Initiate { .. }
                | Intent::Enter { .. }
                | Intent::SetOrder { .. }
                | Intent::Begin { .. }
                | Intent::End
                | Intent::Pause
                | Intent::Stalemate { .. }
                | Intent::Resume
                | Intent::Adjust { .. }
                | Intent::Transfer { .. } => deed(Deed::RunFight, None),
            },
        }
    }

    /// What a wish becomes, as events.
    fn events_of(
        &self,
        who: &Principal,
        wish: Wish,
        fresh: Option<&Seeds>,
    ) -> Result<Vec<Event>, Refusal> {
        let combat = self.combat();
        let intent = match wish {
            Wish::Join { who: join, name, side, position } => {
                let entrant = self.hub.joining(
                    who,
                    self.key,
                    combat,
                    &join,
                    name.as_ref(),
                    side,
                    position,
                )?;
                Intent::Enter { entrants: vec![entrant] }
            }
            Wish::AddCreatures { creatures } => {
                Intent::Enter { entrants: wishes::entrants(combat, &creatures)? }
            }
            Wish::Begin => {
                let (public_commitment, hidden_commitment) = self.secrets.seeds.commitments();
                Intent::Begin { public_commitment, hidden_commitment }
            }
            Wish::EndCombat => Intent::End,
            Wish::Undo => {
                let unit = self.fold.timeline.undo_target().ok_or(Refusal::NothingToUndo)?;
                let undone = self.rewinding(Fact::Undone { from: unit.from, to: unit.to });
                let promised = fresh
                    .map(Seeds::commitments)
                    .map(|(public, hidden)| self.rewinding(Fact::DiceCommitted { public, hidden }));
                return Ok(promised.into_iter().chain([undone]).collect());
            }
            Wish::Redo => {
                let unit = self.fold.timeline.redo_target().ok_or(Refusal::NothingToRedo)?;
                return Ok(vec![self.rewinding(Fact::Redone { from: unit.from, to: unit.to })]);
            }
            Wish::Intent(intent) => intent,
            Wish::Attach { .. } | Wish::Initiate { .. } => {
                let message = "must be a request to this fight".into();
                return Err(Refusal::Malformed { path: "request".into(), message });
            }
        };
        self.resolve(intent)
    }

    fn rewinding(&self, fact: Fact) -> Event {
        Event { drawn: self.combat().drawn(), audience: Audience::Everyone, fact }
    }

    /// Checks and resolves; a panic in the rules costs this request and nothing else.
    pub(super) fn resolve(&self, intent: Intent) -> Result<Vec<Event>, Refusal> {
        let combat = self.combat();
        let attempt = std::panic::AssertUnwindSafe(|| {
            let mut dice = SeededDice::new(&self.secrets.seeds, combat.drawn());
            combat.check(intent).map(|legal| legal.resolve(&mut dice))
        });
        match std::panic::catch_unwind(attempt) {
            Ok(outcome) => Ok(outcome?),
            Err(_) => Err(Refusal::bug(&"the rules panicked")),
        }
    }

    pub(super) async fn batch(
        &mut self,
        who: &Principal,
        head: &BatchHead,
        actions: Vec<(CreatureId, Action)>,
        hash: [u8; 32],
    ) -> Result<pb::Receipt, (Option<usize>, Refusal)> {
        let whole = |refusal| (None, refusal);
        if let Some(receipt) = self.known_receipt(who, &head.request_id, hash).map_err(whole)? {
            return Ok(receipt);
        }
        self.check_currency(head.turn, head.expected_seq).map_err(whole)?;
        for (index, (creature, action)) in actions.iter().enumerate() {
            let wish = Wish::Intent(Intent::Act { creature: *creature, action: action.clone() });
            self.may(who, &wish).map_err(|refusal| (Some(index), refusal))?;
        }
        let actions: Vec<Intent> = actions
            .into_iter()
            .map(|(creature, action)| Intent::Act { creature, action })
            .collect();
        let batch = batch::Batch::try_from(actions).map_err(|_| {
            let what = "actions in one batch";
            whole(Refusal::LimitReached { what, limit: BATCH_ACTIONS_MAX })
        })?;
        let mut dice = SeededDice::new(&self.secrets.seeds, self.combat().drawn());
        let events = batch::check_and_resolve(self.combat(), &batch, &mut dice)
            .map_err(|(index, illegal)| (Some(index), illegal.into()))?;
        self.autopilot_held = false;
        self.autopilot_stuck = false;
        let request = Request {
            request_id: &head.request_id,
            principal: Some(who.user),
            hash: Some(hash),
            starts_unit: true,
            seeds: None,
        };
        self.commit(request, events).await.map_err(whole)
    }
}

fn rewinds(fact: &Fact) -> bool {
    matches!(fact, Fact::Undone { .. } | Fact::Redone { .. })
}
