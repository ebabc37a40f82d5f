//! The vector stage: a linear classifier over hashed features.
//!
//! Trained by `cargo run -p spandrel-assist --example intents` from the texts in `tests/intents/train`. The file:
//! temperature (f32), then for each of the six labels a scale (f32), then for each slot a mark (a byte, 0 where it is
//! empty) and six signed bytes. Each slot belongs to one feature, so that words never seen in training say nothing instead
//! of what another feature says (hashing after Weinberger et al. 2009, but without its collisions).
//! A score is the scaled sum of a label's bytes over the request's known features, divided by the square root of their
//! number.

use super::features::{SLOTS, features, mark, slot};
use super::{Context, Intent};
use crate::words::Words;

const LABELS: usize = Intent::ALL.len();
/// Bytes of a slot.
const ROW: usize = 1 + LABELS;

/// Weights, as packed.
#[derive(Debug, Default)]
pub(crate) struct Model {
    temperature: f32,
    scales: [f32; LABELS],
    rows: Vec<u8>,
}

impl Model {
    /// Reads the packed section; `None` where its size is another one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let mut numbers =
            bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        let temperature = numbers.next()?;
        let mut scales = [0.0; LABELS];
        for scale in &mut scales {
            *scale = numbers.next()?;
        }
        let rows = bytes.get(4 * (1 + LABELS)..)?;
        let finite =
            temperature.is_finite() && temperature > 0.0 && scales.iter().all(|scale| scale.is_finite());
        (finite && rows.len() == SLOTS * ROW).then(|| Self { temperature, scales, rows: rows.to_vec() })
    }

    /// The likeliest label and its probability; `None` where no model is loaded.
    pub(crate) fn decide(&self, words: &Words, query: &str, context: Context) -> Option<(Intent, f64)> {
        let scores = self.probabilities(words, query, context)?;
        let best = (0..LABELS).fold(0, |best, label| if scores[label] > scores[best] { label } else { best });
        Some((Intent::ALL[best], scores[best]))
    }

    /// Probabilities of the six labels in the order of [`Intent::ALL`].
    pub(crate) fn probabilities(
        &self,
        words: &Words,
        query: &str,
        context: Context,
    ) -> Option<[f64; LABELS]> {
        if self.rows.is_empty() {
            return None;
        }
        let mut sums = [0_i32; LABELS];
        let mut known = 0_u32;
        for feature in features(words, query, context.has_diagram) {
            let row = &self.rows[slot(feature) * ROW..][..ROW];
            if row[0] == mark(feature) {
                known += 1;
                for (sum, weight) in sums.iter_mut().zip(&row[1..]) {
                    *sum += i32::from(weight.cast_signed());
                }
            }
        }
        let norm = f64::from(self.temperature) * f64::from(known.max(1)).sqrt();
        let mut scores = [0.0; LABELS];
        for label in 0..LABELS {
            scores[label] = f64::from(sums[label]) * f64::from(self.scales[label]) / norm;
        }
        let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = scores.iter().map(|score| exp(score - most)).sum();
        Some(scores.map(|score| exp(score - most) / total))
    }
}

/// e to the power of `x` for x ≤ 0, the same bits on every platform: the standard library's `exp` is the platform's own.
fn exp(x: f64) -> f64 {
    if x < -40.0 {
        return 0.0;
    }
    // e^x = (e^(x/64))^64, the inner one by its series, which has converged after nine terms for |x/64| < 1.
    let small = x / 64.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..=9 {
        term *= small / f64::from(n);
        sum += term;
    }
    (0..6).fold(sum, |power, _| power * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_close() {
        for x in [-39.0, -10.0, -1.0, -0.5, 0.0] {
            assert!((exp(x) - f64::exp(x)).abs() < 1e-6, "{x}");
        }
    }

    #[test]
    fn a_file_of_another_size_is_no_model() {
        assert!(Model::read(&[0; 100]).is_none());
        assert!(Model::default().decide(&Words::default(), "x", Context::default()).is_none());
    }
}
