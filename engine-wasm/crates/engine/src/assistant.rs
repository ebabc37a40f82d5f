//! The offline mind, with the wire's types.

use std::sync::OnceLock;

use spandrel_assist::{Context, Data, Intent};

use crate::Engine;
use crate::wire::{
    Answered, AssistContext, Checked, Classified, Diagnostic, Generated, Options, Question, Repaired,
    Request, View,
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

    /// What to ask back where a request is `CLARIFY`: a question that names what is missing, and requests that work.
    pub fn clarify(&self, query: &str, context: &AssistContext) -> Question {
        let found = spandrel_assist::clarify(data(), query, context.source.as_deref());
        Question { message: found.message, examples: found.examples }
    }

    /// A diagram for a request, or the open one changed as asked.
    pub fn generate(&self, query: &str, context: &AssistContext) -> Generated {
        let existing = context.source.as_deref().filter(|source| !source.trim().is_empty());
        let style = context.style.as_ref().map(Into::into).unwrap_or_default();
        let made = spandrel_assist::generate_in(data(), query, existing, &style);
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

    /// What a request to see the diagram otherwise asks the canvas to do.
    pub fn view(&self, query: &str, context: &AssistContext) -> View {
        let found = spandrel_assist::view(query, context.source.as_deref());
        View { action: found.action.to_owned(), target: found.target }
    }

    /// `before` changed into what `after` means, by the edits that lead there: comments, order and layout of
    /// `before` stay, and so does every fixed place that `before` gives to a node which `after` still has.
    pub fn revise(&self, before: &str, after: &str, options: &Options) -> String {
        let place = spandrel_edit::Place { files: &options.files, ..spandrel_edit::Place::default() };
        let compiled = |source: &str| {
            spandrel_compile::compile(source, &options.files, &self.budget(options.limits())).diagram
        };
        let (old, new) = (compiled(before), compiled(after));
        let mut wanted = after.to_owned();
        for (path, board) in old.root.walk() {
            let Some((_, still)) = new.root.walk().into_iter().find(|(other, _)| *other == path) else {
                continue;
            };
            // Kinds of boards and their names take turns in a path: `layers.x.steps.1`.
            let names: Vec<String> = path.split('.').skip(1).step_by(2).map(str::to_owned).collect();
            for node in &board.nodes {
                let (Some(left), Some(top)) = (node.attrs.number("left"), node.attrs.number("top")) else {
                    continue;
                };
                if !still.nodes.iter().any(|other| other.id == node.id) {
                    continue;
                }
                let pin = spandrel_edit::Op::Pin { key: node.id.clone(), left: left as i64, top: top as i64 };
                // Where it now stands in a grid or a sequence it cannot have a place: then it has none.
                if let Ok(pinned) =
                    spandrel_edit::edit(&wanted, spandrel_edit::Place { board: &names, ..place }, &pin)
                {
                    wanted = pinned.source;
                }
            }
        }
        spandrel_edit::apply(before, &spandrel_edit::diff(before, &wanted, place))
    }

    /// Whether a source may be stored and shown: errors, and what is dangerous, judged on the tree.
    pub fn check(&self, source: &str, options: &Options) -> Checked {
        let diagnostics = self.validate(source, options);
        let ok = !diagnostics.iter().any(|d| d.severity == "error");
        let safe = !diagnostics.iter().any(|d| d.severity == "error" && d.code.starts_with('U'));
        Checked { ok, safe, diagnostics }
    }
}

#[cfg(all(test, feature = "embedded-assist"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_model_changed_is_applied_to_the_persons_own_text() {
        let mine = "# mine, keep\nweb: Web   # the front\napi: API {\n  top: 40\n  left: 300\n}\nweb -> api: HTTPS\n";
        // A model loses comments and places, and changes the order.
        let models =
            "api: Orders API\nweb: Web\ncache: Redis {shape: cylinder}\nweb -> api: HTTPS\napi -> cache\n";
        let engine = Engine::native();
        let revised = engine.revise(mine, models, &Options::default());
        for kept in ["# mine, keep\nweb: Web   # the front\n", "top: 40", "left: 300"] {
            assert!(revised.contains(kept), "{kept} is gone from:\n{revised}");
        }
        let want = engine.compile(models, &Options::default()).graph;
        let got = engine.compile(&revised, &Options::default()).graph;
        assert_eq!(got.to_string().matches("Redis").count(), want.to_string().matches("Redis").count());
        assert!(revised.contains("Orders API") && revised.contains("api -> cache"), "{revised}");
        assert_eq!(engine.pins(&revised, &Options::default()), ["api"]);
    }

    #[test]
    fn a_model_that_changes_nothing_changes_no_byte() {
        let mine = "a:   A\n\n# why\nb\na->b\n";
        assert_eq!(Engine::native().revise(mine, "a: A\nb\na -> b\n", &Options::default()), mine);
    }
}
