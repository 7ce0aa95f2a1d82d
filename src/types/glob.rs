//! Glob patterns as Redis matches them: `*` any bytes, `?` one byte, `[abc]`, `[^abc]`, `[a-z]` a class, `\x` the byte x.
//!
//! What is not written anywhere and still holds: the empty text matches the empty pattern alone, and not `*` (commands
//! that list things take a pattern of just `*` for "all" before they come here); bytes in ranges compare as signed ones, so 0xff comes before `a`; a class that is not closed ends with the pattern; a range may be given
//! backwards; `\` at the very end stands for itself; `[]` matches nothing and `[^]` any byte.
//!
//! Matching is O(pattern x text) and never worse: a star that was passed is tried again only from the last one on.

/// A pattern with more runs of stars that something follows matches nothing, as in Redis, which descends once for each.
const MOST_STARS: usize = 1000;

/// Whether the whole text matches the pattern.
pub fn matches(pattern: &[u8], text: &[u8]) -> bool {
    search(pattern, text, false)
}

/// The same, letters compared without regard to case (CONFIG GET, COMMAND LIST).
pub fn matches_any_case(pattern: &[u8], text: &[u8]) -> bool {
    search(pattern, text, true)
}

fn search(pattern: &[u8], text: &[u8], any_case: bool) -> bool {
    if text.is_empty() {
        return pattern.is_empty();
    }
    let (mut p, mut t, mut stars) = (0, 0, 0);
    // Where to go on if what follows the last star does not match: behind the star, one byte later in the text.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if p < pattern.len() && pattern[p] == b'*' {
            while p < pattern.len() && pattern[p] == b'*' {
                p += 1;
            }
            if p == pattern.len() {
                return true;
            }
            stars += 1;
            if stars > MOST_STARS {
                return false;
            }
            retry = Some((p, t));
            continue;
        }
        if t == text.len() {
            return p == pattern.len();
        }
        if p < pattern.len()
            && let Some(next) = one(pattern, p, text[t], any_case)
        {
            p = next;
            t += 1;
            continue;
        }
        match retry {
            Some((behind, from)) => {
                retry = Some((behind, from + 1));
                p = behind;
                t = from + 1;
            }
            None => return false,
        }
    }
}

/// Matches one byte against the pattern's element at `p`; where the next element starts, or `None`.
fn one(pattern: &[u8], p: usize, byte: u8, any_case: bool) -> Option<usize> {
    let fold = |b: u8| if any_case { b.to_ascii_lowercase() } else { b };
    let byte = fold(byte);
    match pattern[p] {
        b'?' => Some(p + 1),
        b'[' => {
            let mut at = p + 1;
            let negated = pattern.get(at) == Some(&b'^');
            at += negated as usize;
            let mut found = false;
            loop {
                match pattern.get(at) {
                    None => break,
                    Some(b']') => {
                        at += 1;
                        break;
                    }
                    Some(b'\\') if at + 1 < pattern.len() => {
                        found |= fold(pattern[at + 1]) == byte;
                        at += 2;
                    }
                    Some(&from) if at + 2 < pattern.len() && pattern[at + 1] == b'-' => {
                        let (a, b) = (fold(from) as i8, fold(pattern[at + 2]) as i8);
                        found |= (a.min(b)..=a.max(b)).contains(&(byte as i8));
                        at += 3;
                    }
                    Some(&b) => {
                        found |= fold(b) == byte;
                        at += 1;
                    }
                }
            }
            (found != negated).then_some(at)
        }
        b'\\' if p + 1 < pattern.len() => (fold(pattern[p + 1]) == byte).then_some(p + 2),
        b => (fold(b) == byte).then_some(p + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_redis() {
        for (pattern, text, expected) in [
            ("*", "", false),
            ("*", "a", true),
            ("", "", true),
            ("", "a", false),
            ("h?llo", "hello", true),
            ("h[ae]llo", "hallo", true),
            ("h[^e]llo", "hello", false),
            ("h[a-b]llo", "hbllo", true),
            ("h[b-a]llo", "hallo", true),
            ("a*b*c", "aXXbYYc", true),
            ("a*b*c", "aXXbYY", false),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("[abc", "b", true),
            ("a\\", "a\\", true),
            ("**a**", "bab", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} on {text}");
        }
        assert!(matches_any_case(b"HASH-*", b"hash-max"));
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(60);
        let text = "a".repeat(59) + &"b".repeat(50_000);
        assert!(!matches(pattern.as_bytes(), text.as_bytes()));
    }

    #[test]
    fn a_thousand_stars_are_the_most() {
        let text = "a".repeat(3000);
        for (pattern, most) in [("a*", 1001), ("*a", 1000), ("**a", 1000), ("?*", 1001)] {
            assert!(matches(pattern.repeat(most).as_bytes(), text.as_bytes()), "{pattern}");
            assert!(!matches(pattern.repeat(most + 1).as_bytes(), text.as_bytes()), "{pattern}");
        }
        assert!(matches(format!("{}a", "*".repeat(5000)).as_bytes(), text.as_bytes()));
    }
}
