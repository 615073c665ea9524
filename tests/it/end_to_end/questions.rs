//! How questions come to be open: an ogre walks away from heroes, and each may strike at it; and
//! one inside the other: somebody acts while another is still asked, and a third is asked about
//! that.

use std::collections::BTreeSet;

use serde_json::json;
use skirmish::protocol::pb;

use super::arena::{Arena, CHANNEL, GM};
use super::players::Due;
use crate::support::discord::{MessageView, User};
use crate::support::fight::{Wish, call, request};
use pb::combat_event::Event;

/// Turns within which a hero should have walked up to an ogre.
const TURNS_MAX: usize = 40;

impl Arena {
    /// The game master takes the ogres into the own hands; gives their ids.
    pub(super) async fn ogres_by_hand(&self) -> Vec<String> {
        let gm = self.gm();
        let ogres: Vec<String> =
            self.state().await.creatures.into_iter().map(|one| one.id).collect();
        for ogre in &ogres {
            let panel = gm.click(&self.card("Gathering").await, "GM").await.message();
            let sheet = gm.choose(&panel, "Change", &[ogre]).await.message();
            let by_hand = gm.click(&sheet, "Play by hand").await.message();
            assert!(by_hand.has_button("Autopilot"), "{}", by_hand.text());
        }
        ogres
    }

    /// Plays until the ogre walks away from two heroes that may strike at it; gives the player of
    /// the one who is asked first.
    pub(super) async fn provoke(&mut self, ogre: &str) -> User {
        let mut near = BTreeSet::new();
        for _ in 0..TURNS_MAX {
            let (user, state) = match self.due().await {
                Due::Question(user) => return user,
                Due::Turn(user, state) => (user, state),
                Due::Over(_) => panic!("nobody strikes in this fight"),
            };
            if state.current_id == ogre && near.len() >= 2 && self.walk(&user, "Away").await {
                continue;
            }
            if user.id != GM {
                if self.walk(&user, "Next to").await {
                    near.insert(user.id);
                } else {
                    self.walk(&user, "Towards").await;
                }
            }
            user.slash(CHANNEL, "combat", "end-turn", &[]).await;
        }
        panic!("no question in {TURNS_MAX} turns");
    }

    /// Plays until a question is open inside another one: `ogre` walks away from a hero that may
    /// strike at it; meanwhile the thrower, who has kept a javelin ready, throws it; `friend`, who
    /// has kept something ready against attacks, is asked first. Gives the hero's player.
    pub(super) async fn provoke_twice(&mut self, ogre: &str, friend: &str, thrower: u64) -> User {
        let (mut is_near, mut kept) = (false, BTreeSet::new());
        for _ in 0..TURNS_MAX {
            let (user, state) = match self.due().await {
                Due::Question(user) => {
                    self.throw(thrower, ogre).await;
                    return user;
                }
                Due::Turn(user, state) => (user, state),
                Due::Over(_) => panic!("nobody strikes in this fight"),
            };
            let current = state.current_id.clone();
            let is_set = is_near && kept.len() == 2;
            if current == ogre && is_set && self.walk(&user, "Away").await {
                continue;
            }
            if current == friend {
                self.keep_ready_against_attacks(&state, friend).await;
                kept.insert(current);
            } else if user.id == thrower {
                let options = [("type", json!("Ready: Javelin"))];
                let done = user.slash(CHANNEL, "combat", "action", &options).await;
                assert!(done.text().contains("readies an action"), "{}", done.text());
                kept.insert(current);
            } else if user.id != GM {
                let leaver = state.creatures.iter().find(|one| one.id == ogre);
                let name = &leaver.expect("it is there").name;
                let there = self.walk(&user, &format!("Next to {name}")).await;
                is_near |= there;
                if !there {
                    self.walk(&user, &format!("Towards {name}")).await;
                }
            }
            user.slash(CHANNEL, "combat", "end-turn", &[]).await;
        }
        panic!("no question in {TURNS_MAX} turns");
    }

    /// Takes the readied throw at somebody, out of turn.
    async fn throw(&self, thrower: u64, at: &str) {
        let options = [("type", json!("Take the readied action")), ("target", json!(at))];
        let user = self.fake.user(thrower);
        let done = user.slash(CHANNEL, "combat", "action", &options).await;
        assert!(done.text().contains("Javelin"), "{}", done.text());
    }

    /// Readies a dodge for when an enemy attacks. Discord offers only to say when oneself.
    async fn keep_ready_against_attacks(&self, state: &pb::Snapshot, creature: &str) {
        use pb::{readied_response::Response, trigger::Trigger};
        let ready = pb::ReadyAction {
            trigger: Some(pb::Trigger { trigger: Some(Trigger::EnemyAttacks(true)) }),
            response: Some(pb::ReadiedResponse { response: Some(Response::Dodge(true)) }),
        };
        let action = pb::CombatAction {
            session_id: self.combat.clone(),
            actor_id: creature.to_owned(),
            action: Some(pb::combat_action::Action::Ready(ready)),
            ..pb::CombatAction::default()
        };
        let id = format!("ready-{}", state.as_of);
        let wish = request(&id, &self.combat, Wish::ExecuteAction(action));
        let receipt = self.calls().submit(call(self.master_token(), wish)).await;
        receipt.expect("it is ready");
    }

    /// Moves by typing to a place that is offered under this name; false if none is.
    async fn walk(&self, user: &User, to: &str) -> bool {
        let options = [("type", json!("move")), ("target", json!(""))];
        let places = user.autocomplete(CHANNEL, "combat", "action", &options, "target").await;
        let Some((_, square)) = places.into_iter().find(|(name, _)| name.starts_with(to)) else {
            return false;
        };
        let options = [("type", json!("move")), ("target", square)];
        user.slash(CHANNEL, "combat", "action", &options).await;
        true
    }

    /// Says yes on the message that asks.
    pub(super) async fn accept(&self, user: &User, question: &MessageView) {
        match question.selects().into_iter().next() {
            Some(with) => {
                let first = with.options[0].1.clone();
                user.choose(question, &with.custom_id, &[&first]).await;
            }
            None => {
                user.click(question, "Yes").await;
            }
        }
    }

    /// How many strikes at this creature, as it left, were rolled so far.
    pub(super) fn strikes_at(&self, creature: &str) -> usize {
        let is_strike = |frame: &pb::CombatEvent| {
            let Some(Event::Action(action)) = &frame.event else { return false };
            matches!(&action.deed, Some(pb::action::Deed::Attack(made))
                if made.opportunity && made.target_id == creature)
        };
        self.first.frames().iter().filter(|frame| is_strike(frame)).count()
    }
}
