//! `proxy-server [--config FILE]`: the server alone, for those who do not need the `spandrel` command.

use std::path::PathBuf;
use std::process::ExitCode;

use proxy_server::{config, logging, serve};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            #[expect(clippy::print_stderr, reason = "the last word of a program that could not start")]
            {
                eprintln!("proxy-server: {sentence}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut file: Option<PathBuf> = std::env::var_os("SPANDREL_CONFIG").map(PathBuf::from);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--config") => {
                file = Some(arguments.next().ok_or("`--config` needs a file")?.into());
            }
            _ => {
                return Err(format!(
                    "unknown argument `{}`; usage: proxy-server [--config FILE]",
                    argument.display()
                ));
            }
        }
    }
    let read = move || config::load(file.as_deref(), std::env::vars()).map_err(|error| error.to_string());
    let config = read()?;
    logging::init(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let listening = |url: &str| {
        #[expect(clippy::print_stdout, reason = "the one thing that whoever started it wants to know")]
        {
            println!("Spandrel listens on {url}");
        }
    };
    runtime.block_on(serve(config, read, listening)).map_err(|error| error.to_string())
}
