//! How questions come to be open: an ogre walks away from two heroes, and each may strike at it.

use std::collections::BTreeSet;

use serde_json::json;
use skirmish::protocol::pb;

use super::arena::{Arena, CHANNEL, GM};
use super::players::Due;
use crate::support::discord::{MessageView, User};
use pb::combat_event::Event;

/// Turns within which a hero should have walked up to an ogre.
const TURNS_MAX: usize = 40;

impl Arena {
    /// The game master takes the ogre into the own hands; gives its id.
    pub(super) async fn ogre_by_hand(&self) -> String {
        let gm = self.gm();
        let ogre = self.state().await.creatures.remove(0).id;
        let panel = gm.click(&self.card("Gathering").await, "GM").await.message();
        let sheet = gm.choose(&panel, "Change", &[&ogre]).await.message();
        let by_hand = gm.click(&sheet, "Play by hand").await.message();
        assert!(by_hand.has_button("Autopilot"), "{}", by_hand.text());
        ogre
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
