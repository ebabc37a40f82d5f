//! Sine, cosine, arc cosine and logarithm that give the same bits on every platform.
//!
//! The standard library hands these to the platform, and a browser's differ in the last bits from a
//! server's; layouts would then differ too. Additions, products, quotients and roots are exact everywhere
//! (IEEE 754), so these are made of them alone. Errors are below 1e-14 for the arguments used here.

use std::f64::consts::{FRAC_PI_2, LN_2, PI, SQRT_2};

/// Sine and cosine of an angle of moderate size (radians, less than some thousand turns).
pub(super) fn sin_cos(angle: f64) -> (f64, f64) {
    // Reduced to within an eighth of a turn around 0; `quarter` says which axis is nearest.
    let quarter = (angle / FRAC_PI_2).round();
    let x = angle - quarter * FRAC_PI_2;
    let square = x * x;
    // Taylor's series, from the smallest term up.
    let mut sin = 1.0;
    for n in [14.0, 12.0, 10.0, 8.0, 6.0, 4.0, 2.0] {
        sin = 1.0 - sin * square / (n * (n + 1.0));
    }
    sin *= x;
    let mut cos = 1.0;
    for n in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        cos = 1.0 - cos * square / (n * (n + 1.0));
    }
    match (quarter as i64).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// The angle between 0 and half a turn whose cosine is `value`, by halving the interval.
pub(super) fn acos(value: f64) -> f64 {
    let (mut low, mut high) = (0.0, PI);
    for _ in 0..52 {
        let middle = f64::midpoint(low, high);
        if sin_cos(middle).1 > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Natural logarithm of a positive, normal number.
pub(super) fn ln(value: f64) -> f64 {
    let bits = value.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as f64 - 1023.0;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if mantissa > SQRT_2 {
        mantissa /= 2.0;
        exponent += 1.0;
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), whose series is short near 1.
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let mut sum = 0.0;
    for odd in [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        sum = sum * square + 1.0 / odd;
    }
    2.0 * ratio * sum + exponent * LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_platform() {
        for step in -2000..2000 {
            let x = f64::from(step) * 0.0173;
            let (sin, cos) = sin_cos(x);
            assert!((sin - x.sin()).abs() < 1e-14 && (cos - x.cos()).abs() < 1e-14, "{x}");
            let positive = 0.001 + f64::from(step + 2000) * 0.37;
            assert!((ln(positive) - positive.ln()).abs() < 1e-14, "ln {positive}");
        }
        for step in -99..=99 {
            let value = f64::from(step) / 100.0;
            assert!((acos(value) - value.acos()).abs() < 1e-13, "{value}");
        }
    }
}
