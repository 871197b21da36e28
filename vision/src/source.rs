//! Where a camera's pictures come from, as the clinic writes it in its configuration.
//!
//! Addresses hold passwords. `Display` and `Debug` of a [`Source`] never show them, and nothing else
//! here hands an address out.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where pictures come from.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// A drawn scene: for the demo, and wherever there is no camera yet. What it causes is marked.
    Synthetic {
        /// What happens in it.
        scene: Scene,
    },
    /// A video file, played at its own speed again and again as if it were a camera.
    File(PathBuf),
    /// A network camera: `rtsp://`, `rtsps://`, `http://` or `https://`. May hold a password.
    Url(String),
    /// A camera on this machine, such as `/dev/video0`.
    Device(PathBuf),
}

/// The drawn scenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A room: somebody comes in, stands still for most of a minute, leaves; long empty.
    Room,
    /// A corridor: somebody walks through it every 20 s.
    Corridor,
    /// A room in which nothing happens.
    Vacant,
}

/// Says why a text is no source. Never shows a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// None of the forms.
    #[error("source {0:?} is none of synthetic:room, file:NAME, rtsp://…, http://… and /dev/videoN")]
    UnknownForm(String),
    /// `synthetic:` with a scene that does not exist.
    #[error("there is no synthetic scene {0:?}; there are room, corridor and vacant")]
    UnknownScene(String),
    /// `file:` with nothing behind it.
    #[error("file: names no file")]
    NoFile,
    /// A URL without a host.
    #[error("{0:?} names no host")]
    NoHost(String),
}

const URL_SCHEMES: [&str; 4] = ["rtsp", "rtsps", "http", "https"];

impl Source {
    /// Reads a source; a relative `file:NAME` is looked for in the folder `assets`.
    ///
    /// # Errors
    ///
    /// [`SourceError`] when the text is none of the forms. Whether the file or the camera exists is
    /// found out when it is opened.
    ///
    /// ```
    /// use std::path::Path;
    /// use vision::Source;
    ///
    /// let source = Source::parse("file:clip.mp4", Path::new("/srv/assets"))?;
    /// assert_eq!(source.to_string(), "file:/srv/assets/clip.mp4");
    /// let camera = Source::parse("rtsp://nurse:secret@10.0.0.7/main", Path::new(""))?;
    /// assert_eq!(camera.to_string(), "rtsp://***@10.0.0.7/main");
    /// # Ok::<(), vision::SourceError>(())
    /// ```
    pub fn parse(text: &str, assets: &Path) -> Result<Source, SourceError> {
        let text = text.trim();
        if let Some(scene) = text.strip_prefix("synthetic:") {
            return Ok(Source::Synthetic { scene: scene.parse()? });
        }
        if let Some(name) = text.strip_prefix("file:") {
            let name = name.strip_prefix("//").unwrap_or(name);
            if name.is_empty() {
                return Err(SourceError::NoFile);
            }
            return Ok(Source::File(assets.join(name)));
        }
        if text.starts_with("/dev/") {
            return Ok(Source::Device(PathBuf::from(text)));
        }
        match text.split_once("://") {
            Some((scheme, rest)) if URL_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => {
                if host(rest).is_empty() {
                    return Err(SourceError::NoHost(redacted(text)));
                }
                Ok(Source::Url(text.to_owned()))
            }
            _ => Err(SourceError::UnknownForm(redacted(text))),
        }
    }

    /// Returns whether the pictures are drawn, not seen.
    pub fn is_synthetic(&self) -> bool {
        matches!(self, Source::Synthetic { .. })
    }
}

impl FromStr for Source {
    type Err = SourceError;

    /// As [`Source::parse`], with relative files left relative.
    fn from_str(text: &str) -> Result<Source, SourceError> {
        Source::parse(text, Path::new(""))
    }
}

impl fmt::Display for Source {
    /// Writes the form it was read from, without user, password and query of a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Synthetic { scene } => write!(f, "synthetic:{scene}"),
            Source::File(path) => write!(f, "file:{}", path.display()),
            Source::Url(url) => f.write_str(&redacted(url)),
            Source::Device(path) => write!(f, "{}", path.display()),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({self})")
    }
}

impl FromStr for Scene {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Scene, SourceError> {
        match text {
            "room" => Ok(Scene::Room),
            "corridor" => Ok(Scene::Corridor),
            "vacant" => Ok(Scene::Vacant),
            other => Err(SourceError::UnknownScene(other.to_owned())),
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Scene::Room => "room",
            Scene::Corridor => "corridor",
            Scene::Vacant => "vacant",
        })
    }
}

/// Returns host and port of what follows `://`.
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Returns the text without anything that may be a secret: all that stands before the last `@`, since
/// an unescaped password may itself hold `@` and `/`, and the query, where many cameras want theirs.
fn redacted(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").map_or(("", text), |(scheme, rest)| (scheme, rest));
    let (rest, user) = rest.rsplit_once('@').map_or((rest, ""), |(_, rest)| (rest, "***@"));
    let (rest, query) = rest.split_once(['?', '#']).map_or((rest, ""), |(rest, _)| (rest, "?***"));
    let colon = if scheme.is_empty() { "" } else { "://" };
    format!("{scheme}{colon}{user}{rest}{query}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_is_read_and_written_back() {
        for text in [
            "synthetic:room",
            "synthetic:corridor",
            "synthetic:vacant",
            "file:clip.mp4",
            "file:/srv/clip.mp4",
            "rtsp://10.0.0.7:554/main",
            "http://10.0.0.7/stream.mjpg",
            "https://cam.local/x",
            "/dev/video0",
        ] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn relative_files_are_in_the_assets_and_absolute_ones_where_they_say() {
        let assets = Path::new("/srv/assets");
        assert_eq!(Source::parse("file:a.mp4", assets).unwrap(), Source::File("/srv/assets/a.mp4".into()));
        assert_eq!(Source::parse("file:/b.mp4", assets).unwrap(), Source::File("/b.mp4".into()));
        assert_eq!(Source::parse("file:///b.mp4", assets).unwrap(), Source::File("/b.mp4".into()));
    }

    #[test]
    fn refusals_say_what_is_wrong() {
        let refused = |text: &str| text.parse::<Source>().unwrap_err();
        assert_eq!(refused("file:"), SourceError::NoFile);
        assert_eq!(refused("synthetic:ward"), SourceError::UnknownScene("ward".into()));
        assert_eq!(refused("rtsp://me:secret@/x"), SourceError::NoHost("rtsp://***@/x".into()));
        assert_eq!(refused("ftp://me:secret@h/x"), SourceError::UnknownForm("ftp://***@h/x".into()));
        assert_eq!(refused("clip.mp4"), SourceError::UnknownForm("clip.mp4".into()));
    }

    #[test]
    fn a_query_is_not_shown_since_cameras_take_passwords_in_it() {
        let source: Source = "http://10.0.0.7/video.cgi?user=a&pwd=hunter2".parse().unwrap();
        assert_eq!(source.to_string(), "http://10.0.0.7/video.cgi?***");
    }

    proptest! {
        #[test]
        fn no_password_is_ever_shown(password in "[A-Z@:/?#%&=]{0,12}XSECRETX[A-Z@:/?#%&=]{0,12}") {
            for text in [format!("rtsp://user:{password}@10.0.0.7/main"), format!("gopher://u:{password}@h/")] {
                let shown = match text.parse::<Source>() {
                    Ok(source) => format!("{source} {source:?}"),
                    Err(error) => format!("{error} {error:?}"),
                };
                prop_assert!(!shown.contains("XSECRETX"), "{shown}");
            }
        }
    }
}
