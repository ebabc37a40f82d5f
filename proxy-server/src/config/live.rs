//! The configuration of a running server, which may be replaced while requests read it.

use std::ops::Deref;
use std::sync::OnceLock;

use super::Config;

/// Reads like the newest [`Config`]. Earlier ones stay where they are until the server ends, so that whoever
/// holds a reference is not in the way: a chain, a link for each reload.
#[derive(Debug)]
pub struct Live {
    config: Config,
    next: OnceLock<Box<Live>>,
}

impl Live {
    /// At the start.
    pub fn new(config: Config) -> Self {
        Self { config, next: OnceLock::new() }
    }

    /// From now on `config` is read.
    pub(crate) fn replace(&self, config: Config) {
        let mut link = Box::new(Self::new(config));
        let mut last = self.last();
        // Of two at once the later one goes behind the other.
        while let Err(back) = last.next.set(link) {
            link = back;
            last = last.last();
        }
    }

    fn last(&self) -> &Self {
        let mut at = self;
        while let Some(next) = at.next.get() {
            at = next;
        }
        at
    }
}

impl Deref for Live {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.last().config
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_read_and_old_references_stay_good() {
        let live = Live::new(Config::default());
        let before: &Config = &live;
        let mut next = Config::default();
        next.limits.session_hours = 1;
        live.replace(next.clone());
        next.limits.session_hours = 2;
        live.replace(next);
        assert_eq!((before.limits.session_hours, live.limits.session_hours), (24, 2));
    }
}
