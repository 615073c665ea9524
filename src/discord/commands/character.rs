//! `/character create|list|show|use|import|export`: the people one plays, between fights.
//!
//! Whether a choice is allowed is never decided here.

use super::{Choice, Command, Completing, Need, Who, offered};
use crate::discord::call::{Call, Said, Work};
use crate::discord::render::{parts, text};
use crate::discord::replies::{Deferral, Reply, sentence};
use crate::hub::Named;
use crate::protocol::pb;
use crate::rules::id::CharacterId;

/// Characters in the list.
const LISTED: u32 = 50;
/// Characters of a sheet that is brought: what Discord lets somebody type.
const IMPORT_CHARS: u16 = 6_000;
/// Characters of a sheet that are shown.
const SHEET_CHARS: usize = 3_600;

const CREATE: &[Choice] = &[
    Choice::text("name", "What your character is called", Need::Required).up_to(60),
    Choice::text("class", "Alone: a ready-made hero of level 3", Need::Required).completed(),
    Choice::text("level", "1 to 20; left out with other choices: 1", Need::Optional).completed(),
    Choice::text("species", "Such as Human or Wood Elf", Need::Optional).completed(),
    Choice::text("background", "Acolyte, Criminal, Sage or Soldier", Need::Optional).completed(),
    Choice::text("scores", "Six scores: the standard array or 27 points", Need::Optional)
        .completed(),
];
const SHEET: &[Choice] = &[
    Choice::text("sheet", "The JSON of a sheet", Need::Required).up_to(IMPORT_CHARS),
    Choice::text("character", "Whose sheet it replaces, after a new level", Need::Optional)
        .completed(),
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
        command(
            "character create",
            "Make a character: a class, and what else you say",
            CREATE,
            create,
        ),
        command("character list", "Your characters in this server", &[], list),
        command("character show", "A character's sheet", SHOWN, show),
        command("character use", "Choose whom you play from now on", ONE, select),
        command("character import", "Bring a character as JSON", SHEET, import),
        command("character export", "A character's sheet as JSON", SHOWN, export),
    ]
}

fn create(call: Call) -> Work {
    Box::pin(async move {
        let class = call.args.text("class").unwrap_or_default().to_lowercase();
        let (guild_id, name) = (call.guild.0.to_string(), call.args.text("name"));
        let request = pb::CreateCharacterRequest {
            guild_id,
            name: name.unwrap_or_default().to_owned(),
            sheet: Some(wanted(&call, &class)?),
            request_id: format!("discord-{}", call.to.id),
        };
        let made = call.shared.hub.create_character(&call.who(), request).await?;
        ready(&call, made).await
    })
}

/// What is asked for: the ready-made hero of the class if nothing else is said, else a sheet of
/// what is said.
fn wanted(call: &Call, class: &str) -> Result<pb::create_character_request::Sheet, Said> {
    use pb::create_character_request::Sheet;
    let asked = ["level", "species", "background", "scores"];
    if asked.iter().all(|name| call.args.text(name).is_none()) {
        let all = call.shared.hub.hero_classes();
        let same = |one: &&Named| class_of(&one.id) == class_of(class);
        if let Some(found) = all.iter().find(same) {
            return Ok(Sheet::Class(class_of(&found.id).to_owned()));
        }
    }
    let classes = call.shared.hub.classes();
    if !classes.iter().any(|one| one.id == class_of(class)) {
        return Err(Said::words("There is no such class: choose one of those offered."));
    }
    let text = |name: &str| call.args.text(name).unwrap_or_default().to_owned();
    let level = match call.args.text("level") {
        None => 0,
        Some(typed) => typed
            .parse()
            .ok()
            .filter(|level| (1..=20).contains(level))
            .ok_or_else(|| Said::words("The level is a number from 1 to 20."))?,
    };
    Ok(Sheet::Choices(pb::CharacterChoices {
        class: class_of(class).to_owned(),
        level,
        species: text("species"),
        background: text("background"),
        scores: call.args.text("scores").map(scores).transpose()?,
    }))
}

