//! Inputs: the corpus of real diagrams, and seeded sources that look like D2, and damaged ones.

/// The real diagrams of `tests/corpus/real`, those that the studio offers as templates among them: name and source, by name.
pub fn real_diagrams() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/real");
    let mut found: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "d2"))
        .map(|path| {
            (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// A small generator of numbers (SplitMix64: Steele, Lea, Flood 2014). The same seed gives the same inputs on
/// every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.number() % n as u64) as usize }
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Pieces that D2 is made of, and some that it is not.
const PIECES: &[&str] = &[
    "a",
    "b",
    "api",
    "db",
    "web.api",
    "x y",
    "'q u'",
    "\"s\"",
    "_",
    "*",
    "**",
    "***",
    "a.*",
    "->",
    "<-",
    "--",
    "<->",
    ": ",
    ".",
    "{",
    "}",
    "\n",
    ";",
    "  ",
    "# note\n",
    "\"\"\" block \"\"\"",
    "|md # hi |",
    "||go f(a|b) ||",
    "[1; 2]",
    "(a -> b)[0]",
    "(a -> b)[*]",
    "shape: cylinder",
    "shape: sql_table",
    "style.fill: red",
    "style: {opacity: 0.4}",
    "class: c",
    "classes: {c: {shape: oval}}",
    "vars: {v: 1}",
    "${v}",
    "...${v}",
    "...@x",
    "@y",
    "&shape: oval",
    "!&a: b",
    "null",
    "near: top-left",
    "direction: right",
    "layers: {l: {a -> b}}",
    "steps: {1: {a}; 2: {b}}",
    "scenarios: {s: {a}}",
    "top: 10",
    "left: 20",
    "width: 100",
    "grid-rows: 2",
    "label: L",
    "icon: mdi:x",
    "é",
    "日本",
    "😀",
    "\u{202e}",
    "\t",
    "\r\n",
    "\\",
    "\\n",
    "'",
    "\"",
    "|",
    "`",
    "(",
    ")",
    "[",
    "]",
    "$",
    "&",
    "suspend",
    "link: https://e.org",
];

/// A source made of D2's pieces, with at most `length` of them.
pub fn pieces(seed: u64, length: usize) -> String {
    let mut random = Random::new(seed);
    let n = 1 + random.below(length);
    (0..n).map(|_| *random.pick(PIECES)).collect()
}

/// A plain, valid source: nested containers, shapes, connections, labels.
pub fn valid(seed: u64, objects: usize) -> String {
    let mut random = Random::new(seed);
    let mut ids: Vec<String> = Vec::new();
    let mut source = String::new();
    for i in 0..objects.max(1) {
        let inside = !ids.is_empty() && random.below(3) == 0;
        let parent = if inside { random.pick(&ids).clone() + "." } else { String::new() };
        let id = if parent.matches('.').count() > 4 { format!("n{i}") } else { format!("{parent}n{i}") };
        let shape =
            *random.pick(&["rectangle", "cylinder", "queue", "cloud", "person", "hexagon", "oval", "page"]);
        source.push_str(&format!("{id}: Node {i} {{shape: {shape}}}\n"));
        ids.push(id);
    }
    for i in 0..objects * 3 / 2 {
        let (a, b) = (random.pick(&ids).clone(), random.pick(&ids).clone());
        // A container connected with its own content is legal but rare; leave it to the other generator.
        if a.starts_with(&format!("{b}.")) || b.starts_with(&format!("{a}.")) {
            continue;
        }
        let arrow = *random.pick(&["->", "->", "->", "--", "<->", "<-"]);
        let label = if random.below(3) == 0 { format!(": call {i}") } else { String::new() };
        source.push_str(&format!("{a} {arrow} {b}{label}\n"));
    }
    source
}

/// `source` with some bytes taken out, doubled or replaced.
pub fn damaged(seed: u64, source: &str) -> String {
    let mut random = Random::new(seed);
    let mut chars: Vec<char> = source.chars().collect();
    for _ in 0..=random.below(6) {
        if chars.is_empty() {
            break;
        }
        let at = random.below(chars.len());
        match random.below(4) {
            0 => {
                chars.remove(at);
            }
            1 => chars.insert(at, chars[at]),
            2 => {
                let piece: Vec<char> = random.pick(PIECES).chars().collect();
                chars.splice(at..at, piece);
            }
            _ => chars.truncate(at),
        }
    }
    chars.into_iter().collect()
}
