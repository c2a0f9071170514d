//! What a note may be encoded in that is no UTF-8, and how it becomes UTF-8.

use crate::model::Text;
use crate::text;

/// What to do about a note with these bytes, of which the one at `at` is the first that is no UTF-8.
pub(super) fn remedy(bytes: &[u8], at: usize) -> Text {
    match guess(bytes, at) {
        Some((name, iconv)) => text!(
            "it looks like {name}: `iconv -f {iconv} -t UTF-8 OLD > NEW` makes UTF-8 of it",
            "它看起来是 {name}：可以用 `iconv -f {iconv} -t UTF-8 OLD > NEW` 转成 UTF-8"
        ),
        None => text!(
            "mend what stands there and save it as UTF-8, or leave it out with a `.verifyignore`",
            "请改正该处并存为 UTF-8，或用 `.verifyignore` 排除它"
        ),
    }
}

/// The encoding in words and as `iconv` calls it, where it can be told.
fn guess(bytes: &[u8], at: usize) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some(("UTF-16", "UTF-16"));
    }
    // Where there are characters of UTF-8 already, the rest of it is no other encoding.
    if !bytes[..at].is_ascii() {
        return None;
    }
    let (pairs, single) = pairs(bytes);
    if single == 0 && pairs > 0 {
        Some(("GB18030 (GBK)", "GB18030"))
    } else if single > pairs {
        Some(("Latin-1 (Windows-1252)", "WINDOWS-1252"))
    } else {
        None
    }
}

/// How many pairs of bytes are Chinese characters of the common part of GB18030, and how many bytes
/// beyond ASCII are in no such pair.
fn pairs(bytes: &[u8]) -> (usize, usize) {
    let (mut pairs, mut single, mut at) = (0, 0, 0);
    while let Some(&byte) = bytes.get(at) {
        let is_pair =
            (0xa1..=0xf7).contains(&byte) && bytes.get(at + 1).is_some_and(|next| *next >= 0xa1);
        if is_pair {
            pairs += 1;
            at += 2;
        } else {
            single += usize::from(!byte.is_ascii());
            at += 1;
        }
    }
    (pairs, single)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_by_their_bytes() {
        for (bytes, at, name) in [
            (&b"# \xca\xfd\xd7\xd6\n"[..], 2, Some("GB18030")),
            (b"# Gr\xfc\xdfe, caf\xe9 au lait\n", 4, Some("WINDOWS-1252")),
            (b"\xff\xfe#\x00", 0, Some("UTF-16")),
            (b"# \xe6\x95\xb0 \xff\n", 6, None),
            (b"\x80\xa1\xa1", 0, None),
            (b"", 0, None),
        ] {
            assert_eq!(guess(bytes, at).map(|(_, iconv)| iconv), name, "{bytes:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_have_a_remedy(bytes: Vec<u8>) {
            if let Err(error) = std::str::from_utf8(&bytes) {
                let told = remedy(&bytes, error.valid_up_to());
                proptest::prop_assert!(!told.en.is_empty() && !told.zh.is_empty());
            }
        }
    }
}
