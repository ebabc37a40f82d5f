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
    /// Start the studio: server and web app
    #[cfg(feature = "serve")]
    Serve(Serve),
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
