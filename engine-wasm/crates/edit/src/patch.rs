//! From an edited tree to text: what the edit did not touch keeps its bytes.
//!
//! Old and new tree are walked together. Items that are the same keep their text and the white space around
//! them; items whose maps changed are walked into; the rest is printed anew. The result has to format to the
//! same text as the edited tree; where it does not, the formatted tree is the result.

use std::collections::BTreeMap;

use spandrel_base::Span;
use spandrel_syntax::ast::{Item, Key, Map, Value};
use spandrel_syntax::{SYNTHETIC, Tree, format_item, format_tree, parse};

use crate::work::{Work, line_of};

/// The text of an edited tree, parsed; `target` is what it formats to.
pub(crate) fn patch(work: &Work<'_>, target: &str) -> Tree {
    let source = work.source;
    let old = parse(source);
    // A look at its end spares formatting most texts that are not in canonical format.
    if source.ends_with('\n') && old.diagnostics().is_empty() && format_tree(&old) == source {
        // In canonical format already: formatting changes nothing but what the edit does.
        return parse(target);
    }
    let items = keys_of(old.root());
    let newlines = source.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
    let line_starts = newlines.map(|(at, _)| at as u32 + 1).collect();
    let patcher = Patcher { source, line_starts, old: items, crlf: source.contains("\r\n") };
    let mut text = String::with_capacity(source.len() + 64);
    patcher.map(&work.root, old.root(), true, 0, &mut text);
    let tree = parse(&text);
    let fits = tree.diagnostics().is_empty() && format_tree(&tree) == target;
    if fits { tree } else { parse(target) }
}

/// All keys of a tree by the offset at which they start.
fn keys_of(map: &Map) -> BTreeMap<u32, &Key> {
    let mut found = BTreeMap::new();
    let mut open = vec![map];
    while let Some(map) = open.pop() {
        for key in map.keys() {
            found.insert(key.span.start, key);
            open.extend(key.map());
        }
    }
    found
}

/// The spans of the items of a map that begin at `from` or later and in front of `to`.
fn between(map: &Map, from: usize, to: usize) -> impl Iterator<Item = Span> + '_ {
    let first = map.items.partition_point(|item| (item.span().start as usize) < from);
    map.items[first..].iter().map(Item::span).take_while(move |span| (span.start as usize) < to)
}

struct Patcher<'s, 't> {
    source: &'s str,
    /// Offsets at which lines begin, but for the first.
    line_starts: Vec<u32>,
    old: BTreeMap<u32, &'t Key>,
    crlf: bool,
}

impl Patcher<'_, '_> {
    fn newline(&self, indent: usize, out: &mut String) {
        out.push_str(if self.crlf { "\r\n" } else { "\n" });
        out.push_str(&"  ".repeat(indent));
    }

    /// The line, from 0, of an offset; synthetic ones name theirs.
    fn line(&self, offset: u32) -> i64 {
        if offset & SYNTHETIC == 0 {
            self.line_starts.partition_point(|&start| start <= offset) as i64
        } else {
            i64::from(line_of(self.source, offset))
        }
    }

    /// Whether an item stands in the old tree exactly as it is.
    fn unchanged(&self, item: &Item) -> bool {
        let span = item.span();
        if span.start & SYNTHETIC != 0 || span.end & SYNTHETIC != 0 {
            return false;
        }
        match item {
            Item::Key(key) => self.old.get(&span.start).is_some_and(|old| **old == **key),
            _ => true,
        }
    }

    /// The inside of a map (of a whole file), from the text of the old one.
    fn map(&self, new: &Map, old: &Map, file: bool, indent: usize, out: &mut String) {
        let inner =
            if file { old.span.range() } else { old.span.start as usize + 1..old.span.end as usize - 1 };
        let mut done = inner.start;
        let mut previous: Option<&Item> = None;
        for item in &new.items {
            let span = item.span();
            let from_here = span.start & SYNTHETIC == 0
                && span.start as usize >= done
                && between(old, span.start as usize, usize::MAX)
                    .next()
                    .is_some_and(|o| o.start == span.start);
            if from_here {
                // What was taken out before it leaves its line empty, as D2's own edits do.
                let gap = &self.source[done..span.start as usize];
                let removed = between(old, done, span.start as usize).next().is_some();
                if removed {
                    self.gap_without(done, span, previous.is_none(), old, out);
                } else if previous.is_some_and(|p| p.span().start & SYNTHETIC != 0) && !gap.contains('\n') {
                    self.separator(previous, item, indent, out);
                } else {
                    out.push_str(gap);
                }
                done = span.start as usize;
            } else {
                self.separator(previous, item, indent, out);
            }
            if from_here && self.unchanged(item) {
                out.push_str(span.of(self.source));
                done = span.end as usize;
            } else if let (true, Some(old_key), Item::Key(key)) = (from_here, self.old.get(&span.start), item)
            {
                self.key(key, old_key, item, indent, out);
                done = old_key.span.end as usize;
            } else {
                out.push_str(&format_item(self.source, item, indent));
            }
            previous = Some(item);
        }
        self.tail(new, old, done, inner.end, file, indent, out);
    }

