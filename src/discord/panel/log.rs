//! The whole story of a fight in pages, as the one who asks may see it.

use crate::discord::call::{Call, Said, small_print};
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::parts::{self, Style};
use crate::discord::render::text;
use crate::discord::replies::Reply;
use crate::rules::id::CombatId;
use crate::view::scene::Scene;

/// Events of a page.
const PAGE_EVENTS: u64 = 30;
/// Characters of a page.
const PAGE_CHARS: usize = 3_300;

/// The page that begins after the number in `arg`; without one, the last.
///
/// # Errors
/// A sentence for the caller.
pub async fn page(call: &Call, combat: CombatId, arg: &str) -> Result<Reply, Said> {
    let snapshot = call.snapshot(combat).await?;
    let scene = Scene::of_snapshot(&snapshot);
    let last = scene.as_of;
    let asked = arg.parse().ok().map(|after: u64| after.min(last));
    let after = asked.unwrap_or(last.saturating_sub(PAGE_EVENTS));
    let limit = u32::try_from(PAGE_EVENTS).unwrap_or(30);
    let lines = call.lines(combat, &scene, after, limit).await?;
    let end = after.saturating_add(PAGE_EVENTS).min(last);
    let lines: Vec<(u64, String)> = lines
        .into_iter()
        .filter(|(seq, _)| *seq <= end)
        .map(|(seq, line)| (seq, format!("-# {}", text::line(&line, text::LINE_SHOWN_CHARS))))
        .collect();
    let keep = if asked.is_some() { Keep::First } else { Keep::Last };
    let Page { after, end, lines } = fit(after, end, lines, keep);
    let shown = if lines.is_empty() {
        small_print(&["Nothing to tell.".to_owned()])
    } else {
        lines.join("\n")
    };
    let id = |after: u64| CustomId::new(combat, Verb::Log).arg(after).to_string();
    let older = parts::button(Style::Secondary, "Older", &id(after.saturating_sub(PAGE_EVENTS)));
    let newer = parts::button(Style::Secondary, "Newer", &id(end));
    let latest = CustomId::new(combat, Verb::Log).to_string();
    let row = vec![
        if after == 0 { parts::disabled(older) } else { older },
        if end >= last { parts::disabled(newer) } else { newer },
        parts::button(Style::Secondary, "Latest", &latest),
    ];
    Ok(call.show(vec![parts::container(vec![
        parts::text(&format!("## {}\n{shown}", text::name(&scene.name))),
        parts::row(row),
    ])]))
}

/// Which lines stay on a page that holds not all of them; the others are on the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    First,
    Last,
}

/// The lines of the events after one number up to another.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    after: u64,
    end: u64,
    lines: Vec<String>,
}

/// As many lines as fit on a page, which then ends, or begins, with the event of the last one.
fn fit(after: u64, end: u64, lines: Vec<(u64, String)>, keep: Keep) -> Page {
    let mut page = Page { after, end, lines: Vec::new() };
    let mut length = 0;
    let ordered: Box<dyn Iterator<Item = (u64, String)>> = match keep {
        Keep::First => Box::new(lines.into_iter()),
        Keep::Last => Box::new(lines.into_iter().rev()),
    };
    for (seq, line) in ordered {
        length += line.encode_utf16().count() + 1;
        if length > PAGE_CHARS {
            match keep {
                Keep::First => page.end = seq.saturating_sub(1),
                Keep::Last => page.after = seq,
            }
            break;
        }
        page.lines.push(line);
    }
    if keep == Keep::Last {
        page.lines.reverse();
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: u64) -> Vec<(u64, String)> {
        (1..=count).map(|seq| (seq, "x".repeat(PAGE_CHARS / 4))).collect()
    }

    #[test]
    fn what_does_not_fit_on_a_page_is_on_the_next() {
        let first = fit(0, 5, lines(5), Keep::First);
        assert_eq!((first.after, first.end, first.lines.len()), (0, 3, 3));
        let rest: Vec<_> = lines(5).into_iter().filter(|(seq, _)| *seq > first.end).collect();
        let next = fit(first.end, 5, rest, Keep::First);
        assert_eq!((next.after, next.end, next.lines.len()), (3, 5, 2));
    }

    #[test]
    fn the_latest_page_ends_with_the_latest_line() {
        let latest = fit(0, 5, lines(5), Keep::Last);
        assert_eq!((latest.after, latest.end, latest.lines.len()), (2, 5, 3));
        assert_eq!(fit(0, 2, lines(2), Keep::Last).after, 0, "a page that fits is whole");
    }
}
