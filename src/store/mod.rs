//! The log on disk. It knows keys and bytes, never what they mean.
