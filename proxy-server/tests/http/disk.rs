//! R5: a disk that takes no more. Reads go on, saves say so, nothing is half written, and it heals.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::harness::{Server, config, database, skipped, unique};

/// A small disk of its own; gone with it.
struct Disk(PathBuf);

impl Disk {
    /// `None` where no disk can be made: it takes root.
    fn new(size: &str) -> Option<Self> {
        let dir = std::env::temp_dir().join(unique("spandrel_disk"));
        std::fs::create_dir(&dir).unwrap();
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&dir)
            .output();
        match made {
            Ok(output) if output.status.success() => Some(Self(dir)),
            _ => {
                drop(std::fs::remove_dir(&dir));
                skipped("a small disk", &"`mount -t tmpfs` is not allowed here");
                None
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
        drop(std::fs::remove_dir(&self.0));
    }
}

#[tokio::test]
async fn r05_a_full_disk_keeps_reads_alive() {
    if database().is_some() {
        // The disk of another database is not ours to fill.
        return;
    }
    let Some(disk) = Disk::new("12m") else { return };
    let mut config = config();
    config.storage.data_dir = disk.0.join("data");
    let server = Server::with(config).await;
    let code = server.project().await;
    let source = |number: i64| format!("a: \"{number} {}\"\n", "x".repeat(200_000));
    // What others have on the disk goes first, so that it is full soon.
    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![0; 6 << 20]).unwrap();
    let mut kept = 0;
    let mut full = None;
    for number in 0..60 {
        let answer = server.save(&code, kept, &source(number)).await;
        if answer.status == 201 {
            kept += 1;
        } else {
            full = Some(answer);
            break;
        }
    }
    let full = full.expect("the disk did not fill up");
    assert!(matches!(full.status.as_u16(), 503 | 507), "{}", full.text);
    assert!(kept > 0);
    // Again and again: still no, and never a half one.
    for number in 100..105 {
        let status = server.save(&code, kept, &source(number)).await.status.as_u16();
        assert!(matches!(status, 503 | 507), "{status}");
    }
    for number in 1..=kept {
        let version = server.get(&format!("/v1/projects/{code}/versions/{number}")).await;
        assert_eq!(version.is(200).json["version_id"], number);
    }
    server.get("/v1/projects").await.is(200);
    server.get(&format!("/v1/projects/{code}/versions/{}", kept + 1)).await.is_error(404, "NOT_FOUND");
    server.get("/health/live").await.is(200);
    // Room again: it goes on where it was, without a restart and without a hole.
    std::fs::remove_file(&ballast).unwrap();
    let healed = server.save(&code, kept, "b\n").await;
    assert_eq!(healed.is(201).json["version_id"], json!(kept + 1));
    server.running.stop().await;
}