/// Six scores in the order of the sheet, with whatever stands between them.
fn scores(typed: &str) -> Result<pb::AbilityScores, Said> {
    let numbers: Option<Vec<u32>> = typed
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect();
    match numbers.as_deref() {
        Some([strength, dexterity, constitution, intelligence, wisdom, charisma]) => {
            Ok(pb::AbilityScores {
                strength: *strength,
                dexterity: *dexterity,
                constitution: *constitution,
                intelligence: *intelligence,
                wisdom: *wisdom,
                charisma: *charisma,
            })
        }
        _ => Err(Said::words(
            "Scores are six numbers: Strength, Dexterity, Constitution, Intelligence, Wisdom, \
             Charisma, such as `15 14 13 12 10 8`.",
        )),
    }
}

/// Says that a character is there, and makes it the one that is played.
async fn ready(call: &Call, made: pb::Character) -> Result<Reply, Said> {
    let id: CharacterId = made
        .character_id
        .parse()
        .map_err(|_| Said::words("The character was made but cannot be read."))?;
    call.shared.hub.use_character(&call.who(), call.guild, id).await?;
    Ok(sentence(&format!(
        "{}, {} {}, is ready: join a fight with `/combat join`, or read `/character show`.",
        made.name, made.class, made.level
    )))
}

fn import(call: Call) -> Work {
    Box::pin(async move {
        let mut request = pb::ImportCharacterRequest {
            guild_id: call.guild.0.to_string(),
            json: call.args.text("sheet").unwrap_or_default().to_owned(),
            request_id: format!("discord-{}", call.to.id),
            ..pb::ImportCharacterRequest::default()
        };
        if call.args.text("character").is_some() {
            let replaced = named(&call)?;
            request.expected_version = replaced.version;
            request.character_id = replaced.character_id;
        }
        let done = call.shared.hub.import_character(&call.who(), request).await?;
        if let Some(made) = done.character {
            return ready(&call, made).await;
        }
        let mut lines = vec!["**This sheet cannot be used yet:**".to_owned()];
        lines.extend(done.problems.iter().map(|problem| {
            let place = if problem.path.is_empty() { "sheet" } else { &problem.path };
            format!("• {}: {}", text::line(place, 80), text::line(&problem.message, 300))
        }));
        let (shown, rest) = text::fitting(&lines, SHEET_CHARS);
        let more = if rest > 0 { format!("\n… and {rest} more") } else { String::new() };
        Ok(Reply::New(parts::private(vec![parts::text(&format!("{shown}{more}"))])))
    })
}

fn export(call: Call) -> Work {
    Box::pin(async move {
        let found = named(&call)?;
        let request = pb::GetCharacterRequest {
            guild_id: call.guild.0.to_string(),
            character_id: found.character_id.clone(),
        };
        let json = call.shared.hub.export_character(&call.who(), &request)?.json;
        // A backtick would end the block; written as an escape it is the same JSON.
        let json = json.replace('`', "\\u0060");
        if json.chars().count() > SHEET_CHARS {
            return Err(Said::words(
                "The sheet is longer than a message may be: ExportCharacter gives it over gRPC.",
            ));
        }
        let shown = format!("```json\n{json}\n```");
        Ok(Reply::New(parts::private(vec![parts::text(&shown)])))
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
                let ready = call.shared.hub.hero_classes();
                let all = call.shared.hub.classes().into_iter();
                let all = all.map(|one| {
                    let hero = ready.iter().find(|hero| class_of(&hero.id) == one.id);
                    let note = hero.map_or(one.note, |hero| hero.note.clone());
                    (format!("{} ({note})", one.name), one.id)
                });
                offered(all, typed)
            }
            Some(("species", typed)) => noted(call.shared.hub.species(), typed),
            Some(("background", typed)) => noted(call.shared.hub.backgrounds(), typed),
            Some(("level", typed)) => {
                offered((1..=20).map(|level| (format!("Level {level}"), level.to_string())), typed)
            }
            Some(("scores", typed)) => offered(arrays(typed), typed),
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

fn noted(all: Vec<Named>, typed: &str) -> Vec<(String, String)> {
    offered(all.into_iter().map(|one| (format!("{} ({})", one.name, one.note), one.id)), typed)
}

/// What was typed, and the standard array to begin with.
fn arrays(typed: &str) -> Vec<(String, String)> {
    let array = "15 14 13 12 10 8";
    let mut all = vec![(format!("{array} (Str, Dex, Con, Int, Wis, Cha)"), array.to_owned())];
    if scores(typed).is_ok() {
        all.insert(0, (typed.trim().to_owned(), typed.trim().to_owned()));
    }
    all
}
