//! `spandrel layout`: ELK JSON in, a laid-out copy out.

use spandrel_engine::Engine;
use spandrel_engine::wire::Encoding;

use crate::args::Layout;
use crate::clock::deadline;
use crate::{Exit, Failure, files};

pub(crate) fn run(args: &Layout) -> Result<Exit, Failure> {
    let graph = files::read(&args.input)?;
    let late = deadline();
    match Engine::new(Encoding::Utf8, &late).layout(&graph, "{}") {
        Ok(mut laid_out) => {
            laid_out.push('\n');
            files::write(&args.output, laid_out.as_bytes())?;
            Ok(Exit::Ok)
        }
        Err(message) => {
            crate::report::failure(&message);
            Ok(Exit::Found)
        }
    }
}
