//! The `spandrel` command as people run it: a process, its streams and its exit code.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

const SHOP: &str = "client: Browser\nbackend: {\n  api\n  db: Orders {shape: cylinder}\n  api -> db: SQL\n}\nclient -> backend.api: HTTPS\n";

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("spandrel-cli-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

struct Outcome {
    code: i32,
    out: Vec<u8>,
    err: String,
}

impl Outcome {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn spandrel<A: AsRef<std::ffi::OsStr>>(arguments: &[A], input: &str) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_spandrel"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing closes its end early.
    drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: output.stdout,
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn run(arguments: &[&str], input: &str) -> Outcome {
    spandrel(arguments, input)
}

#[test]
fn pictures_come_in_the_format_of_their_name() {
    let folder = Folder::new();
    let source = folder.file("shop.d2", SHOP);
    let draw = |name: &str| {
        let target = folder.0.join(name);
        let outcome = spandrel(&["render".as_ref(), source.as_os_str(), target.as_os_str()], "");
        assert_eq!(outcome.code, 0, "{}", outcome.err);
        std::fs::read(target).unwrap()
    };
    let svg = String::from_utf8(draw("shop.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.contains("Orders") && svg.contains("font/ttf"), "{}", &svg[..200]);
    let png = draw("shop.png");
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let json: Value = serde_json::from_slice(&draw("shop.json")).unwrap();
    assert_eq!(json["nodes"].as_array().unwrap().len(), 4);

    let target = folder.0.join("shop.bmp");
    let outcome = spandrel(&["render".as_ref(), source.as_os_str(), target.as_os_str()], "");
    assert_eq!(outcome.code, 3);
    assert!(outcome.err.contains("--format"), "{}", outcome.err);
}

#[test]
fn a_broken_source_makes_no_picture() {
    let folder = Folder::new();
    let source = folder.file("broken.d2", "a: {\n");
    let target = folder.0.join("broken.svg");
    let outcome = spandrel(&["render".as_ref(), source.as_os_str(), target.as_os_str()], "");
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("error[S001]"), "{}", outcome.err);
    assert!(!target.exists());
}

#[test]
fn imports_are_found_beside_the_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.0.join("parts")).unwrap();
    folder.file("parts/db.d2", "orders: {shape: cylinder}\n");
    let source = folder.file("main.d2", "db: @parts/db\n");
    let outcome = spandrel(&["check".as_ref(), source.as_os_str()], "");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let source = folder.file("lost.d2", "db: @parts/nothing\n");
    assert_eq!(spandrel(&["check".as_ref(), source.as_os_str()], "").code, 1);
}

#[test]
fn check_shows_the_place_and_exits_with_one() {
    let outcome = run(&["check", "-"], "a: b\nx: {\n  shape: cylindre\n}\n");
    assert_eq!(outcome.code, 1);
    assert!(outcome.text().is_empty());
    for part in [
        "--> <stdin>:3:10",
        "3 |   shape: cylindre",
        "  |          ^^^^^^^^",
        "did you mean `cylinder`?",
        "1 error",
    ] {
        assert!(outcome.err.contains(part), "{part}: {}", outcome.err);
    }
    assert!(!outcome.err.contains('\u{1b}'), "no colours where nobody sees them");
    assert_eq!(run(&["check", "-"], SHOP).code, 0);
}

#[test]
fn check_prints_json() {
    let folder = Folder::new();
    let good = folder.file("good.d2", SHOP);
    let bad = folder.file("bad.d2", "a -> \n");
    let outcome = spandrel(&["check".as_ref(), "--json".as_ref(), good.as_os_str(), bad.as_os_str()], "");
    assert_eq!(outcome.code, 1);
    let lines = outcome.lines();
    assert_eq!((&lines[0]["ok"], &lines[1]["ok"]), (&json!(true), &json!(false)));
    assert_eq!(lines[1]["diagnostics"][0]["range"]["start"]["line"], 1);
}

#[test]
fn fmt_writes_in_place_and_keeps_broken_files() {
    let folder = Folder::new();
    let path = folder.file("a.d2", "a->b\n");
    let fmt = |check: bool, path: &Path| {
        let mut arguments = vec!["fmt".as_ref(), path.as_os_str()];
        if check {
            arguments.push("--check".as_ref());
        }
        spandrel(&arguments, "")
    };
    let outcome = fmt(true, &path);
    assert_eq!((outcome.code, outcome.text().trim()), (1, path.to_str().unwrap()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a->b\n");
    assert_eq!(fmt(false, &path).code, 0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a -> b\n");
    assert_eq!(fmt(true, &path).code, 0);

    let broken = folder.file("broken.d2", "a: {\nb->c");
    assert_eq!(fmt(false, &broken).code, 1);
    assert_eq!(std::fs::read_to_string(&broken).unwrap(), "a: {\nb->c");
    assert_eq!(run(&["fmt", "-"], "a->b").text(), "a -> b\n");
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "no temporary file is left");
}

#[test]
fn layout_reads_and_writes_elk_json() {
    let graph = json!({ "id": "root", "children": [
        { "id": "a", "width": 30, "height": 30 }, { "id": "b", "width": 30, "height": 30 }],
        "edges": [{ "id": "e", "sources": ["a"], "targets": ["b"] }] });
    let outcome = run(&["layout"], &graph.to_string());
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let laid_out: Value = serde_json::from_str(outcome.text()).unwrap();
    assert!(laid_out["children"][1]["x"].is_number());
    let outcome = run(&["layout"], "{");
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.starts_with("error: "), "{}", outcome.err);
}

#[test]
fn generate_writes_d2_that_checks() {
    let outcome = run(&["generate", "secure web app with database and authentication"], "");
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    assert_eq!(run(&["check", "-"], outcome.text()).code, 0);
    assert!(!outcome.err.is_empty(), "it says what it did");
    let folder = Folder::new();
    let existing = folder.file("shop.d2", "# mine\nshop -> payments\n");
    let arguments: [&std::ffi::OsStr; 4] =
        ["generate".as_ref(), "--existing".as_ref(), existing.as_os_str(), "add a redis cache".as_ref()];
    let outcome = spandrel(&arguments, "");
    assert!(outcome.text().contains("# mine\nshop -> payments"), "{}", outcome.text());
}

#[test]
fn every_line_of_a_batch_gets_its_line() {
    let input = "{\"id\": 1, \"source\": \"a -> b\"}\n\nnonsense\n{\"id\": \"two\", \"source\": 5}\n[]\n\
                 {\"id\": 3, \"source\": \"a: {\"}\n{\"id\": 4, \"source\": \"x: {icon: file:///etc/passwd}\"}";
    let outcome = run(&["check", "--jsonl"], input);
    assert_eq!(outcome.code, 0);
    let lines = outcome.lines();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(ids, [&json!(1), &json!(null), &json!("two"), &json!(null), &json!(3), &json!(4)]);
    assert_eq!((&lines[0]["ok"], &lines[0]["safe"]), (&json!(true), &json!(true)));
    assert!(lines[1]["error"].is_string() && lines[2]["error"].is_string() && lines[3]["error"].is_string());
    assert_eq!(lines[4]["ok"], false);
    assert_eq!(lines[5]["safe"], false);

    let classified = run(
        &["classify", "--jsonl"],
        "{\"id\":1,\"query\":\"create a web application with a database\",\"has_diagram\":false}\n",
    );
    assert_eq!(classified.lines()[0]["intent"], "DSL_CREATE");
    let made = run(&["generate", "--jsonl"], "{\"id\":1,\"query\":\"a web shop with a database\"}\n").lines();
    assert!(
        made[0]["source"].is_string() && made[0]["canonical"].is_object() && made[0]["message"].is_string()
    );
    let repaired = run(
        &["repair", "--jsonl"],
        "{\"id\":1,\"text\":\"Sure!\\n```d2\\na => b\\n```\"}\n{\"id\":2,\"text\":\"graph TD\\n A --> B\"}\n",
    )
    .lines();
    assert_eq!((&repaired[0]["ok"], &repaired[0]["source"]), (&json!(true), &json!("a -> b\n")));
    assert!(repaired[0]["canonical"].is_object() && !repaired[0]["changes"].as_array().unwrap().is_empty());
    assert_eq!(repaired[1]["ok"], false);
    let drawn = run(&["render", "--jsonl"], "{\"id\":1,\"source\":\"a -> b\"}\n").lines();
    assert!(drawn[0]["svg"].as_str().unwrap().starts_with("<svg"));
}

#[test]
fn wrong_commands_and_files_have_their_codes() {
    assert_eq!(run(&["dance"], "").code, 2);
    assert_eq!(run(&["render"], "").code, 2);
    assert_eq!(run(&["render", "a.d2", "a.png", "--scale", "100"], "").code, 2);
    let outcome = run(&["check", "/nowhere/at/all.d2"], "");
    assert_eq!(outcome.code, 3);
    assert!(outcome.err.starts_with("error: cannot read `/nowhere/at/all.d2`"), "{}", outcome.err);
    assert!(run(&["--help"], "").text().contains("Exit codes"));
}

#[cfg(all(unix, feature = "serve"))]
#[test]
fn serve_answers_and_ends_when_told() {
    use std::io::{BufRead, BufReader, Read};
    use std::net::TcpStream;

    let folder = Folder::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_spandrel"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(&folder.0)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines
        .find_map(|line| line.unwrap().strip_prefix("Spandrel listens on http://").map(str::to_owned))
        .unwrap();
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"healthy\""), "{answer}");
    // SIGTERM by way of the shell's own `kill`: no unsafe code, no dependency.
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert!(child.wait().unwrap().success());

    let outcome = run(&["serve", "--listen", "nonsense"], "");
    assert_eq!(outcome.code, 2);
}

