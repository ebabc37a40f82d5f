//! D2's canonical format.
//!
//! Two spaces a level, one key a line unless the map is on one line, at most one blank line in a row,
//! boards at the end of their map, empty maps left out, comments kept where they stand.

use spandrel_base::Span;

use crate::ast::{
    Array, ArrayItem, Comment, Edge, Import, Item, Key, KeyPath, Map, Quote, Segment, Str, Substitution,
    Value,
};
use crate::{Tree, keywords, parse, print};

/// `source` in canonical format; `None` where it has syntax errors.
pub fn format(source: &str) -> Option<String> {
    let tree = parse(source);
    tree.diagnostics().is_empty().then(|| format_tree(&tree))
}

/// A tree in canonical format. Error nodes are printed as they stand.
pub fn format_tree(tree: &Tree) -> String {
    format_edited(tree.text(), tree.root())
}

/// Spans from here on belong to no text: they are those of nodes that an edit made. The lowest bit of such
/// an offset is the line (0 or 1) on which the node counts as standing, and the bits above tell nodes apart.
pub const SYNTHETIC: u32 = 1 << 31;

/// With [`SYNTHETIC`]: the lower bits are the number of a line.
pub const SYNTHETIC_LINE: u32 = SYNTHETIC | 1 << 30;

/// A map that began as that of `source` and has been edited, in canonical format. Nodes of the source keep
/// the blank lines between them; nodes with [`SYNTHETIC`] spans are new.
pub fn format_edited(source: &str, root: &Map) -> String {
    let mut printer = Printer::new(source);
    printer.keeps_values = true;
    printer.map(root, true);
    printer.out
}

/// One item as [`format_edited`] would print it `indent` levels deep, without its first indentation.
pub fn format_item(source: &str, item: &Item, indent: usize) -> String {
    let mut printer = Printer::new(source);
    printer.keeps_values = true;
    printer.indent = indent;
    printer.item(item);
    printer.out
}

/// A key path as it is printed.
pub fn format_path(path: &KeyPath) -> String {
    let mut printer = Printer::new("");
    printer.path(path);
    printer.out
}

/// A key with its connections, without its value.
pub fn format_key(key: &Key) -> String {
    let bare = Key { primary: None, value: None, ..key.clone() };
    let mut printer = Printer::new("");
    printer.key(&bare);
    printer.out
}

struct Printer<'s> {
    source: &'s str,
    out: String,
    indent: usize,
    line_starts: Vec<u32>,
    /// Whether values keep their case. D2's formatter writes `a: Label` as `a: label`; an edit beside a label must not.
    keeps_values: bool,
}

impl<'s> Printer<'s> {
    fn new(source: &'s str) -> Self {
        let newlines = source.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        let line_starts = newlines.map(|(at, _)| at as u32 + 1).collect();
        Self { source, out: String::with_capacity(source.len()), indent: 0, line_starts, keeps_values: false }
    }

    /// The line, from 0, on which an offset lies.
    fn line(&self, offset: u32) -> i64 {
        if offset & SYNTHETIC_LINE == SYNTHETIC_LINE {
            i64::from(offset & !SYNTHETIC_LINE)
        } else if offset & SYNTHETIC != 0 {
            i64::from(offset & 1)
        } else {
            self.line_starts.partition_point(|&start| start <= offset) as i64
        }
    }

    fn newline(&mut self) {
        self.out.push('\n');
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
    }

    fn one_line(&self, span: Span) -> bool {
        self.line(span.start) == self.line(span.end)
    }

    /// Newlines between two spans.
    fn newlines(&self, before: Span, after: Span) -> i64 {
        // A part that was split off a node of the source is new, but ends where the node ended.
        let split = after.start & SYNTHETIC != 0 && after.end & SYNTHETIC == 0;
        let start = if split { after.end } else { after.start };
        self.line(start) - self.line(before.end)
    }

