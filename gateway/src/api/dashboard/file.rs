//! One embedded file: which of its forms a browser gets, and how long it may keep it.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// How many bytes of its digest name a file's content.
const TAG_BYTES: usize = 12;
/// A file below `assets/` has the digest of its content in its name: another content has another name.
const HASHED: &str = "assets/";
const KEPT_FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASKED_FOR: &str = "no-cache";

/// A file as it was built, with its compressed forms where they are smaller.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    /// Its path in the built folder, such as `assets/index-4f2a.js`.
    pub(super) path: &'static str,
    pub(super) plain: &'static [u8],
    pub(super) brotli: Option<&'static [u8]>,
    pub(super) gzip: Option<&'static [u8]>,
}

/// A file, ready to be sent.
#[derive(Debug)]
pub(super) struct Served {
    file: File,
    kind: HeaderValue,
    cache: &'static str,
    /// Names the content; each coding of it is a form with a tag of its own.
    digest: String,
}

impl Served {
    pub(super) fn new(file: File) -> Self {
        let mut kind = mime_guess::from_path(file.path).first_or_octet_stream().to_string();
        if kind.starts_with("text/") {
            kind.push_str("; charset=utf-8");
        }
        let kind = HeaderValue::from_str(&kind).expect("a media type is plain text");
        let cache = if file.path.starts_with(HASHED) { KEPT_FOR_EVER } else { ASKED_FOR };
        let digest = URL_SAFE_NO_PAD.encode(&Sha256::digest(file.plain)[..TAG_BYTES]);
        Self { file, kind, cache, digest }
    }

    /// The smallest form that whoever sent `asked` takes, or 304 if they have it.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let forms = [(self.file.brotli, "br"), (self.file.gzip, "gzip")];
        let form = forms.into_iter().find_map(|(bytes, coding)| {
            bytes.filter(|_| takes(asked, coding)).map(|bytes| (bytes, Some(coding)))
        });
        let (bytes, coding) = form.unwrap_or((self.file.plain, None));
        let tag = match coding {
            Some(coding) => format!("\"{}-{coding}\"", self.digest),
            None => format!("\"{}\"", self.digest),
        };
        let has_it = has(asked, &tag);
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("a tag is plain text"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if has_it {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, self.kind.clone());
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        (headers, bytes).into_response()
    }

    #[cfg(all(test, feature = "dashboard"))]
    pub(super) fn kind(&self) -> &str {
        self.kind.to_str().expect("a media type is plain text")
    }
}

/// True if `asked` takes answers in `coding` (RFC 9110, 12.5.3).
fn takes(asked: &HeaderMap, coding: &str) -> bool {
    let mut any = false;
    for element in elements(asked, header::ACCEPT_ENCODING) {
        let (name, weight) = element.split_once(';').unwrap_or((element, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        let is_wanted = weight.is_some_and(|weight| weight > 0.0);
        match name.trim() {
            name if name.eq_ignore_ascii_case(coding) => return is_wanted,
            "*" => any = is_wanted,
            _ => {}
        }
    }
    any
}

/// True if `asked` names a form that is there already (RFC 9110, 13.1.2).
fn has(asked: &HeaderMap, tag: &str) -> bool {
    elements(asked, header::IF_NONE_MATCH)
        .any(|element| element == "*" || element.strip_prefix("W/").unwrap_or(element) == tag)
}

fn elements(asked: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    let lines = asked.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: File =
        File { path: "assets/a-1.js", plain: b"let a = 1;", brotli: Some(b"br"), gzip: Some(b"gz") };

    fn ask(file: File, headers: &[(header::HeaderName, &'static str)]) -> Response {
        let asked =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        Served::new(file).answer(&asked)
    }

    fn coding(accepted: &'static str) -> Option<String> {
        let answer = ask(SCRIPT, &[(header::ACCEPT_ENCODING, accepted)]);
        answer.headers().get(header::CONTENT_ENCODING).map(|coding| coding.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_smallest_form_that_is_taken_is_sent() {
        let cases = [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("BR", Some("br")),
            ("*", Some("br")),
            ("*;q=1, br;q=0", Some("gzip")),
            ("br;q=0.0, *;q=0", None),
            ("identity", None),
            ("", None),
            ("brotli, gzipped", None),
            ("br;q=nonsense", None),
        ];
        for (accepted, wanted) in cases {
            assert_eq!(coding(accepted).as_deref(), wanted, "{accepted}");
        }
        assert!(!ask(SCRIPT, &[]).headers().contains_key(header::CONTENT_ENCODING));
        let plain = File { brotli: None, gzip: None, ..SCRIPT };
        let answer = ask(plain, &[(header::ACCEPT_ENCODING, "br")]);
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[test]
    fn what_is_there_already_is_not_sent_again() {
        let tag = |accepted| {
            let answer = ask(SCRIPT, &[(header::ACCEPT_ENCODING, accepted)]);
            answer.headers()[header::ETAG].to_str().unwrap().to_owned()
        };
        let (plain, brotli) = (tag("identity"), tag("br"));
        assert_ne!(plain, brotli, "two forms are two things");
        for (known, accepted, status) in [
            (brotli.clone(), "br", 304),
            (format!("\"x\", W/{brotli}"), "br", 304),
            ("*".into(), "br", 304),
            (brotli.clone(), "identity", 200),
            (plain, "br", 200),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::IF_NONE_MATCH, HeaderValue::from_str(&known).unwrap());
            asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            let answer = Served::new(SCRIPT).answer(&asked);
            assert_eq!(answer.status(), status, "{known} {accepted}");
            for kept in [header::ETAG, header::CACHE_CONTROL, header::VARY] {
                assert!(answer.headers().contains_key(&kept), "{status}: {kept}");
            }
        }
    }

    #[test]
    fn only_what_has_its_digest_in_its_name_is_kept_without_asking() {
        let cache = |path| ask(File { path, ..SCRIPT }, &[]).headers()[header::CACHE_CONTROL].clone();
        assert_eq!(cache("assets/a-1.js"), KEPT_FOR_EVER);
        assert_eq!(cache("favicon.svg"), ASKED_FOR);
    }
}
