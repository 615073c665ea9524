//! `/combat end-turn`: the next one acts.

use super::{Choice, Command, FIGHT, Who, fights_only};
use crate::discord::call::{Call, Work};
use crate::discord::panel;
use crate::discord::replies::Deferral;

pub const NAME: &str = "combat end-turn";
const OPTIONS: &[Choice] = &[FIGHT];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "End your turn",
        options: OPTIONS,
        who: Who::Players,
        deferral: Deferral::Private,
        run,
        autocomplete: fights_only,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let combat = call.fight()?;
        let snapshot = call.snapshot(combat).await?;
        let actor = call.actor(&snapshot)?;
        panel::act::end_turn(&call, combat, actor, snapshot.turn).await
    })
}
