//! What Redis's commands have and Wakey's do not yet.

use crate::json::Json;
use std::collections::BTreeSet;

/// Options of commands that are here which themselves are not here yet, by their tokens. COMPAT.md names each.
pub const NOT_YET: &[(&str, &[&str])] = &[("set", &["IFEQ", "IFNE", "IFDEQ", "IFDNE"])];

/// What COMMAND DOCS says of a command, without the options that are not here yet. Panics where Redis does not have one.
pub fn docs_of(row: &Json) -> Json {
    let (mut docs, name) = (row.get("docs").clone(), row.get("name").text());
    let Some((_, tokens)) = NOT_YET.iter().find(|(command, _)| *command == name) else { return docs };
    let mut met = BTreeSet::new();
    let Json::Object(members) = &mut docs else { panic!("{name} has no docs") };
    for (member, value) in members.iter_mut() {
        match (&member[..], &*value) {
            ("arguments", _) => *value = without(value, tokens, &mut met),
            ("history", Json::List(lines)) => {
                let about = |line: &Json| tokens.iter().any(|token| line.list()[1].text().contains(token));
                *value = Json::List(lines.iter().filter(|line| !about(line)).cloned().collect());
            }
            _ => {}
        }
    }
    let unknown: Vec<_> = tokens.iter().filter(|token| !met.contains(**token)).collect();
    assert!(unknown.is_empty(), "{name} has no {unknown:?} in Redis");
    docs
}

/// The arguments of a tree without those that are told from others by one of these tokens, which `met` notes.
fn without(tree: &Json, tokens: &[&'static str], met: &mut BTreeSet<&'static str>) -> Json {
    let mut left = Vec::new();
    for node in tree.list() {
        if let Some(token) = tokens.iter().find(|token| node.get("token").text() == **token) {
            met.insert(token);
            continue;
        }
        let inner = without(node.get("arguments"), tokens, met);
        // Of a block that lost its token nothing is left, nor of a choice among nothing.
        let lost = match node.get("type").text() {
            "block" => inner.list().first() != node.get("arguments").list().first(),
            kind => kind == "oneof" && inner.list().is_empty(),
        };
        let mut node = node.clone();
        if let Json::Object(members) = &mut node
            && let Some((_, arguments)) = members.iter_mut().find(|(name, _)| name == "arguments")
        {
            *arguments = inner;
        }
        left.extend((!lost).then_some(node));
    }
    Json::List(left)
}
