//! What a language model wrote, as D2.
//!
//! Models wrap code in fences, prose and JSON, type curly quotes and arrows of other notations, invent shapes and stop
//! in the middle. Where the meaning is plain it is mended, each change named; where it is not (another notation,
//! braces that could close in two places) the text is left with its diagnostics and a prompt for another try.
//!
//! `wraps` and `extract` find the code, `lines` mends what one line tells, `braces` what indentation tells, `styles` and
//! `names` what the lines around tell, and `settle` goes by what the compiler still refuses.

mod braces;
mod extract;
mod lines;
mod names;
mod settle;
mod styles;
mod wraps;

use spandrel_base::{Budget, Diagnostic};
use spandrel_compile::compile;

/// What became of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// D2; what was found where it could not be mended.
    pub source: String,
    /// Whether it compiles without an error.
    pub ok: bool,
    /// What was changed, in the order of changing, for a person.
    pub changes: Vec<String>,
    /// What is still wrong with `source`.
    pub diagnostics: Vec<Diagnostic>,
    /// What to send back to the model for another try; `None` where it is not needed.
    pub prompt: Option<String>,
}

/// Longer texts are not a diagram any more.
const MOST_BYTES: usize = 1 << 18;

/// Makes D2 of what a model wrote.
pub fn repair(text: &str) -> Repaired {
    let mut changes = Vec::new();
    if text.len() > MOST_BYTES {
        return refused(String::new(), "the text is longer than a diagram can be", changes);
    }
    let plain = !text.trim().is_empty()
        && extract::other_notation(text).is_none()
        && !extract::is_suspicious(text)
        && errors(text).is_empty();
    if plain {
        return Repaired { source: text.to_owned(), ok: true, ..Repaired::default() };
    }
    let code = extract::extract(text, &mut changes);
    if let Some(notation) = extract::other_notation(&code.text) {
        return refused(code.text, &format!("the answer is {notation}, not D2"), changes);
    }
    let mended = lines::mend(&code.text, &mut changes);
    let mut source = mended.clone();
    if let Some(balanced) = braces::balance(&mended, code.cut_off, &mut changes) {
        source = balanced;
    }
    if !errors(&source).is_empty() {
        source = names::mend(&styles::mend(&source, &mut changes), &mut changes);
    }
    settle::settle(&mut source, &mut changes);
    if !source.is_empty() && !source.ends_with('\n') {
        source.push('\n');
    }
    let diagnostics = errors(&source);
    let empty = source.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    if empty {
        return refused(source, "there is no diagram in the answer", changes);
    }
    let prompt = (!diagnostics.is_empty()).then(|| retry_prompt(&source, &diagnostics));
    Repaired { ok: diagnostics.is_empty(), source, changes, diagnostics, prompt }
}

fn errors(source: &str) -> Vec<Diagnostic> {
    let all = compile(source, &(), &Budget::default()).diagnostics;
    all.into_iter().filter(Diagnostic::is_error).collect()
}

fn refused(source: String, why: &str, changes: Vec<String>) -> Repaired {
    let diagnostic = Diagnostic::error("R010", spandrel_base::Span::at(0), why);
    let prompt = format!(
        "Your answer could not be used: {why}. Answer again with D2 source only: no prose, no Markdown, no other notation."
    );
    Repaired { source, ok: false, changes, diagnostics: vec![diagnostic], prompt: Some(prompt) }
}

/// A short prompt for another try, with the diagnostics and the lines they stand on.
fn retry_prompt(source: &str, diagnostics: &[Diagnostic]) -> String {
    let index = spandrel_base::LineIndex::new(source);
    let mut prompt = String::from("The D2 source you wrote has errors:\n");
    for diagnostic in diagnostics.iter().take(5) {
        let line = index.line_column(source, diagnostic.span.start as usize).line;
        let text = source.lines().nth(line as usize - 1).unwrap_or("").trim();
        let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        prompt.push_str(&format!("- line {line}: {}{help}: {text}\n", diagnostic.message));
    }
    prompt.push_str("Write the whole source again with these mended. D2 only, no prose, no Markdown.");
    prompt
}

#[cfg(test)]
mod tests;
