//! `/character create|list|show|use`: the people one plays, between fights.

use super::{Choice, Command, Completing, Need, Who, offered};
use crate::discord::call::{Call, Said, Work};
use crate::discord::render::{parts, text};
use crate::discord::replies::{Deferral, Reply, sentence};
use crate::protocol::pb;
use crate::rules::id::CharacterId;

/// Characters in the list.
const LISTED: u32 = 50;
/// Characters of a sheet that are shown.
const SHEET_CHARS: usize = 3_600;

const CREATE: &[Choice] = &[
    Choice::text("name", "What your character is called", Need::Required).up_to(60),
    Choice::text("class", "One of the ready-made classes", Need::Required).completed(),
];
const ONE: &[Choice] =
    &[Choice::text("character", "One of your characters", Need::Required).completed()];
const SHOWN: &[Choice] =
    &[Choice::text("character", "One of your characters", Need::Optional).completed()];

/// The commands of this file.
pub fn commands() -> Vec<Command> {
    let command = |name, description, options, run: fn(Call) -> Work| Command {
        name,
        description,
        options,
        who: Who::Everybody,
        deferral: Deferral::Private,
        run,
        autocomplete,
    };
    vec![
        command("character create", "Make a character from a ready-made class", CREATE, create),
        command("character list", "Your characters in this server", &[], list),
        command("character show", "A character's sheet", SHOWN, show),
        command("character use", "Choose whom you play from now on", ONE, select),
    ]
}

fn create(call: Call) -> Work {
    Box::pin(async move {
        let class = call.args.text("class").unwrap_or_default().to_lowercase();
        let classes = call.shared.hub.hero_classes();
        let found = classes
            .iter()
            .find(|one| class_of(&one.id) == class_of(&class) || one.name.to_lowercase() == class)
            .ok_or_else(|| Said::words("There is no such class: choose one of those offered."))?;
        let request = pb::CreateCharacterRequest {
            guild_id: call.guild.0.to_string(),
            name: call.args.text("name").unwrap_or_default().to_owned(),
            sheet: Some(pb::create_character_request::Sheet::Class(class_of(&found.id).to_owned())),
            request_id: format!("discord-{}", call.to.id),
        };
        let made = call.shared.hub.create_character(&call.who(), request).await?;
        let id: CharacterId = made
            .character_id
            .parse()
            .map_err(|_| Said::words("The character was made but cannot be read."))?;
        call.shared.hub.use_character(&call.who(), call.guild, id).await?;
        Ok(sentence(&format!(
            "{}, {} {}, is ready: join a fight with `/combat join`.",
            made.name, made.class, made.level
        )))
    })
}

fn class_of(id: &str) -> &str {
    id.strip_prefix("hero:").unwrap_or(id)
}

fn own(call: &Call) -> Result<Vec<pb::Character>, Said> {
    let request = pb::ListCharactersRequest {
        guild_id: call.guild.0.to_string(),
        page_size: LISTED,
        ..pb::ListCharactersRequest::default()
    };
    Ok(call.shared.hub.list_characters(&call.who(), &request)?.characters)
}

fn list(call: Call) -> Work {
    Box::pin(async move {
        let all = own(&call)?;
        if all.is_empty() {
            return Ok(sentence("You have no character yet: make one with `/character create`."));
        }
        let active = call.shared.hub.active_character(call.guild, call.who().user)?;
        let lines: Vec<String> = all
            .iter()
            .map(|one| {
                let is_active =
                    active.as_ref().is_some_and(|active| active.character_id == one.character_id);
                format!(
                    "**{}** · {} {} · {} HP{}{}",
                    text::name(&one.name),
                    text::line(&one.class, 40),
                    one.level,
                    one.hit_points,
                    if one.session_id.is_empty() { "" } else { " · in a fight" },
                    if is_active { " · played now" } else { "" },
                )
            })
            .collect();
        let (shown, rest) = text::fitting(&lines, SHEET_CHARS);
        let more = if rest > 0 { format!("\n… and {rest} more") } else { String::new() };
        Ok(Reply::New(parts::private(vec![parts::text(&format!("{shown}{more}"))])))
    })
}

/// The character that was named, or the active one.
fn named(call: &Call) -> Result<pb::Character, Said> {
    let Some(typed) = call.args.text("character") else {
        let active = call.shared.hub.active_character(call.guild, call.who().user)?;
        return active.ok_or_else(|| {
            Said::words("You play nobody yet: make a character with `/character create`.")
        });
    };
    let typed = typed.to_lowercase();
    own(call)?
        .into_iter()
        .find(|one| one.character_id == typed || one.name.to_lowercase() == typed)
        .ok_or_else(|| Said::words("You have no such character: see `/character list`."))
}

fn show(call: Call) -> Work {
    Box::pin(async move {
        let found = named(&call)?;
        let request = pb::GetCharacterRequest {
            guild_id: call.guild.0.to_string(),
            character_id: found.character_id.clone(),
        };
        let sheet = call.shared.hub.character_sheet(&call.who(), &request)?;
        let mut lines = vec![format!(
            "## {}\n{} {} · {} HP",
            text::name(&found.name),
            text::line(&found.class, 40),
            found.level,
            found.hit_points
        )];
        for section in &sheet.sections {
            lines.push(format!("**{}**", text::line(&section.heading, 60)));
            lines.extend(section.lines.iter().map(|line| text::line(&capital(line), 300)));
        }
        let (shown, rest) = text::fitting(&lines, SHEET_CHARS);
        let more = if rest > 0 { format!("\n… and {rest} more lines") } else { String::new() };
        Ok(Reply::New(parts::private(vec![parts::text(&format!("{shown}{more}"))])))
    })
}

/// With a capital at the beginning.
fn capital(line: &str) -> String {
    let mut chars = line.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

fn select(call: Call) -> Work {
    Box::pin(async move {
        let found = named(&call)?;
        let id: CharacterId = found
            .character_id
            .parse()
            .map_err(|_| Said::words("That character cannot be read."))?;
        let chosen = call.shared.hub.use_character(&call.who(), call.guild, id).await?;
        Ok(sentence(&format!("You play {} from now on.", chosen.name)))
    })
}

fn autocomplete(call: Call) -> Completing {
    Box::pin(async move {
        match call.args.focused() {
            Some(("class", typed)) => {
                let all = call.shared.hub.hero_classes().into_iter();
                let all = all.map(|one| {
                    (format!("{} ({})", one.name, one.note), class_of(&one.id).to_owned())
                });
                offered(all, typed)
            }
            Some(("character", typed)) => {
                let all = own(&call).unwrap_or_default().into_iter();
                let all = all.map(|one| {
                    (format!("{} ({} {})", one.name, one.class, one.level), one.character_id)
                });
                offered(all, typed)
            }
            _ => Vec::new(),
        }
    })
}
