//! The compression of the gateway: one zstd stream a connection, written by hand as stored blocks.
//!
//! The bot asks for `compress=zstd-stream`; a stream of uncompressed blocks is a valid one and
//! needs no compressor.

use serde_json::Value;
use tokio_websockets::Message;

/// Bytes in one stored block at most; within every window size.
const BLOCK_MAX_BYTES: usize = 64 * 1024;

/// Writes events as the client asked for them.
#[derive(Debug)]
pub(crate) struct Encoder {
    zstd: bool,
    begun: bool,
}

impl Encoder {
    /// `query` is that of the connection.
    pub(crate) fn new(query: &str) -> Self {
        Self { zstd: query.contains("compress=zstd-stream"), begun: false }
    }

    pub(crate) fn encode(&mut self, event: &Value) -> Message {
        self.encode_text(&event.to_string())
    }

    pub(crate) fn encode_text(&mut self, text: &str) -> Message {
        if !self.zstd {
            return Message::text(text.to_owned());
        }
        let mut bytes = Vec::new();
        if !self.begun {
            self.begun = true;
            // magic number; no content size, no checksum, no dictionary; a window of 1 MiB
            bytes.extend([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x50]);
        }
        for block in text.as_bytes().chunks(BLOCK_MAX_BYTES) {
            // not the last block (bit 0), stored (bits 1 and 2), size
            let size = u32::try_from(block.len()).unwrap() << 3;
            bytes.extend(&size.to_le_bytes()[..3]);
            bytes.extend(block);
        }
        Message::binary(bytes)
    }
}
