//! Users as text, a line for each: what ACL SAVE writes and ACL LOAD reads, and what a host gives when it opens the engine.

use super::{DEFAULT, User, Users, join};
use crate::server::Server;
use crate::server::config::Id;
use crate::server::session::Session;

impl Users {
    /// All users, a line for each.
    pub fn text(&self) -> Vec<u8> {
        self.iter().flat_map(|user| [user.describe(), b"\n".to_vec()].concat()).collect()
    }
}

impl Server {
    /// Puts the users of a text in the place of all that there are; if something in it is wrong, nothing changes, and that is said.
    /// `source` is what the errors call the text. Where the default user is not in it, it is `default`, or else may do everything.
    pub fn load_users(
        &mut self,
        current: Option<&mut Session>,
        source: &[u8],
        text: &[u8],
        default: Option<User>,
    ) -> Result<(), Vec<u8>> {
        let all_channels = self.config.int(Id::AclPubsub) == 0;
        let (mut users, mut wrong) = (Users::new(&self.table), Vec::new());
        if let Some(default) = default {
            users.put(default);
        }
        let mut seen_default = false;
        for (number, line) in (1..).zip(text.split(|&b| b == b'\n')) {
            let line = line.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let at = [source, b":", number.to_string().as_bytes()].concat();
            let mut words = line.split(|&b| b == b' ');
            let (Some(b"user"), Some(name)) = (words.next(), words.next()) else {
                wrong.extend([&at[..], b" should start with user keyword followed by the username. "].concat());
                continue;
            };
            if name.iter().any(|b| b.is_ascii_whitespace() || *b == 0) {
                wrong.extend([b"'", &at[..], b": username '", name, b"' contains invalid characters. "].concat());
                continue;
            }
            let known = if name == DEFAULT { seen_default } else { users.get(name).is_some() };
            if known {
                let line = number.to_string();
                let parts = [b"WARNING: Duplicate user '", name, b"' found on line ", line.as_bytes(), b". "];
                wrong.extend(parts.concat());
                continue;
            }
            seen_default |= name == DEFAULT;
            let mut user = User::new(name, all_channels);
            let Ok(rules) = join(words) else {
                wrong.extend([&at[..], b": Unmatched parenthesis in acl selector. "].concat());
                continue;
            };
            for rule in rules {
                if let Err(reason) = user.apply(&self.table, &rule, all_channels) {
                    let unknown: &[&[u8]] = &[b": Error in applying operation '", &rule, b"'"];
                    wrong.extend_from_slice(&at);
                    if reason.starts_with("Unknown command") {
                        wrong.extend(unknown.concat());
                    }
                    wrong.extend([b": ", reason.as_bytes(), b". "].concat());
                    break;
                }
            }
            users.put(user);
        }
        if wrong.is_empty() {
            self.users.list = users.list;
            self.rebind(current);
            return Ok(());
        }
        wrong.extend_from_slice(
            b"WARNING: ACL errors detected, no change to the previously active ACL rules was performed",
        );
        Err(wrong)
    }
}
