//! A plain sign for each kind, drawn here for when the caller hands over no icons: 24 by 24, strokes only.

/// Path data of the sign of a kind; `None` for kinds without one.
pub(crate) fn of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        // A screen on its foot.
        "client" => "M3 4h18v12H3zM12 16v4M8 20h8",
        // Two racks with a light each.
        "process" => "M4 4h16v7H4zM4 13h16v7H4zM8 7.5h.01M8 16.5h.01",
        // A drum.
        "database" => {
            "M4 6c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3zM4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3"
        }
        // A shield with a keyhole.
        "security" => {
            "M12 3l8 3v6c0 4.500-3.200 7.800-8 9-4.800-1.200-8-4.500-8-9V6zM12 10.500v4M12 10.500h.01"
        }
        // Messages in a row.
        "queue" => "M3 7h5v10H3zM10 7h5v10h-5zM18 8l3 4-3 4",
        // A bolt.
        "cache" => "M13 3L5 14h6l-1 7 8-11h-6z",
        // A folder.
        "storage" => "M3 6h6l2 3h10v10H3z",
        // A cloud.
        "external" => "M7 18a4 4 0 0 1-.500-8A6 6 0 0 1 18 9.500 4.300 4.300 0 0 1 17.500 18z",
        // Three hosts on one line.
        "network" => "M12 9V5M9 2.500h6v5H9zM5 16v-4h14v4M2.500 16h5v5h-5zM16.500 16h5v5h-5zM12 9v3",
        // A spark.
        "ai" => {
            "M11 4l1.800 5.200L18 11l-5.200 1.800L11 18l-1.800-5.200L4 11l5.200-1.800zM18.500 15.500v5M16 18h5"
        }
        // Head and shoulders.
        "person" => "M12 3.500a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20.500c.500-4 3.500-6 8-6s7.500 2 8 6",
        _ => return None,
    })
}
