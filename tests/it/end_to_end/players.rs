//! People who play: they read the panel or what is offered while they type, and choose from it.
//!
//! They know no rule: whatever the dice bring, they do what the program offers, to the end.

use serde_json::json;
use skirmish::protocol::pb;

use super::arena::{Arena, CHANNEL, said};
use crate::support::discord::{MessageView, User};

/// What is to be done next, and by whom.
pub(super) enum Due {
    Over(Box<pb::Snapshot>),
    Turn(User, Box<pb::Snapshot>),
    Question(User),
}

/// Who plays a creature; nobody if the program does.
fn player(state: &pb::Snapshot, creature: &str) -> Option<u64> {
    let creature = state.creatures.iter().find(|one| one.id == creature)?;
    if creature.autopilot {
        return None;
    }
    Some(creature.owner_id.parse().unwrap_or(super::arena::GM))
}

fn due(state: &pb::Snapshot) -> Option<(u64, Option<u32>)> {
    match state.prompts.last() {
        Some(open) => Some((player(state, &open.creature_id)?, Some(open.prompt_id))),
        None => Some((player(state, &state.current_id)?, None)),
    }
}

impl Arena {
    /// Waits until it is for a person to act, or the fight is over.
    pub(super) async fn due(&mut self) -> Due {
        let is_due =
            |state: &pb::Snapshot| state.phase() == pb::Phase::Ended || due(state).is_some();
        let state = self.until("somebody's turn", is_due).await;
        match due(&state).filter(|_| state.phase() != pb::Phase::Ended) {
            None => Due::Over(Box::new(state)),
            Some((user, Some(_))) => Due::Question(self.fake.user(user)),
            Some((user, None)) => Due::Turn(self.fake.user(user), Box::new(state)),
        }
    }

    /// Lets people play until it is somebody's turn; answers the questions on the way.
    pub(super) async fn turn(&mut self) -> Option<(User, pb::Snapshot)> {
        loop {
            match self.due().await {
                Due::Over(_) => return None,
                Due::Turn(user, state) => return Some((user, *state)),
                Due::Question(user) => self.answer(&user, "Yes").await,
            }
        }
    }

    /// Opens one's panel from the card.
    pub(super) async fn panel(&self, user: &User) -> MessageView {
        let card = self.cards().pop().expect("a card");
        let panel = user.click(&card, "My actions").await.message();
        assert!(panel.is_private(), "a panel is for its player's eyes");
        panel
    }

    /// Answers the open question on one's panel: yes with whatever is offered first, or no.
    pub(super) async fn answer(&self, user: &User, word: &str) {
        let panel = self.panel(user).await;
        let with = panel.selects().into_iter().find(|one| one.custom_id.contains("|ywit|"));
        match with.filter(|_| word == "Yes") {
            Some(with) => {
                let first = with.options[0].1.clone();
                user.choose(&panel, &with.custom_id, &[&first]).await;
            }
            None => {
                user.click(&panel, word).await;
            }
        }
    }

    /// A whole turn by buttons: strikes if it can, and ends the turn. Gives what was read last.
    pub(super) async fn turn_by_buttons(&self, user: &User) -> String {
        let mut shown = self.panel(user).await;
        let offered = shown.selects().into_iter().find(|one| one.custom_id.contains("|act|"));
        if let Some(offered) = offered {
            let is_attack = |what: &str| what.contains("to hit");
            let attack = offered.options.iter().find(|(_, _, what)| is_attack(what));
            if let Some((_, attack, _)) = attack {
                shown = user.choose(&shown, "What to do", &[attack]).await.message();
                let targets =
                    shown.selects().into_iter().find(|one| one.custom_id.contains("|aim|"));
                if let Some(targets) = targets {
                    let target = targets.options[0].1.clone();
                    shown = user.choose(&shown, "Choose", &[&target]).await.message();
                }
            }
        }
        // the last blow may have ended the fight, or the walk to it the walker's turn
        if shown.has_button("End turn") {
            return said(&user.click(&shown, "End turn").await);
        }
        let text = shown.text();
        let went_on = text.contains("The fight is over") || text.contains("it is the turn of");
        assert!(went_on, "no turn to end, and no word why: {text}");
        text
    }

    /// Whether an attack is offered to somebody who types.
    pub(super) async fn can_strike(&self, user: &User) -> bool {
        let options = [("type", json!("att"))];
        let types = user.autocomplete(CHANNEL, "combat", "action", &options, "type").await;
        types.iter().any(|(_, value)| value == "attack")
    }

    /// A whole turn by typing: strikes whom it can, and ends the turn. Gives what was read last.
    pub(super) async fn turn_by_typing(&self, user: &User) -> String {
        if self.can_strike(user).await {
            let options = [("type", json!("attack")), ("target", json!(""))];
            let targets = user.autocomplete(CHANNEL, "combat", "action", &options, "target").await;
            if let Some((_, target)) = targets.first() {
                let options = [("type", json!("attack")), ("target", target.clone())];
                let done = user.slash(CHANNEL, "combat", "action", &options).await;
                assert!(done.message().is_private());
            }
        }
        let ended = user.slash(CHANNEL, "combat", "end-turn", &[]).await;
        assert!(ended.message().is_private());
        said(&ended)
    }
}
