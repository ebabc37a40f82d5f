//! Another order for rows of tables, members of classes and boards. Objects have none: the layout places them.

use spandrel_base::Span;
use spandrel_syntax::SYNTHETIC_LINE;
use spandrel_syntax::ast::{Item, Key, KeyPath};

use crate::boards::{group, has_board, named_board};
use crate::index::{Index, Place, named};
use crate::reconnect::relative;
use crate::session::{Session, Step, read_key, refuse};
use crate::work::{KeyId, Scope, Work, line_of, names};

/// Where something is written that has a place in an order.
struct Slot {
    key: KeyId,
    /// The map in which the key stands, and the object whose map that is.
    scope: Scope,
    around: Vec<String>,
    /// Which part of the key's path is its name.
    part: usize,
}

impl Session<'_> {
    /// Puts `key` in front of `before`, or behind all others of its kind.
    pub(crate) fn reorder(&self, source: &str, key: &str, before: Option<&str>) -> Step<String> {
        let (mut work, index) = self.open(source)?;
        let path = |key: &str| -> Step<KeyPath> {
            let mut path = read_key(key)?.path.ok_or_else(|| refuse("E001", format!("`{key}` is no key")))?;
            index.as_written(&mut path);
            if has_board(&index, &path) || index.has_member(&names(&path)) {
                return Ok(path);
            }
            Err(refuse("E016", format!("`{key}` is no row, member or board: it has no place in an order")))
        };
        let moved = path(key)?;
        let others = siblings(&index, &moved);
        let before = before.map(path).transpose()?.map(|path| names(&path));
        if before.as_ref().is_some_and(|before| !others.contains(before)) {
            return if before == Some(names(&moved)) {
                Ok(source.to_owned())
            } else {
                Err(refuse("E016", "only rows, members or boards of the same list can be put in order"))
            };
        }
        let own = slot(&work, &index, &names(&moved))?;
        let (target, behind) = if let Some(before) = before {
            (slot(&work, &index, &before)?, false)
        } else {
            let slots = others.iter().filter_map(|other| slot(&work, &index, other).ok());
            let Some(last) = slots.max_by_key(|slot| slot.key) else { return Ok(source.to_owned()) };
            (last, true)
        };
        if own.scope == target.scope
            && let (Some(own), Some(target)) = (work.key(own.key), work.key(target.key))
            && let Some(text) = move_lines(source, own.span, target.span, behind)
        {
            return self.check(text);
        }
        move_key(&mut work, &moved, &own, &target, behind);
        self.close(&work)
    }
}

/// The paths of the others in the same list.
fn siblings(index: &Index, path: &KeyPath) -> Vec<Vec<String>> {
    let own = names(path);
    let others = match named_board(path) {
        Some((kind, _)) if has_board(index, path) => {
            let boards = group(&index.board, kind).iter();
            boards.map(|board| vec![kind.to_owned(), spandrel_syntax::print::key_part(&board.name)]).collect()
        }
        _ => index.members(&own[..own.len() - 1]),
    };
    others.into_iter().filter(|other| *other != own).collect()
}

/// Where something is mentioned first: that is what gives it its place.
fn slot(work: &Work<'_>, index: &Index, path: &[String]) -> Step<Slot> {
    let refused =
        || refuse("E016", "what a connection, another board or another file names first keeps its place");
    if let Some(first) = index.mentions(path).refs.into_iter().next() {
        if first.place != Place::Path || work.key(first.key).is_none_or(Key::is_edge) {
            return Err(refused());
        }
        let (scope, around) = (first.scope, first.scope_path);
        return Ok(Slot { key: first.key, scope, around, part: first.part });
    }
    let [kind, name] = path else { return Err(refused()) };
    let groups = work.map(index.base).map(|map| named(map, kind)).unwrap_or_default();
    let board = |group: KeyId| Some((group, *named(work.map(Scope::Of(group))?, name).first()?));
    let (group, key) = groups.into_iter().find_map(board).ok_or_else(refused)?;
    Ok(Slot { key, scope: Scope::Of(group), around: vec![kind.clone()], part: 0 })
}

/// Moves whole lines, with the comments above and beside, where neither key shares its lines with others.
fn move_lines(source: &str, moved: Span, target: Span, behind: bool) -> Option<String> {
    let own = lines_of(source, moved)?;
    let target = lines_of(source, target)?;
    let at = if behind { target.end } else { target.start };
    let lines = &source[own.range()];
    Some(if at <= own.start {
        let (at, start, end) = (at as usize, own.start as usize, own.end as usize);
        [&source[..at], lines, &source[at..start], &source[end..]].concat()
    } else {
        let (at, start, end) = (at as usize, own.start as usize, own.end as usize);
        [&source[..start], source.get(end..at)?, lines, &source[at..]].concat()
    })
}

/// The lines of a key, their ends included, with the lines of comment directly above.
fn lines_of(source: &str, key: Span) -> Option<Span> {
    let line_start = |at: usize| source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let mut start = line_start(key.start as usize);
    let rest = &source[key.end as usize..];
    let end = rest.find('\n')? + 1;
    let beside = rest[..end].trim();
    if !source[start..key.start as usize].trim().is_empty() || !(beside.is_empty() || beside.starts_with('#'))
    {
        return None;
    }
    while start > 0 {
        let above = line_start(start - 1);
        if !source[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    Some(Span::new(start, key.end as usize + end))
}

/// Takes a key out and puts it beside another, which may stand in another map.
fn move_key(work: &mut Work<'_>, path: &KeyPath, own: &Slot, target: &Slot, behind: bool) {
    let line = work.key(target.key).map_or(0, |key| line_of(work.source, key.span.start));
    let Some(mut key) = work.remove(own.key) else { return };
    if own.scope != target.scope {
        let rest = key.path.take().map(|path| path.parts[own.part + 1..].to_vec()).unwrap_or_default();
        let mut moved = relative(work, path, &target.around);
        moved.parts.extend(rest);
        key.path = Some(moved);
    }
    // It counts as standing on the line of the other: no blank line comes between.
    key.span = Span { start: SYNTHETIC_LINE | line, end: SYNTHETIC_LINE | line };
    let item = Item::Key(Box::new(key));
    if behind { work.insert_after(target.key, item) } else { work.insert_before(target.key, item) }
}
