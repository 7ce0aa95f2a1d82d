//! What hosts ask of a command and Redis's own descriptions do not say: what it does to its session, and how the replies of
//! several databases to it become one. `make gen` writes these facts into `pkg/src/client/facts.gen.ts`.
//!
//! Most of it follows: commands on data do nothing to their session and go to the database that has their keys, and for many
//! others Redis's tips say how replies are merged. `tests/table.rs` tells which rows must say it themselves.

use super::spec::{OnSession, Shards, Spec, Whole, flags::*};

impl Spec {
    /// What it does to its session. `None` where its row should say so and does not: where it is refused to scripts, or is
    /// about the connection.
    pub fn on_session(&self, group: &str) -> Option<OnSession> {
        let follows = self.is_help()
            || self.flags & (READONLY | WRITE) != 0
            || self.flags & NOSCRIPT == 0 && group != "connection";
        self.session.or(if follows { Some(OnSession::Nothing) } else { None })
    }

    /// Where it goes in a database of several. `None` where its row should say so and does not: where it has no keys, reads,
    /// writes or administers, and has no tips.
    pub fn on_shards(&self, group: &str) -> Option<Shards> {
        let tip = |name: &str| self.tips.iter().find_map(|tip| tip.strip_prefix(name));
        // What concerns the session alone is not asked of others; keys say where they are.
        let elsewhere = self.on_session(group) != Some(OnSession::Nothing) || self.key_specs().next().is_some();
        let followed = match (tip("request_policy:"), tip("response_policy:")) {
            _ if elsewhere => Some(Shards::One),
            _ if self.whole != Whole::Keys => Some(Shards::First),
            (None, _) if self.flags & (READONLY | WRITE | ADMIN) == 0 => Some(Shards::One),
            (Some("all_shards" | "all_nodes"), Some("all_succeeded")) => Some(Shards::First),
            (Some("all_shards"), Some("agg_sum")) => Some(Shards::Sum),
            (Some("all_shards"), Some("agg_logical_and")) => Some(Shards::Least),
            (Some("all_shards"), Some("one_succeeded")) => Some(Shards::Once),
            (Some("all_shards"), None) => Some(Shards::Concat),
            _ => None,
        };
        self.shards.or(followed)
    }

    /// Whether it only says how a container is used.
    fn is_help(&self) -> bool {
        self.own_name() == "HELP"
    }
}
