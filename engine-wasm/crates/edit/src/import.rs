//! Changing imports.

use spandrel_syntax::ast::{Import, Item, Map, Str, Value};
use spandrel_syntax::{format_edited, parse, print};

use crate::patch::patch;
use crate::session::{Session, Step};
use crate::work::Work;

impl Session<'_> {
    /// Points imports of one file at another, or takes them out.
    pub(crate) fn update_import(source: &str, path: &str, new_path: Option<&str>) -> Step<String> {
        let tree = parse(source);
        if let Some(first) = tree.diagnostics().first() {
            return Err(first.clone());
        }
        let mut work = Work::new(source, tree.root().clone());
        let span = work.new_span(0);
        update(&mut work.root, path, new_path, span);
        // The new file may be one that the caller has not written yet: it need not compile.
        let target = format_edited(source, &work.root);
        Ok(patch(&work, &target).text().to_owned())
    }
}

fn written(import: &Import) -> String {
    let first = import.path.first().map_or("", Str::text);
    let joined =
        if import.prefix.is_empty() { first.to_owned() } else { format!("{}/{first}", import.prefix) };
    print::clean_path(&joined)
}

/// The new path of an import of `old` or of something below `old/`.
fn replaced(import: &Import, old: &str, new: &str) -> Option<String> {
    let written = written(import);
    if written == old {
        return Some(new.to_owned());
    }
    let folder = old.strip_suffix('/')?;
    let rest = written.strip_prefix(folder)?.strip_prefix('/')?;
    Some(format!("{}/{rest}", new.trim_end_matches('/')))
}

fn names(import: &Import, old: &str) -> bool {
    replaced(import, old, "").is_some()
}

fn update(map: &mut Map, old: &str, new: Option<&str>, span: spandrel_base::Span) {
    map.items.retain_mut(|item| match item {
        Item::Import(import) if names(import, old) => {
            if let Some(new) = new {
                set_path(import, old, new, span);
            }
            new.is_some()
        }
        _ => true,
    });
    for item in &mut map.items {
        let Item::Key(key) = item else { continue };
        match &mut key.value {
            Some(Value::Import(import)) if names(import, old) => match new {
                Some(new) => set_path(import, old, new, span),
                None => key.value = None,
            },
            Some(Value::Map(inner)) => update(inner, old, new, span),
            _ => {}
        }
    }
}

fn set_path(import: &mut Import, old: &str, new: &str, span: spandrel_base::Span) {
    let Some(new) = replaced(import, old, new) else { return };
    let prefix = new.len() - new.trim_start_matches(['.', '/']).len();
    new[..prefix].clone_into(&mut import.prefix);
    let file = Str::key(&new[prefix..], span);
    match import.path.first_mut() {
        Some(first) => *first = file,
        None => import.path.push(file),
    }
    import.span = span;
}
