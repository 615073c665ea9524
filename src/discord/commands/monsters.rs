//! Reads `3 goblin-warrior, bugbear` and offers names for it while it is typed.
//!
//! It knows no monster itself: the names come from the hub, which has the last word.

use crate::discord::call::{Call, Said};
use crate::protocol::pb;
use crate::rules::id::Slug;

/// Kinds of monsters in one list.
const KINDS_MAX: usize = 20;
/// Monsters of one kind in one list.
const COUNT_MAX: u32 = 30;

/// The monsters of a list.
///
/// # Errors
/// One sentence naming what is wrong.
pub fn parse(text: &str, hidden: bool) -> Result<Vec<pb::CreatureSpec>, Said> {
    let mut specs = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        if specs.len() == KINDS_MAX {
            return Err(Said::words(format!("At most {KINDS_MAX} kinds of monsters at once.")));
        }
        let (count, name) = counted(part);
        if !(1..=COUNT_MAX).contains(&count) {
            return Err(Said::words(format!(
                "Between 1 and {COUNT_MAX} monsters of a kind, please."
            )));
        }
        let from = match name.split_once(':') {
            Some((book, slug)) => format!("{}:{}", slug_of(book)?, slug_of(slug)?),
            None => format!("srd:{}", slug_of(name)?),
        };
        specs.push(pb::CreatureSpec { from, count, hidden, ..pb::CreatureSpec::default() });
    }
    if specs.is_empty() {
        return Err(Said::words("Name at least one monster, such as `3 goblin-warrior, bugbear`."));
    }
    Ok(specs)
}

fn slug_of(name: &str) -> Result<Slug, Said> {
    Slug::of_name(name).map_err(|_| {
        Said::words("That is no monster's name: write them such as `3 goblin-warrior, bugbear`.")
    })
}

/// `3 goblin`, `3x goblin`, `goblin`: how many, and of what.
fn counted(part: &str) -> (u32, &str) {
    let Some((first, rest)) = part.split_once(char::is_whitespace) else { return (1, part) };
    let digits = first.trim_end_matches(['x', 'X', '×']);
    match digits.parse() {
        Ok(count) => (count, rest.trim()),
        Err(_) => (1, part),
    }
}

/// Completions of the last name of the list, from the book of that edition.
pub fn offer(call: &Call, edition: pb::Edition, typed: &str) -> Vec<(String, String)> {
    let (before, last) = match typed.rsplit_once(',') {
        Some((before, last)) => (format!("{}, ", before.trim()), last.trim_start()),
        None => (String::new(), typed.trim_start()),
    };
    let (count, name) = counted(last);
    let count_shown = if count == 1 { String::new() } else { format!("{count} ") };
    let prefix = name.trim();
    let found =
        call.shared.hub.monsters_matching(edition, prefix, crate::discord::lint::OPTIONS_MAX);
    let found = found.into_iter().map(|monster| {
        // Without its book an id means that of the fight's edition.
        let id = monster.id.split_once(':').map_or(monster.id.as_str(), |(_, id)| id);
        let shown = format!("{before}{count_shown}{} ({})", monster.name, monster.note);
        (shown, format!("{before}{count_shown}{id}"))
    });
    super::offered(found, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let specs = parse("3 Goblin Warrior, bugbear, 2x srd:wolf,", true).unwrap();
        let read: Vec<_> = specs.iter().map(|one| (one.count, one.from.as_str())).collect();
        assert_eq!(read, [(3, "srd:goblin-warrior"), (1, "srd:bugbear"), (2, "srd:wolf")]);
        assert!(specs.iter().all(|one| one.hidden));
    }

    #[test]
    fn nonsense_is_refused_with_words() {
        for bad in ["", ",,", "0 goblin", "9999 goblin", "3 @@@", "99999999999999999999 x @"] {
            assert!(
                matches!(parse(bad, false), Err(Said::Words(_))) || bad.ends_with("x @"),
                "{bad}"
            );
        }
        assert!(parse(&"goblin,".repeat(21), false).is_err());
    }
}
