//! A file that is loaded into an engine that has sessions and data. It is read into fresh databases, so that what was there comes back
//! whole where the file is damaged; whoever needs the data meanwhile gets Redis's LOADING error.

use super::Engine;
use super::persistence::Damage;
use crate::allocator;
use crate::keyspace::Db;
use crate::server::scripts::Functions;

/// About what a key costs in the tables, beside itself.
const PLACE: usize = 64;

/// What was there before.
pub(super) struct Aside {
    dbs: Vec<Db>,
    functions: Functions,
    /// It stays, but for keys and libraries of the same names. Once these are together there are no databases here.
    merge: bool,
}

impl Engine {
    /// Begins to import: what [`Engine::load_rdb`] reads takes the place of what is there, or with `merge` goes beside it. Without effect
    /// where an import or a replay has begun already.
    pub fn begin_import(&mut self, merge: bool) -> Result<(), Damage> {
        if self.server.loading {
            return Ok(());
        }
        self.begin_load();
        let fresh = self.keyspace.fresh();
        let functions = &mut self.server.scripts.functions;
        let seed = self.keyspace.seed();
        let aside = Aside {
            dbs: self.keyspace.exchange(fresh),
            functions: std::mem::replace(functions, Functions::new(seed)),
            merge,
        };
        let sources: Vec<Vec<u8>> = aside.functions.libraries.iter().map(|library| library.source.clone()).collect();
        self.aside = Some(aside);
        for source in sources.iter().filter(|_| merge) {
            self.load_library(source).map_err(|reason| Damage { at: 0, reason })?;
        }
        Ok(())
    }

    /// With `merge`, once the file was read to its end: its keys go beside those that were there. From here on nothing can be given up.
    pub fn merge_import(&mut self) -> Result<(), Damage> {
        let Some(aside) = self.aside.as_mut().filter(|aside| aside.merge) else { return Ok(()) };
        let keys: usize = self.keyspace.databases().iter().map(Db::len).sum();
        if keys > 0 && !allocator::room_for(keys * PLACE) {
            return Err(Damage { at: 0, reason: "there is no memory for it".into() });
        }
        let read = self.keyspace.exchange(std::mem::take(&mut aside.dbs));
        self.keyspace.absorb(read);
        Ok(())
    }

    /// The end of an import: what was read is kept, or else all is as it was. Who watches a key, or waits for one, learns what became of it.
    pub fn end_import(&mut self, keep: bool, now: f64) {
        let Some(aside) = self.aside.take() else { return };
        self.file = None;
        self.server.loading = false;
        self.keyspace.access.lead = 0;
        self.keyspace.now = now as i64;
        let merged = aside.dbs.is_empty();
        if !keep && !merged {
            self.server.scripts.functions = aside.functions;
            let read = self.keyspace.exchange(aside.dbs);
            return self.keyspace.drop_databases(read);
        }
        let all: Vec<usize> = (0..self.keyspace.databases().len()).collect();
        if !merged {
            let read = self.keyspace.exchange(aside.dbs);
            self.server.touch_all(&mut self.keyspace, &all);
            let old = self.keyspace.exchange(read);
            self.keyspace.drop_databases(old);
        }
        self.server.touch_all(&mut self.keyspace, &all);
        if self.server.tracking.is_active() {
            self.server.invalidate_all(None);
        }
        self.keyspace.log.dirty += 1;
        self.follow();
    }
}
