//! What a person sees of a fight, computed once for every surface: the scene, its card, its log.
//!
//! Pure functions of frames and snapshots. Nothing here knows more than the viewer whose frames
//! it was given, and nothing a person typed is ever treated as markup.

pub mod card;
pub mod log;
pub mod names;
pub mod scene;
