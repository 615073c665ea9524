//! A fight that only takes turns: the smallest request that goes through all of it.
//!
//! Nobody is hurt, so it lasts as long as it is measured. Each request is checked by the rules,
//! becomes the end of one turn and the start of the next, is committed with its receipt and told.

use skirmish::hub::Hub;
use skirmish::protocol::pb;
use skirmish::rules::id::CombatId;

use crate::fight::{Wish, begun, master, request};

/// A fight under way and whose turn it is.
pub(crate) struct Round {
    pub(crate) combat: CombatId,
    name: String,
    order: Vec<String>,
    next: usize,
    sent: usize,
}

impl Round {
    /// Opens a fight of two heroes and two goblins, all played by the game master.
    pub(crate) async fn begin(hub: &Hub, name: &str) -> Self {
        let combat = begun(hub, name, false).await;
        let snapshot = hub.snapshot(&master(), combat).await.unwrap();
        let next = snapshot.order.iter().position(|id| *id == snapshot.current_id).unwrap();
        Self { combat, name: name.to_owned(), order: snapshot.order, next, sent: 0 }
    }

    /// The request that ends the turn that is open once all before it are done.
    pub(crate) fn end_turn(&mut self) -> pb::CombatRequest {
        let creature_id = self.order[self.next].clone();
        self.next = (self.next + 1) % self.order.len();
        self.sent += 1;
        let id = format!("{}-turn-{}", self.name, self.sent);
        request(&id, &self.combat.to_string(), Wish::EndTurn(pb::EndTurn { creature_id }))
    }

    /// Ends the turn and waits until that is durable; how many events it became.
    pub(crate) async fn step(&mut self, hub: &Hub) -> usize {
        let request = self.end_turn();
        let receipt = hub.submit(&master(), request).await.unwrap();
        let (first, last) = (receipt.first_seq.unwrap(), receipt.last_seq.unwrap());
        (last - first + 1) as usize
    }
}
