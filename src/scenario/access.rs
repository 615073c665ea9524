//! Who asks, and whether they may: the game master everything, a player for their own creatures.
//!
//! The same rules as at a real table, in small; the codes are those of docs/refusals.md.

use crate::protocol::Wish;
use crate::rules::id::{CreatureId, UserId};
use crate::rules::intent::{Action, Intent};
use crate::rules::state::Combat;

/// The person who runs every scenario.
pub(super) const GAME_MASTER: UserId = UserId(1);

const NOT_GAME_MASTER: &str = "not_game_master";
const NOT_YOUR_CREATURE: &str = "not_your_creature";
const NOT_ALLOWED: &str = "not_allowed";

/// Whether the person may ask for this.
///
/// # Errors
/// The code of the refusal.
pub(super) fn may(combat: &Combat, who: UserId, wish: &Wish) -> Result<(), &'static str> {
    let runs = combat.game_master() == Some(who);
    let run = || if runs { Ok(()) } else { Err(NOT_GAME_MASTER) };
    let owns = |id: CreatureId| combat.creature(id).is_some_and(|it| it.owner() == Some(who));
    let play = |id| if runs || owns(id) { Ok(()) } else { Err(NOT_YOUR_CREATURE) };
    match wish {
        Wish::Attach { .. } | Wish::Join { .. } => Ok(()),
        Wish::Initiate { .. } => Err(NOT_ALLOWED),
        Wish::AddCreatures { .. } | Wish::Begin | Wish::EndCombat | Wish::Undo | Wish::Redo => {
            run()
        }
        Wish::Intent(intent) => match intent {
            Intent::Act { creature, action } => {
                play(*creature)?;
                match action {
                    Action::Attack { mode: Some(_), .. }
                    | Action::KnockOut { mode: Some(_), .. } => run(),
                    _ => Ok(()),
                }
            }
            Intent::EndTurn { creature }
            | Intent::Leave { creature }
            | Intent::RollInitiative { creature } => play(*creature),
            Intent::Respond { prompt, .. } => {
                let open = combat.pending().iter().find(|open| open.prompt.id == *prompt);
                open.map_or(Ok(()), |open| play(open.prompt.creature))
            }
            _ => run(),
        },
    }
}
