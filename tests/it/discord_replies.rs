//! Every interaction is answered exactly once and in time, whatever becomes of the work behind it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use skirmish::discord::api::{Answerable, Api};
use skirmish::discord::lint::{Kind, lint_message};
use skirmish::discord::render::parts;
use skirmish::discord::replies::{Deferral, Reply, answer, sentence};
use skirmish::discord::transport::{Response, Sending, Transport, TransportError};
use tokio::time::Instant;
use twilight_http::request::Request;

/// A canary: it must be in paths only.
const TOKEN: &str = "canary-of-an-interaction";

#[derive(Debug)]
struct Recorder {
    began: Instant,
    requests: Mutex<Vec<(Duration, String, Value)>>,
    refusals: Mutex<VecDeque<(u16, u64)>>,
}

impl Transport for Recorder {
    fn send_within(&self, request: Request, _within: Duration) -> Sending<'_> {
        let body = request.body().map_or(Value::Null, |body| serde_json::from_slice(body).unwrap());
        let what = format!("{} {}", request.method().name(), request.path());
        assert!(!request.use_authorization_token(), "{what} needs no token of the bot");
        assert!(!body.to_string().contains(TOKEN));
        self.requests.lock().unwrap().push((self.began.elapsed(), what.replace(TOKEN, "T"), body));
        let refusal = self.refusals.lock().unwrap().pop_front();
        Box::pin(async move {
            match refusal {
                Some((status, code)) => Err(TransportError::Refused {
                    route: "test".to_owned(),
                    status,
                    code,
                    explanation: String::new(),
                }),
                None => Ok(Response {
                    status: http::StatusCode::NO_CONTENT,
                    headers: http::HeaderMap::new(),
                    body: bytes::Bytes::new(),
                }),
            }
        })
    }
}

/// What is sent when `work` gives this after so long.
async fn sent(
    deferral: Deferral,
    after: Duration,
    reply: Reply,
    refusals: &[(u16, u64)],
) -> Vec<(Duration, String, Value)> {
    let recorder = Arc::new(Recorder {
        began: Instant::now(),
        requests: Mutex::default(),
        refusals: Mutex::new(refusals.iter().copied().collect()),
    });
    let api = Api::new(recorder.clone());
    let to = Answerable { id: 5, application: 6, token: TOKEN.to_owned() };
    answer(&api, &to, deferral, async {
        tokio::time::sleep(after).await;
        reply
    })
    .await;
    assert_eq!(api.broken_bodies(), 0);
    recorder.requests.lock().unwrap().clone()
}

fn public() -> Reply {
    Reply::New(parts::message(vec![parts::text("hello")]))
}

#[tokio::test(start_paused = true)]
async fn what_is_quick_is_answered_at_once() {
    let all = sent(Deferral::Private, Duration::from_millis(200), public(), &[]).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1, "POST interactions/5/T/callback");
    assert_eq!(all[0].2["type"], 4);
    assert_eq!(lint_message(&all[0].2, Kind::Callback), []);
}

#[tokio::test(start_paused = true)]
async fn what_takes_long_is_deferred_in_good_time_and_answered_later() {
    let long = Duration::from_secs(20);
    let all = sent(Deferral::Private, long, sentence("Done"), &[]).await;
    assert_eq!(all.len(), 2);
    assert!(all[0].0 < Duration::from_secs(2), "{:?}", all[0].0);
    assert_eq!(all[0].2, json!({ "type": 5, "data": { "flags": 64 } }));
    assert_eq!(all[1].1, "PATCH webhooks/6/T/messages/@original");
    assert_eq!(lint_message(&all[1].2, Kind::Edit), []);
    // an update of the message that was clicked
    let update = Reply::Update(parts::private(vec![parts::text("panel")]));
    let all = sent(Deferral::Update, long, update, &[]).await;
    assert_eq!(all[0].2, json!({ "type": 6 }));
    assert_eq!(all[1].1, "PATCH webhooks/6/T/messages/@original");
    // an error there must not replace the panel
    let all = sent(Deferral::Update, long, sentence("No"), &[]).await;
    assert_eq!(all[1].1, "POST webhooks/6/T");
    assert_eq!(all[1].2["flags"], (1 << 15) | 64);
    // a private answer where everybody sees "thinking"
    let all = sent(Deferral::Public, long, sentence("No"), &[]).await;
    let whats: Vec<&str> = all.iter().map(|(_, what, _)| what.as_str()).collect();
    assert_eq!(
        whats,
        [
            "POST interactions/5/T/callback",
            "POST webhooks/6/T",
            "DELETE webhooks/6/T/messages/@original"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn completions_that_are_late_are_empty() {
    let choices = Reply::Choices(vec![("a".to_owned(), "a".to_owned())]);
    let all = sent(Deferral::Empty, Duration::from_secs(9), choices, &[]).await;
    assert_eq!(all.len(), 1);
    assert!(all[0].0 < Duration::from_secs(2));
    assert_eq!(all[0].2, json!({ "type": 8, "data": { "choices": [] } }));
}

#[tokio::test(start_paused = true)]
async fn codes_of_the_first_answer_have_their_reactions() {
    let now = Duration::ZERO;
    // answered already: the answer is edited
    let all = sent(Deferral::Private, now, public(), &[(400, 40_060)]).await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[1].1, "PATCH webhooks/6/T/messages/@original");
    // over: let go
    for code in [10_062, 10_015, 50_027] {
        assert_eq!(sent(Deferral::Private, now, public(), &[(404, code)]).await.len(), 1, "{code}");
    }
    // a body of ours that Discord refuses: an apology with an incident
    let all = sent(Deferral::Private, now, public(), &[(400, 50_035)]).await;
    assert_eq!(all.len(), 2);
    assert!(all[1].2.to_string().contains("Incident"));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_answered_and_harms_nobody() {
    let recorder = Arc::new(Recorder {
        began: Instant::now(),
        requests: Mutex::default(),
        refusals: Mutex::default(),
    });
    let to = Answerable { id: 5, application: 6, token: TOKEN.to_owned() };
    answer(&Api::new(recorder.clone()), &to, Deferral::Private, async { panic!("injected") }).await;
    let all = recorder.requests.lock().unwrap().clone();
    assert_eq!(all.len(), 1);
    assert!(all[0].2.to_string().contains("Incident"));
    assert!(!format!("{to:?}").contains(TOKEN));
}
