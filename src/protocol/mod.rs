//! The wire contract: what may be asked of a fight, and what each viewer may see of it.

pub mod pb;
