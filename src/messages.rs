//! Messages: channels, shard channels and patterns with their subscribers, and keyspace events, which are messages too.
//!
//! A message goes into the outbox of each subscriber. A session that sends itself one finds it behind the reply of its command.
//! A subscriber that does not read is closed when its outbox passes `client-output-buffer-limit`.

use crate::command::glob;
use crate::config::Id;
use crate::engine::Server;
use crate::keyspace::{Effect, class};
use crate::memory;
use crate::registry::Registry;
use crate::session::{Session, SessionId};
use crate::types::copy::append;
use crate::types::hashing::Seed;
use crate::types::number::{INT_LEN, format_int};
use crate::types::small::Small;

/// What a subscription is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topic {
    Channel,
    Pattern,
    Shard,
}

/// All subscriptions.
pub struct Messages {
    channels: Registry,
    shards: Registry,
    /// Patterns in the order in which they were first subscribed to.
    patterns: Vec<(Small, Vec<SessionId>)>,
}

impl Messages {
    pub fn new(seed: Seed) -> Messages {
        Messages { channels: Registry::new(seed), shards: Registry::new(seed), patterns: Vec::new() }
    }

    /// The subscribers of channels or of shard channels.
    pub fn channels(&self, shard: bool) -> &Registry {
        if shard { &self.shards } else { &self.channels }
    }

    pub fn patterns(&self) -> usize {
        self.patterns.len()
    }

    /// Subscribes a session; `false` if it was subscribed already.
    pub fn subscribe(&mut self, topic: Topic, name: &[u8], id: SessionId) -> bool {
        match topic {
            Topic::Channel => self.channels.add(name, id),
            Topic::Shard => self.shards.add(name, id),
            Topic::Pattern => match self.patterns.iter_mut().find(|(pattern, _)| **pattern == *name) {
                Some((_, sessions)) if sessions.contains(&id) => false,
                Some((_, sessions)) => {
                    sessions.push(id);
                    true
                }
                None => {
                    self.patterns.push((Small::new(name), vec![id]));
                    true
                }
            },
        }
    }

    pub fn unsubscribe(&mut self, topic: Topic, name: &[u8], id: SessionId) -> bool {
        match topic {
            Topic::Channel => self.channels.remove(name, id),
            Topic::Shard => self.shards.remove(name, id),
            Topic::Pattern => {
                let Some(place) = self.patterns.iter().position(|(pattern, _)| **pattern == *name) else {
                    return false;
                };
                let sessions = &mut self.patterns[place].1;
                let Some(at) = sessions.iter().position(|&session| session == id) else { return false };
                sessions.remove(at);
                if sessions.is_empty() {
                    self.patterns.remove(place);
                }
                true
            }
        }
    }
}

/// One message as it is sent: `kind`, and the parts behind it.
fn compose(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 16).sum());
    let mut digits = [0; INT_LEN];
    bytes.push(b'>');
    bytes.extend_from_slice(format_int(parts.len() as i64, &mut digits));
    bytes.extend_from_slice(b"\r\n");
    for part in parts {
        bytes.push(b'$');
        bytes.extend_from_slice(format_int(part.len() as i64, &mut digits));
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

impl Server {
    /// Sends a message to the subscribers of a channel, and to those of patterns that match it; to how many. `current` is the
    /// session that is being served, if there is one.
    pub fn publish(&mut self, mut current: Option<&mut Session>, shard: bool, channel: &[u8], message: &[u8]) -> usize {
        let mut count = 0;
        let kind: &[u8] = if shard { b"smessage" } else { b"message" };
        let subscribers = self.messages.channels(shard).of(channel).to_vec();
        if !subscribers.is_empty() {
            let mut bytes = compose(&[kind, channel, message]);
            for &id in &subscribers {
                self.deliver(current.as_deref_mut(), id, &mut bytes, true);
            }
            count += subscribers.len();
        }
        if shard || self.messages.patterns.is_empty() {
            return count;
        }
        let matching = self.messages.patterns.iter().filter(|(pattern, _)| glob::matches(pattern, channel));
        let matching: Vec<(Small, Vec<SessionId>)> = matching.cloned().collect();
        for (pattern, subscribers) in matching {
            let mut bytes = compose(&[b"pmessage", &pattern, channel, message]);
            for &id in &subscribers {
                self.deliver(current.as_deref_mut(), id, &mut bytes, true);
            }
            count += subscribers.len();
        }
        count
    }

    /// Puts a message into a session's outbox: a push, written for RESP3, or what is the same in both protocols.
    pub fn deliver(&mut self, current: Option<&mut Session>, id: SessionId, bytes: &mut [u8], push: bool) {
        let limit = self.config.output_limit();
        let Some(session) = self.receiver(current, id) else {
            if push {
                self.sessions.strays.push(bytes.to_vec());
            }
            return;
        };
        if session.closing {
            return;
        }
        if push {
            bytes[0] = if session.resp3 { b'>' } else { b'*' };
        }
        let full = limit != 0 && session.outbox.len() + bytes.len() > limit;
        if full || memory::check(0).is_err() || !append(&mut session.outbox, bytes) {
            session.cut();
        }
    }

    /// Closes a session that cannot be given what it asked to be told, without what it has been told and not fetched.
    pub fn cut(&mut self, current: Option<&mut Session>, id: SessionId) {
        if let Some(session) = self.receiver(current, id) {
            session.cut();
        }
    }

    /// A session that gets something: the one that is being served, or another one, at which the host will look. None where it is
    /// being served and not at hand.
    fn receiver<'a>(&'a mut self, current: Option<&'a mut Session>, id: SessionId) -> Option<&'a mut Session> {
        match current {
            Some(session) if session.id == id => Some(session),
            _ => self.sessions.reach(id),
        }
    }

    /// Publishes an event of a key where `notify-keyspace-events` asks for it.
    pub fn notify(&mut self, mut current: Option<&mut Session>, effect: &Effect) {
        let events = self.config.size(Id::NotifyEvents) as u32;
        if events & effect.class == 0 {
            return;
        }
        let mut digits = [0; INT_LEN];
        let db = format_int(effect.db as i64, &mut digits);
        for (bit, kind, name, message) in [
            (class::KEYSPACE, &b"__keyspace@"[..], &*effect.key, effect.event.as_bytes()),
            (class::KEYEVENT, b"__keyevent@", effect.event.as_bytes(), &*effect.key),
        ] {
            if events & bit != 0 {
                let channel = [kind, db, b"__:", name].concat();
                self.publish(current.as_deref_mut(), false, &channel, message);
            }
        }
    }
}
