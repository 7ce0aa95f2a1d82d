use super::*;
use crate::engine::{Engine, Options};
use crate::types::dict::hashing::Rng;

/// A table of all commands, as an engine has it.
fn engine() -> Engine {
    Engine::new(Options::default())
}

fn made(engine: &Engine, rules: &[&str]) -> Result<User, Refused> {
    let mut user = User::new(b"u", false);
    let rules = join(rules.iter().map(|rule| rule.as_bytes())).map_err(|_| "open")?;
    for rule in rules {
        user.apply(&engine.server.table, &rule, false)?;
    }
    Ok(user)
}

/// Pieces of which rules are made, right and wrong.
const PIECES: [&str; 40] = [
    "+",
    "-",
    "@",
    "|",
    "~",
    "%",
    "R",
    "W",
    "r",
    "w",
    "&",
    "*",
    ">",
    "<",
    "#",
    "!",
    "(",
    ")",
    " ",
    "\0",
    "get",
    "set",
    "config",
    "client|id",
    "select",
    "0",
    "all",
    "read",
    "write",
    "dangerous",
    "on",
    "off",
    "reset",
    "nopass",
    "allkeys",
    "resetkeys",
    "allchannels",
    "resetchannels",
    "clearselectors",
    "a?[b]*",
];

#[test]
fn random_rules_never_panic_and_what_is_shown_makes_the_same_user() {
    let engine = engine();
    let mut rng = Rng::new(7);
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let mut user = User::new(b"u", rng.below(2) == 0);
        for _ in 0..rng.below(6) + 1 {
            let rule: Vec<u8> = match rng.below(3) {
                0 => {
                    const GOOD: [&str; 14] = [
                        "+get",
                        "-set",
                        "+@read",
                        "-@dangerous",
                        "+config|get",
                        "+select|1",
                        "~a*",
                        "%R~b",
                        "%W~b",
                        "&c",
                        "(+get ~a)",
                        "(%W~x &y -@all +@string)",
                        "+@all",
                        ">pw",
                    ];
                    GOOD[rng.below(GOOD.len() as u64) as usize].as_bytes().to_vec()
                }
                _ => (0..rng.below(5) + 1)
                    .flat_map(|_| PIECES[rng.below(PIECES.len() as u64) as usize].bytes())
                    .collect(),
            };
            let before = user.clone();
            let done =
                join(std::iter::once(&rule[..])).map(|joined| user.apply(&engine.server.table, &joined[0], false));
            match done {
                Ok(Ok(())) => taken += 1,
                _ => {
                    refused += 1;
                    user = before;
                }
            }
        }
        let line = user.describe();
        let words: Vec<&[u8]> = line.split(|&b| b == b' ').skip(2).collect();
        let mut again = User::new(b"u", false);
        for rule in join(words.into_iter()).expect("its parentheses match") {
            again.apply(&engine.server.table, &rule, false).expect("what is shown is a rule");
        }
        assert_eq!(String::from_utf8_lossy(&again.describe()), String::from_utf8_lossy(&line));
        for (one, two) in user.selectors.iter().zip(&again.selectors) {
            for number in 0..engine.server.table.rows().len() {
                assert_eq!(one.has(number), two.has(number), "{}", String::from_utf8_lossy(&line));
            }
        }
    }
    assert!(taken > 10_000 && refused > 10_000, "{taken} {refused}");
}

#[test]
fn a_user_who_may_do_everything_is_not_bound() {
    let engine = engine();
    for (rules, all) in [
        (&["on", "nopass", "+@all", "~*", "&*"][..], true),
        (&["+@all", "~*", "&*", "-get"], false),
        (&["+@all", "~*", "&*", "resetkeys", "%RW~*"], true),
        (&["+@all", "%R~*", "%W~*", "&*"], false),
        (&["+@all", "~*"], false),
        (&["(+@all ~* &*)"], false),
    ] {
        assert_eq!(made(&engine, rules).expect("rules").may_all(), all, "{rules:?}");
    }
}

#[test]
fn a_password_is_known_by_its_hash_alone() {
    let engine = engine();
    let user = made(&engine, &["on", ">one", ">two"]).expect("rules");
    assert!(user.accepts(b"one") && user.accepts(b"two"));
    assert!(!user.accepts(b"") && !user.accepts(b"three") && !user.accepts(&hex(&sha256(b"one"))));
    assert!(!user.describe().windows(3).any(|part| part == b"one"));
    let off = made(&engine, &["off", "nopass"]).expect("rules");
    assert!(!off.accepts(b"one"));
}