    /// What stands after the last item that is kept, without items that were taken out.
    #[allow(clippy::too_many_arguments, reason = "the two ends of the text and of the maps belong together")]
    fn tail(
        &self,
        new: &Map,
        old: &Map,
        done: usize,
        end: usize,
        file: bool,
        indent: usize,
        out: &mut String,
    ) {
        let removed = old.items.iter().map(Item::span).filter(|s| s.start as usize >= done);
        let last_removed = removed.map(|s| s.end as usize).max();
        let start = last_removed.unwrap_or(done).min(end);
        let rest = &self.source[start..end];
        if rest.contains('\n') || file {
            if file && new.items.last().is_some_and(|i| i.span().start & SYNTHETIC != 0) && rest.is_empty() {
                self.newline(0, out);
            }
            out.push_str(rest);
        } else if new.items.last().is_some_and(|i| i.span().start & SYNTHETIC != 0) {
            self.newline(indent.saturating_sub(1), out);
        } else {
            out.push_str(rest);
        }
    }

    /// White space between two items of which at least one is new or comes from elsewhere.
    fn separator(&self, previous: Option<&Item>, item: &Item, indent: usize, out: &mut String) {
        let Some(previous) = previous else {
            if indent > 0 {
                self.newline(indent, out);
            }
            return;
        };
        let (before, after) = (previous.span(), item.span());
        let split = after.start & SYNTHETIC != 0 && after.end & SYNTHETIC == 0;
        let start = if split { after.end } else { after.start };
        if self.line(start) - self.line(before.end) > 1 {
            out.push_str(if self.crlf { "\r\n" } else { "\n" });
        }
        self.newline(indent, out);
    }

    /// The text from `done` to an item that is kept, without the items between that were taken out.
    fn gap_without(&self, done: usize, next: Span, first: bool, old: &Map, out: &mut String) {
        let end = next.start as usize;
        let mut at = done;
        let mut gap = String::new();
        for span in between(old, done, end) {
            gap.push_str(&self.source[at.min(span.start as usize)..span.start as usize]);
            at = span.end as usize;
        }
        gap.push_str(&self.source[at..end]);
        // A separator of what is gone goes too, and lines that became empty keep no blanks.
        let newlines = gap.matches('\n').count();
        let indentation = &gap[gap.rfind('\n').map_or(0, |newline| newline + 1)..];
        let eol = if self.crlf { "\r\n" } else { "\n" };
        if newlines == 0 {
            out.push_str(if first { gap.trim_start_matches([';', ' ']) } else { "; " });
        } else if first {
            out.push_str(eol.repeat(usize::from(!out.is_empty())).as_str());
            out.push_str(indentation);
        } else {
            out.push_str(&eol.repeat(newlines.min(2)));
            out.push_str(indentation.trim_start_matches(';'));
        }
    }

    /// A key that is still there, changed: its map is walked into where that is all, or it is printed anew
    /// up to its map.
    fn key(&self, key: &Key, old: &Key, item: &Item, indent: usize, out: &mut String) {
        if let (Some(Value::Map(new_map)), Some(Value::Map(old_map))) = (&key.value, &old.value) {
            let head = |key: &Key| Key { span: Span::default(), value: None, ..key.clone() };
            let expanded = new_map.span.end & SYNTHETIC != 0;
            if head(key) == head(old) && new_map.span.start == old_map.span.start && !expanded {
                out.push_str(&self.source[old.span.start as usize..=old_map.span.start as usize]);
                self.map(new_map, old_map, false, indent + 1, out);
                out.push('}');
                out.push_str(&self.source[old_map.span.end as usize..old.span.end as usize]);
                return;
            }
        }
        out.push_str(&format_item(self.source, item, indent));
    }
}

