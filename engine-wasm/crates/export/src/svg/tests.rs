use spandrel_graph::Shape;

use super::*;
use crate::scenes::{Scene, gallery, heads, shop};

#[test]
#[ignore = "writes pictures for a person to look at: SPANDREL_PICTURES names the folder"]
fn pictures() {
    let Ok(folder) = std::env::var("SPANDREL_PICTURES") else { return };
    for (name, scene) in [("gallery", gallery()), ("shop", shop()), ("heads", heads())] {
        for (suffix, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
            let svg = scene.svg(&Options { theme, ..Options::default() });
            std::fs::write(format!("{folder}/{name}-{suffix}.svg"), svg).unwrap();
        }
    }
}

#[test]
fn the_shop_as_text() {
    // One element a line reads better in a diff.
    let svg = shop().svg(&Options::default()).replace("><", ">\n<");
    let body = svg.split_once("</style>").map_or(svg.as_str(), |(_, body)| body);
    insta::assert_snapshot!(body);
}

#[test]
fn a_hostile_source_stays_inside_its_attributes() {
    let mut scene = Scene::default();
    let evil = "\"/><script>alert(1)</script>";
    let a = scene.node(
        None,
        evil,
        Shape::Rectangle,
        (0.0, 0.0),
        &[
            ("label", evil),
            ("tooltip", evil),
            ("link", "javascript:alert(1)"),
            ("style.fill", evil),
            ("style.stroke", "url(https://x)"),
            ("style.font-color", evil),
            ("style.fill-pattern", evil),
            ("icon", evil),
        ],
    );
    scene.edge(a, a, evil, &[("style.stroke", evil)], &[(0.0, 0.0), (9.0, 9.0)]);
    let mut options = Options { id_prefix: evil.to_owned(), title: evil.to_owned(), ..Options::default() };
    options.assets.icons.insert(evil.to_owned(), "<path onload=\"x\"/>".to_owned());
    let svg = scene.svg(&options);
    for bad in ["<script", "javascript:", "onload", "url(https"] {
        assert!(!svg.contains(bad), "{bad} in {svg}");
    }
}

#[test]
fn a_label_reads_on_the_fill_that_a_source_names() {
    let mut scene = Scene::default();
    let fills = [("light", "#DCFCE7"), ("dark", "navy"), ("own", "#DCFCE7")];
    for (name, fill) in fills {
        let color = if name == "own" { "teal" } else { "" };
        scene.node(
            None,
            name,
            Shape::Rectangle,
            (0.0, 0.0),
            &[("style.fill", fill), ("style.font-color", color)],
        );
    }
    for theme in [Theme::Light, Theme::Dark] {
        let svg = scene.svg(&Options { theme, ..Options::default() });
        let ink = |label: &str| {
            // The last: a title for screen readers says it too.
            let before = svg.rsplit_once(&format!(">{label}</")).unwrap().0;
            let fill = before.rsplit_once("fill=\"").unwrap().1;
            fill.split('"').next().unwrap().to_owned()
        };
        assert_eq!(["light", "dark", "own"].map(ink), [theme::INK.0, theme::INK.1, "teal"], "{theme:?}");
    }
}

#[test]
fn icons_and_fonts_come_from_the_caller() {
    let mut options = Options::default();
    options.assets.icons.insert("mdi:database".into(), "<path d=\"M1 2\"/>".into());
    options.assets.fonts.push(FontAsset {
        family: "Inter".into(),
        weight: 400,
        italic: false,
        mime: "font/woff2".into(),
        base64: "AAAA".into(),
    });
    let mut scene = Scene::default();
    scene.node(None, "db", Shape::Cylinder, (0.0, 0.0), &[("icon", "mdi:database"), ("label", "Orders")]);
    let svg = scene.svg(&options);
    assert!(svg.contains("<path d=\"M1 2\"/>") && svg.contains("src:url(data:font/woff2;base64,AAAA)"));
}

#[test]
fn every_theme_draws_every_shape() {
    for scene in [gallery(), shop(), heads(), Scene::default()] {
        for theme in [Theme::Light, Theme::Dark, Theme::Auto] {
            let svg = scene.svg(&Options { theme, ..Options::default() });
            assert!(svg.ends_with("</svg>") && !svg.contains("NaN"));
            assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
        }
    }
}

#[test]
fn a_legend_explains_its_samples() {
    let mut scene = shop();
    let mut samples = Scene::default();
    let a = samples.node(None, "a", Shape::Cylinder, (0.0, 0.0), &[("label", "Store")]);
    let b =
        samples.node(None, "b", Shape::Rectangle, (0.0, 0.0), &[("label", "Hidden"), ("style.opacity", "0")]);
    samples.edge(a, b, "replicates", &[], &[(0.0, 0.0), (1.0, 1.0)]);
    let legend = spandrel_graph::Legend {
        label: String::new(),
        nodes: samples.board.nodes.clone(),
        edges: samples.board.edges.clone(),
    };
    scene.board.legend = Some(legend);
    let svg = scene.svg(&Options::default());
    for shown in ["Legend", ">Store<", ">replicates<"] {
        assert!(svg.contains(shown), "{shown}");
    }
    assert!(!svg.contains("Hidden"));
}
