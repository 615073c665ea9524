//! How a command ends: with a status that scripts can tell apart, and one clear sentence.
//!
//! Never a backtrace, never a status that means two things (they follow sysexits.h).

use std::fmt;
use std::io;
use std::process::ExitCode;

/// The exit statuses of every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok,
    /// Something that was to be checked is not as it should be.
    Unmet,
    /// The arguments are wrong.
    Usage,
    /// What was given to work on is wrong, such as dice that cannot be rolled.
    Data,
    /// Something needed is not there: a port is taken, no server is running.
    Unavailable,
    /// A fault of Skirmish itself.
    Bug,
    /// The data folder or a file in it cannot be made.
    CannotCreate,
    /// Reading or writing failed.
    Io,
    /// A setting is missing or wrong.
    Config,
}

impl Exit {
    /// The number itself.
    pub const fn status(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Unmet => 1,
            Self::Usage => 64,
            Self::Data => 65,
            Self::Unavailable => 69,
            Self::Bug => 70,
            Self::CannotCreate => 73,
            Self::Io => 74,
            Self::Config => 78,
        }
    }

    /// All but the first, with what they mean, as `--help` lists them.
    pub const EXPLAINED: [(Self, &'static str); 8] = [
        (Self::Unmet, "something that was to be checked is not as expected"),
        (Self::Usage, "the arguments are wrong"),
        (Self::Data, "what was given to work on is wrong: dice, a file, an unknown fight or token"),
        (Self::Unavailable, "a port is taken, or no server is running"),
        (Self::Bug, "a fault of Skirmish itself"),
        (Self::CannotCreate, "the data folder cannot be used, or another process has it"),
        (Self::Io, "reading or writing failed"),
        (Self::Config, "a setting is missing or wrong"),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.status())
    }
}

/// Why a command did not do what it was asked: the status, and what to tell the person.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// Empty if everything has been said already.
    pub message: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// A fault of Skirmish itself, with what is known about it.
    pub fn bug(error: &anyhow::Error) -> Self {
        Self::new(Exit::Bug, format!("this is a fault of Skirmish itself: {error:#}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Writing to standard output failed. Whoever reads it may have seen enough: that is no failure.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Ok, "");
        }
        Self::new(Exit::Io, format!("writing failed: {error}"))
    }
}
