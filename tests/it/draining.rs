//! A clean stop: whoever reads is told where to resume, and nothing is missing there afterwards.

use pb::combat_streaming_service_client::CombatStreamingServiceClient;
use skirmish::hub::reader::StartFrom;
use skirmish::hub::{Hub, Refusal};
use skirmish::protocol::pb;
use skirmish::rules::id::CombatId;
use skirmish::store::Store;
use skirmish::telemetry::Metrics;
use tokio_stream::wrappers::ReceiverStream;

use crate::support::fight::{
    Event, Port, Wish, begun, call, hub, master, options, play, read_to, request, send, tail,
    watcher,
};

/// The numbers that a stream delivered, what the last bookmark said, and how it ended.
async fn to_the_end(
    mut frames: tonic::Streaming<pb::CombatEvent>,
    combat: CombatId,
) -> (Option<u64>, tonic::Code) {
    let mut bookmark = None;
    loop {
        match frames.message().await {
            Ok(Some(frame)) if frame.session_id == combat.to_string() => {
                bookmark = match frame.event {
                    Some(Event::Bookmark(_)) => frame.as_of,
                    _ => None,
                };
            }
            Ok(Some(_)) => {}
            Ok(None) => return (bookmark, tonic::Code::Ok),
            Err(status) => return (bookmark, status.code()),
        }
    }
}

/// A reader gets a bookmark with the number to resume from, and only then hears that it is over.
#[tokio::test]
async fn a_reader_is_told_where_to_resume() {
    let hub = hub();
    let combat = begun(&hub, "told", false).await;
    play(&hub, combat, 6).await;
    let last = tail(&hub, combat).await;
    let from = StartFrom::History { from_seq: 0 };
    let mut reader = hub.follow(&watcher(combat), combat, from).await.unwrap();
    hub.drain();
    let mut numbers = Vec::new();
    let bookmark = loop {
        let page = reader.next().await.unwrap();
        match page.as_slice() {
            [frame] if frame.seq.is_none() => break frame.clone(),
            frames => numbers.extend(frames.iter().filter_map(|frame| frame.seq)),
        }
    };
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>(), "what there was is delivered first");
    assert!(matches!(bookmark.event, Some(Event::Bookmark(_))), "{bookmark:?}");
    assert_eq!(bookmark.as_of, Some(last));
    for _ in 0..2 {
        assert_eq!(reader.next().await.unwrap_err(), Refusal::Draining);
    }
}

/// Over the wire: the bookmark, then UNAVAILABLE; for every fight of a stream that follows several;
/// and after a restart the number goes on without a gap.
#[tokio::test]
async fn every_stream_ends_with_a_bookmark_and_resumes_there() {
    let store = Store::open_in_memory().unwrap();
    let port = Port::open(Hub::new(store.clone(), options(), Metrics::new())).await;
    let mut fights = Vec::new();
    for name in ["one", "two", "three"] {
        fights.push(begun(&port.hub, name, false).await);
    }
    let token = port.token(master()).await;
    let mut client = CombatStreamingServiceClient::new(port.channel().await);
    let (requests, outgoing) = tokio::sync::mpsc::channel(8);
    for combat in &fights {
        let attach = pb::Attach { session_id: combat.to_string(), resume_after: Some(0) };
        requests.send(request("attach", "", Wish::Attach(attach))).await.unwrap();
    }
    let outgoing = ReceiverStream::new(outgoing);
    let mut taking_part = client.combat_stream(call(&token, outgoing)).await.unwrap().into_inner();
    let observe = pb::ObserveCombatRequest {
        session_id: fights[0].to_string(),
        ..pb::ObserveCombatRequest::default()
    };
    let watching = client.observe_combat(call(&token, observe)).await.unwrap().into_inner();
    let mut ends = std::collections::BTreeMap::new();
    let mut seen = std::collections::BTreeMap::new();
    for combat in &fights {
        ends.insert(combat.to_string(), tail(&port.hub, *combat).await);
    }
    // Everything that there is has to be on its way before the stop, so that each is followed.
    while seen != ends {
        let frame = taking_part.message().await.unwrap().unwrap();
        if let Some(seq) = frame.seq {
            seen.insert(frame.session_id, seq);
        }
    }
    port.hub.drain();
    let (bookmark, code) = to_the_end(watching, fights[0]).await;
    assert_eq!(bookmark, Some(ends[&fights[0].to_string()]));
    assert_eq!(code, tonic::Code::Unavailable);
    let mut told = std::collections::BTreeMap::new();
    let code = loop {
        match taking_part.message().await {
            Ok(Some(frame)) => {
                if matches!(frame.event, Some(Event::Bookmark(_))) {
                    told.insert(frame.session_id, frame.as_of.unwrap());
                }
            }
            Ok(None) => panic!("the stream ended without saying why"),
            Err(status) => break status.code(),
        }
    };
    assert_eq!(code, tonic::Code::Unavailable);
    assert_eq!(told, ends, "a fight of the stream was not told where to resume");
    let refused = send(&port.hub, master(), "late", fights[0], Wish::Pause(pb::Pause {})).await;
    assert_eq!(refused.unwrap_err(), Refusal::Draining);

    let hub = Hub::new(store, options(), Metrics::new());
    play(&hub, fights[0], 3).await;
    let (from, last) = (told[&fights[0].to_string()], tail(&hub, fights[0]).await);
    let rest = read_to(&hub, master(), fights[0], StartFrom::After(from), last).await;
    let numbers: Vec<u64> = rest.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(numbers, (from + 1..=last).collect::<Vec<_>>());
}
