//! `spandrel serve`: the server and the web app.

use proxy_server::{config, logging};

use crate::args::Serve;
use crate::{Exit, Failure, report};

pub(crate) fn run(args: Serve) -> Result<Exit, Failure> {
    let read = move || {
        let mut config =
            config::load(args.config.as_deref(), std::env::vars()).map_err(|error| error.to_string())?;
        // What is typed wins over what is written down.
        if let Some(listen) = args.listen {
            config.server.listen = listen;
        }
        if let Some(data_dir) = &args.data_dir {
            config.storage.data_dir.clone_from(data_dir);
        }
        Ok::<_, String>(config)
    };
    let config = read()?;
    logging::init(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let listening = |url: &str| report::note(&format!("Spandrel listens on {url}"));
    runtime.block_on(proxy_server::serve(config, read, listening)).map_err(|error| error.to_string())?;
    Ok(Exit::Ok)
}
