//! The one who writes: takes what everybody wants written, writes it together, answers everybody.
//!
//! There is no artificial delay: while one group is made durable, the next one gathers in the
//! queue. What must never happen: an answer before the disk's, or a caller left without one.

use super::{
    MAX_GROUP_BYTES, MAX_GROUP_COMMITS, MAX_QUEUED_COMMITS, commit::Commit, error::CommitError,
    shared::Shared,
};
use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread::{Builder, JoinHandle},
    time::Duration,
};
use tokio::sync::oneshot;

/// First pause before the disk is tried again after a failure.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause: writing resumes within this time and a half once the disk can.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

pub(super) enum Job {
    Commit {
        commit: Box<Commit>,
        reply: oneshot::Sender<Result<(), CommitError>>,
    },
    /// The store became read-only outside of the writer's sight: start trying to reopen it.
    Wake,
    Close,
}

pub(super) fn start(shared: Arc<Shared>) -> io::Result<(SyncSender<Job>, JoinHandle<()>)> {
    let (jobs, queue) = sync_channel(MAX_QUEUED_COMMITS);
    let thread = Builder::new().name("store".to_owned()).spawn(move || run(&shared, &queue))?;
    Ok((jobs, thread))
}

fn run(shared: &Shared, queue: &Receiver<Job>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let job = if shared.writable() {
            pause = FIRST_PAUSE;
            queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            queue.recv_timeout(pause)
        };
        match job {
            Ok(job) => {
                if write_group(shared, queue, job) == Next::Stop {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if !shared.try_reopen() {
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Continue,
    Stop,
}

/// Gathers what waits, makes it durable, answers.
fn write_group(shared: &Shared, queue: &Receiver<Job>, first: Job) -> Next {
    let mut next = Next::Continue;
    let mut group = Vec::new();
    let mut replies = Vec::new();
    let mut bytes: usize = 0;
    let mut job = Some(first);
    while let Some(taken) = job {
        match taken {
            Job::Commit { commit, reply } => {
                bytes = bytes.saturating_add(commit.value_bytes());
                group.push(*commit);
                replies.push(reply);
            }
            Job::Wake => {}
            Job::Close => next = Next::Stop,
        }
        let full = group.len() >= MAX_GROUP_COMMITS || bytes >= MAX_GROUP_BYTES;
        // once closing, nothing new gets in: what is here is all there is, however much
        job = if full && next == Next::Continue { None } else { queue.try_recv().ok() };
    }
    if !group.is_empty() {
        for (reply, answer) in replies.into_iter().zip(shared.apply(&group)) {
            // whoever gave up waiting finds the outcome by its request id
            drop(reply.send(answer));
        }
    }
    next
}
