//! The settings, one row each: name, default, what it is for and what it accepts.
//!
//! Reading, `--help`, `.env.example` and every complaint come from this table; a setting that is
//! not in it does not exist.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::{Config, LogFormat, Secret};

/// What has to be written, word for word, to let tokens and dice travel unencrypted.
pub const GRPC_PUBLIC_CONSENT: &str = "i-understand-that-tokens-travel-unencrypted";
/// What has to be written, word for word, to send the bot token to another machine than Discord's.
pub const TEST_ENDPOINTS_CONSENT: &str = "i-understand-that-the-token-is-sent-there";

/// Seconds to a day: a combat is read back in milliseconds, so leaving memory costs little.
const IDLE_EVICT_RANGE_SECONDS: std::ops::RangeInclusive<u64> = 5..=86_400;
const MAX_TOKEN_BYTES: usize = 256;

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    /// The value without which the program does as if it had been set to this.
    pub default: Option<&'static str>,
    /// A value to show as an example where there is no default.
    pub example: &'static str,
    /// A secret is never shown, and may be put in a file named by `<name>_FILE`.
    pub secret: bool,
    /// What it is, in sentences for the owner of a server.
    pub help: &'static str,
    /// Checks a value and takes it over; the complaint says what to write instead.
    pub(super) take: fn(&mut Config, &str) -> Result<(), String>,
}

