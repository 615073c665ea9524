//! `/combat undo|redo|pause|resume|end|watch`: steering the fight as a whole.

use super::{Choice, Command, FIGHT, Who, fights_only};
use crate::discord::call::{Call, Said, Work};
use crate::discord::render::parts;
use crate::discord::replies::{Deferral, Reply};
use crate::hub::Scope;
use crate::hub::tokens::DEFAULT_LIFETIME;
use crate::protocol::pb;
use crate::rules::id::CombatId;
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
        Command {
            who: Who::Everybody,
            ..steer("combat watch", "Get a link to watch the fight live", |call| {
                Box::pin(async move {
                    let combat = call.fight()?;
                    watch(&call, combat).await
                })
            })
        },
    ]
}

fn ask(call: Call, request: Request, done: &'static str) -> Work {
    Box::pin(async move {
        let combat = call.fight()?;
        call.submit(Some(combat), None, request).await?;
        Ok(call.say(done))
    })
}

/// A private link to watch as a spectator.
pub async fn watch(call: &Call, combat: CombatId) -> Result<Reply, Said> {
    let Some(page) = &call.shared.options.public_url else {
        return Err(Said::words(
            "There is no page to watch on: the owner of this bot has not set PUBLIC_URL.",
        ));
    };
    // that the caller may see the fight at all
    call.snapshot(combat).await?;
    let scope = Scope::Observe { combat };
    let token =
        call.shared.hub.tokens().issue(call.who().user, scope, Some(DEFAULT_LIFETIME)).await?;
    let url = format!("{}/#combat={combat}&token={}", page.trim_end_matches('/'), token.secret);
    Ok(Reply::New(parts::private(vec![
        parts::text("This link shows the fight live, as a spectator sees it, for a day."),
        parts::row(vec![parts::link("Watch live", &url)]),
    ])))
}
