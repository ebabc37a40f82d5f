//! Rows of tables and members of classes, as edits see them.

use spandrel_graph::{Node, Visibility};

use crate::printer::{name, sign};

/// A row or a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its name as a part of a key, with its sign.
    pub(super) name: String,
    /// Its type, `""` where it has none.
    pub(super) value: String,
    /// What `constraint` is to be set to, `""` for nothing.
    pub(super) constraint: String,
    pub(super) underline: bool,
}

/// The lists of an object that each have an order: rows, or fields and methods.
pub(super) fn lists(node: &Node) -> [Vec<Member>; 2] {
    let member = |visibility: Visibility, text: &str, value: &str, underline| Member {
        name: name(&format!("{}{text}", sign(visibility))),
        value: value.to_owned(),
        constraint: String::new(),
        underline,
    };
    let rows = node.columns.iter().map(|column| Member {
        name: name(&column.name),
        value: column.data_type.clone(),
        constraint: match column.constraints.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            several => format!("[{}]", several.join("; ")),
        },
        underline: false,
    });
    let fields = node.fields.iter().map(|f| member(f.visibility, &f.name, &f.data_type, f.underline));
    let methods = node.methods.iter().map(|m| {
        let returns = if m.returns == "void" { "" } else { &m.returns };
        member(m.visibility, &m.name, returns, m.underline)
    });
    [rows.chain(fields).collect(), methods.collect()]
}
