//! Names that the server makes.

use rand::RngExt;
use uuid::Uuid;

use crate::time::Millis;

/// Letters and digits that cannot be taken for one another: no `0`/`O`, `1`/`I`/`L`.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Length of a generated project code, as in `PW6VSKR`.
const CODE_LENGTH: usize = 7;

/// A project code of seven letters and digits, the first a letter. 31^7 of them: a clash is tried again.
pub(crate) fn project_code() -> String {
    let mut rng = rand::rng();
    (0..CODE_LENGTH)
        .map(|index| {
            // The first 23 are the letters.
            let choices = if index == 0 { 23 } else { CODE_ALPHABET.len() };
            char::from(CODE_ALPHABET[rng.random_range(0..choices)])
        })
        .collect()
}

/// An id that sorts by the time it was made.
pub(crate) fn sortable() -> String {
    Uuid::now_v7().to_string()
}

/// What no [`sortable`] id that is made at `at` or later comes before.
pub(crate) fn first_of(at: Millis) -> String {
    let at = u64::try_from(at).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(at, &[0; 10]).into_uuid().to_string()
}

/// An id that tells nothing, 36 characters long.
pub(crate) fn opaque() -> String {
    Uuid::new_v4().to_string()
}

/// Whether a project may have this code: 3..64 letters, digits, `-` and `_`, the first a letter or digit.
pub(crate) fn is_project_code(code: &str) -> bool {
    (3..=64).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        && code.as_bytes()[0].is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_codes_are_codes() {
        for _ in 0..1000 {
            let code = project_code();
            assert!(is_project_code(&code) && code.len() == 7, "{code}");
            assert!(code.as_bytes()[0].is_ascii_uppercase(), "{code}");
        }
    }

    #[test]
    fn ids_sort_by_their_time() {
        let before = crate::time::now();
        let ids = [sortable(), sortable(), sortable()];
        assert!(ids.is_sorted() && ids[0] >= first_of(before) && ids[2] < first_of(before + 3_600_000));
        assert!(first_of(i64::MIN) < first_of(1));
    }

    #[test]
    fn codes_are_judged_at_their_borders() {
        for good in ["PW6", &"x".repeat(64), "my_shop-2"] {
            assert!(is_project_code(good), "{good}");
        }
        for bad in ["PW", "", &"x".repeat(65), "-shop", "a/b", "sho p", "größe"] {
            assert!(!is_project_code(bad), "{bad}");
        }
    }
}
