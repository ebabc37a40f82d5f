//! A small fixed hash for tables that are only looked up, never walked.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds [`Fast`] hashes.
pub type FastState = BuildHasherDefault<Fast>;

/// Multiply and rotate, a word at a time. An adversary can choose keys that collide in bulk, so that it is for tables
/// whose use is bounded by a budget.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fast(u64);

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
