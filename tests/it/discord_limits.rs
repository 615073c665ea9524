//! Who may not use the bot, and who may not use it so fast: each is told so, privately.

use std::time::Duration;

use serde_json::{Value, json};
use skirmish::discord::bot::BotOptions;
use skirmish::discord::commands::{self, Need};
use skirmish::discord::flood::Allowance;
use skirmish::hub::HubOptions;

use crate::support::discord::InteractionResult;
use crate::support::guild::{BORIN, CHANNEL, MIRA, guild, guild_with, said};

/// P18: from private messages nothing is done, whatever is typed or clicked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_private_messages_everything_is_refused_in_words() {
    let guild = guild().await;
    let combat = guild.begun("goblin-warrior", None).await;
    let card = guild.card("Round").await;
    let before = guild.snapshot(combat).await.as_of;
    let alone = guild.fake.user(MIRA).in_private();
    let refused = |result: &InteractionResult, what: &str| {
        assert!(result.message().is_private(), "{what}");
        assert!(result.text().contains("only work in servers"), "{what}: {}", result.text());
    };
    let table = commands::table();
    for command in &table {
        let (name, sub) = command.name.split_once(' ').unwrap_or((command.name, ""));
        let needed = command.options.iter().filter(|one| one.need == Need::Required);
        let options: Vec<(&str, Value)> = needed.map(|one| (one.name, json!("1d6"))).collect();
        refused(&alone.slash(CHANNEL, name, sub, &options).await, command.name);
    }
    let typing = [("dice", json!("1d6"))];
    let nothing = [("character", json!(""))];
    let offered = alone.autocomplete(CHANNEL, "combat", "join", &nothing, "character").await;
    assert_eq!(offered, []);
    for button in card.buttons() {
        let clicked = alone.forge_component(&card, 2, &button.custom_id, &[]).await;
        refused(&clicked, &button.label);
    }
    // in the guild the same person is welcome
    assert!(
        !guild.fake.user(MIRA).slash(CHANNEL, "roll", "", &typing).await.message().is_private()
    );
    guild.player_to_act(combat).await.unwrap();
    assert!(guild.snapshot(combat).await.as_of >= before);
    guild.fake.assert_clean();
    guild.close().await;
}

/// One who hammers is told to wait; nobody else notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_too_fast_is_held_back_and_nobody_else() {
    /// What Mira does until the fight has begun.
    const USED: usize = 3;
    const BURST: usize = 12;
    const CLICKS: usize = 40;
    let allowance = Allowance {
        burst: u32::try_from(BURST).unwrap(),
        // longer than any test: nothing comes back while it runs
        refill_every: Duration::from_hours(1),
    };
    let options = BotOptions { allowance };
    let guild = guild_with(HubOptions::default(), options).await;
    guild.begun("goblin-warrior", None).await;
    let card = guild.card("Round").await;
    let mira = guild.fake.user(MIRA);
    let clicks: Vec<u64> = (0..CLICKS).map(|_| mira.click_and_leave(&card, "My actions")).collect();
    let (mut served, mut held) = (0, 0);
    for click in clicks {
        let answer = InteractionResult::of(&guild.fake, click).await;
        assert!(answer.message().is_private());
        let text = said(&answer);
        if text.contains("faster than I can follow") {
            assert!(text.contains("wait 3600 seconds"), "{text}");
            held += 1;
        } else {
            served += 1;
        }
    }
    assert_eq!((served, held), (BURST - USED, CLICKS + USED - BURST));
    let nothing = [("character", json!(""))];
    let typed = mira.autocomplete(CHANNEL, "combat", "join", &nothing, "character").await;
    assert_eq!(typed, [], "completions are of the same budget");
    let figures = guild.hub.metrics().render().unwrap();
    let counted = figures
        .lines()
        .find(|line| line.contains("skirmish_refusals_total") && line.contains("too_fast"))
        .unwrap_or_else(|| panic!("no figure for it in {figures}"));
    assert!(counted.contains("discord") && counted.ends_with(&(held + 1).to_string()), "{counted}");
    let borin = guild.fake.user(BORIN).click(&card, "My actions").await;
    assert!(!said(&borin).contains("faster"), "{}", said(&borin));
    guild.fake.assert_clean();
    guild.close().await;
}
