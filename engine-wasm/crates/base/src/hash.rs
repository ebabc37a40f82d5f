//! A small fixed hash for tables that are only looked up, never walked.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

/// Another in every process, so that nobody can write a source whose keys all collide on a server. In the browser the
/// standard library has no randomness, and whoever writes the source waits for it alone.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());

/// Builds [`Fast`] hashes.
#[derive(Clone, Copy, Debug)]
pub struct FastState {
    seed: u64,
}

impl Default for FastState {
    fn default() -> Self {
        Self { seed: *SEED }
    }
}

impl BuildHasher for FastState {
    type Hasher = Fast;

    fn build_hasher(&self) -> Fast {
        Fast(self.seed)
    }
}

/// Multiply and rotate, a word at a time, from a seed on.
#[derive(Clone, Copy, Debug)]
pub struct Fast(u64);

impl Default for Fast {
    fn default() -> Self {
        FastState::default().build_hasher()
    }
}

impl Hasher for Fast {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let word = match rest {
            [] => return,
            // Two overlapping halves hold every byte.
            [a, b, c, d, ..] => {
                let [.., e, f, g, h] = rest else { return };
                u64::from(u32::from_le_bytes([*a, *b, *c, *d])) << 32
                    | u64::from(u32::from_le_bytes([*e, *f, *g, *h]))
            }
            _ => rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        };
        self.write_u64(word);
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}
