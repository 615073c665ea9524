//! The settings of a server: read once at start, from the environment and from `.env`.
//!
//! Nothing else reads the environment. Never a half-read configuration: either every setting is
//! good, or all that is wrong is said at once. Never a secret in a complaint.

mod keys;
mod secret;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use keys::{GRPC_PUBLIC_CONSENT, KEYS, Key, TEST_ENDPOINTS_CONSENT};
pub use secret::{REDACTED, Secret, redact};

/// Where settings may be written down, in the folder where the program is started.
pub const DOTENV_FILE: &str = ".env";
/// More than this in `.env` or in a file with a secret is not a setting but a mistake.
const MAX_FILE_BYTES: usize = 64 * 1024;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Every setting, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub discord_token: Option<Secret>,
    /// host:port, plain http.
    pub discord_api_proxy: Option<String>,
    pub discord_gateway_url: Option<String>,
    pub discord_test_endpoints_anywhere: bool,
    pub data_dir: PathBuf,
    pub grpc_addr: Option<SocketAddr>,
    /// Whether `grpc_addr` may be one that others reach.
    pub grpc_public: bool,
    pub grpc_reflection: bool,
    pub metrics_addr: Option<SocketAddr>,
    pub idle_evict: Duration,
    /// A filter that `tracing_subscriber` understands.
    pub log: String,
    pub log_format: LogFormat,
    /// What is odd but no fault, to be said once at start.
    pub warnings: Vec<String>,
}

impl Config {
    /// Everything unset. The defaults of the table are taken over it, so it is never seen outside.
    fn blank() -> Self {
        Self {
            discord_token: None,
            discord_api_proxy: None,
            discord_gateway_url: None,
            discord_test_endpoints_anywhere: false,
            data_dir: PathBuf::new(),
            grpc_addr: None,
            grpc_public: false,
            grpc_reflection: true,
            metrics_addr: None,
            idle_evict: Duration::ZERO,
            log: String::new(),
            log_format: LogFormat::Text,
            warnings: Vec::new(),
        }
    }
}

/// What is wrong with one setting, or with the file of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of the setting, or `.env`.
    pub subject: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let them =
            if count == 1 { "one setting is".to_owned() } else { format!("{count} settings are") };
        write!(f, "{them} wrong, and nothing was started:")?;
        for Problem { subject, message } in &self.problems {
            write!(f, "\n  {subject}: {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Reads the settings of this process: its environment, and `.env` in the current folder for what
/// the environment does not say.
///
/// # Errors
/// [`ConfigError`] with every problem there is.
#[allow(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub fn load() -> Result<Config, ConfigError> {
    let path = Path::new(DOTENV_FILE);
    let dotenv = match read_small_file(path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            let message = format!("it cannot be read ({error}): make it readable, or remove it");
            return Err(one_problem(DOTENV_FILE, message));
        }
    };
    parse(|name| std::env::var_os(name), dotenv.as_deref())
}

/// Reads the settings from an environment and the text of a `.env` file.
///
/// # Errors
/// [`ConfigError`] with every problem there is.
pub fn parse(
    environment: impl Fn(&str) -> Option<OsString>,
    dotenv: Option<&str>,
) -> Result<Config, ConfigError> {
    let mut problems = Vec::new();
    let file = match dotenv.map(read_dotenv).transpose() {
        Ok(pairs) => pairs.unwrap_or_default(),
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    let mut config = Config::blank();
    for key in KEYS {
        let value = find(key.name, &environment, &file)
            .and_then(|value| or_from_file(key, value, &environment, &file));
        let taken = value.and_then(|value| {
            let value = value.as_deref().or(key.default);
            value.map_or(Ok(()), |value| (key.take)(&mut config, value))
        });
        if let Err(message) = taken {
            problems.push(Problem { subject: key.name.to_owned(), message });
        }
    }
    check_together(&config, &mut problems);
    config.warnings = unknown_names(&file);
    if problems.is_empty() { Ok(config) } else { Err(ConfigError { problems }) }
}

fn one_problem(subject: &str, message: String) -> ConfigError {
    ConfigError { problems: vec![Problem { subject: subject.to_owned(), message }] }
}

type Pairs = Vec<(String, String)>;

fn read_dotenv(text: &str) -> Result<Pairs, Problem> {
    let mut pairs = Vec::new();
    for pair in dotenvy::from_read_iter(io::Cursor::new(text)) {
        pairs.push(pair.map_err(|error| {
            // The library's own message repeats the line, which may hold a secret.
            let place = match &error {
                dotenvy::Error::LineParse(line, _) => line_number(text, line)
                    .map_or_else(String::new, |number| format!("line {number} ")),
                _ => String::new(),
            };
            Problem {
                subject: DOTENV_FILE.to_owned(),
                message: format!(
                    "{place}cannot be read: write NAME=value, and put quotes around a value with \
                     spaces"
                ),
            }
        })?);
    }
    Ok(pairs)
}

/// The line, from 1, on which a piece of a text begins.
fn line_number(text: &str, piece: &str) -> Option<usize> {
    let before = text.get(..text.find(piece)?)?;
    Some(before.matches('\n').count().saturating_add(1))
}

/// What the environment says, else what the file says; set to nothing is as good as not set.
fn find(
    name: &str,
    environment: &impl Fn(&str) -> Option<OsString>,
    file: &Pairs,
) -> Result<Option<String>, String> {
    let value = match environment(name) {
        Some(value) => {
            Some(value.into_string().map_err(|_| "it is not valid UTF-8 text: write it again")?)
        }
        None => file.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone()),
    };
    Ok(value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
}

/// A secret may be put in a file of its own, named by `<NAME>_FILE`.
fn or_from_file(
    key: &Key,
    value: Option<String>,
    environment: &impl Fn(&str) -> Option<OsString>,
    file: &Pairs,
) -> Result<Option<String>, String> {
    if !key.secret {
        return Ok(value);
    }
    let name = format!("{}_FILE", key.name);
    match (value, find(&name, environment, file)?) {
        (value, None) => Ok(value),
        (Some(_), Some(_)) => Err(format!("it is set, and so is {name}: remove one of them")),
        (None, Some(path)) => {
            let text = read_small_file(Path::new(&path)).map_err(|error| {
                format!("{name} names {path:?}, which cannot be read ({error})")
            })?;
            let text = text.trim();
            if text.is_empty() {
                return Err(format!("{name} names {path:?}, which is empty"));
            }
            Ok(Some(text.to_owned()))
        }
    }
}

fn read_small_file(path: &Path) -> io::Result<String> {
    let file = std::fs::File::open(path)?;
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let text = io::read_to_string(io::Read::take(file, limit))?;
    if text.len() > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("it is larger than {MAX_FILE_BYTES} bytes")));
    }
    Ok(text)
}