    fn map(&mut self, map: &Map, file: bool) {
        // Boards stand on lines of their own.
        let boards_inside = map.items.iter().any(|item| board(item) == Some(true));
        let one_line = !file && !boards_inside && self.one_line(map.span);
        if !file {
            self.out.push('{');
            if !one_line {
                self.indent += 1;
            }
        }
        let mut boards = Vec::new();
        let mut previous: Option<Span> = None;
        // Boards go to the end or leave: what stood first is not always what is printed first.
        let mut printed = false;
        for item in &map.items {
            let span = item.span();
            if let Some(keep) = board(item) {
                if keep {
                    boards.push(item);
                }
                previous = Some(span);
                continue;
            }
            if let (Some(before), Item::Comment(_) | Item::BlockComment(_)) = (previous, item)
                && printed
                && self.newlines(before, span) == 0
                && self.one_line(span)
            {
                self.out.push(' ');
                self.item(item);
                continue;
            }
            if one_line {
                if printed {
                    self.out.push_str("; ");
                }
            } else {
                if printed && previous.is_some_and(|before| self.newlines(before, span) > 1) {
                    self.out.push('\n');
                }
                if !file || printed {
                    self.newline();
                }
            }
            self.item(item);
            previous = Some(span);
            printed = true;
        }
        for item in boards {
            if !file || printed {
                self.out.push('\n');
            }
            if printed {
                self.out.push('\n');
            }
            printed = true;
            self.out.push_str(&"  ".repeat(self.indent));
            self.item(item);
        }
        if !file {
            if !one_line {
                self.indent -= 1;
                self.newline();
            }
            self.out.push('}');
        } else if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Comment(comment) => self.comment(comment),
            Item::BlockComment(comment) => self.block_comment(comment),
            Item::Substitution(substitution) => self.substitution(substitution),
            Item::Import(import) => self.import(import),
            Item::Key(key) => self.key(key),
            Item::Error(span) => self.out.push_str(span.of(self.source)),
        }
    }

    fn comment(&mut self, comment: &Comment) {
        for (index, line) in comment.text.split('\n').enumerate() {
            if index > 0 {
                self.newline();
            }
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
            }
            self.out.push_str(line);
        }
    }

    fn block_comment(&mut self, comment: &Comment) {
        let one_line = self.one_line(comment.span);
        self.out.push_str("\"\"\"");
        if one_line {
            self.out.push(' ');
        }
        self.lines(&comment.text, one_line);
        if one_line {
            self.out.push(' ');
        } else {
            self.newline();
        }
        self.out.push_str("\"\"\"");
    }

    fn lines(&mut self, text: &str, one_line: bool) {
        for line in text.split('\n') {
            if !one_line {
                if line.is_empty() {
                    self.out.push('\n');
                } else {
                    self.newline();
                }
            }
            self.out.push_str(line);
        }
    }

    fn key(&mut self, key: &Key) {
        match key.filter {
            Some(crate::ast::Filter::Is) => self.out.push('&'),
            Some(crate::ast::Filter::IsNot) => self.out.push_str("!&"),
            None => {}
        }
        if let Some(path) = &key.path {
            self.path(path);
        }
        if let Some(first) = key.edges.first() {
            let group = key.path.is_some() || key.index.is_some() || key.edge_path.is_some();
            if key.path.is_some() {
                self.out.push('.');
            }
            if group {
                self.out.push('(');
            }
            if let Some(src) = &first.src {
                self.path(src);
                self.out.push(' ');
            }
            for (index, edge) in key.edges.iter().enumerate() {
                if index > 0 {
                    self.out.push(' ');
                }
                self.arrow(edge);
            }
            if group {
                let last = key.edges.last().and_then(|edge| edge.dst.as_ref()?.parts.last());
                self.dash_before_sign(last.is_some_and(Str::is_unquoted));
                self.out.push(')');
            }
            if let Some(index) = key.index {
                match index.number {
                    Some(number) => {
                        self.out.push('[');
                        self.out.push_str(&number.to_string());
                        self.out.push(']');
                    }
                    None => self.out.push_str("[*]"),
                }
            }
            if let Some(path) = &key.edge_path {
                self.out.push('.');
                self.path(path);
            }
        }
        self.end_of_key(key);
        if let Some(primary) = &key.primary {
            self.out.push_str(": ");
            self.value(primary);
        }
        match &key.value {
            None => {}
            Some(Value::Map(map)) if map.items.is_empty() => {}
            Some(value) => {
                self.out.push_str(if key.primary.is_some() { " " } else { ": " });
                self.value(value);
            }
        }
    }

    /// Behind an unquoted `-` D2 reads the next sign as it stands: that must not be the colon.
    fn end_of_key(&mut self, key: &Key) {
        let edge = key.edges.last().filter(|_| key.path.is_none() && key.index.is_none());
        let path = key.edge_path.as_ref().or(edge.and_then(|edge| edge.dst.as_ref()));
        let path = path.or(key.path.as_ref().filter(|_| key.edges.is_empty()));
        let unquoted = path.and_then(|path| path.parts.last()).is_some_and(Str::is_unquoted);
        let has_value = key.primary.is_some()
            || key.value.as_ref().is_some_and(|v| !matches!(v, Value::Map(map) if map.items.is_empty()));
        self.dash_before_sign(unquoted && has_value);
    }

    /// Escapes the `-` at the end of what is printed: a sign follows that must not become part of the name.
    fn dash_before_sign(&mut self, unquoted: bool) {
        let Some(before) = self.out.strip_suffix('-').filter(|_| unquoted) else { return };
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        if backslashes % 2 == 0 {
            self.out.insert(self.out.len() - 1, '\\');
        }
    }

    fn arrow(&mut self, edge: &Edge) {
        self.out.push(edge.src_arrow.unwrap_or('-'));
        match edge.dst_arrow {
            None => self.out.push('-'),
            Some(arrow) => {
                if edge.src_arrow.is_some() {
                    self.out.push('-');
                }
                self.out.push(arrow);
            }
        }
        if let Some(dst) = &edge.dst {
            self.out.push(' ');
            self.path(dst);
        }
    }

    fn path(&mut self, path: &KeyPath) {
        self.parts(&path.parts);
    }

    fn parts(&mut self, parts: &[Str]) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.dash_before_sign(parts[index - 1].is_unquoted());
                self.out.push('.');
            }
            self.string(part);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null(_) => self.out.push_str("null"),
            Value::Suspension(_, on) => self.out.push_str(if *on { "suspend" } else { "unsuspend" }),
            Value::Boolean(_, on) => self.out.push_str(if *on { "true" } else { "false" }),
            Value::Number(_, raw) => self.out.push_str(raw),
            Value::Str(s) => self.value_string(s),
            Value::Array(array) => self.array(array),
            Value::Map(map) => self.map(map, false),
            Value::Import(import) => self.import(import),
        }
    }

    fn array(&mut self, array: &Array) {
        let one_line = self.one_line(array.span);
        self.out.push('[');
        if !one_line {
            self.indent += 1;
        }
        let mut previous: Option<Span> = None;
        for item in &array.items {
            let span = item.span();
            if let (Some(before), ArrayItem::Comment(_) | ArrayItem::BlockComment(_)) = (previous, item)
                && self.newlines(before, span) == 0
                && self.one_line(span)
            {
                self.out.push(' ');
                self.array_item(item);
                continue;
            }
            if one_line {
                if previous.is_some() {
                    self.out.push_str("; ");
                }
            } else {
                if previous.is_some_and(|before| self.newlines(before, span) > 1) {
                    self.out.push('\n');
                }
                self.newline();
            }
            self.array_item(item);
            previous = Some(span);
        }
        if !one_line {
            self.indent -= 1;
            self.newline();
        }
        self.out.push(']');
    }

    fn array_item(&mut self, item: &ArrayItem) {
        match item {
            ArrayItem::Comment(comment) => self.comment(comment),
            ArrayItem::BlockComment(comment) => self.block_comment(comment),
            ArrayItem::Substitution(substitution) => self.substitution(substitution),
            ArrayItem::Value(value) => self.value(value),
            ArrayItem::Error(span) => self.out.push_str(span.of(self.source)),
        }
    }

    /// A string in the place of a value.
    fn value_string(&mut self, s: &Str) {
        match &s.quote {
            Quote::Unquoted if self.keeps_values => self.unquoted(&s.segments, false),
            _ => self.string(s),
        }
    }

    fn string(&mut self, s: &Str) {
        match &s.quote {
            Quote::Unquoted => self.unquoted(&s.segments, true),
            Quote::Double => {
                self.out.push('"');
                self.segments(&s.segments, false);
                self.out.push('"');
            }
            Quote::Single => {
                self.out.push('\'');
                self.out.push_str(&print::escape_single(s.text()));
                self.out.push('\'');
            }
            Quote::Block(fence) => self.block(s, &fence.signs, &fence.tag),
        }
    }

    fn unquoted(&mut self, segments: &[Segment], keywords_lower: bool) {
        self.segments(segments, keywords_lower);
        let backslashes = self.out.len() - self.out.trim_end_matches('\\').len();
        if backslashes % 2 == 1 {
            // What it escaped was white space, which is trimmed; now it would escape what comes next.
            self.out.pop();
        }
    }

    fn segments(&mut self, segments: &[Segment], keywords_lower: bool) {
        for segment in segments {
            match segment {
                Segment::Substitution(substitution) => self.substitution(substitution),
                Segment::Text { text, raw } => {
                    let raw = raw.as_deref().unwrap_or(text);
                    if keywords_lower && keywords::is_reserved_any_case(raw) {
                        self.out.push_str(&raw.to_lowercase());
                    } else {
                        self.out.push_str(raw);
                    }
                }
            }
        }
    }

    fn block(&mut self, s: &Str, fence: &str, tag: &str) {
        let text = s.text();
        let fence = long_fence(text, fence);
        let one_line = self.one_line(s.span);
        self.out.push('|');
        self.out.push_str(&fence);
        self.out.push_str(tag);
        if one_line {
            self.out.push(' ');
        } else {
            self.indent += 1;
        }
        self.lines(text, one_line);
        if !one_line {
            self.indent -= 1;
            self.newline();
        } else if !text.is_empty() {
            self.out.push(' ');
        }
        self.out.push_str(&fence);
        self.out.push('|');
    }

    fn substitution(&mut self, substitution: &Substitution) {
        if substitution.spread {
            self.out.push_str("...");
        }
        self.out.push_str("${");
        self.parts(&substitution.path);
        self.out.push('}');
    }

    fn import(&mut self, import: &Import) {
        if import.spread {
            self.out.push_str("...");
        }
        self.out.push('@');
        self.out.push_str(&print::import_path(import));
    }
}

