//! The pinned footage and models: what they are called, where they come from and how to know them.
//!
//! The table is `assets.toml` at the top of the repository, compiled into the crate. This room finds
//! files in a folder and proves that they are the pinned ones; it never downloads anything.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::settings::ModelFiles;

/// Bytes read at a time while a digest is computed: large enough that the system calls do not count.
const READ_CHUNK_BYTES: usize = 64 * 1024;

/// One file that the product may use and does not carry.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// File name in the assets folder.
    pub name: String,
    /// Where the file is fetched from; holds the commit, so the content behind it does not change.
    pub url: String,
    /// Commit of the repository behind `url`.
    pub commit: String,
    /// Licence of the file, as a short identifier.
    pub licence: String,
    /// Whom to name when the file is shown or passed on.
    pub attribution: String,
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Length of the content in bytes.
    #[serde(deserialize_with = "number_in_quotes")]
    pub size_bytes: u64,
}

/// Says why an asset cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssetError {
    /// The name is not in the table.
    #[error("{name:?} is not in assets.toml")]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// The file is not in the folder.
    #[error("{name} is not in {}: run `make assets`", folder.display())]
    Missing {
        /// File name.
        name: String,
        /// Folder searched.
        folder: PathBuf,
    },
    /// The file is there with another length: an interrupted download, most often.
    #[error("{name} in {} has {found_bytes} bytes instead of {wanted_bytes}: delete it and run `make assets`", folder.display())]
    WrongSize {
        /// File name.
        name: String,
        /// Folder searched.
        folder: PathBuf,
        /// Length in the table, bytes.
        wanted_bytes: u64,
        /// Length on disk, bytes.
        found_bytes: u64,
    },
    /// The file is there with other content.
    #[error("{name} in {} is not the pinned file (its sha256 differs): delete it and run `make assets`", folder.display())]
    WrongDigest {
        /// File name.
        name: String,
        /// Folder searched.
        folder: PathBuf,
    },
    /// The file is there and cannot be read.
    #[error("could not read {name} in {}: run `make assets` as the user of the service", folder.display())]
    Unreadable {
        /// File name.
        name: String,
        /// Folder searched.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Returns every pinned file, in the order of the table.
pub fn catalogue() -> &'static [Asset] {
    static TABLE: OnceLock<Vec<Asset>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let table: Table =
            toml::from_str(include_str!("../../assets.toml")).expect("assets.toml is compiled in and tested");
        table.asset
    })
}

/// Returns the path of the pinned file `name` in `folder`, after checking its size and SHA-256.
///
/// # Errors
///
/// [`AssetError::Unknown`] for a name outside the table; the other kinds when the file in the folder
/// is missing, unreadable or not the pinned one. Each message names the remedy.
pub fn locate(folder: &Path, name: &str) -> Result<PathBuf, AssetError> {
    let asset = catalogue()
        .iter()
        .find(|asset| asset.name == name)
        .ok_or_else(|| AssetError::Unknown { name: name.to_owned() })?;
    verify(folder, asset)
}

/// Returns the files of the model `model_name` (for example `yolo-fastest-1.1_body`), each verified.
///
/// A name of the table with both `.cfg` and `.weights` is a Darknet model, one with `.onnx` an ONNX
/// model. The table holds Darknet models today.
///
/// # Errors
///
/// As [`locate`].
pub fn model(folder: &Path, model_name: &str) -> Result<ModelFiles, AssetError> {
    let onnx = format!("{model_name}.onnx");
    if catalogue().iter().any(|asset| asset.name == onnx) {
        return Ok(ModelFiles::Onnx { file: locate(folder, &onnx)?, side_px: ModelFiles::ONNX_SIDE_PX });
    }
    let cfg_name = format!("{model_name}.cfg");
    if !catalogue().iter().any(|asset| asset.name == cfg_name) {
        return Err(AssetError::Unknown { name: model_name.to_owned() });
    }
    let cfg = locate(folder, &cfg_name)?;
    let weights = locate(folder, &format!("{model_name}.weights"))?;
    Ok(ModelFiles::Darknet { cfg, weights })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    asset: Vec<Asset>,
}

