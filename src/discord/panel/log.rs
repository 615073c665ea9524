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
    let newest = last.saturating_sub(PAGE_EVENTS);
    let after = arg.parse().unwrap_or(newest).min(last);
    let limit = u32::try_from(PAGE_EVENTS).unwrap_or(30);
    let lines = call.lines(combat, &scene, after, limit).await?;
    let end = after.saturating_add(PAGE_EVENTS);
    let lines: Vec<String> = lines
        .into_iter()
        .filter(|(seq, _)| *seq <= end)
        .map(|(_, line)| text::line(&line, text::LINE_SHOWN_CHARS))
        .map(|line| format!("-# {line}"))
        .collect();
    let (shown, rest) = text::fitting(&lines, PAGE_CHARS);
    let shown =
        if shown.is_empty() { small_print(&["Nothing to tell.".to_owned()]) } else { shown };
    let more = if rest > 0 { format!("\n-# … and {rest} more lines") } else { String::new() };
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
        parts::text(&format!("## {}\n{shown}{more}", text::name(&scene.name))),
        parts::row(row),
    ])]))
}
