//! The words of COMMAND DOCS (what a command is for, what it costs, what replaced it, what changed when), and those of HELP.
//!
//! They stand on the rows and in the handlers of HELP, and are much text that nothing that runs reads. So the module is built without
//! them, and its host hands them over when somebody asks (`Options::docs`), as one text: a line for each row of any dialect and release,
//! found by its name, and a line for each container that has HELP; their parts with tabs between them.
//!
//! ```text
//! NAME TAB summary TAB complexity TAB deprecated since TAB instead [TAB version TAB change ...] LF
//! ?CONTAINER TAB line TAB line ... LF
//! ```
//!
//! Natively the rows' lines are written each time, and read as the module reads them, so that there is one way. It costs less than the
//! reply that is made of it. HELP natively has its lines at hand; `scripts/table.rs` adds what it answers.

#[cfg(not(target_arch = "wasm32"))]
use super::find::Table;

/// What is said of one row; empty where nothing is.
#[derive(Clone, Copy, Default)]
pub struct Words<'a> {
    pub summary: &'a str,
    pub complexity: &'a str,
    pub deprecated_since: &'a str,
    pub instead: &'a str,
    /// Versions and changes in turn, with tabs between them.
    history: &'a str,
}

impl<'a> Words<'a> {
    /// Reads what stands behind a name.
    fn read(line: &'a str) -> Words<'a> {
        let mut parts = line.splitn(5, '\t');
        let mut next = || parts.next().unwrap_or_default();
        Words { summary: next(), complexity: next(), deprecated_since: next(), instead: next(), history: next() }
    }

    /// Each version with what changed in it.
    pub fn history(self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone {
        let mut parts = self.history.split('\t');
        std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
    }
}

/// The lines of a text.
pub struct Docs<'a>(Vec<&'a str>);

impl<'a> Docs<'a> {
    pub fn new(text: &'a str) -> Docs<'a> {
        Docs(text.lines().collect())
    }

    /// What stands behind a name; empty where it is not there.
    fn find(&self, mark: &str, name: &str) -> &'a str {
        let behind = |line: &&'a str| line.strip_prefix(mark)?.strip_prefix(name)?.strip_prefix('\t');
        self.0.iter().find_map(behind).unwrap_or_default()
    }

    /// What is said of the row of this name.
    pub fn of(&self, title: &str) -> Words<'a> {
        Words::read(self.find("", title))
    }

    /// The lines of a container's HELP between its heading and HELP itself.
    pub fn help(&self, container: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.find("?", container).split('\t')
    }
}

/// The lines of a table's rows.
#[cfg(not(target_arch = "wasm32"))]
pub fn written(table: &Table) -> String {
    let mut out = String::new();
    for row in table.rows() {
        let cmd = row.spec;
        let (since, instead) = cmd.deprecated;
        let history = cmd.history.iter().flat_map(|&(version, change)| [version, change]);
        out.push_str(cmd.title());
        for part in [cmd.summary, cmd.cost, since, instead].into_iter().chain(history) {
            out.push('\t');
            assert!(!part.contains(['\t', '\n']), "{}: a tab or an end of line in {part:?}", cmd.title());
            out.push_str(part);
        }
        out.push('\n');
    }
    out
}
