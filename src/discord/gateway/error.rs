//! Why the connection to Discord is given up for good, and what the operator can do about it.

/// The close codes after which connecting again is pointless, each with what to do.
const FATAL: [(u16, &str); 6] = [
    (
        4004,
        "Discord does not accept the bot's token: copy it from the Developer Portal (your \
         application, Bot, Reset Token) into DISCORD_TOKEN",
    ),
    (4010, "Discord does not know this shard number: a fault of Skirmish, please report it"),
    (
        4011,
        "the bot is in more guilds than one connection may serve (2,500), and this version of \
         Skirmish makes only one: remove it from some guilds",
    ),
    (4012, "Discord no longer serves this version of its gateway: update Skirmish"),
    (4013, "Discord does not know the intents asked for: a fault of Skirmish, please report it"),
    (
        4014,
        "Discord does not allow this bot the intents it asked for: enable them in the Developer \
         Portal (your application, Bot, Privileged Gateway Intents)",
    ),
];

/// Why [`super::Gateway::next`] gives up. Everything else is survived.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Discord closed the connection in a way that will not change by itself.
    #[error("{advice} (gateway close code {code})")]
    Refused {
        /// Discord's close code.
        code: u16,
        /// What the operator can do.
        advice: &'static str,
    },
    /// The address given for the gateway is none.
    #[error("the gateway's address is not a ws:// or wss:// address: check DISCORD_GATEWAY_URL")]
    Address,
}

impl GatewayError {
    /// The error for a close code, if it is one of the fatal ones.
    pub(super) fn of_close(code: u16) -> Option<Self> {
        FATAL
            .iter()
            .find(|(fatal, _)| *fatal == code)
            .map(|(_, advice)| Self::Refused { code, advice })
    }

    /// The error for a token that the HTTP API refuses: the same as the gateway's own.
    pub(super) fn token_refused() -> Self {
        let [(code, advice), ..] = FATAL;
        Self::Refused { code, advice }
    }
}
