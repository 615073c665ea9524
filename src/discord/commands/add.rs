//! `/combat add`: more monsters, seen or hidden.

use super::{Choice, Command, Completing, FIGHT, Need, Takes, Who, fight_names, monsters};
use crate::discord::call::{Call, Work};
use crate::discord::replies::{Deferral, sentence};
use crate::protocol::pb;
use pb::combat_request::Request;

pub const NAME: &str = "combat add";

const OPTIONS: &[Choice] = &[
    Choice::text("monsters", "Such as: 3 goblin-warrior, bugbear", Need::Required)
        .up_to(300)
        .completed(),
    Choice {
        name: "hidden",
        description: "Only you see them until you reveal them",
        takes: Takes::Flag,
        need: Need::Optional,
        completes: false,
    },
    FIGHT,
];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Add monsters to the fight",
        options: OPTIONS,
        who: Who::GameMaster,
        deferral: Deferral::Private,
        run,
        autocomplete,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let list = call.args.text("monsters").unwrap_or_default();
        let creatures = monsters::parse(list, call.args.flag("hidden"))?;
        let combat = call.fight()?;
        let request = Request::AddCreatures(pb::AddCreatures { creatures });
        call.submit(Some(combat), None, request).await?;
        let hidden = if call.args.flag("hidden") { ", hidden" } else { "" };
        Ok(sentence(&format!("Added to the fight{hidden}: {}.", list.trim_end_matches([',', ' ']))))
    })
}

pub fn autocomplete(call: Call) -> Completing {
    Box::pin(async move {
        match call.args.focused() {
            Some(("monsters", typed)) => {
                let edition = call.edition().await;
                monsters::offer(&call, edition, typed)
            }
            Some(("fight", _)) => fight_names(&call),
            _ => Vec::new(),
        }
    })
}
