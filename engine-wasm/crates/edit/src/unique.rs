//! Names that are not taken yet.

use spandrel_syntax::ast::{Edge, EdgeIndex, Key, KeyPath, Str};
use spandrel_syntax::{format_key, format_path};

use crate::boards::has_board;
use crate::index::{Index, object_key};
use crate::session::{Step, read_key, refuse};
use crate::work::names;

/// Takes what both ends of a connection share in front into the key's container.
pub(crate) fn trim_common(key: &mut Key) {
    let [edge] = key.edges.as_mut_slice() else { return };
    let (Some(src), Some(dst)) = (&mut edge.src, &mut edge.dst) else { return };
    while src.parts.len() > 1
        && dst.parts.len() > 1
        && src.parts[0].text().to_lowercase() == dst.parts[0].text().to_lowercase()
    {
        let shared = src.parts.remove(0);
        dst.parts.remove(0);
        key.path.get_or_insert_with(KeyPath::default).parts.push(shared);
    }
}

/// The two ends of a connection as printed names, and whether each has an arrow.
pub(crate) type Ends = (Vec<String>, Vec<String>, (bool, bool));

/// Both ends of a key with one connection, from the board.
pub(crate) fn ends(key: &Key) -> Option<Ends> {
    let Edge { src: Some(src), dst: Some(dst), src_arrow, dst_arrow, .. } = key.edges.first()? else {
        return None;
    };
    let container = key.path.as_ref().map(names).unwrap_or_default();
    let full = |path: &KeyPath| container.iter().cloned().chain(names(path)).collect();
    Some((full(src), full(dst), (*src_arrow == Some('<'), *dst_arrow == Some('>'))))
}

/// A name without the number behind it, if it has one.
fn without_number(name: &str) -> Option<&str> {
    let (base, number) = name.rsplit_once(' ')?;
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(base)
}

impl Index {
    /// A key like `wanted` that nothing on the board has. `ignored`: an object that does not count.
    /// `taken`: printed keys that count as well. True: the key is that of a connection.
    pub(crate) fn unique(
        &self,
        wanted: &str,
        ignored: Option<&[String]>,
        taken: &[String],
    ) -> Step<(String, bool)> {
        let mut key = read_key(wanted)?;
        if key.edges.len() > 1 {
            return Err(refuse("E005", "one connection at a time"));
        }
        if !key.edges.is_empty() {
            let mut number = key.index.and_then(|index| index.number).unwrap_or(0);
            trim_common(&mut key);
            if let Some((src, dst, arrows)) = ends(&key) {
                while self.edge(&src, &dst, arrows, number).is_some() {
                    number += 1;
                }
            }
            key.index = Some(EdgeIndex { span: spandrel_base::Span::default(), number: Some(number) });
            return Ok((format_key(&key), true));
        }
        let Some(mut path) = key.path.take() else {
            return Err(refuse("E001", format!("`{wanted}` is no key")));
        };
        let ignores = |path: &[String]| ignored.is_some_and(|i| object_key(i) == object_key(path));
        let exists = |path: &KeyPath| {
            let names = names(path);
            let taken = self.has(&names) || self.has_member(&names) || has_board(self, path);
            taken && !ignores(&names)
        };
        let Some(last) = path.parts.last().map(|part| part.text().to_owned()) else {
            return Err(refuse("E001", format!("`{wanted}` is no key")));
        };
        let base = if exists(&path) { without_number(&last).unwrap_or(&last) } else { &last };
        let mut number = 1;
        loop {
            let name = if number == 1 { base.to_owned() } else { format!("{base} {number}") };
            if let Some(part) = path.parts.last_mut().filter(|part| part.text() != name) {
                *part = Str::key(&name, part.span);
            }
            let printed = format_path(&path);
            if !taken.contains(&printed) && !exists(&path) {
                return Ok((printed, false));
            }
            number += 1;
        }
    }
}
