//! The commands and their arguments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  done, and something was found: errors in a source, files that are not formatted
  2  wrong command line
  3  not done: a file cannot be read or written, the server cannot start

A file named `-` is standard input or standard output.";

/// System diagrams from text: draw, format, check, serve.
#[derive(Debug, Parser)]
#[command(name = "spandrel", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draw a D2 file as SVG, PNG or JSON
    Render(Render),
    /// Format D2 files in place
    Fmt(Fmt),
    /// Say what is wrong with D2 files
    Check(Check),
    /// Lay out an ELK JSON graph from standard input
    Layout(Layout),
    /// Write a diagram for a sentence, without a network
    Generate(Generate),
    /// Say what a sentence asks for
    Classify(Classify),
    /// Make D2 of what a language model wrote
    Repair(Repair),
    /// Start the studio: server and web app
    #[cfg(feature = "serve")]
    Serve(Serve),
    /// Look after the server's accounts
    #[cfg(feature = "serve")]
    User(User),
    /// Write a snapshot of the server's database while it runs
    #[cfg(feature = "serve")]
    Backup(Backup),
    /// Put a snapshot in the place of the server's database while it does not run
    #[cfg(feature = "serve")]
    Restore(Restore),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Render {
    /// The D2 file
    #[arg(required_unless_present = "jsonl")]
    pub(crate) input: Option<PathBuf>,
    /// The picture: its ending names the format
    #[arg(required_unless_present = "jsonl")]
    pub(crate) output: Option<PathBuf>,
    /// Format of the picture, where the name does not tell
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Colours
    #[arg(long, value_enum, default_value_t = Theme::Light)]
    pub(crate) theme: Theme,
    /// The board to draw, such as `layers.payment`; the root when absent
    #[arg(long, default_value = "")]
    pub(crate) board: String,
    /// Title for screen readers
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// Pixels of a PNG for each pixel of the drawing
    #[arg(long, default_value_t = 2.0, value_parser = scale)]
    pub(crate) scale: f32,
    /// Leave the fonts out of an SVG (about 400 kB less; it then shows with what is installed)
    #[arg(long)]
    pub(crate) no_fonts: bool,
    /// Read {"id","source"} and write {"id","svg"}, one a line
    #[arg(long, conflicts_with_all = ["input", "output"])]
    pub(crate) jsonl: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Fmt {
    /// D2 files
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; name the files that are not formatted and exit with 1
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Check {
    /// D2 files
    #[arg(required_unless_present = "jsonl")]
    pub(crate) files: Vec<PathBuf>,
    /// Style findings are errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print one JSON object a file
    #[arg(long)]
    pub(crate) json: bool,
    /// Read {"id","source"} and write {"id","ok","safe","diagnostics"}, one a line
    #[arg(long, conflicts_with_all = ["files", "json"])]
    pub(crate) jsonl: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Layout {
    /// The graph
    #[arg(default_value = "-")]
    pub(crate) input: PathBuf,
    /// Where the laid-out graph goes
    #[arg(default_value = "-")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Generate {
    /// The wish, in words
    #[arg(required_unless_present = "jsonl")]
    pub(crate) query: Option<String>,
    /// The diagram to change
    #[arg(long)]
    pub(crate) existing: Option<PathBuf>,
    /// Print one JSON object instead of D2
    #[arg(long)]
    pub(crate) json: bool,
    /// Read {"id","query","existing"?} and write {"id","source","canonical","message"}, one a line
    #[arg(long, conflicts_with_all = ["query", "existing", "json"])]
    pub(crate) jsonl: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Classify {
    /// The sentence
    #[arg(required_unless_present = "jsonl")]
    pub(crate) query: Option<String>,
    /// A diagram is open
    #[arg(long)]
    pub(crate) has_diagram: bool,
    /// Read {"id","query","has_diagram"} and write {"id","intent","confidence","source"}, one a line
    #[arg(long, conflicts_with_all = ["query", "has_diagram"])]
    pub(crate) jsonl: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Repair {
    /// The text
    #[arg(default_value = "-")]
    pub(crate) input: PathBuf,
    /// Print one JSON object instead of D2
    #[arg(long)]
    pub(crate) json: bool,
    /// Read {"id","text"} and write {"id","source","ok","changes","canonical"}, one a line
    #[arg(long, conflicts_with_all = ["input", "json"])]
    pub(crate) jsonl: bool,
}

#[cfg(feature = "serve")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// Configuration file (TOML)
    #[arg(long, env = "SPANDREL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Address and port
    #[arg(long)]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// Folder of the database
    #[arg(long)]
    pub(crate) data_dir: Option<PathBuf>,
}

/// Which server is meant.
#[cfg(feature = "serve")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Place {
    /// Configuration file (TOML)
    #[arg(long, env = "SPANDREL_CONFIG", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Folder of the database
    #[arg(long, global = true)]
    pub(crate) data_dir: Option<PathBuf>,
}

#[cfg(feature = "serve")]
#[derive(Debug, ClapArgs)]
pub(crate) struct User {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: UserCommand,
}

#[cfg(feature = "serve")]
#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Name all accounts
    List {
        /// Print one JSON object an account
        #[arg(long)]
        json: bool,
    },
    /// Make an account; prints its password unless one is given
    Add {
        /// Address to sign in with
        email: String,
        /// Name shown to others
        #[arg(long)]
        name: Option<String>,
        /// May look after other accounts
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give an account another password and end all its logins
    Password {
        /// Whose
        email: String,
        /// Read the password from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let an account in again
    Enable {
        /// Whose
        email: String,
    },
    /// Keep an account out
    Disable {
        /// Whose
        email: String,
    },
    /// Let an account look after others
    Admin {
        /// Whose
        email: String,
        /// Take it back
        #[arg(long)]
        revoke: bool,
    },
    /// Delete an account and everything that belongs to it alone
    Delete {
        /// Whose
        email: String,
    },
}

#[cfg(feature = "serve")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The snapshot to write
    pub(crate) target: PathBuf,
}

#[cfg(feature = "serve")]
#[derive(Debug, ClapArgs)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The snapshot
    pub(crate) snapshot: PathBuf,
}

/// What a picture can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Svg,
    Png,
    Json,
}

/// Colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Theme {
    Light,
    Dark,
}

fn scale(text: &str) -> Result<f32, String> {
    let scale: f32 = text.parse().map_err(|_| "it is not a number".to_owned())?;
    if (0.1..=8.0).contains(&scale) { Ok(scale) } else { Err("it lies between 0.1 and 8".to_owned()) }
}
