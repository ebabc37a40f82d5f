//! A whole answer that was written as something else: as one string, a patch, a numbered listing, the same thing twice.

use super::extract::json_string;

/// What was meant, and what was done to read it; `None` where the text is none of these.
pub(super) fn unwrap(text: &str) -> Option<(String, &'static str)> {
    let string = literal(text).map(|text| (text, "read the one string that the code was written as"));
    string
        .or_else(|| patched(text).map(|text| (text, "applied the patch that the code was written as")))
        .or_else(|| numbered(text).map(|text| (text, "took off the numbers of the lines")))
        .or_else(|| one_copy(text).map(|text| (text, "kept one of two copies")))
}

/// One line with its line breaks written as `\n`, in quotes or bare.
fn literal(text: &str) -> Option<String> {
    let line = text.trim();
    if line.contains('\n') || !line.contains("\\n") {
        return None;
    }
    if let Some(rest) = line.strip_prefix('"') {
        let (inner, closed) = json_string(rest);
        return (closed && inner.contains('\n')).then_some(inner);
    }
    let pieces: Vec<&str> = line.split("\\n").collect();
    // A label may hold `\n`; what comes after it is then no statement.
    let all = pieces.len() > 2 && pieces.iter().all(|piece| piece.trim().is_empty() || is_code(piece));
    all.then(|| pieces.join("\n"))
}

/// Whether a line has a sign that a statement of D2 has and a sentence hardly.
fn is_code(line: &str) -> bool {
    line.contains(": ") || line.contains("->") || line.contains('{') || line.trim() == "}"
}

/// The new side of a unified diff: no key of D2 begins with a plus.
fn patched(text: &str) -> Option<String> {
    let is_head = |line: &str| {
        ["@@ ", "--- ", "+++ ", "diff --git ", "index "].iter().any(|head| line.starts_with(head))
    };
    let body: Vec<&str> =
        text.lines().filter(|line| !line.trim().is_empty() && !is_head(line) && *line != "@@").collect();
    let signed = body.iter().all(|line| line.starts_with(['+', '-', ' ', '\\']));
    if !signed || !body.iter().any(|line| line.starts_with('+')) {
        return None;
    }
    let kept = body.iter().filter(|line| !line.starts_with(['-', '\\'])).map(|line| &line[1..]);
    Some(kept.collect::<Vec<_>>().join("\n") + "\n")
}

/// Lines `1. …`, `2. …` of code without their numbers; a list that explains keeps them.
fn numbered(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| number(line).is_some_and(|(number, _)| number <= 1))?;
    let first = number(lines[start])?.0;
    let mut code = Vec::new();
    let mut end = start;
    for line in &lines[start..] {
        match number(line) {
            Some((found, rest)) if found == first + code.len() as u32 => code.push(rest),
            _ => break,
        }
        end += 1;
    }
    let explains = code.iter().any(|line| line.contains("**") || line.trim_end().ends_with('.'));
    let statements = code.iter().filter(|line| is_code(line)).count();
    let drawn = code.iter().any(|line| line.contains("->") || line.contains('{'));
    if code.len() < 3 || explains || !drawn || statements * 2 <= code.len() {
        return None;
    }
    let mut out: Vec<&str> = lines[..start].to_vec();
    out.append(&mut code);
    out.extend(&lines[end..]);
    Some(out.join("\n") + "\n")
}

/// The number that a line begins with, and what stands behind it and its sign.
fn number(line: &str) -> Option<(u32, &str)> {
    let line = line.trim_start();
    let digits = line.find(|c: char| !c.is_ascii_digit()).filter(|digits| (1..=4).contains(digits))?;
    let rest = &line[digits..];
    // `1: Start` and `1 -> 2` are D2.
    let rest = rest.strip_prefix(['.', ')', '|']).or_else(|| rest.strip_prefix('\t'))?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    Some((line[..digits].parse().ok()?, rest))
}

/// The first half, where the second says the same once more.
fn one_copy(text: &str) -> Option<String> {
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    if lines.len() < 6 || lines.len() % 2 == 1 {
        return None;
    }
    let (first, second) = lines.split_at(lines.len() / 2);
    let same = first.iter().zip(second).all(|(a, b)| a.1.trim() == b.1.trim());
    if !same || !first.iter().any(|(_, line)| line.contains("->")) {
        return None;
    }
    let kept: Vec<&str> = text.lines().take(first.last()?.0 + 1).collect();
    Some(kept.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_d2_stays() {
        for text in [
            "1: Start\n2: Middle\n3: End\n1 -> 2 -> 3\n",
            "a: one\\ntwo\n",
            "a -> b\na -> b\n",
            "x: |md\n  1. one.\n  2. two.\n|\n",
        ] {
            assert_eq!(unwrap(text), None, "{text}");
        }
    }

    #[test]
    fn listings_and_patches_are_read() {
        let read = |text: &str| unwrap(text).unwrap_or_default().0;
        assert_eq!(read("1. a: A\n2. b: B\n3. a -> b\n"), "a: A\nb: B\na -> b\n");
        assert_eq!(read(" a: A\n-a -> b\n+a -> c\n"), "a: A\na -> c\n");
        assert_eq!(read("\"a: A\\na -> b\""), "a: A\na -> b");
        let twice = "a: A\nb: B\na -> b\n\na: A\nb: B\na -> b\n";
        assert_eq!(read(twice), "a: A\nb: B\na -> b\n");
    }
}
