//! The frames of the protocol: a header with a length, and one JSON value.
//!
//! Whatever comes is read on: what is no header is passed over up to the next one, and a body
//! that is no JSON is told as that. Nothing else of the protocol is known here.

use std::io::{self, BufRead, Read, Write};

use serde_json::Value;

/// The longest body that is read.
const MAX_BODY: u64 = 64 << 20;
/// The longest line of a header.
const MAX_LINE: u64 = 8 << 10;

/// What came.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Incoming {
    /// A JSON value.
    Message(Value),
    /// A body that is none, and why.
    Malformed(String),
}

/// Reads one message; none at the end of the input.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if from.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match (line.trim(), length) {
            ("", Some(length)) => return body(from, length),
            ("", None) => {}
            (header, _) => length = content_length(header).or(length),
        }
    }
}

fn content_length(header: &str) -> Option<u64> {
    let (name, value) = header.split_once(':')?;
    let length: u64 = value.trim().parse().ok()?;
    (name.trim().eq_ignore_ascii_case("content-length") && length <= MAX_BODY).then_some(length)
}

fn body(from: &mut impl BufRead, length: u64) -> io::Result<Option<Incoming>> {
    let mut body = Vec::new();
    let read = from.by_ref().take(length).read_to_end(&mut body)?;
    if (read as u64) < length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(value) => Incoming::Message(value),
        Err(error) => Incoming::Malformed(error.to_string()),
    }))
}

/// Writes one message.
pub(super) fn write(to: &mut dyn Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    to.flush()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(bytes: &[u8]) -> Vec<Incoming> {
        let mut from = bytes;
        let mut found = Vec::new();
        while let Some(incoming) = read(&mut from).unwrap() {
            found.push(incoming);
        }
        found
    }

    #[test]
    fn what_is_written_is_read() {
        let messages = [json!({"a": "数字 🎉"}), json!([1, null])];
        let mut wire = Vec::new();
        for message in &messages {
            write(&mut wire, message).unwrap();
        }
        assert_eq!(all(&wire), messages.map(Incoming::Message));
    }

    #[test]
    fn other_headers_and_line_ends_are_fine() {
        let wire = b"Content-Type: x\r\nCONTENT-LENGTH:2\n\n{}";
        assert_eq!(all(wire), [Incoming::Message(json!({}))]);
    }

    #[test]
    fn after_nonsense_the_next_message_is_read() {
        let good = "Content-Length: 2\r\n\r\n{}";
        for nonsense in [
            "hello\n",
            "\r\n\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Length: 99999999999999999999\r\n\r\n",
            "Content-Length: 999999999999\r\n\r\n",
            "Content-Length: -1\r\n\r\n{}\n",
        ] {
            let found = all(format!("{nonsense}{good}").as_bytes());
            assert_eq!(
                found.last(),
                Some(&Incoming::Message(json!({}))),
                "{nonsense:?}"
            );
        }
        let found = all(format!("Content-Length: 4\r\n\r\n\u{e9}{{}}{good}").as_bytes());
        assert!(
            matches!(&found[..], [Incoming::Malformed(_), Incoming::Message(_)]),
            "{found:?}"
        );
    }

    #[test]
    fn a_message_that_is_cut_is_the_end() {
        assert_eq!(all(b"Content-Length: 20\r\n\r\n{}"), []);
        assert_eq!(all(b"Content-Le"), []);
    }
}
