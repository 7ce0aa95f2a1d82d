//! A row of the command table: what it says of a command ([`Spec`]), and the handler.

use super::{Ctx, Done, Handler};
use crate::resp::args::Args;
use crate::resp::dialect::{Dialect, Release};
use crate::table::spec::{Channels, KeyRule, KeySpec, OnSession, Secret, Shards, Spec, Tweak, Whole};

/// See the head of this file, and that of `table/spec.rs` for how a row reads.
pub struct Row {
    pub spec: Spec,
    pub run: Handler,
    /// What a container holds.
    pub subs: &'static [Row],
}

/// Starts a row for a command.
pub const fn cmd(syntax: &'static str, run: Handler) -> Row {
    Row { spec: Spec::new(syntax, 1), run, subs: &[] }
}

/// Starts a row for a subcommand: the syntax line begins with two names.
pub const fn sub(syntax: &'static str, run: Handler) -> Row {
    Row { spec: Spec::new(syntax, 2), run, subs: &[] }
}

/// A row for a container, which does nothing by itself.
pub const fn container(name: &'static str, subs: &'static [Row]) -> Row {
    Row { spec: Spec::container(name), run: no_subcommand, subs }
}

fn no_subcommand(cx: &mut Ctx<'_>, _: Args<'_>) -> Done {
    Err(cx.arity())
}

impl Row {
    /// A container that also does something when it is called alone.
    pub const fn bare(mut self, notation: &'static str, run: Handler) -> Row {
        self.spec = self.spec.bare(notation);
        self.run = run;
        self
    }
}

/// What is said of a row is said of its [`Spec`].
macro_rules! facts {
    ($($name:ident($($arg:ident: $kind:ty),*);)*) => {
        impl Row {
            $(
                #[doc = concat!("See [`Spec::", stringify!($name), "`].")]
                pub const fn $name(mut self, $($arg: $kind),*) -> Row {
                    self.spec = self.spec.$name($($arg),*);
                    self
                }
            )*
        }
    };
}

facts! {
    read(flags: u32);
    write(flags: u32);
    plain(flags: u32);
    key(flags: u16);
    arity(arity: i8);
    keys_at(first: i8, last: i8, step: i8);
    specs(specs: &'static [KeySpec]);
    key_rule(rule: KeyRule);
    key_note(note: &'static str);
    channels(channels: Channels);
    whole(whole: Whole);
    secret(secret: Secret);
    session(session: OnSession);
    shards(shards: Shards);
    only(dialect: Dialect);
    valkey();
    later(options: &'static [(Release, &'static str)]);
    args(tweaks: &'static [Tweak]);
    acl(categories: &'static [&'static str]);
    tips(tips: &'static [&'static str]);
    reply(notation: &'static str);
    deprecated(since: &'static str, instead: &'static str);
    groups(names: &'static [&'static str]);
    double(name: &'static str);
    history(changes: &'static [(&'static str, &'static str)]);
    internal();
    also(argc: u8);
    doc(since: &'static str, cost: &'static str, summary: &'static str);
}
