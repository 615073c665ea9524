//! The fake and its people, tried with the smallest bot that uses everything once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use skirmish::discord::gateway::{
    Gateway, GatewayEvent, GatewayOptions, Session, SessionStore, SessionStoreError,
};
use skirmish::discord::lint::IS_COMPONENTS_V2;
use skirmish::discord::transport::{Http, HttpOptions, Transport};
use tokio::task::JoinHandle;
use twilight_http::request::{Method, Request, RequestBuilder};
use twilight_model::application::interaction::{Interaction, InteractionType};

use super::{APPLICATION, FakeDiscord, TOKEN};

const CHANNEL: u64 = 5;

#[derive(Debug)]
struct Nowhere;

impl SessionStore for Nowhere {
    async fn load(&self) -> Result<Option<Session>, SessionStoreError> {
        Ok(None)
    }

    async fn save(&self, _session: &Session) -> Result<(), SessionStoreError> {
        Ok(())
    }
}

fn request(method: Method, path: String, body: &Value) -> Request {
    RequestBuilder::raw(method, path).json(body).build().unwrap()
}

fn card(text: &str) -> Value {
    json!({
        "flags": IS_COMPONENTS_V2,
        "allowed_mentions": { "parse": [] },
        "components": [
            { "type": 17, "components": [{ "type": 10, "content": text }] },
            { "type": 1, "components": [
                { "type": 2, "style": 1, "label": "Go on", "custom_id": "go" },
                { "type": 2, "style": 2, "label": "Adjust", "custom_id": "adjust" },
                { "type": 2, "style": 2, "label": "Not yet", "custom_id": "no", "disabled": true },
            ] },
            { "type": 1, "components": [{ "type": 3, "custom_id": "pick", "max_values": 2, "options": [
                { "label": "Goblin", "value": "g" }, { "label": "Orc", "value": "o" },
            ] }] },
        ],
    })
}

fn words(text: &str, flags: u64) -> Value {
    json!({ "content": text, "flags": flags, "allowed_mentions": { "parse": [] } })
}

/// What the bot answers at once, and what it does afterwards.
fn answer(interaction: &Value) -> (Value, Option<(Method, String, Value)>) {
    let data = &interaction["data"];
    let token = interaction["token"].as_str().unwrap();
    let webhook = format!("webhooks/{APPLICATION}/{token}");
    let id = data["custom_id"].as_str().unwrap_or_default();
    let sub = data["options"][0]["name"].as_str().unwrap_or_default();
    match (interaction["type"].as_u64().unwrap(), id, sub) {
        (2, _, "start") => {
            let edit = (Method::Patch, format!("{webhook}/messages/@original"), card("Round 1"));
            (json!({ "type": 5 }), Some(edit))
        }
        (2, ..) => {
            let more = (Method::Post, webhook, words("and a follow-up", 64));
            (json!({ "type": 4, "data": words("a private word", 64) }), Some(more))
        }
        (3, "go", _) => (json!({ "type": 7, "data": card("Round 2") }), None),
        (3, "adjust", _) => (
            json!({ "type": 9, "data": { "title": "Adjust", "custom_id": "form", "components": [
                { "type": 18, "label": "Amount", "component":
                    { "type": 4, "custom_id": "amount", "style": 1 } },
            ] } }),
            None,
        ),
        (3, ..) => (json!({ "type": 4, "data": words(&data["values"].to_string(), 64) }), None),
        (4, ..) => (
            json!({ "type": 8, "data": { "choices": [{ "name": "Goblin", "value": "g" }] } }),
            None,
        ),
        _ => (json!({ "type": 4, "data": words(&data["components"].to_string(), 64) }), None),
    }
}

fn commands() -> Value {
    let name = json!({
        "type": 3, "name": "name", "description": "A name", "required": true, "autocomplete": true,
    });
    let who = json!({ "type": 6, "name": "who", "description": "Somebody" });
    json!([{ "type": 1, "name": "demo", "description": "A demonstration", "options": [
        { "type": 1, "name": "start", "description": "Starts", "options": [name, who] },
        { "type": 1, "name": "say", "description": "Says" },
    ] }])
}

async fn run(fake: FakeDiscord, http: Arc<Http>) {
    let url = Some(fake.gateway_url());
    let options = GatewayOptions { url, ..GatewayOptions::new(TOKEN) };
    let mut gateway =
        Gateway::new(options, Arc::clone(&http) as Arc<dyn Transport>, Nowhere).unwrap();
    let put = request(Method::Put, format!("applications/{APPLICATION}/commands"), &commands());
    http.send(put).await.unwrap();
    while let Ok(event) = gateway.next().await {
        if let GatewayEvent::Interaction(interaction, mark) = event {
            gateway.ack(mark);
            tokio::spawn(serve(Arc::clone(&http), interaction));
        }
    }
}

