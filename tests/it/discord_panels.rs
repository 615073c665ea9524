//! Private panels and questions: they reach whom they concern, and stay true without a click.

use std::time::Duration;

use serde_json::json;
use skirmish::discord::bot::BotOptions;
use skirmish::discord::flood::Allowance;
use skirmish::hub::{HubOptions, Principal, Scope};
use skirmish::protocol::pb;
use skirmish::rules::id::{CombatId, GuildId, UserId};

use crate::support::discord::{GUILD, InteractionResult, MessageView};
use crate::support::guild::{BORIN, CHANNEL, GM, Guild, MIRA, guild, guild_with, said};

/// Waits until an answer, which nobody touches, shows this.
async fn shows(guild: &Guild, result: &InteractionResult, what: &str) -> MessageView {
    let id = result.id;
    guild
        .fake
        .wait_for(what, |world| {
            let message = &world.messages[&world.interactions[&id].original?];
            let view = MessageView::of(world, message);
            view.text().contains(what).then_some(view)
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_panel_follows_the_turns_without_a_click() {
    let guild = guild().await;
    let combat = guild.begun("goblin-warrior", None).await;
    let (first, _) = guild.player_to_act(combat).await.unwrap();
    let other = guild.fake.user(if first.id == MIRA { BORIN } else { MIRA });
    let card = guild.card("Round").await;
    let waiting = other.click(&card, "My actions").await;
    assert!(waiting.text().contains("the turn of"), "{}", waiting.text());
    let panel = first.click(&card, "My actions").await;
    assert!(panel.text().contains("your turn"), "{}", panel.text());
    first.click(&panel.message(), "End turn").await;
    let now = shows(&guild, &waiting, "your turn").await;
    assert!(now.has_button("End turn"), "{}", now.text());
    assert!(now.is_private() && now.edits >= 1);
    // and its new buttons work
    other.click(&now, "End turn").await;
    guild.fake.assert_clean();
    guild.close().await;
}

/// When the token has expired, or the panel was dismissed, nothing is tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panel_that_is_gone_is_left_alone() {
    let guild = guild().await;
    let combat = guild.begun("goblin-warrior", None).await;
    let (first, _) = guild.player_to_act(combat).await.unwrap();
    let other = guild.fake.user(if first.id == MIRA { BORIN } else { MIRA });
    let card = guild.card("Round").await;
    let waiting = other.click(&card, "My actions").await;
    guild.fake.expire(waiting.id);
    let edits = format!("token-of-interaction-{}/messages", waiting.id);
    let own = first.slash(CHANNEL, "combat", "end-turn", &[]).await;
    let pattern = edits.clone();
    guild
        .fake
        .wait_for("the one try", |world| {
            let tried = world.requests.iter().filter(|one| one.path.contains(&pattern));
            (tried.count() >= 1).then_some(())
        })
        .await;
    // the others' panels go on
    guild.player_to_act(combat).await.unwrap();
    let current = guild.snapshot(combat).await.current_id;
    let end = pb::combat_request::Request::EndTurn(pb::EndTurn { creature_id: current });
    ask(&guild, combat, end).await;
    shows(&guild, &own, "your turn").await;
    let tries = guild
        .fake
        .see(|world| world.requests.iter().filter(|one| one.path.contains(&edits)).count());
    assert_eq!(tries, 1);
    guild.close().await;
}

async fn ask(guild: &Guild, combat: CombatId, request: pb::combat_request::Request) {
    let who = Principal { user: UserId(GM), scope: Scope::Start { guild: GuildId(GUILD) } };
    let request = pb::CombatRequest {
        request_id: skirmish::clock::fresh_uuid().to_string(),
        session_id: combat.to_string(),
        request: Some(request),
        ..pb::CombatRequest::default()
    };
    guild.hub.submit(&who, request).await.unwrap();
}

/// A goblin that the game master plays by hand stands beside Mira and walks away: she is asked
/// whether she strikes. Gives the public note, and her panel, opened before.
async fn asked(guild: &Guild) -> (CombatId, MessageView, InteractionResult) {
    let combat = guild.begun("goblin-warrior", Some("12x12")).await;
    guild.player_to_act(combat).await.unwrap();
    let snapshot = guild.snapshot(combat).await;
    let of = |owner: String| {
        snapshot.creatures.iter().find(|one| one.owner_id == owner).unwrap().clone()
    };
    let (mira, borin) = (of(MIRA.to_string()), of(BORIN.to_string()));
    let goblin = snapshot.creatures.iter().find(|one| one.owner_id.is_empty()).unwrap().clone();
    let places = [(&mira, 5, 5, None), (&borin, 11, 11, None), (&goblin, 5, 6, Some(false))];
    for (creature, x, y, autopilot) in places {
        let adjust = pb::Adjust {
            creature_id: creature.id.clone(),
            position: Some(pb::Position { x, y }),
            autopilot,
            ..pb::Adjust::default()
        };
        ask(guild, combat, pb::combat_request::Request::Adjust(adjust)).await;
    }
    let panel = guild.fake.user(MIRA).click(&guild.card("Round").await, "My actions").await;
    for _ in 0..6 {
        let snapshot = guild.snapshot(combat).await;
        if snapshot.current_id == goblin.id {
            break;
        }
        let end = pb::EndTurn { creature_id: snapshot.current_id };
        ask(guild, combat, pb::combat_request::Request::EndTurn(end)).await;
    }
    let options = [("type", json!("move")), ("target", json!("F10"))];
    let moved = guild.fake.user(GM).slash(CHANNEL, "combat", "action", &options).await;
    assert!(said(&moved).contains("waits for a decision"), "{}", said(&moved));
    let mention = format!("<@{MIRA}>");
    let note = guild
        .fake
        .channel(CHANNEL)
        .wait_for("the question", |one| one.text().contains(&mention) && one.has_button("Decide"))
        .await;
    assert!(
        note.text().contains("has a decision to make") && note.text().contains("<t:"),
        "{}",
        note.text()
    );
    assert!(!note.text().contains("Strike"), "what is asked is not public: {}", note.text());
    (combat, note, panel)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_reaches_its_player_and_nobody_else() {
    let guild = guild().await;
    let (combat, note, panel) = asked(&guild).await;
    let shown = shows(&guild, &panel, "Strike?").await;
    assert!(shown.has_button("No"), "the open panel asks by itself: {}", shown.text());
    let others = guild.fake.user(BORIN).click(&note, "Decide").await;
    assert!(others.message().is_private());
    assert!(others.text().contains("somebody else"), "{}", others.text());
    let asked = guild.fake.user(MIRA).click(&note, "Decide").await;
    assert!(asked.message().is_private() && asked.text().contains("Strike?"));
    let message = asked.message();
    let answered = if message.has_button("Yes") {
        guild.fake.user(MIRA).click(&message, "Yes").await
    } else {
        let with = message.select("Yes, with").options[0].1.clone();
        guild.fake.user(MIRA).choose(&message, "Yes, with", &[&with]).await
    };
    assert!(said(&answered).contains("strikes at"), "{}", said(&answered));
    guild
        .fake
        .wait_for("the note to go", |world| world.messages[&note.id].deleted.then_some(()))
        .await;
    assert!(guild.snapshot(combat).await.prompts.is_empty());
    let decide = note.button("Decide").custom_id;
    let late = guild.fake.user(MIRA).forge_component(&note, 2, &decide, &[]).await;
    assert!(said(&late).contains("time is over"), "{}", said(&late));
    guild.fake.assert_clean();
    guild.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_without_an_answer_is_shown_to_have_passed() {
    let hub = HubOptions { prompt_timeout: Duration::from_secs(2), ..HubOptions::default() };
    let allowance = Allowance { burst: 10_000, ..Allowance::default() };
    let guild = guild_with(hub, BotOptions { allowance }).await;
    let (_, note, panel) = asked(&guild).await;
    let shown = shows(&guild, &panel, "did not decide in time").await;
    assert!(!shown.has_button("No"), "{}", shown.text());
    guild.card("did not decide in time").await;
    guild
        .fake
        .wait_for("the note to go", |world| world.messages[&note.id].deleted.then_some(()))
        .await;
    guild.fake.assert_clean();
    guild.close().await;
}

/// Readying is one entry of the list, however many attacks there are; then what, then when.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn something_is_kept_ready_for_a_chosen_moment() {
    let guild = guild().await;
    let combat = guild.begun("commoner", Some("12x12")).await;
    let (user, snapshot) = guild.player_to_act(combat).await.unwrap();
    let panel = user.click(&guild.card("Round").await, "My actions").await.message();
    let actions = panel.select("What to do").options;
    let ready: Vec<_> = actions.iter().filter(|(label, ..)| label.starts_with("Ready")).collect();
    let [(_, ready, _)] = ready.as_slice() else { panic!("not one entry: {actions:?}") };
    let kept = user.choose(&panel, "What to do", &[ready]).await.message();
    assert!(kept.text().contains("your reaction when the moment comes"), "{}", kept.text());
    let dodge = kept.select("Keep").options.into_iter().find(|(label, ..)| label == "Dodge");
    let moments = user.choose(&kept, "Keep", &[&dodge.expect("a dodge").1]).await.message();
    assert!(moments.text().contains("Ready: Dodge"), "{}", moments.text());
    let moment = moments.select("The moment").options;
    let is_friend = |owner: &str| !owner.is_empty() && owner != user.id.to_string();
    let friend = snapshot.creatures.iter().find(|one| is_friend(&one.owner_id)).unwrap();
    let acts = format!("When {} acts", friend.name);
    let (_, acts, _) = moment.iter().find(|(label, ..)| *label == acts).expect("whoever is there");
    let done = user.choose(&moments, "The moment", &[acts]).await.message();
    assert!(done.text().contains("readies an action"), "{}", done.text());
    assert!(done.has_button("End turn") && done.text().contains("Action spent"), "{}", done.text());
    let again = user.choose(&moments, "The moment", &[acts]).await;
    assert!(said(&again).contains("is spent"), "not twice: {}", said(&again));
    user.click(&done, "End turn").await;
    // what was kept is asked about as the friend acts
    let (other, _) = guild.player_to_act(combat).await.unwrap();
    assert_ne!(other.id, user.id);
    other.slash(CHANNEL, "combat", "action", &[("type", json!("Dodge"))]).await;
    let mention = format!("<@{}>", user.id);
    guild
        .fake
        .channel(CHANNEL)
        .wait_for("the question", |one| one.text().contains(&mention) && one.has_button("Decide"))
        .await;
    guild.fake.assert_clean();
    guild.close().await;
}
