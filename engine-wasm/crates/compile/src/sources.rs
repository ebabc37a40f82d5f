//! The first phase: the main source and every file that it imports, directly or not, read and parsed.

use std::collections::BTreeMap;

use spandrel_base::Budget;
use spandrel_syntax::ast::{Array, ArrayItem, Import, Item, Map, Value};
use spandrel_syntax::{Tree, parse, print};

/// Where imports come from. There is no file system behind it but the one that the caller gives.
pub trait Files {
    /// The text at a slash-separated path without `.` and `..`, relative to the root of the project.
    fn read(&self, path: &str) -> Option<String>;
}

/// No files at all.
impl Files for () {
    fn read(&self, _: &str) -> Option<String> {
        None
    }
}

impl Files for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Option<String> {
        self.get(path).cloned()
    }
}

impl<F: Fn(&str) -> Option<String>> Files for F {
    fn read(&self, path: &str) -> Option<String> {
        self(path)
    }
}

/// A file of one compilation, and which of its imports is meant: a file that is imported twice is two
/// texts that happen to be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct FileId {
    file: u32,
    pub(crate) instance: u32,
}

impl FileId {
    /// The main source.
    pub(crate) const MAIN: Self = Self { file: 0, instance: 0 };

    /// Whether both are the same text.
    pub(crate) fn same_file(self, other: Self) -> bool {
        self.file == other.file
    }
}

pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) tree: Tree,
}

/// All files of one compilation.
pub(crate) struct Sources {
    files: Vec<SourceFile>,
    by_path: BTreeMap<String, FileId>,
    /// Whether the budget for bytes ended the reading.
    pub(crate) too_large: bool,
}

impl Sources {
    /// Takes the main source, which stands at `path`, and reads all that it imports.
    pub(crate) fn read(path: &str, main: Tree, files: &dyn Files, budget: &Budget<'_>) -> Self {
        let mut sources = Self { files: Vec::new(), by_path: BTreeMap::new(), too_large: false };
        let mut bytes = main.text().len();
        sources.push(path.to_owned(), main);
        let mut next = 0;
        while let Some(file) = sources.files.get(next) {
            let mut wanted = Vec::new();
            imports_of_map(file.tree.root(), &mut |import| {
                wanted.extend(resolve(&file.path, import));
            });
            next += 1;
            for path in wanted {
                if sources.by_path.contains_key(&path) {
                    continue;
                }
                let Some(text) = files.read(&path) else { continue };
                bytes += text.len();
                if bytes > budget.limits.bytes {
                    sources.too_large = true;
                    return sources;
                }
                sources.push(path, parse(&text));
            }
        }
        sources
    }

    /// The tree of the main source.
    pub(crate) fn into_main(mut self) -> Tree {
        self.files.swap_remove(0).tree
    }

    fn push(&mut self, path: String, tree: Tree) {
        let id = FileId { file: self.files.len() as u32, instance: 0 };
        self.by_path.insert(path.clone(), id);
        self.files.push(SourceFile { path, tree });
    }

    pub(crate) fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.file as usize]
    }

    pub(crate) fn at(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }
}

/// The path that an import in the file `from` means; `None` where it leads out of the project.
pub(crate) fn resolve(from: &str, import: &Import) -> Option<String> {
    let name = written_path(import)?;
    if name.starts_with('/') || name.contains('\\') {
        return None;
    }
    let dir = from.rsplit_once('/').map_or("", |(dir, _)| dir);
    let extension = name.rsplit('/').next().is_some_and(|last| last.strip_suffix(".d2").is_some());
    let path = print::clean_path(&format!("{dir}/{name}{}", if extension { "" } else { ".d2" }));
    // Without a directory the joint begins with a slash.
    let path = if dir.is_empty() {
        print::clean_path(&format!("{name}{}", if extension { "" } else { ".d2" }))
    } else {
        path
    };
    (!path.starts_with("..")).then_some(path)
}

/// The path as an import writes it, its prefix included.
pub(crate) fn written_path(import: &Import) -> Option<String> {
    let first = import.path.first()?;
    let joined = if import.prefix.is_empty() {
        first.text().to_owned()
    } else {
        format!("{}/{}", import.prefix, first.text())
    };
    if joined.is_empty() { None } else { Some(print::clean_path(&joined)) }
}

fn imports_of_map(map: &Map, found: &mut dyn FnMut(&Import)) {
    for item in &map.items {
        match item {
            Item::Import(import) => found(import),
            Item::Key(key) => {
                if let Some(value) = &key.value {
                    imports_of_value(value, found);
                }
            }
            _ => {}
        }
    }
}

fn imports_of_value(value: &Value, found: &mut dyn FnMut(&Import)) {
    match value {
        Value::Import(import) => found(import),
        Value::Map(map) => imports_of_map(map, found),
        Value::Array(array) => imports_of_array(array, found),
        _ => {}
    }
}

fn imports_of_array(array: &Array, found: &mut dyn FnMut(&Import)) {
    for item in &array.items {
        if let ArrayItem::Value(value) = item {
            imports_of_value(value, found);
        }
    }
}
