//! Running commands, with errors that a person can act on.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Fine, or one sentence on what went wrong.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// A command that is told how to run and then run.
pub(crate) struct Cmd {
    command: Command,
    shown: String,
}

/// The top folder of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), PathBuf::from)
}

/// `program` at the top of the project.
pub(crate) fn command(program: &str) -> Cmd {
    let mut command = Command::new(program);
    command.current_dir(root());
    Cmd { command, shown: program.to_owned() }
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Cmd {
    let mut cmd = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    "cargo".clone_into(&mut cmd.shown);
    cmd
}

/// npm, quiet about everything but problems, in `folder`.
pub(crate) fn npm(folder: &str) -> Cmd {
    command("npm").dir(root().join(folder)).args(["--no-fund", "--no-audit", "--no-update-notifier"])
}

impl Cmd {
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub(crate) fn dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it with this terminal.
    pub(crate) fn go(mut self) -> Outcome {
        let status = self.command.status().map_err(|error| self.cannot_start(&error))?;
        if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", self.shown)) }
    }

    /// Runs it and gives what it printed on standard output.
    pub(crate) fn read(mut self) -> Outcome<String> {
        let output =
            self.command.stderr(Stdio::null()).output().map_err(|error| self.cannot_start(&error))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(format!("`{}` failed ({})", self.shown, output.status))
        }
    }

    /// Runs it, passes every line of both outputs on as it comes, and gives them all, with the success.
    pub(crate) fn tee(mut self) -> Outcome<(bool, String)> {
        use std::io::{BufRead, BufReader, Read};
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| self.cannot_start(&error))?;
        let pass_on = |source: Option<Box<dyn Read + Send>>| {
            std::thread::spawn(move || {
                let mut all = String::new();
                for line in
                    source.into_iter().flat_map(|s| BufReader::new(s).split(b'\n').map_while(Result::ok))
                {
                    let line = String::from_utf8_lossy(&line);
                    println!("{line}");
                    all.push_str(&line);
                    all.push('\n');
                }
                all
            })
        };
        let out = pass_on(child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
        let err = pass_on(child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>));
        let status = child.wait().map_err(|error| self.cannot_start(&error))?;
        let text = out.join().unwrap_or_default() + &err.join().unwrap_or_default();
        Ok((status.success(), text))
    }

    fn cannot_start(&self, error: &std::io::Error) -> String {
        let program = self.shown.split(' ').next().unwrap_or_default();
        if error.kind() == std::io::ErrorKind::NotFound {
            format!("`{program}` is needed and not on the PATH")
        } else {
            format!("`{}` could not be started: {error}", self.shown)
        }
    }
}

/// Whether `program --version` answers.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
