//! Any text at all: every function of the assistant ends in an answer, and what it calls good compiles.

use spandrel_assist::{Context, Data, answer, check_request, classify, generate, prompts, repair};
use spandrel_base::Budget;

const PIECES: &[&str] = &[
    "add",
    "remove",
    "rename",
    "connect",
    "between",
    "and",
    "the",
    "a",
    "cache",
    "api",
    "database",
    "kafka",
    "with",
    "without",
    "in",
    "kubernetes",
    "DMZ",
    "two",
    "9",
    "to",
    "it",
    "\"Two Words\"",
    "\"",
    "->",
    "<-",
    "<->",
    ":",
    ",",
    ".",
    "?",
    "(",
    ")",
    "{",
    "}",
    "|",
    "\n",
    "\\",
    "$",
    "#",
    "`",
    "```",
    "é",
    "数据库",
    "を",
    "추가",
    "أضف",
    "ß",
    "\u{202e}",
    "\u{0}",
    "😀",
    "İ",
    "ﬁ",
    "null",
    "shape",
    "style",
    "label",
    "e-commerce",
    "then",
    "over",
    "gRPC",
    "services",
    "each",
    "own",
    "С",
    "C",
    "-",
    "'",
];

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % limit
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(14) {
            match self.below(8) {
                0 => text.extend(char::from_u32(self.below(0x3_0000) as u32)),
                _ => text.push_str(PIECES[self.below(PIECES.len())]),
            }
            if self.below(4) > 0 {
                text.push(' ');
            }
        }
        text
    }
}

fn compiles(source: &str) -> bool {
    !spandrel_compile::compile(source, &(), &Budget::default()).has_errors()
}

fn any_texts(count: usize, seed: u64) {
    const OPEN: &str = "web: Web\napi: API\ndb: Database {shape: cylinder}\nweb -> api -> db\n";
    let data = Data::embedded();
    let mut random = Random(seed);
    for _ in 0..count {
        let text = random.text();
        let _ = check_request(&text, Some(&text));
        for has_diagram in [false, true] {
            let found = classify(&data, &text, Context { has_diagram, last_intent: None });
            assert!((0.0..=1.0).contains(&found.confidence), "{text:?}");
        }
        let made = generate(&data, &text, None);
        assert!(compiles(&made.source), "{text:?}\n{}", made.source);
        let changed = generate(&data, &text, Some(OPEN));
        assert!(compiles(&changed.source), "{text:?}\n{}", changed.source);
        assert!(!answer(&data, &text, Some(OPEN)).message.is_empty(), "{text:?}");
        let repaired = repair(&text);
        assert!(!repaired.ok || compiles(&repaired.source), "{text:?}");
        assert!(prompts::tokens(&text) <= 2 * text.chars().count(), "{text:?}");
    }
}

#[test]
fn two_thousand_texts_end_in_an_answer() {
    any_texts(2_000, 88_172_645_463_325_252);
}

#[test]
#[ignore = "minutes: cargo test --release -p spandrel-assist --test any_text -- --ignored"]
fn a_hundred_thousand_texts_end_in_an_answer() {
    any_texts(100_000, 2_463_534_242);
}