/// `fence` with its last sign repeated until neither `|` and the fence nor the fence and `|` stand in `text`.
fn long_fence(text: &str, fence: &str) -> String {
    let Some(last) = fence.chars().next_back() else {
        return "|".repeat(print::longest_run(text, '|'));
    };
    let head = fence.trim_end_matches(last);
    let own = (fence.len() - head.len()) / last.len_utf8();
    // How long a run of the last sign must not be, in front of a `|` and behind `|` and the head.
    let opening = std::format!("|{fence}");
    let opens = text.match_indices(&opening).map(|(at, _)| {
        let run = &text[at + 1 + head.len()..];
        (run.len() - run.trim_start_matches(last).len()) / last.len_utf8()
    });
    let closes = text.match_indices('|').filter_map(|(at, _)| {
        let before = text[..at].trim_end_matches(last);
        let run = (at - before.len()) / last.len_utf8();
        (run >= own && before.ends_with(head)).then_some(run)
    });
    let longest = opens.chain(closes).max().unwrap_or(0);
    let signs = if longest < own { own } else { longest + 1 };
    std::format!("{head}{}", last.to_string().repeat(signs))
}

/// Whether an item opens boards: `None` where it does not, `Some(false)` where there is nothing in it.
fn board(item: &Item) -> Option<bool> {
    let Item::Key(key) = item else { return None };
    let [part] = key.path.as_ref()?.parts.as_slice() else { return None };
    if !keywords::is_board(part.text()) || !part.is_unquoted() || key.is_edge() {
        return None;
    }
    match &key.value {
        Some(Value::Map(map)) => Some(!map.items.is_empty()),
        Some(Value::Import(_)) => Some(true),
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::{format, long_fence};

    /// Sources on which formatting twice once gave something else: found by damaging the corpus.
    #[test]
    fn formatting_is_idempotent() {
        for (source, wanted) in [
            ("layers: {\n  x: {a}\n}\nb\n", "b\n\nlayers: {\n  x: {a}\n}\n"),
            ("layers\n\n\ny: {\n  x\n}\n", "y: {\n  x\n}\n"),
            ("a: {\n  layers: {}\n\n  steps: {x: {b}}\n}\n", "a: {\n  steps: {x: {b}}\n}\n"),
            ("c - {\n  x\n}\n", "c \\-: {\n  x\n}\n"),
            ("c -\n", "c -\n"),
            ("a -> c - {\n  x\n}\n", "a -> c \\-: {\n  x\n}\n"),
            ("box.(a -> a -\n", "box.(a -> a \\-)\n"),
            ("a -\r.b\n", "a \\-.b\n"),
            ("a b\\ : x\n", "a b: x\n"),
            ("a: one\\ ", "a: one\n"),
            ("a: one\\  \n t", "a: one\nt\n"),
            ("x: @.classes./2\"\n", "x: @classes.'/2\"'\n"),
        ] {
            let once = format(source).expect("it has no syntax errors");
            assert_eq!(once, wanted, "{source:?}");
            assert_eq!(format(&once).as_deref(), Some(wanted), "{source:?} again");
        }
    }

    #[test]
    fn a_fence_is_as_long_as_its_text_asks_for() {
        // Sign by sign, as it is told in words.
        let slow = |text: &str, fence: &str| {
            let mut fence = fence.to_owned();
            while text.contains(&std::format!("|{fence}")) || text.contains(&std::format!("{fence}|")) {
                fence.push(fence.chars().next_back().unwrap_or('|'));
            }
            fence
        };
        for text in
            ["", "a | b", "|||", "x |` y", "`|", "|`` `|", "a `` | b", "|#` #``|", "``|`|```", "é| |é"]
        {
            for fence in ["", "|", "`", "``", "#`", "é"] {
                assert_eq!(long_fence(text, fence), slow(text, fence), "{text:?} in {fence:?}");
            }
        }
        let many = std::format!("|{}", "`".repeat(100_000));
        assert_eq!(long_fence(&many, "`").len(), 100_001);
    }
}