async fn serve(http: Arc<Http>, interaction: Box<Interaction>) {
    assert_ne!(interaction.kind, InteractionType::Ping);
    let seen = json!({
        "type": interaction.kind, "token": interaction.token, "data": interaction.data,
    });
    let (first, then) = answer(&seen);
    let path = format!("interactions/{}/{}/callback", interaction.id, interaction.token);
    http.send(request(Method::Post, path, &first)).await.unwrap();
    if let Some((method, path, body)) = then {
        http.send(request(method, path, &body)).await.unwrap();
    }
}

struct Bot(JoinHandle<()>);

impl Drop for Bot {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn started() -> (FakeDiscord, Bot) {
    let fake = FakeDiscord::start().await;
    let options = HttpOptions { proxy: Some(fake.api_proxy()), ..HttpOptions::new(TOKEN) };
    let bot = tokio::spawn(run(fake.clone(), Arc::new(Http::new(&options).unwrap())));
    fake.ready().await;
    fake.commands_registered().await;
    (fake, Bot(bot))
}

#[tokio::test]
async fn people_type_click_choose_and_fill_in() {
    let (fake, _bot) = started().await;
    let mira = fake.user(11).named("Mira @everyone");
    let offered =
        mira.autocomplete(CHANNEL, "demo", "start", &[("name", json!("go"))], "name").await;
    assert_eq!(offered, [("Goblin".to_owned(), json!("g"))]);

    let options = [("name", json!("g")), ("who", json!("12"))];
    let started = mira.slash(CHANNEL, "demo", "start", &options).await;
    assert_eq!((started.kind(), started.text().as_str()), (5, "Round 1"));
    assert!(!started.message().is_private());
    let card = fake.channel(CHANNEL).last();
    assert_eq!(card.id, started.message().id);
    assert_eq!(card.buttons().len(), 3);

    let changed = mira.click(&card, "Go on").await;
    assert_eq!((changed.kind(), changed.text().as_str()), (7, "Round 2"));
    assert_eq!(fake.channel(CHANNEL).last().text(), "Round 2");

    let chosen = mira.choose(&card, "pick", &["Orc", "g"]).await;
    assert_eq!(chosen.text(), r#"["o","g"]"#);
    assert!(chosen.message().is_private());

    let asked = mira.click(&card, "Adjust").await;
    assert_eq!(asked.modal()["title"], "Adjust");
    let filled = mira.submit_modal(&asked, &[("amount", "-7")]).await;
    assert!(filled.text().contains("-7"), "{}", filled.text());

    let said = mira.slash(CHANNEL, "demo", "say", &[]).await;
    assert_eq!(said.text(), "a private word");
    assert_eq!(said.follow_up().await.text(), "and a follow-up");

    assert_eq!(fake.channel(CHANNEL).messages().len(), 1, "the rest was private");
    assert_eq!(fake.ack_latencies().len(), 7);
    assert!(fake.ack_latencies().iter().all(|latency| *latency < Duration::from_secs(3)));
    fake.assert_clean();
}

#[tokio::test]
#[should_panic(expected = "is disabled")]
async fn nobody_clicks_a_disabled_button() {
    let (fake, _bot) = started().await;
    let card =
        fake.user(1).slash(CHANNEL, "demo", "start", &[("name", json!("x"))]).await.message();
    fake.user(1).click(&card, "Not yet").await;
}

#[tokio::test]
#[should_panic(expected = "is not registered")]
async fn nobody_types_a_command_that_is_not_there() {
    let (fake, _bot) = started().await;
    fake.user(1).slash(CHANNEL, "nonsense", "", &[]).await;
}

#[tokio::test]
#[should_panic(expected = "does not see the private message")]
async fn nobody_clicks_what_only_another_sees() {
    let (fake, _bot) = started().await;
    let card =
        fake.user(1).slash(CHANNEL, "demo", "start", &[("name", json!("x"))]).await.message();
    let mut private = fake.user(1).choose(&card, "pick", &["Orc"]).await.message();
    private.json["components"] = card.json["components"].clone();
    fake.user(2).click(&private, "Go on").await;
}

#[tokio::test]
#[should_panic(expected = "has 0 answers")]
async fn an_interaction_without_an_answer_is_noticed() {
    let fake = FakeDiscord::start().await;
    fake.user(1).slash_and_leave(CHANNEL, "demo", "say", &[]);
    fake.assert_clean();
}
