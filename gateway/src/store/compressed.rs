//! A value: a version byte, and JSON, made smaller where that helps.
//!
//! Version 1 is the JSON as it is. Version 2 has the JSON's length (u16, little-endian), then an LZ4 block that may
//! refer to the dictionary: `dictionary.txt`, samples of what records look like. A room's change of 823 bytes takes
//! 199 that way, where LZ4 alone makes 556 of it. What is short, as a device's mark is, stays as it is. The dictionary is a part of version 2 and never changes: a better
//! one would be another version. The figures, and why LZ4: ADR 19.

use std::borrow::Cow;

use lz4_flex::block;

use super::codec::VALUE_BYTES_MAX;

/// The JSON as it is.
const PLAIN: u8 = 1;
/// LZ4 with [`DICTIONARY`].
const LZ4: u8 = 2;
/// The version byte and the length.
const LZ4_HEAD_BYTES: usize = 3;
/// JSON shorter than this is not compressed: whatever its length, LZ4 begins with reading the whole dictionary.
const SHORT_BYTES: usize = 128;
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

const _: () = assert!(VALUE_BYTES_MAX <= u16::MAX as usize);

/// The value that holds `json`, of less than [`VALUE_BYTES_MAX`] bytes; it is never larger than a byte more than that.
pub(super) fn compress(json: &[u8]) -> Vec<u8> {
    smaller(json).unwrap_or_else(|| [&[PLAIN], json].concat())
}

/// The value in version 2; `None` where that would not be smaller.
fn smaller(json: &[u8]) -> Option<Vec<u8>> {
    if json.len() < SHORT_BYTES {
        return None;
    }
    let length = u16::try_from(json.len()).ok()?.to_le_bytes();
    let mut value = vec![0; LZ4_HEAD_BYTES + block::get_maximum_output_size(json.len())];
    value[..LZ4_HEAD_BYTES].copy_from_slice(&[LZ4, length[0], length[1]]);
    let bytes = block::compress_into_with_dict(json, &mut value[LZ4_HEAD_BYTES..], DICTIONARY).ok()?;
    value.truncate(LZ4_HEAD_BYTES + bytes);
    (value.len() <= json.len()).then_some(value)
}

/// The JSON that `value` holds; `None` when it is of another version, or damaged.
pub(super) fn decompress(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    match value {
        [PLAIN, json @ ..] => Some(Cow::Borrowed(json)),
        [LZ4, low, high, block @ ..] => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            let mut json = vec![0; length];
            let written = block::decompress_into_with_dict(block, &mut json, DICTIONARY).ok()?;
            (written == length).then_some(Cow::Owned(json))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    proptest! {
        #[test]
        fn what_is_compressed_is_read_again_and_never_larger(json in prop::collection::vec(any::<u8>(), 0..VALUE_BYTES_MAX)) {
            let value = compress(&json);
            prop_assert!(value.len() <= json.len() + 1);
            prop_assert_eq!(decompress(&value), Some(Cow::Owned(json)));
        }

        #[test]
        fn words_of_the_dictionary_are_compressed_and_read_again(from in 0..4_000_usize, length in SHORT_BYTES..400_usize, tail in "[a-z]{0,40}") {
            let json = [&DICTIONARY[from..from + length], tail.as_bytes()].concat();
            let value = compress(&json);
            prop_assert_eq!(value[0], LZ4);
            prop_assert!(value.len() < json.len());
            prop_assert_eq!(decompress(&value), Some(Cow::Owned(json)));
        }

        #[test]
        fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = (decompress(&bytes), decompress(&[&[LZ4], &bytes[..]].concat()));
        }
    }

    #[test]
    fn a_value_that_was_written_years_ago_is_read() {
        assert_eq!(decompress(b"\x01{}").as_deref(), Some(&b"{}"[..]));
        // 18 bytes from the dictionary, 4,000 bytes back from the end of its 4,451, then two letters.
        let value = [&[LZ4, 20, 0][..], &[0x0E, 0xA0, 0x0F], &[0x20], b"\"}"].concat();
        assert_eq!(decompress(&value).as_deref(), Some(&[&DICTIONARY[451..469], b"\"}"].concat()[..]));
    }

    #[test]
    fn the_dictionary_is_the_one_that_stores_were_written_with() {
        let digest = Sha256::digest(DICTIONARY).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(digest, "a1b0101f7aa87f4669ee36f4071efb2f3d03f6020662612b2f5cbd0035437949");
    }

    #[test]
    fn what_is_short_stays_as_it_is() {
        let json = &DICTIONARY[..SHORT_BYTES];
        assert_eq!((compress(&json[1..])[0], compress(json)[0]), (PLAIN, LZ4));
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_nothing() {
        let room = r#"{"kind":"room","data":{"id":"room-7","name":"Room 7","type":"examination","#;
        let value = compress(&[room.as_bytes(), &DICTIONARY[..100]].concat());
        assert_eq!(value[0], LZ4);
        for cut in 1..value.len() {
            assert_eq!(decompress(&value[..cut]), None, "{cut}");
        }
        assert_eq!(decompress(&[&[3], &value[1..]].concat()), None);
        assert_eq!(decompress(&[]), None);
    }
}
