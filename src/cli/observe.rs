//! `skirmish observe`: follows a fight in the terminal, through breaks and restarts.
//!
//! It prints every event once: after a break it asks for what follows the last number it has.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::exit::{Exit, Failure};
use crate::protocol::pb;
use crate::view::{log, scene::Scene};
use pb::combat_streaming_service_client::CombatStreamingServiceClient;

/// Pauses between attempts to connect again.
const RETRY: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// Follow a fight in the terminal; goes on where it was after a break
#[derive(Debug, Args)]
pub struct Arguments {
    /// The fight: 26 characters, as `/combat watch`, `skirmish demo` or ListCombats show it
    pub combat: String,
    /// Where the server listens (its GRPC_ADDR)
    #[arg(long, default_value = "127.0.0.1:50051")]
    pub address: String,
    /// A token that may watch this fight; better through the environment than as an argument
    #[arg(long, env = "SKIRMISH_TOKEN", hide_env_values = true)]
    pub token: String,
    /// Begin with the state as it is instead of with the first event
    #[arg(long)]
    pub now: bool,
}

/// Follows until the fight is over.
///
/// # Errors
/// [`Failure`] for a token or fight that the server does not take.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let token: MetadataValue<Ascii> = format!("Bearer {}", arguments.token)
        .parse()
        .map_err(|_| Failure::new(Exit::Usage, "the token holds characters that no token has"))?;
    let mut watcher = Watcher {
        combat: arguments.combat.clone(),
        with_history: !arguments.now,
        token,
        last: None,
        scene: Scene::default(),
    };
    let mut attempt = 0;
    loop {
        let before = watcher.last;
        match watcher.watch(&arguments.address).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(Watched::Refused(status)) => {
                return Err(Failure::new(Exit::Unavailable, status.message().to_owned()));
            }
            Err(Watched::Broken(why)) => {
                if watcher.last.is_none() && attempt >= RETRY.len() {
                    let address = &arguments.address;
                    let message = format!("nothing answers on {address}: {why}");
                    return Err(Failure::new(Exit::Unavailable, message));
                }
            }
            Err(Watched::Output(error)) => return Err(error.into()),
        }
        attempt = if watcher.last == before { attempt.saturating_add(1) } else { 0 };
        let pause = RETRY.get(attempt).or(RETRY.last()).copied().unwrap_or_default();
        tokio::time::sleep(pause).await;
    }
}

/// Why watching stopped before the fight was over.
enum Watched {
    /// It will not get better by trying again.
    Refused(Status),
    Broken(String),
    Output(std::io::Error),
}

struct Watcher {
    combat: String,
    with_history: bool,
    token: MetadataValue<Ascii>,
    last: Option<u64>,
    scene: Scene,
}

fn broken(status: Status) -> Watched {
    match status.code() {
        Code::Unavailable | Code::Unknown | Code::Cancelled | Code::DeadlineExceeded => {
            Watched::Broken(status.message().to_owned())
        }
        _ => Watched::Refused(status),
    }
}

impl Watcher {
    /// Watches one connection to its end; true if the fight is over.
    async fn watch(&mut self, address: &str) -> Result<bool, Watched> {
        let endpoint = Channel::from_shared(format!("http://{address}"))
            .map_err(|error| Watched::Broken(error.to_string()))?;
        let channel =
            endpoint.connect().await.map_err(|error| Watched::Broken(error.to_string()))?;
        let mut client = CombatStreamingServiceClient::new(channel)
            .max_decoding_message_size(crate::grpc::SEND_MAX_BYTES);
        let mut request = Request::new(pb::ObserveCombatRequest {
            session_id: self.combat.clone(),
            include_history: self.with_history,
            from_seq: 0,
            resume_after: self.last,
        });
        request.metadata_mut().insert("authorization", self.token.clone());
        let mut frames = client.observe_combat(request).await.map_err(broken)?.into_inner();
        loop {
            match frames.message().await {
                Ok(Some(frame)) => {
                    if self.show(&frame).map_err(Watched::Output)? {
                        return Ok(true);
                    }
                }
                Ok(None) => return Ok(false),
                Err(status) => return Err(broken(status)),
            }
        }
    }

    /// Prints one frame; true if it ends the fight.
    fn show(&mut self, frame: &pb::CombatEvent) -> std::io::Result<bool> {
        use pb::combat_event::Event;
        if let (Some(seq), Some(last)) = (frame.seq, self.last)
            && seq <= last
        {
            return Ok(false);
        }
        self.scene.apply(frame);
        self.last = frame.seq.or(self.last).or(frame.as_of);
        if let Some(line) = log::line(&self.scene, frame) {
            let mut out = std::io::stdout().lock();
            match frame.seq {
                Some(seq) => writeln!(out, "{seq:>5}  {line}")?,
                None => writeln!(out, "       {line}")?,
            }
        }
        let ended = matches!(frame.event, Some(Event::Ended(_)));
        let snapshot_of_end = matches!(&frame.event, Some(Event::Snapshot(snapshot)) if snapshot.phase() == pb::Phase::Ended);
        Ok(ended || snapshot_of_end)
    }
}
