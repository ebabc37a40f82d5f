//! What only the assistant needs: patterns, knowledge and the intent model, as one file of bytes.
//!
//! Format: `SPDA`, a version byte, then sections of tag (4 bytes), length (u32, little endian) and payload.
//! Text sections separate records, fields and list items by U+001E, U+001F and U+001D, which no table holds.
//! Unknown sections are skipped, so an older engine reads a newer file of the same version.

use crate::expert::Entry;
use crate::intent::Model;
use crate::pattern::Pattern;
use crate::words::Words;

const MAGIC: &[u8] = b"SPDA\x01";
const RECORD: char = '\u{1e}';
const FIELD: char = '\u{1f}';
const ITEM: char = '\u{1d}';

/// The assistant's data, read once and then only looked at.
#[derive(Debug, Default)]
pub struct Data {
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) intents: Model,
    pub(crate) words: Words,
    /// What is asked back: id, language, sentence.
    pub(crate) says: Vec<[String; 3]>,
}

/// Why bytes are not the assistant's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataError {
    /// It does not begin like such a file, or is of another version.
    NotAssistData,
    /// It ends in the middle, or a section says what cannot be.
    Damaged,
}

impl std::fmt::Display for DataError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotAssistData => "not the assistant's data file, or of another version of the engine",
            Self::Damaged => "the assistant's data file is damaged",
        })
    }
}

impl std::error::Error for DataError {}

impl Data {
    /// Reads the file that the package ships.
    pub fn load(bytes: &[u8]) -> Result<Self, DataError> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or(DataError::NotAssistData)?;
        let mut data = Self::default();
        let (mut topics, mut languages) = ("", "");
        while !rest.is_empty() {
            let (tag, payload, after) = section(rest).ok_or(DataError::Damaged)?;
            rest = after;
            match tag {
                b"PATT" => data.patterns = records(payload, Pattern::read)?,
                b"KNOW" => data.entries = records(payload, Entry::read)?,
                b"SAYS" => data.says = records(payload, sentence)?,
                b"INTM" => data.intents = Model::read(payload).ok_or(DataError::Damaged)?,
                b"TOPC" => topics = std::str::from_utf8(payload).map_err(|_| DataError::Damaged)?,
                b"LANG" => languages = std::str::from_utf8(payload).map_err(|_| DataError::Damaged)?,
                _ => {}
            }
        }
        data.words = Words::read(topics, languages);
        Ok(data)
    }

    /// What words are about and how other languages say them: for tools that train on requests.
    #[doc(hidden)]
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The phrases that call patterns: for tools that make training texts.
    #[doc(hidden)]
    pub fn pattern_phrases(&self) -> Vec<String> {
        self.patterns.iter().flat_map(|pattern| &pattern.words).map(|phrase| phrase.join(" ")).collect()
    }

    /// The data of this build.
    #[cfg(feature = "embedded-data")]
    pub fn embedded() -> Self {
        // The file was packed by this crate's own build script; a test reads it.
        Self::load(Self::embedded_bytes()).unwrap_or_default()
    }

    /// The packed file of this build, as the npm package ships it.
    #[cfg(feature = "embedded-data")]
    pub fn embedded_bytes() -> &'static [u8] {
        include_bytes!(concat!(env!("OUT_DIR"), "/assist.bin"))
    }
}

fn sentence(fields: &[&str]) -> Option<[String; 3]> {
    let [id, language, text] = fields else { return None };
    Some([id, language, text].map(|field| (*field).to_owned()))
}

fn section(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (payload, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((tag, payload, rest))
}

/// Reads every record of a text section.
fn records<T>(payload: &[u8], read: impl Fn(&[&str]) -> Option<T>) -> Result<Vec<T>, DataError> {
    let text = std::str::from_utf8(payload).map_err(|_| DataError::Damaged)?;
    text.split(RECORD)
        .filter(|record| !record.is_empty())
        .map(|record| read(&record.split(FIELD).collect::<Vec<_>>()).ok_or(DataError::Damaged))
        .collect()
}

/// The items of a list field.
pub(crate) fn items(field: &str) -> Vec<String> {
    field.split(ITEM).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packed_file_loads() {
        let data = Data::load(Data::embedded_bytes()).unwrap();
        assert!(data.patterns.len() >= 30 && data.entries.len() >= 120);
    }

    #[test]
    fn other_bytes_are_refused() {
        assert_eq!(Data::load(b"hello").unwrap_err(), DataError::NotAssistData);
        let whole = Data::embedded_bytes();
        assert_eq!(Data::load(&whole[..whole.len() - 1]).unwrap_err(), DataError::Damaged);
        assert_eq!(Data::load(&whole[..8]).unwrap_err(), DataError::Damaged);
    }
}
