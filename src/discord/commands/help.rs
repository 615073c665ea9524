//! `/help`: what can be typed, straight from the table.

use core::fmt::Write;

use super::{Choice, Command, Completing, Need, Takes, Who, offered, table};
use crate::discord::call::{Call, Said, Work};
use crate::discord::render::{parts, text};
use crate::discord::replies::{Deferral, Reply};

pub const NAME: &str = "help";
/// Characters of the help; below what one message takes.
const SHOWN_CHARS: usize = 3_600;

/// Who uses what, in the order of the overview.
const GROUPS: [(Who, &str); 3] = [
    (Who::Everybody, "For everybody"),
    (Who::Players, "For those who play"),
    (Who::GameMaster, "For the game master"),
];

const OPTIONS: &[Choice] =
    &[Choice::text("command", "A command to explain", Need::Optional).completed()];

pub fn command() -> Command {
    Command {
        name: NAME,
        description: "What you can do, or how one command works",
        options: OPTIONS,
        who: Who::Everybody,
        deferral: Deferral::Private,
        run,
        autocomplete,
    }
}

pub fn run(call: Call) -> Work {
    Box::pin(async move {
        let words = match call.args.text("command") {
            Some(wanted) => {
                let wanted = wanted.trim_start_matches('/').to_lowercase();
                let table = table();
                let found = table.iter().find(|one| one.name == wanted);
                explain(found.ok_or_else(|| {
                    Said::words("There is no such command: `/help` lists them all.")
                })?)
            }
            None => overview(),
        };
        Ok(Reply::New(parts::private(vec![parts::text(&words)])))
    })
}

/// One line a command, by who uses it.
pub fn overview() -> String {
    let mut lines = vec![
        "**Skirmish** runs fights: `/combat start`, everybody joins, `/combat begin`, and the \
         card in the channel shows how it goes. On your turn press **My actions**."
            .to_owned(),
    ];
    let table = table();
    for (who, heading) in GROUPS {
        lines.push(format!("**{heading}**"));
        let theirs = table.iter().filter(|one| one.who == who);
        lines.extend(theirs.map(|one| format!("`/{}` {}", one.name, one.description)));
    }
    lines.push("`/help command:` explains one of them.".to_owned());
    text::fitting(&lines, SHOWN_CHARS).0
}

/// Everything about one command.
pub fn explain(command: &Command) -> String {
    let mut words =
        format!("`/{}` {}. For {}.", command.name, command.description, command.who.words());
    for option in command.options {
        let need = if option.need == Need::Required { "" } else { " (optional)" };
        let written = write!(words, "\n`{}`{need} {}", option.name, option.description);
        debug_assert!(written.is_ok(), "writing to a string cannot fail");
        if let Takes::OneOf(values) = option.takes {
            for (_, shown) in values {
                words.push_str("\n-# ");
                words.push_str(shown);
            }
        }
    }
    words
}

pub fn autocomplete(call: Call) -> Completing {
    Box::pin(async move {
        let typed = call.args.focused().map(|(_, typed)| typed).unwrap_or_default();
        let all = table().into_iter().map(|one| (format!("/{}", one.name), one.name.to_owned()));
        offered(all, typed.trim_start_matches('/'))
    })
}