/// What no setting can tell alone.
fn check_together(config: &Config, problems: &mut Vec<Problem>) {
    let mut complain = |subject: &str, message: String| {
        problems.push(Problem { subject: subject.to_owned(), message });
    };
    if config.grpc_addr.is_some_and(|address| !address.ip().is_loopback()) && !config.grpc_public {
        complain(
            "GRPC_ADDR",
            format!(
                "others can reach this address, and tokens would travel unencrypted: write \
                 127.0.0.1 and put a proxy with TLS in front, or set \
                 GRPC_ALLOW_PUBLIC_PLAINTEXT={GRPC_PUBLIC_CONSENT}"
            ),
        );
    }
    let proxy = config.discord_api_proxy.as_ref().map(|proxy| format!("http://{proxy}"));
    for (name, url) in [
        ("DISCORD_API_PROXY", proxy.as_deref()),
        ("DISCORD_GATEWAY_URL", config.discord_gateway_url.as_deref()),
    ] {
        let elsewhere = url
            .and_then(|url| keys::host_of(url, &["http", "ws", "wss"]))
            .is_some_and(|(host, _)| !is_this_machine(host));
        if elsewhere && !config.discord_test_endpoints_anywhere {
            complain(
                name,
                format!(
                    "this is for tests on this machine, and the token would be sent there: write \
                     127.0.0.1, remove it, or set \
                     DISCORD_TEST_ENDPOINTS_ANYWHERE={TEST_ENDPOINTS_CONSENT}"
                ),
            );
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Names in `.env` that look like ours and are none: most likely misspelt.
fn unknown_names(file: &Pairs) -> Vec<String> {
    let ours = |name: &str| {
        let name = name.strip_suffix("_FILE").unwrap_or(name);
        KEYS.iter().any(|key| key.name == name)
    };
    file.iter()
        .filter(|(name, _)| !ours(name))
        .map(|(name, _)| {
            format!("{DOTENV_FILE} sets {name:?}, which is no setting of Skirmish: is it misspelt?")
        })
        .collect()
}

/// The contents of `.env.example`: every setting, explained, none of them set.
pub fn example() -> String {
    let mut lines = vec![
        "# Settings of Skirmish. Copy this file to .env and take away the # before what you set."
            .to_owned(),
        "# What is set in the environment counts more than what is set here.".to_owned(),
    ];
    for Key { name, default, example, secret, help, .. } in KEYS {
        lines.push(String::new());
        lines.extend(wrapped(help, 94).iter().map(|line| format!("# {line}")));
        if *secret {
            lines.push(format!("# A file may hold it instead: {name}_FILE=/run/secrets/…"));
        }
        lines.push(format!("#{name}={}", default.unwrap_or(example)));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The settings as `--help` lists them.
pub fn help() -> String {
    let mut lines = vec![format!(
        "Settings (from the environment, or from {DOTENV_FILE} in the current folder):"
    )];
    for Key { name, default, secret, help, .. } in KEYS {
        let file = if *secret { format!(" (or {name}_FILE)") } else { String::new() };
        let default = default.map_or_else(String::new, |default| format!(" [default: {default}]"));
        lines.push(format!("  {name}{file}{default}"));
        lines.extend(wrapped(help, 84).iter().map(|line| format!("      {line}")));
    }
    lines.join("\n")
}

/// Words in lines of at most so many characters, as far as the words allow.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
