//! Braces that are missing or too many, where indentation or the end of a cut-off answer says which.
//!
//! A brace closed in the wrong place changes what is inside what, which is worse than an error: so a missing
//! one is put only where a line stands further left than the open braces allow, or at the end.

/// The text with balanced braces; `None` where nothing was to be done or where it is not plain what to do.
pub(super) fn balance(text: &str, cut_off: bool, changes: &mut Vec<String>) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let changes_of_depth = depth_changes(&lines);
    let total: i64 = changes_of_depth.iter().sum();
    let dips = dips_below_zero(&changes_of_depth);
    if (total == 0 && !dips && !cut_off) || nests_too_deep(&changes_of_depth) {
        return None;
    }
    let mut notes = Vec::new();
    if (cut_off || total > 0) && drop_unfinished(&mut lines) {
        notes.push("dropped the last line, which was not finished".to_owned());
    }
    remove_surplus(&mut lines, &mut notes);
    close_by_indent(&mut lines, &mut notes);
    let open: i64 = depth_changes(&lines).iter().sum();
    if open < 0 {
        return None;
    }
    for depth in (0..open).rev() {
        lines.push(format!("{}}}", "  ".repeat(depth as usize)));
    }
    if open > 0 {
        notes.push(format!("closed {open} brace{} at the end", if open == 1 { "" } else { "s" }));
    }
    changes.append(&mut notes);
    Some(lines.join("\n") + "\n")
}

/// What each line does to the depth. Braces in quotes, comments and block strings do not count.
fn depth_changes(lines: &[String]) -> Vec<i64> {
    let mut block: Option<String> = None;
    lines
        .iter()
        .map(|line| {
            if let Some(end) = &block {
                if line.trim() == end.as_str() || line.trim_end().ends_with(end.as_str()) {
                    block = None;
                }
                return 0;
            }
            let (change, opened) = of_line(line);
            block = opened;
            change
        })
        .collect()
}

fn of_line(line: &str) -> (i64, Option<String>) {
    let mut change = 0;
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) => {
                if c == open && before != '\\' {
                    quote = None;
                }
            }
            None => match c {
                '"' => quote = Some('"'),
                '\'' if !before.is_alphanumeric() => quote = Some('\''),
                '#' if before.is_whitespace() => return (change, None),
                '{' => change += 1,
                '}' => change -= 1,
                '|' => {
                    let fence: String = line[at..]
                        .chars()
                        .take_while(|c| !c.is_alphanumeric() && !c.is_whitespace())
                        .collect();
                    let close: String = fence.chars().rev().collect();
                    let rest = &line[at + fence.len()..];
                    return (change, (!rest.contains(&close)).then_some(close));
                }
                _ => {}
            },
        }
        before = c;
    }
    (change, None)
}

/// Whether lines open more than D2 takes: no brace more would help.
fn nests_too_deep(changes: &[i64]) -> bool {
    let mut depth = 0;
    changes.iter().any(|change| {
        depth = (depth + change).max(0);
        depth > spandrel_syntax::MAX_DEPTH as i64
    })
}

fn dips_below_zero(changes: &[i64]) -> bool {
    let mut depth = 0;
    changes.iter().any(|change| {
        depth += change;
        depth < 0
    })
}

/// Whether a connection ends at the beginning of a name that stands in the lines before, and nowhere itself.
fn is_cut_name(line: &str, before: &[String]) -> bool {
    let Some((_, end)) = line.rsplit_once("->").filter(|(_, end)| !end.contains(':')) else { return false };
    let name = end.trim().rsplit('.').next().unwrap_or_default();
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut longer = false;
    for word in before.iter().flat_map(|line| line.split(|c| !is_letter(c))) {
        if word == name {
            return false;
        }
        longer |= word.starts_with(name);
    }
    longer && !name.is_empty()
}

/// A last line that ends in the middle: an arrow without an end, a key without a value, an open quote.
fn drop_unfinished(lines: &mut Vec<String>) -> bool {
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let Some(last) = lines.last() else { return false };
    let end = last.trim_end();
    let quotes = end.matches('"').count() - end.matches("\\\"").count();
    let unfinished = is_cut_name(end, &lines[..lines.len() - 1])
        || ["->", "<-", "--", "-", ":", ".", "=", "("].iter().any(|sign| end.ends_with(sign))
        || quotes % 2 == 1;
    if unfinished {
        lines.pop();
    }
    unfinished
}

/// A closing brace on a line of its own where nothing is open.
fn remove_surplus(lines: &mut Vec<String>, notes: &mut Vec<String>) {
    let mut depth = 0;
    let mut removed = 0;
    let changes = depth_changes(lines);
    let mut kept = Vec::with_capacity(lines.len());
    for (line, change) in lines.drain(..).zip(changes) {
        if depth + change < 0 && line.trim() == "}" {
            removed += 1;
            continue;
        }
        depth += change;
        kept.push(line);
    }
    *lines = kept;
    if removed > 0 {
        notes.push(format!(
            "took out {removed} closing brace{} too many",
            if removed == 1 { "" } else { "s" }
        ));
    }
}

/// Closes what is open before a line that stands further left, in a text that is indented throughout.
fn close_by_indent(lines: &mut Vec<String>, notes: &mut Vec<String>) {
    let changes = depth_changes(lines);
    if changes.iter().sum::<i64>() <= 0 {
        return;
    }
    // Indents of the lines that opened what is open.
    let mut open: Vec<usize> = Vec::new();
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    let mut closed = 0;
    for (line, change) in lines.iter().zip(&changes) {
        let indent = line.len() - line.trim_start().len();
        let closes = line.trim_start().starts_with('}');
        if !line.trim().is_empty() {
            while let Some(&from) = open.last() {
                // Inside stands further right than the line that opened; its own brace stands below that line.
                let belongs = if closes { indent >= from } else { indent > from };
                if belongs {
                    break;
                }
                open.pop();
                out.push(format!("{}}}", " ".repeat(from)));
                closed += 1;
            }
        }
        out.push(line.clone());
        for _ in 0..*change {
            open.push(indent);
        }
        for _ in 0..-change {
            open.pop();
        }
    }
    if closed > 0 {
        *lines = out;
        notes.push(format!(
            "closed {closed} brace{} where the indentation ends",
            if closed == 1 { "" } else { "s" }
        ));
    }
}
