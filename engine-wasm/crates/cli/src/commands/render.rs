//! `spandrel render`: a picture of a source.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use spandrel_engine::Engine;
use spandrel_engine::wire::{Assets, Encoding, FontAsset, Options};

use super::png;
use crate::args::{Format, Render, Theme};
use crate::clock::deadline;
use crate::{Exit, Failure, batch, files, report};

/// The faces that the engine measures with: family, weight, slanted, file.
pub(super) const FONTS: &[(&str, u16, bool, &[u8])] = &[
    ("Inter", 400, false, include_bytes!("../../fonts/Inter-Regular.ttf")),
    ("Inter", 400, true, include_bytes!("../../fonts/Inter-Italic.ttf")),
    ("Inter", 600, false, include_bytes!("../../fonts/Inter-SemiBold.ttf")),
    ("Inter", 600, true, include_bytes!("../../fonts/Inter-SemiBoldItalic.ttf")),
    ("JetBrains Mono", 400, false, include_bytes!("../../fonts/JetBrainsMono-Regular.ttf")),
];

pub(crate) fn run(args: &Render) -> Result<Exit, Failure> {
    let options = Options {
        board: args.board.clone(),
        dark: args.theme == Theme::Dark,
        title: args.title.clone(),
        ..Options::default()
    };
    if args.jsonl {
        return batch::run(|engine, line| {
            let source = batch::text(line, "source")?;
            Ok(json!({ "svg": engine.render(source, &options)? }))
        });
    }
    let (Some(input), Some(output)) = (&args.input, &args.output) else {
        return Err("name a D2 file and a picture".to_owned());
    };
    let format = format(args.format, output)?;
    let source = files::read(input)?;
    let late = deadline();
    let engine = Engine::new(Encoding::Utf8, &late);
    let options = Options {
        files: files::imports(input, &source),
        format: (format == Format::Json).then(|| "json".to_owned()),
        assets: if format == Format::Svg && !args.no_fonts { fonts() } else { Assets::default() },
        ..options
    };
    // A picture of half a diagram would be taken for the whole.
    let found = engine.compile(&source, &options).diagnostics;
    let broken = found.iter().any(|d| d.severity == "error");
    report::diagnostics(&files::shown(input), &source, &found);
    if broken {
        return Ok(Exit::Found);
    }
    let text = engine.render(&source, &options)?;
    match format {
        Format::Svg | Format::Json => files::write(output, text.as_bytes())?,
        Format::Png => files::write(output, &png::draw(&text, args.scale)?)?,
    }
    Ok(Exit::Ok)
}

fn format(asked: Option<Format>, output: &Path) -> Result<Format, Failure> {
    if let Some(format) = asked {
        return Ok(format);
    }
    let ending = output.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("svg") => Ok(Format::Svg),
        Some("png") => Ok(Format::Png),
        Some("json") => Ok(Format::Json),
        _ if files::is_std(output) => Ok(Format::Svg),
        _ => Err(format!("`{}` does not end in .svg, .png or .json; use --format", output.display())),
    }
}

fn fonts() -> Assets {
    let asset = |&(family, weight, italic, bytes): &(&str, u16, bool, &[u8])| FontAsset {
        family: family.to_owned(),
        weight,
        italic,
        mime: "font/ttf".to_owned(),
        base64: STANDARD.encode(bytes),
    };
    Assets { fonts: FONTS.iter().map(asset).collect(), ..Assets::default() }
}
