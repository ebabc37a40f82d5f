//! Writes the assistant's data file, as the npm package ships it: `pack OUT`.

fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "assist.bin".to_owned());
    std::fs::write(path, spandrel_assist::Data::embedded_bytes())
}
