//! The offline mind, with the wire's types.

use std::sync::OnceLock;

use spandrel_assist::{Context, Data, Intent};

use crate::Engine;
use crate::wire::{
    Answered, AssistContext, Checked, Classified, Diagnostic, Generated, Options, Repaired, Request, Template,
};

static DATA: OnceLock<Data> = OnceLock::new();

/// Gives the assistant its data file. The first one counts; natively it is built in.
pub fn load_assist(bytes: &[u8]) -> Result<(), String> {
    let data = Data::load(bytes).map_err(|error| error.to_string())?;
    // A second file of the same engine says the same.
    let _ = DATA.set(data);
    Ok(())
}

#[cfg(feature = "embedded-assist")]
fn data() -> &'static Data {
    DATA.get_or_init(Data::embedded)
}

#[cfg(not(feature = "embedded-assist"))]
fn data() -> &'static Data {
    DATA.get_or_init(Data::default)
}

impl Engine<'_> {
    /// The limits and filters of a design request.
    pub fn check_request(&self, query: &str, request: &Request) -> Vec<Diagnostic> {
        self.diagnostics(query, &spandrel_assist::check_request(query, request.project_code.as_deref()))
    }

    /// What a request asks for, by patterns and vectors; `CLARIFY` where neither knows.
    pub fn classify(&self, query: &str, context: &AssistContext) -> Classified {
        let open = context.source.as_deref().is_some_and(|source| !source.trim().is_empty());
        let context = Context {
            has_diagram: context.has_diagram.unwrap_or(open),
            last_intent: context.last_intent.as_deref().and_then(Intent::from_name),
        };
        let found = spandrel_assist::classify(data(), query, context);
        Classified {
            intent: found.intent.as_str().to_owned(),
            confidence: found.confidence,
            source: found.source.as_str().to_owned(),
        }
    }

    /// A diagram for a request, or the open one changed as asked.
    pub fn generate(&self, query: &str, context: &AssistContext) -> Generated {
        let existing = context.source.as_deref().filter(|source| !source.trim().is_empty());
        let made = spandrel_assist::generate(data(), query, existing);
        Generated { source: made.source, message: made.message, assumptions: made.assumptions }
    }

    /// What a language model wrote, as D2.
    pub fn repair(&self, text: &str) -> Repaired {
        let repaired = spandrel_assist::repair(text);
        Repaired {
            ok: repaired.ok,
            changes: repaired.changes,
            diagnostics: self.diagnostics(&repaired.source, &repaired.diagnostics),
            prompt: repaired.prompt,
            source: repaired.source,
        }
    }

    /// An answer in words, from the knowledge base and from the open diagram; says where it does not know.
    pub fn answer(&self, query: &str, context: &AssistContext) -> Answered {
        let found = spandrel_assist::answer(data(), query, context.source.as_deref());
        Answered { message: found.message, known: found.known, sources: found.sources }
    }

    /// Whole designs to begin with.
    pub fn templates(&self) -> Vec<Template> {
        let wire = |t: spandrel_assist::Template| Template {
            id: t.id,
            title: t.title,
            summary: t.summary,
            source: t.source,
        };
        spandrel_assist::templates(data()).into_iter().map(wire).collect()
    }

    /// Whether a source may be stored and shown: errors, and what is dangerous, judged on the tree.
    pub fn check(&self, source: &str, options: &Options) -> Checked {
        let diagnostics = self.validate(source, options);
        let ok = !diagnostics.iter().any(|d| d.severity == "error");
        let safe = !diagnostics.iter().any(|d| d.severity == "error" && d.code.starts_with('U'));
        Checked { ok, safe, diagnostics }
    }
}
