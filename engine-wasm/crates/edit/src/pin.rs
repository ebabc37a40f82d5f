//! Fixed places: `top` and `left`.

use crate::session::{Session, Step};

impl Session<'_> {
    /// Writes where an object stands.
    pub(crate) fn pin(&self, source: &str, key: &str, left: i64, top: i64) -> Step<String> {
        // D2 takes whole numbers from 0.
        let text = self.set(source, &format!("{key}.top"), None, Some(&top.max(0).to_string()))?;
        self.set(&text, &format!("{key}.left"), None, Some(&left.max(0).to_string()))
    }

    /// Takes the fixed place of an object away.
    pub(crate) fn unpin(&self, source: &str, key: &str) -> Step<String> {
        let text = self.delete(source, &format!("{key}.top"), false)?;
        self.delete(&text, &format!("{key}.left"), false)
    }
}
