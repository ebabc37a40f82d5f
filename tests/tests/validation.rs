//! Every rule beyond D2 through the engine's own `validate`: that it is found, how severe it is, and its switch.

use spandrel_engine::Engine;
use spandrel_engine::wire::{Diagnostic, Options};
use spandrel_validate::{rules, safety};

/// A source for each lint rule that breaks it and no other.
const LINT: &[(&str, &str)] = &[
    ("L001", "PaymentSystem: Payment System\n"),
    ("L002", "a: A Label That Goes On And On Although Nobody Has Ever Read One As Long As This\n"),
    ("L003", "a: payment system\n"),
    ("L004", "orders: Order Service\napi: API\napi -> ordres\n"),
    ("L005", "a -> b: asks\na -> b: asks\n"),
    ("L006", "a: Zone {}\n"),
    ("L007", "a: {\n  top: 10\n}\n"),
    ("L007", "a: {\n  top: 10\n  left: 10\n}\nb: {\n  top: 10\n  left: 10\n}\n"),
];

/// A source for each safety rule that breaks it and no other.
const UNSAFE: &[(&str, &str)] = &[
    ("U001", "a: {link: \"javascript:alert(1)\"}\n"),
    ("U001", "a: {link: \"vbscript:x\"}\n"),
    ("U001", "a: {link: \"file:///etc/passwd\"}\n"),
    ("U001", "a: {link: \"data:text/html,x\"}\n"),
    ("U002", "a: {icon: \"data:image/svg+xml,<svg/>\"}\n"),
    ("U002", "a: {icon: \"file:///etc/passwd\"}\n"),
    ("U003", "a: |md\n  <b onclick=\"x()\">b</b>\n|\n"),
    ("U003", "a: |md\n  [here](javascript:x)\n|\n"),
    ("U004", "a: \"\u{202e}txt.exe\"\n"),
];

fn validate(source: &str, options: &Options) -> Vec<Diagnostic> {
    Engine::native().validate(source, options)
}

fn codes(found: &[Diagnostic]) -> Vec<(&str, &str)> {
    found.iter().map(|d| (d.code.as_str(), d.severity.as_str())).collect()
}

fn off(word: &str) -> Options {
    Options { off: vec![word.to_owned()], ..Options::default() }
}

#[test]
fn every_lint_rule_warns_and_can_be_switched_off() {
    for rule in rules::ALL {
        let sources: Vec<&str> =
            LINT.iter().filter(|(code, _)| *code == rule.code).map(|(_, s)| *s).collect();
        assert!(!sources.is_empty(), "{} has no source", rule.code);
        for source in sources {
            assert_eq!(codes(&validate(source, &Options::default())), [(rule.code, "warning")], "{source}");
            assert_eq!(validate(source, &off(rule.code)), [], "{source}");
            assert_eq!(validate(source, &off(rule.name)), [], "{source}");
            let strict = Options { strict: true, ..Options::default() };
            let severity = if rule.style_pack { "error" } else { "warning" };
            assert_eq!(codes(&validate(source, &strict)), [(rule.code, severity)], "{source}");
            assert_eq!(Engine::native().compile(source, &Options::default()).diagnostics, [], "{source}");
        }
    }
}

#[test]
fn what_is_unsafe_is_an_error_and_stays_one() {
    for rule in safety::ALL.iter().filter(|rule| rule.code != "U005") {
        assert!(UNSAFE.iter().any(|(code, _)| *code == rule.code), "{} has no source", rule.code);
    }
    for (code, source) in UNSAFE {
        for options in [Options::default(), off(code), Options { strict: true, ..Options::default() }] {
            let found = validate(source, &options);
            assert!(codes(&found).contains(&(code, "error")), "{source}: {found:?}");
        }
    }
}

/// U005 is the second lock: what breaks out of a style does not get past the compiler.
#[test]
fn style_values_stay_within_their_domains() {
    for value in ["\"red;background:url(x)\"", "'\"/><script>'", "\"url(https://x)\"", "\"var(--x)\""] {
        let sources = [
            format!("a: {{style.fill: {value}}}\n"),
            format!("vars: {{c: {value}}}\na: {{style.fill: ${{c}}}}\n"),
            format!("classes: {{k: {{style.stroke: {value}}}}}\na: {{class: k}}\n"),
            format!("a -> b: {{style.font-color: {value}}}\n"),
        ];
        for source in sources {
            let found = validate(&source, &Options::default());
            assert!(found.iter().any(|d| d.severity == "error"), "{source}: {found:?}");
        }
    }
}

#[test]
fn imports_stay_inside_the_project() {
    for path in ["/etc/passwd", "../secret", "x/../../secret"] {
        let source = format!("a: @\"{path}\"\n");
        // Even where the caller has such a file.
        let files = [path, "passwd", "secret"].map(|name| (format!("{name}.d2"), "x".to_owned())).into();
        let found = validate(&source, &Options { files, ..Options::default() });
        assert!(found.iter().any(|d| d.severity == "error"), "{path}: {found:?}");
    }
}

#[test]
fn words_are_no_danger() {
    let sources = [
        "payment: Payment system\n",
        "import: Import service\n",
        "exec: exec dashboard\n",
        "eval: Script Evaluation -> javascript\n",
        "a: {link: \"https://example.com/?q=javascript:1\"}\n",
        "a: {link: \"mailto:a@example.com\"}\n",
        "a: {link: layers.x}\nlayers: {x: {b}}\n",
        "a: {icon: \"https://example.com/a.svg\"}\n",
        "a: {icon: \"data:image/png;base64,AAAA\"}\n",
        "a: |md `<script>` is an element |\n",
        "a: \"<script>\"\n",
    ];
    for source in sources {
        let found = validate(source, &Options::default());
        let alarming: Vec<_> =
            found.iter().filter(|d| d.severity == "error" || d.code.starts_with('U')).collect();
        assert!(alarming.is_empty(), "{source}: {alarming:?}");
    }
}
