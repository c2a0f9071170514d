//! Any bytes as a recording and as `verify.toml`: read or refused with a line that is there, and
//! what was read is written so that the same is read again.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use verify::recording::{self, RecordingError};

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("a.toml");
    match recording::parse(path, bytes.to_vec()) {
        Ok(stored) => {
            let mut changed = stored.recording.clone();
            changed.python.push('x');
            for (before, wanted) in [
                (Some(&stored), &stored.recording),
                (Some(&stored), &changed),
                (None, &changed),
            ] {
                let text = recording::render(before, wanted);
                let again = recording::parse(path, text.into_bytes());
                assert_eq!(
                    &again.expect("what was written can be read").recording,
                    wanted
                );
            }
        }
        Err(RecordingError::Broken { line, .. }) => {
            let lines = bytes.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&line), "line {line} of {lines}");
        }
        Err(error) => panic!("{error}"),
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = verify::config::mistakes(text);
    }
});