#[cfg(test)]
mod tests {
    use crate::{Op, Place, edit};

    /// What an edit makes of a source that is not in canonical format.
    fn check(source: &str, op: &Op, expected: &str) {
        let edited = edit(source, Place::default(), op).expect("the edit is possible");
        assert_eq!(edited.source, expected);
        assert_eq!(spandrel_base::apply_edits(&edited.source, &edited.inverse), source);
    }

    fn set(key: &str, value: &str) -> Op {
        Op::Set { key: key.into(), value: Some(value.into()), tag: None }
    }

    #[test]
    fn bytes_outside_of_the_change_stay() {
        check(
            "# top\na   :  A {shape:circle}\n\n\n\nb:   B\n",
            &set("b.style.fill", "red"),
            "# top\na   :  A {shape:circle}\n\n\n\nb: B {style.fill: red}\n",
        );
    }

    #[test]
    fn an_item_is_added_at_the_end_of_its_map() {
        check(
            "a: {\n      x   ;  y\n\n}\nb   # beside\n",
            &Op::Create { key: "a.z".into() },
            "a: {\n      x   ;  y\n  z\n\n}\nb   # beside\n",
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        check(
            "a.style.fill:    red # why\nb  -> c\n",
            &set("a.style.fill", "blue"),
            "a.style.fill: blue # why\nb  -> c\n",
        );
    }

    #[test]
    fn a_deleted_line_leaves_the_others_alone() {
        check(
            "a   ->  b\nc: {\n    d\n    e\n}\n",
            &Op::Delete { key: "c.e".into(), with_children: false },
            "a   ->  b\nc: {\n    d\n}\n",
        );
    }

    #[test]
    fn a_container_that_dissolves_leaves_its_comments() {
        check(
            "a: {\n  # about b\n  b\n  c # beside\n}\n",
            &Op::Delete { key: "a".into(), with_children: false },
            "# about b\nb\nc # beside\n",
        );
    }

    #[test]
    fn a_deleted_object_takes_its_loops_along() {
        let delete = |key: &str| Op::Delete { key: key.into(), with_children: true };
        check("a -> a\nb\n", &delete("a"), "b\n");
        check("g: {\n  a -> a: again\n  a -> b\n}\n", &delete("g.a"), "g: {\n  b\n}\n");
    }

    #[test]
    fn what_was_near_a_deleted_object_stays() {
        check("a\nb.near: a\n", &Op::Delete { key: "a".into(), with_children: true }, "b\n");
    }

    #[test]
    fn underscores_that_stay_within_a_dissolved_container_keep_their_meaning() {
        check(
            "a: {\n  b: {\n    _._.c -> _.d\n  }\n  d\n}\n",
            &Op::Delete { key: "a".into(), with_children: false },
            "b: {\n  _.c -> _.d\n}\nd\n",
        );
    }

    #[test]
    fn an_object_moves_up_within_its_own_key() {
        let to = |key: &str, new_key: &str| Op::Move {
            key: key.into(),
            new_key: new_key.into(),
            include_descendants: true,
        };
        check("a.b.a.x\nc\n", &to("a.b.a", "a.a"), "a: {\n  b\n  a.x\n}\nc\n");
        check("a.b.a.x -> c.d\na.b -> c\n", &to("a.b.a", "c.a"), "c.a.x -> c.d\nc\na.b -> c\na.b\n");
    }

    #[test]
    fn several_classes_or_constraints_are_set_as_a_list() {
        check(
            "t: {shape: sql_table; id: int}\n",
            &set("t.id.constraint", "[primary_key; unique]"),
            "t: {shape: sql_table; id: int {constraint: [primary_key; unique]}}\n",
        );
        check("a\n", &set("a.class", "[hot; cold]"), "a: {class: [hot; cold]}\n");
    }

    #[test]
    fn a_label_that_is_a_keyword_keeps_its_case() {
        check(
            "a\nb\na -> b: Steps {style.opacity: 1}\n",
            &Op::Reconnect { key: "(a -> b)[0]".into(), new_src: None, new_dst: Some("a".into()) },
            "a\nb\na -> a: Steps {style.opacity: 1}\n",
        );
    }
}