/// Every setting, in the order in which they are explained.
pub const KEYS: &[Key] = &[
    Key {
        name: "DISCORD_TOKEN",
        default: None,
        example: "paste-the-token-here",
        secret: true,
        help: "The bot's token, from https://discord.com/developers/applications: your \
               application, Bot, Reset Token. `skirmish serve` needs it.",
        take: |config, value| {
            config.discord_token = Some(Secret::new(token(value)?));
            Ok(())
        },
    },
    Key {
        name: "DATA_DIR",
        default: Some("./data"),
        example: "/var/lib/skirmish",
        secret: false,
        help: "The folder for everything that is kept: fights, characters, the control socket. It \
               is made if it does not exist.",
        take: |config, value| {
            config.data_dir = PathBuf::from(value);
            Ok(())
        },
    },
    Key {
        name: "GRPC_ADDR",
        default: None,
        example: "127.0.0.1:50051",
        secret: false,
        help: "Address and port for gRPC and grpc-web, over which programs such as `skirmish \
               observe` follow and play fights. Off unless set; only addresses of this machine, \
               unless GRPC_ALLOW_PUBLIC_PLAINTEXT is set. Callers need a token: `skirmish token`.",
        take: |config, value| {
            config.grpc_addr = Some(address(value, "127.0.0.1:50051")?);
            Ok(())
        },
    },
    Key {
        name: "GRPC_ALLOW_PUBLIC_PLAINTEXT",
        default: None,
        example: GRPC_PUBLIC_CONSENT,
        secret: false,
        help: "Lets GRPC_ADDR be an address that others can reach, although Skirmish itself speaks \
               no TLS. Put a proxy with TLS in front of it, and write the words \
               i-understand-that-tokens-travel-unencrypted.",
        take: |config, value| {
            consent(value, GRPC_PUBLIC_CONSENT)?;
            config.grpc_public = true;
            Ok(())
        },
    },
    Key {
        name: "GRPC_REFLECTION",
        default: Some("on"),
        example: "off",
        secret: false,
        help: "Whether gRPC clients may ask which services there are: on or off.",
        take: |config, value| {
            config.grpc_reflection = switch(value)?;
            Ok(())
        },
    },
    Key {
        name: "METRICS_ADDR",
        default: None,
        example: "127.0.0.1:9464",
        secret: false,
        help: "Address and port for Prometheus to read /metrics from. Off unless set; only \
               addresses of this machine.",
        take: |config, value| {
            let address = address(value, "127.0.0.1:9464")?;
            if !address.ip().is_loopback() {
                return Err("metrics are for this machine only: write an address such as \
                            127.0.0.1:9464"
                    .to_owned());
            }
            config.metrics_addr = Some(address);
            Ok(())
        },
    },
    Key {
        name: "IDLE_EVICT_SECONDS",
        default: Some("900"),
        example: "300",
        secret: false,
        help: "After how many quiet seconds a fight leaves memory; it is read back when somebody \
               acts. 5 to 86400.",
        take: |config, value| {
            let seconds = value.parse().ok().filter(|s| IDLE_EVICT_RANGE_SECONDS.contains(s));
            let seconds = seconds.ok_or("write a number of seconds from 5 to 86400")?;
            config.idle_evict = Duration::from_secs(seconds);
            Ok(())
        },
    },
    Key {
        name: "LOG",
        default: Some("info"),
        example: "info,skirmish::hub=debug",
        secret: false,
        help: "How much is written to standard error: error, warn, info, debug or trace, also for \
               parts of the program.",
        take: |config, value| {
            EnvFilter::try_new(value).map_err(|_| {
                "write error, warn, info, debug or trace, or a list such as \
                 info,skirmish::hub=debug"
            })?;
            value.clone_into(&mut config.log);
            Ok(())
        },
    },
    Key {
        name: "LOG_FORMAT",
        default: Some("text"),
        example: "json",
        secret: false,
        help: "text for people, json for programs: one line for each event either way.",
        take: |config, value| {
            config.log_format = match value {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err("write text or json".to_owned()),
            };
            Ok(())
        },
    },
    Key {
        name: "DISCORD_API_PROXY",
        default: None,
        example: "127.0.0.1:8080",
        secret: false,
        help: "For tests: host:port that stands in for Discord's HTTP interface, spoken to in plain \
               http. This machine only, unless DISCORD_TEST_ENDPOINTS_ANYWHERE is set.",
        take: |config, value| {
            host_of(&format!("http://{value}"), &["http"])
                .filter(|(_, rest)| rest.is_empty() && value.contains(':'))
                .ok_or("write host:port without http://, such as 127.0.0.1:8080")?;
            config.discord_api_proxy = Some(value.to_owned());
            Ok(())
        },
    },
    Key {
        name: "DISCORD_GATEWAY_URL",
        default: None,
        example: "ws://127.0.0.1:8081",
        secret: false,
        help: "For tests: what stands in for Discord's gateway. This machine only, unless \
               DISCORD_TEST_ENDPOINTS_ANYWHERE is set.",
        take: |config, value| {
            host_of(value, &["ws", "wss"]).ok_or("write an address such as ws://127.0.0.1:8081")?;
            config.discord_gateway_url = Some(value.to_owned());
            Ok(())
        },
    },
    Key {
        name: "DISCORD_TEST_ENDPOINTS_ANYWHERE",
        default: None,
        example: TEST_ENDPOINTS_CONSENT,
        secret: false,
        help: "Lets the two settings above name other machines. The bot's token is sent there: \
               write the words i-understand-that-the-token-is-sent-there.",
        take: |config, value| {
            consent(value, TEST_ENDPOINTS_CONSENT)?;
            config.discord_test_endpoints_anywhere = true;
            Ok(())
        },
    },
];

fn token(value: &str) -> Result<String, String> {
    if value.starts_with("Bot ") {
        return Err("leave out the word Bot: the token alone".to_owned());
    }
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic());
    if !plain || value.len() > MAX_TOKEN_BYTES {
        return Err("this is no token: copy it again, without spaces or line breaks".to_owned());
    }
    Ok(value.to_owned())
}

fn address(value: &str, example: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| format!("write an IP address and a port, such as {example}"))
}

fn consent(value: &str, words: &str) -> Result<(), String> {
    if value == words { Ok(()) } else { Err(format!("leave it out, or write exactly {words}")) }
}

fn switch(value: &str) -> Result<bool, String> {
    match value {
        "on" | "true" | "1" => Ok(true),
        "off" | "false" | "0" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}

/// Host and what follows host and port, if this is an address with one of these schemes.
pub(super) fn host_of<'a>(url: &'a str, schemes: &[&str]) -> Option<(&'a str, &'a str)> {
    let (scheme, rest) = url.split_once("://")?;
    if !schemes.contains(&scheme) {
        return None;
    }
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at_checked(slash)?,
        None => (rest, ""),
    };
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let (host, after) = v6.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, after.strip_prefix(':'))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:".contains(c));
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    (!host.is_empty() && named && port_fits).then_some((host, path))
}
