//! Code for Python 2, or what looks like it: its modern form has as many lines, and every idiom
//! that is told lies in the code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verify::notes::{python2, tokens};

fuzz_target!(|source: &str| {
    let lines = source.matches('\n').count();
    let modern = python2::modernize(source);
    assert_eq!(modern.text.matches('\n').count(), lines);
    if modern.idioms.is_empty() {
        assert_eq!(modern.text, source);
    }
    let mut end = 0;
    for token in tokens::tokenize(source) {
        assert!(token.start >= end && source.get(token.start..token.end()).is_some());
        end = token.end();
    }
    assert!(end <= source.len());
});
