//! What the machine must have, and how it gets it.

use std::time::Duration;

use crate::sh::{self, Outcome};

/// Names a rustup toolchain that has the wasm32 standard library, for machines where rustup cannot
/// download the target.
pub(crate) const WASM_TOOLCHAIN: &str = "SPANDREL_WASM_TOOLCHAIN";

const WASM_TARGET: &str = "wasm32-unknown-unknown";
const OLDEST_NODE: (u32, u32) = (20, 19);

/// A cargo that can build for wasm32: the one at hand after asking rustup for the target where it is
/// missing, else the one of the toolchain that the environment names.
pub(crate) fn wasm_cargo() -> Outcome<sh::Cmd> {
    if let Ok(name) = std::env::var(WASM_TOOLCHAIN) {
        // The proxy's variables of the running toolchain would win over `rustup run`.
        let cmd = ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"]
            .into_iter()
            .fold(sh::command("rustup"), sh::Cmd::without_env);
        return Ok(cmd.args(["run", &name, "cargo"]));
    }
    let sysroot = sh::command("rustc").args(["--print", "sysroot"]).read()?;
    if std::path::Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(sh::cargo());
    }
    println!("asking rustup for {WASM_TARGET}");
    let added = sh::command("rustup").args(["target", "add", WASM_TARGET]).go();
    added.map(|()| sh::cargo()).map_err(|_| {
        format!(
            "the Rust target {WASM_TARGET} is missing and rustup could not download it: set {WASM_TOOLCHAIN} to the \
             name of a rustup toolchain that has it"
        )
    })
}

/// Node, new enough for the web tools.
pub(crate) fn node() -> Outcome {
    let (major, minor) = OLDEST_NODE;
    let wanted = format!("Node {major}.{minor} or newer with npm is needed for the web parts");
    let version = sh::command("node").arg("--version").read().map_err(|_| wanted.clone())?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|n| n.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST_NODE {
        return Err(format!("{wanted}; this is {}", version.trim()));
    }
    if sh::has("npm") { Ok(()) } else { Err(wanted) }
}

/// The Chromium for the browser tests; on Debian it is installed where it is missing and may be.
pub(crate) fn chromium() -> Outcome<String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    if let Ok(path) = std::env::var("SPANDREL_CHROMIUM") {
        return Ok(path);
    }
    let found = || names.iter().find(|name| sh::has(name)).map(|&name| name.to_owned());
    if let Some(name) = found() {
        return which(&name);
    }
    if sh::has("apt-get") && is_root() {
        println!("installing chromium");
        let apt = || sh::command("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
        apt().args(["update", "-qq"]).go()?;
        apt().args(["install", "-y", "-qq", "--no-install-recommends", "chromium"]).go()?;
    }
    let name = found().ok_or("a Chromium is needed for the browser tests: install Debian's `chromium`, or name one in SPANDREL_CHROMIUM")?;
    which(&name)
}

fn which(name: &str) -> Outcome<String> {
    sh::command("sh").args(["-c", &format!("command -v {name}")]).read().map(|path| path.trim().to_owned())
}

fn is_root() -> bool {
    sh::command("id").arg("-u").read().is_ok_and(|id| id.trim() == "0")
}

/// Whether something answers at `address` (`127.0.0.1:5432`) within a second.
pub(crate) fn answers(address: &str) -> bool {
    address
        .parse()
        .is_ok_and(|socket| std::net::TcpStream::connect_timeout(&socket, Duration::from_secs(1)).is_ok())
}
