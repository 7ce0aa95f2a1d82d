//! Messages: channels, shard channels and patterns (in no order, as in Redis) with their subscribers, and keyspace events, which are messages too.
//!
//! A message goes into the outbox of each subscriber. A session that sends itself one finds it behind the reply of its command.
//! A subscriber that does not read is closed when its outbox passes `client-output-buffer-limit`.

use super::Server;
use crate::allocator;
use crate::keyspace::{Effect, class, each_field, write_counted};
use crate::resp::write::{argument, length};
use crate::server::cluster::MYSELF;
use crate::server::config::Id;
use crate::server::session::{Session, SessionId};
use crate::server::sessions::Stray;
use crate::types::copy::append;
use crate::types::dict::hashing::Seed;
use crate::types::glob;
use crate::types::number::{INT_LEN, format_int};
use crate::types::registry::Registry;
use crate::types::slots::slot;

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
    patterns: Registry,
    shards: Registry,
}

impl Messages {
    pub fn new(seed: Seed) -> Messages {
        Messages { channels: Registry::new(seed), patterns: Registry::new(seed), shards: Registry::new(seed) }
    }

    /// The subscribers of channels, of patterns, or of shard channels.
    pub fn of(&self, topic: Topic) -> &Registry {
        match topic {
            Topic::Channel => &self.channels,
            Topic::Pattern => &self.patterns,
            Topic::Shard => &self.shards,
        }
    }

    fn of_mut(&mut self, topic: Topic) -> &mut Registry {
        match topic {
            Topic::Channel => &mut self.channels,
            Topic::Pattern => &mut self.patterns,
            Topic::Shard => &mut self.shards,
        }
    }

    /// Subscribes a session; `false` if it was subscribed already.
    pub fn subscribe(&mut self, topic: Topic, name: &[u8], id: SessionId) -> bool {
        self.of_mut(topic).add(name, id)
    }

    pub fn unsubscribe(&mut self, topic: Topic, name: &[u8], id: SessionId) -> bool {
        self.of_mut(topic).remove(name, id)
    }
}

/// One message as it is sent: `kind`, and the parts behind it.
fn compose(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len() + 16).sum());
    length(&mut bytes, b'>', parts.len());
    for part in parts {
        argument(&mut bytes, part);
    }
    bytes
}

impl Server {
    /// Sends a message to the subscribers of a channel, and to those of patterns that match it; to how many. `current` is the
    /// session that is being served, if there is one.
    pub fn publish(&mut self, mut current: Option<&mut Session>, shard: bool, channel: &[u8], message: &[u8]) -> usize {
        let mut count = 0;
        let (topic, kind): (Topic, &[u8]) =
            if shard { (Topic::Shard, b"smessage") } else { (Topic::Channel, b"message") };
        let subscribers = self.messages.of(topic).of(channel).to_vec();
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
        let matching: Vec<(Vec<u8>, Vec<SessionId>)> =
            matching.map(|(pattern, sessions)| (pattern.to_vec(), sessions.to_vec())).collect();
        for (pattern, subscribers) in matching {
            let mut bytes = compose(&[b"pmessage", &pattern, channel, message]);
            for &id in &subscribers {
                self.deliver(current.as_deref_mut(), id, &mut bytes, true);
            }
            count += subscribers.len();
        }
        count
    }

    /// Ends the subscriptions to shard channels whose slots are no longer here, and tells whose they were.
    pub fn leave_shards(&mut self, current: &mut Session) {
        let Some(cluster) = &self.cluster else { return };
        let leaves = |channel: &[u8]| cluster.owner(slot(channel)) != Some(MYSELF);
        let left = self.messages.shards.iter().filter(|(channel, _)| leaves(channel));
        let left: Vec<(Vec<u8>, Vec<SessionId>)> = left.map(|(name, ids)| (name.to_vec(), ids.to_vec())).collect();
        for (channel, subscribers) in left {
            for id in subscribers {
                self.messages.unsubscribe(Topic::Shard, &channel, id);
                let Some(session) = self.receiver(Some(&mut *current), id) else { continue };
                session.shards.remove(&channel);
                let count = session.shards.len();
                let mut bytes = Vec::new();
                length(&mut bytes, b'>', 3);
                argument(&mut bytes, b"sunsubscribe");
                argument(&mut bytes, &channel);
                length(&mut bytes, b':', count);
                self.deliver(Some(&mut *current), id, &mut bytes, true);
            }
        }
    }

    /// Puts a message into a session's outbox: a push, written for RESP3, or what is the same in both protocols.
    pub fn deliver(&mut self, current: Option<&mut Session>, id: SessionId, bytes: &mut [u8], push: bool) {
        let limit = self.config.output_limit();
        let Some(session) = self.receiver(current, id) else {
            if push {
                self.sessions.strays.push(Stray::Message(bytes.to_vec()));
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
        if full || !allocator::has(0) || !append(&mut session.outbox, bytes) {
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
        if !effect.fields.is_empty() {
            self.notify_of_fields(current.as_deref_mut(), effect, events, db);
        }
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

    /// Publishes which fields of a hash an event is about: before the event itself, so that who listens to both knows it then.
    #[cold]
    fn notify_of_fields(&mut self, mut current: Option<&mut Session>, effect: &Effect, events: u32, db: &[u8]) {
        let (key, event, fields) = (&*effect.key, effect.event.as_bytes(), &effect.fields[..]);
        let mut tell = |bit: u32, channel: &[&[u8]], message: &[u8]| {
            if events & bit != 0 {
                self.publish(current.as_deref_mut(), false, &channel.concat(), message);
            }
        };
        tell(class::SUBKEYSPACE, &[b"__subkeyspace@", db, b"__:", key], &[event, b"|", fields].concat());
        let mut counted = Vec::new();
        write_counted(key, &mut counted);
        tell(class::SUBKEYEVENT, &[b"__subkeyevent@", db, b"__:", event], &[&counted, &b"|"[..], fields].concat());
        // A name with the sign between key and field would be another's.
        if !key.contains(&b'\n') {
            each_field(fields, &mut |field| {
                tell(class::SUBKEYSPACEITEM, &[b"__subkeyspaceitem@", db, b"__:", key, b"\n", field], event);
            });
        }
        tell(class::SUBKEYSPACEEVENT, &[b"__subkeyspaceevent@", db, b"__:", event, b"|", key], fields);
    }
}
