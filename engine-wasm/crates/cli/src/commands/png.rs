//! SVG to PNG, with the engine's own fonts and nothing from outside the file.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};

use super::render::FONTS;
use crate::Failure;

/// Pixels of a picture at most: 256 MB of memory.
const MAX_PIXELS: f32 = 64e6;

/// Draws `svg` with `scale` picture pixels for each of its own.
pub(super) fn draw(svg: &str, scale: f32) -> Result<Vec<u8>, Failure> {
    let mut fonts = fontdb::Database::new();
    for (_, _, _, bytes) in FONTS {
        fonts.load_font_data(bytes.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    fonts.set_monospace_family("JetBrains Mono");
    let options = Options {
        fontdb: Arc::new(fonts),
        font_family: "Inter".to_owned(),
        // Pictures inside the file only: no address of a source is ever opened, on disk or elsewhere.
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| format!("cannot draw the picture: {error}"))?;
    let size = tree.size();
    let area = size.width() * size.height();
    // A drawing too large for the wished scale is drawn smaller, not refused.
    let scale = if area * scale * scale > MAX_PIXELS { (MAX_PIXELS / area).sqrt() } else { scale };
    let (width, height) = ((size.width() * scale).ceil() as u32, (size.height() * scale).ceil() as u32);
    let mut pixels =
        Pixmap::new(width.max(1), height.max(1)).ok_or_else(|| "the picture has no size".to_owned())?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| format!("cannot encode the picture: {error}"))
}
