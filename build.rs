//! Says which folders are compiled into the program, so that a new file in them leads to a new program; and builds
//! the engine of the article editor from npm where the environment asks for it.
//!
//! Without the variable the engine is the one of the crate `leptos-tiptap-build`, and neither Node nor the network is
//! needed. It is not switched on by Node being there: two machines would silently build two sites.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// `1`: from npm, or with a warning from the crate. `required`: from npm, or no build.
const SWITCH: &str = "EDITOR_FROM_NPM";
const SOURCES: [&str; 3] = ["package.json", "package-lock.json", "entry.js"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
    println!("cargo:rerun-if-env-changed={SWITCH}");
    println!("cargo::rustc-check-cfg=cfg(editor_from_npm)");
    let wish = env::var(SWITCH).unwrap_or_default();
    if matches!(wish.as_str(), "" | "0") {
        return;
    }
    for source in SOURCES {
        println!("cargo:rerun-if-changed=editor/{source}");
    }
    match engine() {
        Ok(()) => println!("cargo:rustc-cfg=editor_from_npm"),
        Err(why) if wish == "required" => println!("cargo::error={SWITCH}: {why}"),
        Err(why) => println!("cargo:warning={SWITCH}: {why}; the editor's engine is the crate's"),
    }
}

/// `tiptap.js` in the folder of the build. Nothing is written beside the sources, which may be read-only.
fn engine() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let work = out.join("editor");
    fs::create_dir_all(&work).map_err(|error| error.to_string())?;
    for source in SOURCES {
        let from = Path::new("editor").join(source);
        fs::copy(&from, work.join(source)).map_err(|error| format!("{}: {error}", from.display()))?;
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&work))?;
    run(Command::new(work.join("node_modules/.bin/esbuild"))
        .args([
            "entry.js",
            "--bundle",
            "--minify",
            "--format=iife",
            "--target=es2022",
            "--legal-comments=none",
        ])
        .arg(format!("--outfile={}", out.join("tiptap.js").display()))
        .current_dir(&work))
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).take(4).collect();
    Err(format!("{name} ended with {}: {}", output.status, said.join(" | ")))
}
