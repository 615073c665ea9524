//! A fight that was exported: every die of it can be rolled again by anybody, and nothing can be
//! changed in the file unnoticed.

mod book;
mod command;
mod eras;
mod tamper;

use skirmish::hub::{ExportView, Hub, HubOptions, Seeds, face};
use skirmish::protocol::{from_json, pb, to_json};
use skirmish::rules::dice::Dice;
use skirmish::rules::id::CombatId;
use skirmish::rules::state::DrawIndex;
use skirmish::store::Store;
use skirmish::telemetry::Metrics;

use crate::support::fight::{begun, options, play};

/// A fight is over after so many requests.
const REQUESTS_MAX: usize = 400;

fn hub(seed: u64) -> Hub {
    let options = HubOptions { seed: Some(seed), ..options() };
    Hub::new(Store::open_in_memory().unwrap(), options, Metrics::new())
}

/// A whole fight as a file, page by page, written and read again as JSON.
async fn exported(hub: &Hub, combat: CombatId, view: ExportView) -> pb::FightExport {
    let mut whole = hub.export_page(combat, view, 0, None).await.unwrap();
    loop {
        let last = whole.commits.last().and_then(|commit| commit.events.last());
        let reached = last.or(whole.events.last()).and_then(|event| event.seq).unwrap();
        if reached == whole.last_seq {
            break;
        }
        let page = hub.export_page(combat, view, reached, Some(whole.last_seq)).await.unwrap();
        let (mut commits, mut events) = (whole.commits, whole.events);
        commits.extend(page.commits);
        events.extend(page.events);
        whole = pb::FightExport { commits, events, ..page };
    }
    let json = to_json("FightExport", &whole).unwrap();
    let read: pb::FightExport = from_json("FightExport", json.to_string().as_bytes()).unwrap();
    assert_eq!(read, whole, "a file reads back as what was written");
    read
}

/// A finished fight of two goblins against two heroes.
async fn finished(seed: u64) -> (Hub, CombatId) {
    let hub = hub(seed);
    let combat = begun(&hub, "fair", false).await;
    assert!(play(&hub, combat, REQUESTS_MAX).await < REQUESTS_MAX, "the fight ends");
    (hub, combat)
}

/// Dice as a fight has them, for fights that no hub plays.
struct Fair {
    seeds: Seeds,
    drawn: DrawIndex,
}

impl Dice for Fair {
    fn roll(&mut self, sides: u16) -> u16 {
        self.drawn.public += 1;
        face(&self.seeds.public, self.drawn.public - 1, sides)
    }

    fn roll_hidden(&mut self, sides: u16) -> u16 {
        self.drawn.hidden += 1;
        face(&self.seeds.hidden, self.drawn.hidden - 1, sides)
    }
}
