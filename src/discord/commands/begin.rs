//! `/combat begin`: initiative is rolled and the first turn opens.

use super::{Choice, Command, FIGHT, Who, fights_only};
use crate::discord::call::{Call, Work};
use crate::discord::replies::Deferral;
use crate::protocol::pb;
use pb::combat_request::Request;

pub const NAME: &str = "combat begin";
const OPTIONS: &[Choice] = &[FIGHT];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "Roll initiative and open the first turn",
        options: OPTIONS,
        who: Who::GameMaster,
        deferral: Deferral::Private,
        run,
        autocomplete: fights_only,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let combat = call.fight()?;
        call.submit(Some(combat), None, Request::Begin(pb::Begin {})).await?;
        Ok(call.say("Initiative is rolled: the fight has begun."))
    })
}