/// Every value of the table is in quotes, so that a script can read it without a TOML parser.
fn number_in_quotes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn verify(folder: &Path, asset: &Asset) -> Result<PathBuf, AssetError> {
    let path = folder.join(&asset.name);
    let unreadable = |source: io::Error| {
        let (name, folder) = (asset.name.clone(), folder.to_owned());
        match source.kind() {
            io::ErrorKind::NotFound => AssetError::Missing { name, folder },
            _ => AssetError::Unreadable { name, folder, source },
        }
    };
    let mut file = File::open(&path).map_err(unreadable)?;
    let found_bytes = file.metadata().map_err(unreadable)?.len();
    if found_bytes != asset.size_bytes {
        return Err(AssetError::WrongSize {
            name: asset.name.clone(),
            folder: folder.to_owned(),
            wanted_bytes: asset.size_bytes,
            found_bytes,
        });
    }
    if digest(&mut file).map_err(unreadable)? != asset.sha256 {
        return Err(AssetError::WrongDigest { name: asset.name.clone(), folder: folder.to_owned() });
    }
    Ok(path)
}

fn digest(file: &mut File) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; READ_CHUNK_BYTES];
    loop {
        let count = file.read(&mut chunk)?;
        if count == 0 {
            break;
        }
        hasher.update(&chunk[..count]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(name: &str, content: &[u8]) -> Asset {
        Asset {
            name: name.to_owned(),
            url: String::new(),
            commit: String::new(),
            licence: String::new(),
            attribution: String::new(),
            sha256: Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect(),
            size_bytes: content.len() as u64,
        }
    }

    #[test]
    fn the_table_is_complete_and_every_url_holds_its_commit() {
        assert_eq!(catalogue().len(), 5);
        for asset in catalogue() {
            assert!(asset.url.starts_with("https://raw.githubusercontent.com/"), "{}", asset.name);
            assert!(asset.url.contains(&asset.commit) && asset.commit.len() == 40, "{}", asset.name);
            assert!(asset.url.ends_with(&asset.name), "{}", asset.name);
            assert!(asset.sha256.len() == 64 && asset.size_bytes > 0, "{}", asset.name);
            assert!(!asset.licence.is_empty() && !asset.attribution.is_empty(), "{}", asset.name);
        }
    }

    #[test]
    fn the_table_can_be_read_line_by_line() {
        for line in include_str!("../../assets.toml").lines() {
            let quoted = line.split_once(" = ").is_some_and(|(key, value)| {
                key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    && value.starts_with('"')
                    && value.ends_with('"')
                    && value.matches('"').count() == 2
            });
            assert!(line.is_empty() || line.starts_with('#') || line == "[[asset]]" || quoted, "{line}");
        }
    }

    #[test]
    fn only_the_pinned_content_is_accepted_and_each_refusal_names_file_folder_and_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let asset = pinned("a.cfg", b"right");
        let said = |outcome: Result<PathBuf, AssetError>| {
            let text = outcome.unwrap_err().to_string();
            let shown = folder.path().display().to_string();
            assert!(
                text.contains("a.cfg") && text.contains(&shown) && text.contains("make assets"),
                "{text}"
            );
            text
        };
        assert!(said(verify(folder.path(), &asset)).contains("is not in"));
        std::fs::write(folder.path().join("a.cfg"), b"short").unwrap();
        assert!(said(verify(folder.path(), &asset)).contains("sha256 differs"));
        std::fs::write(folder.path().join("a.cfg"), b"too long").unwrap();
        assert!(said(verify(folder.path(), &asset)).contains("8 bytes instead of 5"));
        std::fs::write(folder.path().join("a.cfg"), b"right").unwrap();
        assert_eq!(verify(folder.path(), &asset).unwrap(), folder.path().join("a.cfg"));
    }

    #[test]
    fn names_outside_the_table_are_unknown() {
        let folder = Path::new("somewhere");
        assert!(matches!(locate(folder, "../etc/passwd"), Err(AssetError::Unknown { .. })));
        assert!(matches!(model(folder, "nothing"), Err(AssetError::Unknown { .. })));
        assert!(matches!(model(folder, "yolo-fastest-1.1_body"), Err(AssetError::Missing { .. })));
    }
}
