//! What a node knows of its cluster: the nodes, and who has which of the 16384 slots. The host says who is there ([`Cluster::new`]), and
//! CLUSTER changes what this node knows.
//!
//! The bus between nodes is a session of each, which the host opens: what a node has to tell the others comes to it as requests, and is fed
//! to that session of every other node ([`Server::tell_nodes`]). That is messages of channels, and that a slot has arrived.

use crate::resp::write::{argument, length};
use crate::server::Server;
use crate::server::session::Session;
use crate::types::slots::SLOTS;

/// A node: where it is, the forty characters of its id and of its shard's, and its epoch.
#[derive(Clone, Debug, Default)]
pub struct Node {
    pub id: String,
    pub shard: String,
    /// Empty: where clients have found the node that they ask, as nodes of one machine are.
    pub host: String,
    pub port: u16,
    pub epoch: u64,
}

impl Node {
    /// The address for a client that is connected to `laddr`.
    pub fn host_for<'a>(&'a self, laddr: &'a str) -> &'a str {
        match laddr.rsplit_once(':') {
            Some((host, _)) if self.host.is_empty() => host.trim_start_matches('[').trim_end_matches(']'),
            _ => &self.host,
        }
    }
}

/// A slot that is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moving {
    /// To this node.
    To(usize),
    /// From this one.
    From(usize),
}

/// See the head of this file.
pub struct Cluster {
    /// All nodes; the first is this one.
    pub nodes: Vec<Node>,
    /// Whose each slot is: the number of a node + 1; 0 for nobody.
    owners: Box<[u8; SLOTS]>,
    /// How many slots are somebody's.
    assigned: usize,
    moving: Vec<(u16, Moving)>,
    /// The ids of nodes that were here once, and until when it is known that they were.
    forgotten: Vec<(String, i64)>,
    /// The latest of all nodes that were heard of.
    pub epoch: u64,
}

/// The node that the methods of [`Cluster`] are about if nobody else is named.
pub const MYSELF: usize = 0;

impl Cluster {
    /// This node among others, which have no slots yet.
    pub fn new(nodes: Vec<Node>) -> Cluster {
        Cluster {
            epoch: nodes.iter().map(|node| node.epoch).max().unwrap_or_default(),
            nodes,
            owners: Box::new([0; SLOTS]),
            assigned: 0,
            moving: Vec::new(),
            forgotten: Vec::new(),
        }
    }

    /// Whose a slot is.
    #[inline(always)]
    pub fn owner(&self, slot: u16) -> Option<usize> {
        (self.owners[slot as usize] as usize).checked_sub(1)
    }

    /// Gives a slot to a node, or to nobody.
    pub fn assign(&mut self, slot: u16, node: Option<usize>) {
        self.assigned -= self.owner(slot).is_some() as usize;
        self.assigned += node.is_some() as usize;
        self.owners[slot as usize] = node.map_or(0, |node| node as u8 + 1);
    }

    /// How many slots are somebody's.
    pub fn assigned(&self) -> usize {
        self.assigned
    }

    /// Whether every slot is somebody's: keys are served only then.
    #[inline(always)]
    pub fn is_whole(&self) -> bool {
        self.assigned == SLOTS
    }

    pub fn moving(&self, slot: u16) -> Option<Moving> {
        self.moving.iter().find(|(other, _)| *other == slot).map(|(_, how)| *how)
    }

    pub fn move_slot(&mut self, slot: u16, how: Option<Moving>) {
        self.moving.retain(|(other, _)| *other != slot);
        if let Some(how) = how {
            let place = self.moving.partition_point(|(other, _)| *other < slot);
            self.moving.insert(place, (slot, how));
        }
    }

    /// All slots that are on their way, in order.
    pub fn all_moving(&self) -> &[(u16, Moving)] {
        &self.moving
    }

    /// A node's epoch becomes the latest; whether it was another.
    pub fn bump(&mut self, node: usize) -> bool {
        let epoch = &mut self.nodes[node].epoch;
        let bumped = *epoch == 0 || *epoch != self.epoch;
        self.epoch += bumped as u64;
        *epoch = self.epoch;
        bumped
    }

    /// The node of this id.
    pub fn named(&self, id: &[u8]) -> Option<usize> {
        self.nodes.iter().position(|node| node.id.as_bytes() == id)
    }

    /// Whether a node of this id was forgotten less than a minute ago.
    pub fn is_forgotten(&self, id: &[u8], now: i64) -> bool {
        self.forgotten.iter().any(|(other, until)| other.as_bytes() == id && *until > now)
    }

    /// Forgets a node and whose slots were its. Its number is another's from then on.
    pub fn forget(&mut self, node: usize, now: i64) {
        for slot in 0..SLOTS as u16 {
            match self.owner(slot) {
                Some(owner) if owner == node => self.assign(slot, None),
                Some(owner) if owner > node => self.assign(slot, Some(owner - 1)),
                _ => {}
            }
        }
        self.moving.retain(|(_, Moving::To(other) | Moving::From(other))| *other != node);
        for (_, Moving::To(other) | Moving::From(other)) in &mut self.moving {
            *other -= (*other > node) as usize;
        }
        let gone = self.nodes.remove(node);
        self.forgotten.push((gone.id, now + 60_000));
    }

    /// How many nodes have slots.
    pub fn size(&self) -> usize {
        (0..self.nodes.len()).filter(|&node| self.owners.contains(&(node as u8 + 1))).count()
    }

    /// Runs of slots of one owner, first and last, in order.
    pub fn ranges(&self) -> Vec<(u16, u16, usize)> {
        let mut ranges: Vec<(u16, u16, usize)> = Vec::new();
        for slot in 0..SLOTS as u16 {
            let Some(owner) = self.owner(slot) else { continue };
            match ranges.last_mut() {
                Some((_, last, node)) if *node == owner && *last + 1 == slot => *last = slot,
                _ => ranges.push((slot, slot, owner)),
            }
        }
        ranges
    }
}

impl Server {
    /// Has the other nodes do this, where there are others and they are not who said it.
    pub fn tell_nodes(&mut self, current: &mut Session, request: &[&[u8]]) {
        let Some(bus) = self.bus.filter(|&bus| bus != current.id) else { return };
        let mut bytes = Vec::with_capacity(request.iter().map(|part| part.len() + 16).sum());
        length(&mut bytes, b'*', request.len());
        request.iter().for_each(|part| argument(&mut bytes, part));
        self.deliver(Some(current), bus, &mut bytes, false);
    }
}
