//! Rows of tables and members of classes.

use spandrel_graph::{Column, Field, Method, Visibility};

use super::Builder;

impl Builder<'_, '_, '_> {
    pub(super) fn table_rows(&mut self, object: usize) {
        let children = self.absorb(object);
        let rows = children.into_iter().map(|child| {
            let row = &self.draft.objects[child];
            Column {
                name: row.name.to_owned(),
                data_type: data_type(row.set.label.as_deref(), row.name),
                constraints: row.set.constraint.clone(),
            }
        });
        let rows = rows.collect();
        self.draft.objects[object].columns = rows;
    }

    pub(super) fn class_members(&mut self, object: usize) {
        let children = self.absorb(object);
        let (mut fields, mut methods) = (Vec::new(), Vec::new());
        for child in children {
            let member = &self.draft.objects[child];
            let (visibility, name) = match member.name.as_bytes().first() {
                Some(b'+') => (Visibility::Public, &member.name[1..]),
                Some(b'-') => (Visibility::Private, &member.name[1..]),
                Some(b'#') => (Visibility::Protected, &member.name[1..]),
                _ => (Visibility::Public, member.name),
            };
            let name = name.to_owned();
            let data_type = data_type(member.set.label.as_deref(), member.name);
            let underline = member.set.attrs.text("style.underline") == Some("true");
            if member.name.contains('(') {
                let no_type = member.set.label.as_deref().is_none_or(|label| label == member.name);
                let returns = if no_type { "void".to_owned() } else { data_type };
                methods.push(Method { name, returns, visibility, underline });
            } else {
                fields.push(Field { name, data_type, visibility, underline });
            }
        }
        self.draft.objects[object].fields = fields;
        self.draft.objects[object].methods = methods;
    }

    /// Takes the children of an object off the board.
    fn absorb(&mut self, object: usize) -> Vec<usize> {
        let children = std::mem::take(&mut self.draft.objects[object].children);
        for &child in &children {
            self.draft.objects[child].absorbed = true;
            let key = super::child_key(object, self.draft.objects[child].folded);
            self.draft.by_name.remove(&key);
        }
        children
    }
}

/// A member's label is its type.
fn data_type(label: Option<&str>, name: &str) -> String {
    label.filter(|&label| label != name).unwrap_or("").to_owned()
}
