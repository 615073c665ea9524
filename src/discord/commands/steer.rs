//! `/combat undo|redo|pause|resume|end`: steering the fight as a whole.

use super::{Choice, Command, FIGHT, Who, fights_only};
use crate::discord::call::{Call, Work};
use crate::discord::replies::Deferral;
use crate::protocol::pb;
use pb::combat_request::Request;

const OPTIONS: &[Choice] = &[FIGHT];

/// The commands of this file.
pub fn commands() -> Vec<Command> {
    let steer = |name, description, run: fn(Call) -> Work| Command {
        name,
        description,
        options: OPTIONS,
        who: Who::GameMaster,
        deferral: Deferral::Private,
        run,
        autocomplete: fights_only,
    };
    vec![
        steer("combat undo", "Take back the last thing that was done", |call| {
            ask(call, Request::Undo(pb::Undo {}), "It is undone.")
        }),
        steer("combat redo", "Do again what was taken back", |call| {
            ask(call, Request::Redo(pb::Redo {}), "It is done again.")
        }),
        steer("combat pause", "Stop the fight until you resume it", |call| {
            ask(call, Request::Pause(pb::Pause {}), "The fight is paused, for as long as you like.")
        }),
        steer("combat resume", "Go on with a paused fight", |call| {
            ask(call, Request::Resume(pb::Resume {}), "The fight goes on.")
        }),
        steer("combat end", "Call the fight over", |call| {
            ask(call, Request::EndCombat(pb::EndCombat {}), "The fight is over.")
        }),
    ]
}

fn ask(call: Call, request: Request, done: &'static str) -> Work {
    Box::pin(async move {
        let combat = call.fight()?;
        call.submit(Some(combat), None, request).await?;
        Ok(call.say(done))
    })
}
