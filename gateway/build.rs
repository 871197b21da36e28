//! Writes the table of the dashboard's files that `api::dashboard` embeds, when the feature `dashboard` asks for them.
//!
//! Node builds and compresses them before (`scripts/dashboard build`); here nothing is made, only listed.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where Vite leaves the dashboard, seen from this package.
const BUILT: &str = "../web/dashboard/dist";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_DASHBOARD").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed={BUILT}");
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder"));
    let built = own.join(BUILT);
    if !built.join("index.html").is_file() {
        println!(
            "cargo::error=the feature `dashboard` embeds web/dashboard/dist, which is not built: run \
             `scripts/dashboard build` (`make build` does), or build without the feature"
        );
        return;
    }
    let table = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder")).join("dashboard.rs");
    fs::write(table, table_of(&built)).expect("the table can be written");
}

/// The table, as an expression of the type `&[File]`.
fn table_of(built: &Path) -> String {
    let mut table = String::from("&[\n");
    for file in files(built) {
        let path = file.strip_prefix(built).expect("it lies in there").to_str().expect("Vite writes UTF-8");
        if [".br", ".gz"].iter().any(|ending| path.ends_with(ending)) {
            continue;
        }
        let compressed = |ending: &str| {
            let beside = PathBuf::from(format!("{}.{ending}", file.display()));
            if beside.is_file() { format!("Some(include_bytes!({beside:?}))") } else { "None".into() }
        };
        let (brotli, gzip) = (compressed("br"), compressed("gz"));
        writeln!(
            table,
            "File {{ path: {path:?}, plain: include_bytes!({file:?}), brotli: {brotli}, gzip: {gzip} }},"
        )
        .expect("text can be written to");
    }
    table + "]\n"
}

/// Every file below `folder`, in the order of their paths.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
