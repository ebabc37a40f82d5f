//! Turns the readable tables of `data/` into Rust statics, so that nothing is parsed at run time and the
//! wasm holds no TOML reader. A wrong table stops the build with the name of the file and of the entry.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Style {
    id_max: usize,
    label_max: usize,
    default_icon: String,
    ai_pattern: Vec<AiPattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AiPattern {
    id: String,
    when: String,
    flow: Vec<String>,
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    kind: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    name: String,
    title: String,
    icon: String,
    colour: String,
    colour_dark: String,
    fill: String,
    fill_dark: String,
    shape: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Templates {
    template: Vec<Template>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    id: String,
    title: String,
    category: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layers {
    layer: Vec<Layer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layer {
    name: String,
    zone: String,
    group: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Components {
    component: BTreeMap<String, Component>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Component {
    name: String,
    kind: String,
    layer: String,
    icon: Option<String>,
    shape: Option<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    products: Vec<String>,
    protocol: Option<String>,
    port: Option<u16>,
}

fn main() {
    println!("cargo::rerun-if-changed=data");
    let data = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("data");
    let style: Style = read(&data.join("style.toml"));
    let kinds: Kinds = read(&data.join("kinds.toml"));
    let layers: Layers = read(&data.join("layers.toml"));
    let templates: Templates = read(&data.join("templates.toml"));
    let components = read_components(&data.join("components"));

    let mut out = String::new();
    write_style(&mut out, &style);
    write_kinds(&mut out, &kinds.kind);
    write_layers(&mut out, &layers.layer);
    write_components(&mut out, &components, &kinds.kind, &layers.layer);
    write_words(&mut out, &components, &kinds.kind);
    write_icons(&mut out, &style, &kinds.kind, &components, &data.join("logos.txt"));
    write_templates(&mut out, &data.join("templates"), &templates.template);
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("tables.rs");
    fs::write(target, out).expect("the build folder can be written");
}

/// A source is a file of its own, whose first line is its description.
fn write_templates(out: &mut String, folder: &Path, templates: &[Template]) {
    out.push_str("pub(crate) static TEMPLATES: &[Template] = &[\n");
    for Template { id, title, category } in templates {
        let path = folder.join(format!("{id}.d2"));
        let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let first = source.lines().next().and_then(|line| line.strip_prefix("# "));
        let description =
            first.unwrap_or_else(|| panic!("{}: the first line says what it shows", path.display()));
        let _ = writeln!(
            out,
            "    Template {{ id: {id:?}, title: {title:?}, category: {category:?}, description: {description:?}, \
             source: {source:?} }},"
        );
    }
    out.push_str("];\n");
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All components of all files, sorted by id.
fn read_components(folder: &Path) -> BTreeMap<String, Component> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("data/components exists")
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.sort();
    let mut all = BTreeMap::new();
    for file in files {
        for (id, component) in read::<Components>(&file).component {
            assert!(all.insert(id.clone(), component).is_none(), "{}: `{id}` is there twice", file.display());
        }
    }
    all
}

fn write_style(out: &mut String, style: &Style) {
    let _ = writeln!(out, "/// Most characters of one key.\npub const ID_MAX: usize = {};", style.id_max);
    let _ =
        writeln!(out, "/// Most characters of a label.\npub const LABEL_MAX: usize = {};", style.label_max);
    let _ = writeln!(
        out,
        "/// Where nothing better is known.\npub const DEFAULT_ICON: &str = {:?};",
        style.default_icon
    );
    let _ = writeln!(
        out,
        "/// The style pack's patterns for AI systems.\npub static AI_PATTERNS: &[AiPattern] = &["
    );
    for p in &style.ai_pattern {
        let _ = writeln!(
            out,
            "    AiPattern {{ id: {:?}, when: {:?}, flow: &{:?}, note: {:?} }},",
            p.id, p.when, p.flow, p.note
        );
    }
    out.push_str("];\n");
}

fn write_kinds(out: &mut String, kinds: &[Kind]) {
    let _ = writeln!(out, "pub(crate) static KINDS: &[KindInfo] = &[");
    for k in kinds {
        let _ = writeln!(
            out,
            "    KindInfo {{ kind: Kind::{}, name: {:?}, title: {:?}, icon: {:?}, colour: {:?}, colour_dark: {:?}, \
             fill: {:?}, fill_dark: {:?}, shape: {:?} }},",
            pascal(&k.name),
            k.name,
            k.title,
            k.icon,
            k.colour,
            k.colour_dark,
            k.fill,
            k.fill_dark,
            k.shape
        );
    }
    out.push_str("];\n");
    let _ = writeln!(out, "/// What a node can be.");
    let _ = writeln!(
        out,
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum Kind {{"
    );
    for k in kinds {
        let _ = writeln!(out, "    #[doc = {:?}]\n    {},", format!("{}.", k.title), pascal(&k.name));
    }
    out.push_str("}\n");
}

fn write_layers(out: &mut String, layers: &[Layer]) {
    let _ = writeln!(
        out,
        "/// Layers in the order in which a request passes them.\npub static LAYERS: &[Layer] = &["
    );
    for l in layers {
        let (id, label) =
            l.group.split_once(": ").unwrap_or_else(|| panic!("layers.toml: group of `{}`", l.name));
        let _ = writeln!(
            out,
            "    Layer {{ name: {:?}, zone: {:?}, group_id: {id:?}, group_label: {label:?} }},",
            l.name, l.zone
        );
    }
    out.push_str("];\n");
}

fn write_components(
    out: &mut String,
    components: &BTreeMap<String, Component>,
    kinds: &[Kind],
    layers: &[Layer],
) {
    let _ = writeln!(out, "/// Known components, sorted by id.\npub static COMPONENTS: &[Component] = &[");
    for (id, c) in components {
        let kind =
            kinds.iter().find(|k| k.name == c.kind).unwrap_or_else(|| panic!("`{id}`: kind `{}`", c.kind));
        let layer = layers
            .iter()
            .position(|l| l.name == c.layer)
            .unwrap_or_else(|| panic!("`{id}`: layer `{}`", c.layer));
        let icon = c.icon.as_ref().map_or_else(|| kind.icon.clone(), |icon| format!("mdi:{icon}"));
        let _ = writeln!(
            out,
            "    Component {{ id: {id:?}, name: {:?}, kind: Kind::{}, layer: {layer}, icon: {icon:?}, shape: {:?}, \
             protocol: {:?}, port: {:?}, products: &{:?} }},",
            c.name,
            pascal(&c.kind),
            c.shape.as_ref().unwrap_or(&kind.shape),
            c.protocol.as_deref().unwrap_or(""),
            c.port.unwrap_or(0),
            c.products
                .iter()
                .map(|spellings| spellings.split('|').next().unwrap_or_default())
                .collect::<Vec<_>>(),
        );
    }
    out.push_str("];\n");
}

/// What words mean: phrase (normalised) → component, product of a component, or kind.
/// Where two components claim a phrase, the build stops: the tables must be unambiguous.
fn write_words(out: &mut String, components: &BTreeMap<String, Component>, kinds: &[Kind]) {
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    let mut clashes = Vec::new();
    for (index, (id, c)) in components.iter().enumerate() {
        let own = [id.replace('_', " "), c.name.clone()];
        for phrase in own.iter().chain(&c.words) {
            claim(&mut words, &mut clashes, id, phrase, format!("Word::Component({index})"));
        }
        for (product, spellings) in c.products.iter().enumerate() {
            for phrase in spellings.split('|') {
                claim(&mut words, &mut clashes, id, phrase, format!("Word::Product({index}, {product})"));
            }
        }
    }
    assert!(clashes.is_empty(), "phrases claimed twice:\n{}", clashes.join("\n"));
    for k in kinds {
        for phrase in &k.words {
            words
                .entry(normalise(phrase))
                .or_insert_with(|| format!("Word::Kind(Kind::{})", pascal(&k.name)));
        }
    }
    let _ = writeln!(out, "pub(crate) static WORDS: &[(&str, Word)] = &[");
    for (phrase, meaning) in &words {
        let _ = writeln!(out, "    ({phrase:?}, {meaning}),");
    }
    out.push_str("];\n");
    let longest = words.keys().map(|phrase| phrase.split(' ').count()).max().unwrap_or(1);
    let _ = writeln!(out, "pub(crate) const LONGEST_PHRASE: usize = {longest};");
}

fn claim(
    words: &mut BTreeMap<String, String>,
    clashes: &mut Vec<String>,
    id: &str,
    phrase: &str,
    meaning: String,
) {
    let key = normalise(phrase);
    if let Some(before) = words.insert(key.clone(), meaning.clone())
        && before != meaning
    {
        clashes.push(format!("`{key}` of `{id}`: also {before}"));
    }
}

/// The names that a diagram's `icon` may have: those of the catalogue's own tables, and the logos of vendors.
fn write_icons(
    out: &mut String,
    style: &Style,
    kinds: &[Kind],
    components: &BTreeMap<String, Component>,
    logos: &Path,
) {
    let mut icons: Vec<String> = kinds.iter().map(|k| k.icon.clone()).collect();
    icons.extend(components.values().filter_map(|c| c.icon.as_ref()).map(|icon| format!("mdi:{icon}")));
    icons.push(style.default_icon.clone());
    let logos = fs::read_to_string(logos).unwrap_or_else(|error| panic!("{}: {error}", logos.display()));
    let names = logos.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    icons.extend(names.map(|name| format!("logos:{name}")));
    icons.sort();
    icons.dedup();
    let _ = writeln!(out, "pub(crate) static ICONS: &[&str] = &[");
    for icon in icons {
        let _ = writeln!(out, "    {icon:?},");
    }
    out.push_str("];\n");
}

/// Lower case, words of letters and digits, one blank between. The crate's `words::normalise` does the same.
fn normalise(phrase: &str) -> String {
    let lower = phrase.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn pascal(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}