#[cfg(feature = "serve")]
#[test]
fn the_operator_looks_after_accounts_and_snapshots() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let operate = |arguments: &[&str], input: &str| {
        let mut all = arguments.to_vec();
        all.extend(["--data-dir", data.to_str().unwrap()]);
        run(&all, input)
    };
    let made = operate(&["user", "add", "Ada@Example.com", "--admin"], "");
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(made.text().trim().len(), 23, "a password to type: {}", made.text());
    assert_eq!(operate(&["user", "add", "ada@example.com"], "").code, 3);
    let given = operate(&["user", "add", "bob@example.com", "--password-stdin"], "correct horse battery\n");
    assert_eq!((given.code, given.text()), (0, ""));
    assert_eq!(operate(&["user", "password", "bob@example.com", "--password-stdin"], "short\n").code, 3);
    assert_eq!(operate(&["user", "disable", "bob@example.com"], "").code, 0);
    let list = operate(&["user", "list"], "");
    assert_eq!(list.text(), "ada@example.com  ada  admin\nbob@example.com  bob  disabled\n");

    let snapshot = folder.0.join("snapshot.db");
    let snapshot = snapshot.to_str().unwrap();
    assert_eq!(operate(&["backup", snapshot], "").code, 0);
    assert_eq!(operate(&["backup", snapshot], "").code, 3, "a snapshot is not overwritten");
    assert_eq!(operate(&["user", "delete", "bob@example.com"], "").code, 0);
    let restored = operate(&["restore", snapshot], "");
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert!(operate(&["user", "list"], "").text().contains("bob@example.com"));

    let nonsense = folder.file("nonsense.db", "this is no database");
    let refused = operate(&["restore", nonsense.to_str().unwrap()], "");
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("not a usable snapshot"), "{}", refused.err);
    assert!(operate(&["user", "list"], "").text().contains("bob@example.com"), "nothing was touched");
}
