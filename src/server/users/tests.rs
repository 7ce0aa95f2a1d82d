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
        (&["+@all", "~*", "&*", "resetkeys", "%RW~*"], false),
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

/// A file in memory.
struct File(std::rc::Rc<std::cell::RefCell<Result<Vec<u8>, String>>>);

impl crate::server::host::UsersFile for File {
    fn read(&self) -> Result<Vec<u8>, String> {
        self.0.borrow().clone()
    }

    fn write(&self, text: &[u8]) -> Result<(), String> {
        self.0.borrow_mut().as_mut().map_err(|reason| reason.clone())?.splice(.., text.iter().copied());
        Ok(())
    }
}

/// What a real Redis 8.6.3 answers to ACL LOAD with these files.
#[test]
fn a_file_of_users_is_taken_whole_or_not_at_all() {
    let mut engine = engine();
    let text = std::rc::Rc::new(std::cell::RefCell::new(Ok(b"user default on nopass ~* &* +@all\n".to_vec())));
    engine.set_users_file("/users.acl", Box::new(File(text.clone()))).expect("a good file");
    let options = || crate::SessionOptions { trusted: false, ..crate::SessionOptions::default() };
    let session = engine.open_session(options());
    let say = |engine: &mut Engine, line: &str| {
        String::from_utf8_lossy(engine.feed(session, 0.0, format!("{line}\r\n").as_bytes())).into_owned()
    };
    const END: &str = "WARNING: ACL errors detected, no change to the previously active ACL rules was performed\r\n";
    for (file, answer) in [
        ("user bob on +get ~x\n\n# comment\n", "3 should start with user keyword followed by the username. "),
        ("foo bob on\n", "1 should start with user keyword followed by the username. "),
        ("user\n", "1 should start with user keyword followed by the username. "),
        ("USER bob on", "1 should start with user keyword followed by the username. "),
        ("user\tu on\n", "1 should start with user keyword followed by the username. "),
        (
            "user b on +nosuch\nuser c zz\nuser c on\n",
            "1: Error in applying operation '+nosuch': Unknown command or category name in ACL. /users.acl:2: Syntax error. \
             WARNING: Duplicate user 'c' found on line 3. ",
        ),
        ("user default on\nuser default on\n", "WARNING: Duplicate user 'default' found on line 2. "),
        ("user a\tb on", "'username 'a\tb' contains invalid characters. "),
        ("user \"a b\" on", "1: Syntax error. "),
        ("user bob on (+get ~x foo)\n", "1: Syntax error. "),
    ] {
        *text.borrow_mut() = Ok(file.as_bytes().to_vec());
        let said = say(&mut engine, "ACL LOAD");
        let wanted = match answer {
            _ if answer.starts_with("WARNING") => format!("-ERR {answer}{END}"),
            _ if answer.starts_with('\'') => format!("-ERR '/users.acl:1: {}{END}", &answer[1..]),
            _ => format!("-ERR /users.acl:{answer}{END}"),
        };
        assert_eq!(said, wanted);
        assert_eq!(say(&mut engine, "ACL USERS"), "*1\r\n$7\r\ndefault\r\n");
    }
    *text.borrow_mut() = Ok(b"  user bob on  +set (+get ~x) \r\n\n\tuser ann on".to_vec());
    assert_eq!(say(&mut engine, "ACL LOAD"), "+OK\r\n");
    assert_eq!(say(&mut engine, "ACL SAVE"), "+OK\r\n");
    let saved = "user ann on sanitize-payload resetchannels -@all\n\
                 user bob on sanitize-payload resetchannels -@all +set (~x resetchannels -@all +get)\n\
                 user default on nopass sanitize-payload ~* &* +@all\n";
    assert_eq!(String::from_utf8_lossy(text.borrow().as_ref().expect("there")), saved);
    *text.borrow_mut() = Err("No such file or directory".into());
    assert_eq!(
        say(&mut engine, "ACL LOAD"),
        "-ERR Error loading ACLs, opening file '/users.acl': No such file or directory\r\n"
    );
    assert_eq!(
        say(&mut engine, "ACL SAVE"),
        "-ERR There was an error trying to save the ACLs. Please check the server logs for more information\r\n"
    );
    // Those whose user is not in the file any more end.
    *text.borrow_mut() = Ok(b"user ann on nopass +@all ~*\nuser bob on nopass +@all ~*".to_vec());
    assert_eq!(say(&mut engine, "ACL LOAD"), "+OK\r\n");
    let [one, two] = ["ann", "bob"].map(|name| {
        let id = engine.open_session(options());
        assert_eq!(engine.feed(id, 0.0, format!("AUTH {name} x\r\n").as_bytes()), b"+OK\r\n");
        id
    });
    *text.borrow_mut() = Ok(b"user ann on nopass +ping".to_vec());
    assert_eq!(say(&mut engine, "ACL LOAD"), "+OK\r\n");
    assert!(engine.closing(two) && !engine.closing(one));
    assert!(engine.feed(one, 0.0, b"GET k\r\n").starts_with(b"-NOPERM"));
}

#[test]
fn the_host_opens_sessions_for_users_without_their_password() {
    let mut engine = engine();
    engine.load_users("users", b"user ann on >secret ~ann:* +@all\nuser off off +@all ~*").expect("good users");
    let mut open = |user: &str| {
        let options = crate::SessionOptions { trusted: true, user: user.into(), ..crate::SessionOptions::default() };
        engine.open_session(options)
    };
    let [ann, off, nobody] = ["ann", "off", "nobody"].map(&mut open);
    let mut say =
        |id, line: &str| String::from_utf8_lossy(engine.feed(id, 0.0, format!("{line}\r\n").as_bytes())).into_owned();
    assert_eq!(say(ann, "ACL WHOAMI"), "$3\r\nann\r\n");
    assert_eq!(say(ann, "SET ann:k v"), "+OK\r\n");
    assert_eq!(say(ann, "SET k v"), "-NOPERM No permissions to access a key\r\n");
    assert_eq!(say(ann, "RESET"), "+RESET\r\n");
    assert_eq!(say(ann, "SET k v"), "-NOPERM No permissions to access a key\r\n");
    assert_eq!(say(off, "GET k"), "-NOPERM User off (off) has no permissions to run the 'get' command\r\n");
    assert!(say(nobody, "GET k").starts_with("-NOPERM"));
}

#[test]
fn a_prefix_holds_what_its_pattern_holds() {
    for pattern in ["*", "a*", "ann:*", "a**", "a?*", "[a]*", "\\**", "", "ann:"] {
        let keys = Keys::new(READ, pattern.as_bytes().to_vec());
        for key in ["", "a", "an", "ann", "ann:", "ann:k", "b", "*", "\\"] {
            assert_eq!(
                keys.holds(key.as_bytes()),
                glob::matches(pattern.as_bytes(), key.as_bytes()),
                "{pattern} {key}"
            );
        }
    }
}
