//! Counts what happened to the connection, for the metrics page.

use crate::discord::counters::counters;

counters! {
    /// Connections begun.
    connects,
    /// Sessions begun anew.
    sessions,
    /// Sessions resumed.
    resumes,
    /// Connections lost, for whatever reason.
    losses,
    /// Connections given up because Discord said nothing.
    silences,
    /// Connections given up because the library failed over what it heard.
    broken,
    /// Events received.
    events,
    /// Events that could not be read and were skipped.
    undecodable,
    /// Interactions that came again and were skipped.
    duplicates,
    /// Times the session could not be saved.
    unsaved,
}
