//! The two dates of an X.509 certificate (RFC 5280, section 4.1): all that is read of it besides the key.
//!
//! Twenty lines of DER instead of a parser of the whole format: rustls checks the rest, and tells no dates.

use crate::domain::time::Timestamp;

/// Tags of DER (X.690): an explicit version, and the two ways to write a time.
const VERSION: u8 = 0xA0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// From when until when `certificate` is valid; `None` when it is not written as RFC 5280 says.
pub(super) fn of(certificate: &[u8]) -> Option<(Timestamp, Timestamp)> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut rest, _) = element(certificate)?;
    let (tag, _, after_version) = element(rest)?;
    if tag == VERSION {
        rest = after_version;
    }
    for _serial_algorithm_issuer in 0..3 {
        rest = element(rest)?.2;
    }
    let (_, validity, _) = element(rest)?;
    let (from_tag, from, rest) = element(validity)?;
    let (until_tag, until, _) = element(rest)?;
    Some((time(from_tag, from)?, time(until_tag, until)?))
}

/// The first element of `der`: its tag, its content, and what comes after it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        short @ 0..=0x7f => (usize::from(short), rest),
        // A certificate is never larger than 4 GiB, and DER knows no open length.
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`, the only forms that RFC 5280 allows.
fn time(tag: u8, text: &[u8]) -> Option<Timestamp> {
    // How RFC 5280 writes "never"; it is later than any other time that can be written.
    if tag == GENERALIZED_TIME && text == b"99991231235959Z" {
        return Some(Timestamp::from_unix_ms(i64::MAX));
    }
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let century = if year >= "50" { "19" } else { "20" };
            (format!("{century}{year}"), rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.to_owned(), rest)
        }
        _ => return None,
    };
    if rest.len() != 10 || !rest.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map(|at| &rest[at..at + 2]);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_has_no_dates_and_does_no_harm() {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap();
        let good = parameters.self_signed(&key).unwrap().der().to_vec();
        assert!(of(&good).is_some());
        for length in 0..good.len() {
            assert_eq!(of(&good[..length]), None, "cut after {length} bytes");
        }
        for at in 0..good.len() {
            for byte in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut bad = good.clone();
                bad[at] = byte;
                let _whatever_it_says = of(&bad);
            }
        }
        assert_eq!(of(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
    }

    #[test]
    fn both_ways_to_write_a_time_are_read() {
        let is = |tag, text: &str| time(tag, text.as_bytes()).map(|time| time.to_string());
        assert_eq!(is(UTC_TIME, "491231235959Z"), Some("2049-12-31T23:59:59Z".into()));
        assert_eq!(is(UTC_TIME, "500101000000Z"), Some("1950-01-01T00:00:00Z".into()));
        assert_eq!(is(GENERALIZED_TIME, "20500101000000Z"), Some("2050-01-01T00:00:00Z".into()));
        assert!(is(GENERALIZED_TIME, "99991231235959Z").is_some_and(|time| time.starts_with("9999-12-30")));
        for wrong in
            ["4912312359Z", "491231235959", "491331235959Z", "49123123595\u{e9}Z", "49\u{e9}231235959Z"]
        {
            assert_eq!(is(UTC_TIME, wrong), None, "{wrong}");
        }
    }
}
