//! From Rust to npm packages and the web app, each step only where its inputs changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::sh::{self, Outcome};
use crate::{machine, size};

/// One WebAssembly file: the boundary crate, and where its parts go.
struct Engine {
    /// The crate of the boundary.
    package: &'static str,
    /// Its file name, as cargo spells it.
    library: &'static str,
    /// Where the bindings go.
    out: &'static str,
}

const ENGINES: [Engine; 2] = [
    Engine { package: "engine-wasm", library: "engine_wasm", out: "pkg/dist/engine" },
    Engine { package: "engine-wasm-elk", library: "engine_wasm_elk", out: "pkg/elk/dist/engine" },
];

/// Builds the packages, and the web app where asked for.
pub(crate) fn build(web: bool) -> Outcome {
    machine::node()?;
    step("npm packages: dependencies", || npm_install("pkg"))?;
    for engine in &ENGINES {
        step(&format!("{}: Rust to WebAssembly", engine.package), || compile(engine))?;
    }
    step("npm packages: TypeScript", || npm_build("pkg", &["pkg", "engine-wasm/crates/assist/data"]))?;
    if web {
        step("web: dependencies", || npm_install("web"))?;
        step("web: build", || npm_build("web", &["web", "pkg/dist", "pkg/package.json"]))?;
    }
    size::size(false)
}

/// Builds the slim package alone.
pub(crate) fn build_elk() -> Outcome {
    machine::node()?;
    step("npm packages: dependencies", || npm_install("pkg"))?;
    let [_, engine] = &ENGINES;
    step(&format!("{}: Rust to WebAssembly", engine.package), || compile(engine))?;
    let script = "import { buildElk } from './scripts/build-elk.mjs'; await buildElk(process.cwd() + '/elk')";
    step("spandrel-elk: TypeScript", || {
        sh::command("node").dir(sh::root().join("pkg")).args(["--input-type=module", "--eval", script]).go()
    })
}

/// Says what is being done, then how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("── {name}");
    let start = std::time::Instant::now();
    let result = work()?;
    println!("   done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(result)
}

fn compile(engine: &Engine) -> Outcome {
    let root = sh::root();
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"))
        .unwrap_or_default();
    // Panic messages carry source paths; nobody's home folder belongs into a published file.
    let flags = format!("--remap-path-prefix={home}=/cargo --remap-path-prefix={}=/spandrel", root.display());
    machine::wasm_cargo()?
        .args(["build", "--profile", "wasm", "--target", "wasm32-unknown-unknown", "-p", engine.package])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
        .go()?;
    let raw = sh::target().join(format!("wasm32-unknown-unknown/wasm/{}.wasm", engine.library));
    let out = root.join(engine.out);
    let stamp = Stamp::new(&out.join(".stamp"), std::slice::from_ref(&raw));
    if stamp.is_fresh() {
        return Ok(());
    }
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    wasm_bindgen_cli_support::Bindgen::new()
        .input_path(&raw)
        .out_name("engine")
        .web(true)
        .map(|bindgen| bindgen.typescript(true).generate(&out))
        .and_then(|done| done)
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    let wasm = out.join("engine_bg.wasm");
    let features = [
        "bulk-memory",
        "sign-ext",
        "nontrapping-float-to-int",
        "mutable-globals",
        "reference-types",
        "multivalue",
    ];
    sh::command(&root.join("pkg/node_modules/.bin/wasm-opt").display().to_string())
        .arg("-O3")
        .args(features.map(|feature| format!("--enable-{feature}")))
        .arg(&wasm)
        .arg("-o")
        .arg(&wasm)
        .go()?;
    stamp.set();
    Ok(())
}

/// Installs what the lock file of `folder` names, where that has changed. Not `npm ci`: that refuses a lock
/// file without the optional packages of other platforms, which some registries do not carry.
pub(crate) fn npm_install(folder: &str) -> Outcome {
    let root = sh::root().join(folder);
    let stamp = Stamp::new(&root.join("node_modules/.spandrel-stamp"), &[root.join("package-lock.json")]);
    if stamp.is_fresh() {
        return Ok(());
    }
    sh::npm(folder).args(["install", "--no-save"]).go()?;
    stamp.set();
    Ok(())
}

fn npm_build(folder: &str, inputs: &[&str]) -> Outcome {
    let root = sh::root();
    let files: Vec<PathBuf> = inputs.iter().flat_map(|input| files_below(&root.join(input))).collect();
    let stamp = Stamp::new(&root.join(folder).join("dist/.stamp"), &files);
    if stamp.is_fresh() {
        return Ok(());
    }
    sh::npm(folder).args(["run", "build"]).go()?;
    // What the build wrote is among the inputs of a package that holds its own output: look again.
    let files: Vec<PathBuf> = inputs.iter().flat_map(|input| files_below(&root.join(input))).collect();
    Stamp::new(&root.join(folder).join("dist/.stamp"), &files).set();
    Ok(())
}

/// Every file below `folder`, sorted, without what tools install or leave.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let skipped = ["node_modules", ".stamp", "test-results", "playwright-report"];
            if skipped.iter().any(|skip| name == *skip)
                || (name == "dist" && !folder.ends_with("dist") && !folder.ends_with("pkg"))
            {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path()),
                Ok(_) => found.push(entry.path()),
                Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

/// A file that remembers what some inputs looked like when something was made of them.
struct Stamp {
    path: PathBuf,
    value: String,
}

impl Stamp {
    fn new(path: &Path, inputs: &[PathBuf]) -> Self {
        let mut hasher = DefaultHasher::new();
        for input in inputs {
            input.hash(&mut hasher);
            fs::read(input).unwrap_or_default().hash(&mut hasher);
        }
        Self { path: path.to_path_buf(), value: format!("{:016x}", hasher.finish()) }
    }

    fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|old| old == self.value)
    }

    fn set(&self) {
        if let Err(error) = fs::write(&self.path, &self.value) {
            println!("   ({}: {error}; the step will run again)", self.path.display());
        }
    }
}
