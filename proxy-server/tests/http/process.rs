//! Processes that a test may stop: the server itself, a Redis and a PostgreSQL of its own, on free ports, with data
//! of their own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tokio::net::TcpStream;

use crate::harness::{skipped, unique};

pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens.
pub(crate) async fn answers(port: u16) {
    for _ in 0..300 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nobody listens on port {port}");
}

/// The program itself, with a configuration file that the test writes.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
    dir: PathBuf,
}

impl Process {
    pub(crate) fn start(settings: &str) -> Self {
        let dir = std::env::temp_dir().join(unique("spandrel_process"));
        std::fs::create_dir(&dir).unwrap();
        let file = dir.join("spandrel.toml");
        std::fs::write(&file, settings).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_proxy-server"))
            .arg("--config")
            .arg(&file)
            .env("SPANDREL_STORAGE_DATA_DIR", &dir)
            .env("SPANDREL_LISTEN", "127.0.0.1:0")
            .env_remove("DATABASE_URL")
            .env_remove("REDIS_URL")
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(dir.join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Spandrel listens on ").expect(&line).to_owned();
        Self { child, url, dir }
    }

    pub(crate) fn configure(&self, settings: &str) {
        std::fs::write(self.dir.join("spandrel.toml"), settings).unwrap();
        self.signal("HUP");
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap()
    }

    /// A file of its data folder; empty where there is none.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.dir.join(name)).unwrap_or_default()
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until the log has `text` in it `times` times.
    pub(crate) async fn logs(&self, text: &str, times: usize) {
        for _ in 0..400 {
            if self.log().matches(text).count() >= times {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("`{text}` is not {times} times in the log:\n{}", self.log());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

/// A Redis that keeps nothing.
pub(crate) struct Redis {
    pub(crate) port: u16,
    child: Option<Child>,
}

impl Redis {
    /// Not started yet; `None` where there is no program for it.
    pub(crate) fn new() -> Option<Self> {
        match Command::new("redis-server").arg("--version").stdout(Stdio::null()).status() {
            Ok(_) => Some(Self { port: free_port(), child: None }),
            Err(error) => {
                skipped("redis-server", &error);
                None
            }
        }
    }

    pub(crate) async fn start(&mut self) {
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--port", &self.port.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
        answers(self.port).await;
    }

    /// At once, as if the machine had died.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A PostgreSQL cluster.
pub(crate) struct Postgres {
    pub(crate) port: u16,
    dir: PathBuf,
    bin: PathBuf,
}

impl Postgres {
    /// Made, not started; `None` where there is no program for it.
    pub(crate) fn new() -> Option<Self> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut bins: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
        bins.sort();
        let Some(bin) = bins.pop().filter(|bin| bin.join("initdb").is_file()) else {
            skipped("a PostgreSQL to restart", &"no initdb below /usr/lib/postgresql");
            return None;
        };
        let dir = std::env::temp_dir().join(unique("spandrel_cluster"));
        std::fs::create_dir(&dir).unwrap();
        let cluster = Self { port: free_port(), dir, bin };
        if is_root() {
            // PostgreSQL refuses to run as root.
            assert!(Command::new("chown").arg("postgres").arg(&cluster.dir).status().unwrap().success());
        }
        cluster.run("initdb", "-A trust -U postgres --no-sync");
        Some(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub(crate) async fn start(&self) {
        let options = format!(
            "-w -l {}/log -o \"-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={}\" start",
            self.dir.display(),
            self.port,
            self.dir.display()
        );
        self.run("pg_ctl", &options);
        answers(self.port).await;
    }

    /// As after a crash: no goodbye, and recovery at the next start.
    pub(crate) fn crash(&self) {
        self.run("pg_ctl", "-m immediate stop");
    }

    fn run(&self, program: &str, options: &str) {
        let line = format!("{} -D {}/data {options}", self.bin.join(program).display(), self.dir.display());
        let mut command = if is_root() {
            let mut command = Command::new("su");
            command.args(["postgres", "-s", "/bin/sh", "-c", &line]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", &line]);
            command
        };
        let output = command.current_dir("/").output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if Path::new(&self.dir.join("data/postmaster.pid")).exists() {
            self.crash();
        }
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}
