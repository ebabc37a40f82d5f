//! Pictures of a source.

use std::rc::Rc;

use spandrel_export::svg;

use crate::Engine;
use crate::wire::Options;

impl Engine<'_> {
    /// The drawing in the format that `options` name: `svg` (default) or `json` (as [`Engine::diagram`]).
    /// An unknown format is an error that names the known ones.
    pub fn render(&self, source: &str, options: &Options) -> Result<String, String> {
        match options.format.as_deref().unwrap_or("svg") {
            "svg" => {
                let output =
                    spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
                let drawn = self.draw(Rc::new(output.diagram), options);
                Ok(svg::write(drawn.board(), &drawn.measured, &drawn.drawing, &svg_options(options)))
            }
            "json" => serde_json::to_string(&self.diagram(source, options)).map_err(|e| e.to_string()),
            other => Err(format!("unknown format `{other}`: there are `svg` and `json`")),
        }
    }
}

fn svg_options(options: &Options) -> svg::Options {
    let fonts = options.assets.fonts.iter().map(|font| svg::FontAsset {
        family: font.family.clone(),
        weight: font.weight,
        italic: font.italic,
        mime: font.mime.clone(),
        base64: font.base64.clone(),
    });
    svg::Options {
        theme: if options.dark { svg::Theme::Dark } else { svg::Theme::Light },
        title: options.title.clone().unwrap_or_default(),
        assets: svg::Assets { icons: options.assets.icons.clone(), fonts: fonts.collect() },
        ..svg::Options::default()
    }
}
