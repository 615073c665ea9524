//! `/combat start`: opens a fight in this channel, with monsters and a map if wanted.
//!
//! The one who starts it is its game master.

use super::{Choice, Command, Completing, Need, Takes, Who, monsters};
use crate::discord::call::{Call, Work};
use crate::discord::render::text;
use crate::discord::replies::{Deferral, sentence};
use crate::protocol::pb;
use pb::combat_request::Request;

pub const NAME: &str = "combat start";
/// The name of a fight that was given none.
const UNNAMED: &str = "Fight";

const MAPS: &[(&str, &str)] = &[
    ("12x12", "Small field, 12 × 12 squares"),
    ("20x16", "Field, 20 × 16 squares"),
    ("26x24", "Large field, 26 × 24 squares"),
];

const EDITIONS: &[(&str, &str)] =
    &[("5.2.1", "SRD 5.2.1 (the rules of 2024)"), ("5.1", "SRD 5.1 (the rules of 2014)")];

const OPTIONS: &[Choice] = &[
    Choice::text("name", "What the fight is called", Need::Optional).up_to(60),
    Choice::text("monsters", "Such as: 3 goblin-warrior, bugbear", Need::Optional)
        .up_to(300)
        .completed(),
    Choice {
        name: "rules",
        description: "The edition to play by; without one, SRD 5.2.1",
        takes: Takes::OneOf(EDITIONS),
        need: Need::Optional,
        completes: false,
    },
    Choice {
        name: "map",
        description: "A map; without one, everybody can reach everybody",
        takes: Takes::OneOf(MAPS),
        need: Need::Optional,
        completes: false,
    },
];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Start a fight in this channel; you are its game master",
        options: OPTIONS,
        who: Who::Everybody,
        deferral: Deferral::Private,
        run,
        autocomplete,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let creatures = match call.args.text("monsters") {
            Some(list) => monsters::parse(list, false)?,
            None => Vec::new(),
        };
        let name = text::plain(call.args.text("name").unwrap_or(UNNAMED), 60);
        let initiate = pb::Initiate {
            guild_id: call.guild.0.to_string(),
            channel_id: call.channel.to_string(),
            name: name.clone(),
            edition: edition(&call).into(),
            map: call.args.text("map").and_then(map),
            creatures,
        };
        call.submit(None, None, Request::Initiate(initiate)).await?;
        Ok(sentence(&format!(
            "{name} is open, and you are its game master: when everybody has joined \
             (`/combat join`), begin it with `/combat begin` or the button."
        )))
    })
}

/// The edition that was chosen.
fn edition(call: &Call) -> pb::Edition {
    match call.args.text("rules") {
        Some("5.1") => pb::Edition::Srd51,
        _ => pb::Edition::Srd521,
    }
}

/// An open field of the size that was chosen.
fn map(size: &str) -> Option<pb::GridMap> {
    let (width, height) = MAPS.iter().find(|(id, _)| *id == size)?.0.split_once('x')?;
    Some(pb::GridMap {
        width: width.parse().ok()?,
        height: height.parse().ok()?,
        squares: Vec::new(),
    })
}

pub fn autocomplete(call: Call) -> Completing {
    Box::pin(async move {
        match call.args.focused() {
            Some(("monsters", typed)) => monsters::offer(&call, edition(&call), typed),
            _ => Vec::new(),
        }
    })
}
