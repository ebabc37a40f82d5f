//! Sizes of what people download: raw, gzip, brotli.

use std::fs;
use std::io::Write;

use crate::sh::{self, Outcome};

/// What is measured: the file, what it is, and the most it may weigh with brotli, in kilobytes.
const FILES: [(&str, &str, Option<u32>); 2] = [
    ("pkg/dist/engine/engine_bg.wasm", "`spandrel`: the engine", Some(450)),
    ("pkg/elk/dist/engine/engine_bg.wasm", "`spandrel-elk`: layout alone", Some(160)),
];

/// Prints the table; with `write`, keeps it in docs/sizes.md.
pub(crate) fn size(write: bool) -> Outcome {
    let mut table =
        String::from("| file | raw | gzip -9 | brotli 11 | at most |\n| --- | --- | --- | --- | --- |\n");
    for (path, name, most) in FILES {
        let Ok(bytes) = fs::read(sh::root().join(path)) else { continue };
        let most = most.map_or_else(String::new, |most| format!("{most} kB brotli"));
        let (gzip, brotli) = (gzip(&bytes)?, brotli(&bytes)?);
        table +=
            &format!("| {name} | {} | {} | {} | {most} |\n", kilo(bytes.len()), kilo(gzip), kilo(brotli));
    }
    println!("{table}");
    if write {
        let page = format!("# Sizes\n\nWritten by `cargo xtask size --write`; kB of 1,000 bytes.\n\n{table}");
        fs::write(sh::root().join("docs/sizes.md"), page)
            .map_err(|error| format!("docs/sizes.md: {error}"))?;
    }
    Ok(())
}

fn kilo(bytes: usize) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

fn gzip(bytes: &[u8]) -> Outcome<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map(|out| out.len()).map_err(|e| e.to_string())
}

fn brotli(bytes: &[u8]) -> Outcome<usize> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).map_err(|e| e.to_string())?;
    Ok(out.len())
}
