//! `/combat status`: the fight as one may see it oneself, for one's eyes only.

use super::{Choice, Command, FIGHT, Who, fights_only};
use crate::discord::call::{Call, Said, Work};
use crate::discord::render::card::card;
use crate::discord::render::parts;
use crate::discord::replies::{Deferral, Reply};
use crate::rules::id::CombatId;
use crate::view;
use crate::view::scene::Scene;

pub const NAME: &str = "combat status";
const OPTIONS: &[Choice] = &[FIGHT];
/// Events that are read for the last lines.
const EVENTS_BACK: u64 = 40;

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Show the fight as you may see it",
        options: OPTIONS,
        who: Who::Everybody,
        deferral: Deferral::Private,
        run,
        autocomplete: fights_only,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let combat = call.fight()?;
        status(&call, combat).await
    })
}

async fn status(call: &Call, combat: CombatId) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    let scene = Scene::of_snapshot(&snapshot);
    let after = scene.as_of.saturating_sub(EVENTS_BACK);
    let lines = call.lines(combat, &scene, after, 60).await?;
    let contents = view::card::card(&scene, lines.iter().map(|(_, line)| line.as_str()));
    let body = card(&scene, &contents);
    let mut shown: Vec<serde_json::Value> =
        body.get("components").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    if let Some(missing) = call.shared.missing(call.channel) {
        shown.push(parts::text(missing));
    }
    Ok(Reply::New(parts::private(shown)))
}
