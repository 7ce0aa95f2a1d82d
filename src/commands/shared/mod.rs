//! What several groups of commands share.

pub mod blocking;
pub mod deadlines;
pub mod draw;
pub mod help;
pub mod results;
pub mod scan;
