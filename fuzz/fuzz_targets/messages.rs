//! Whatever a worker or a snippet sends: it is read or refused, never a panic, and what is kept
//! of a snippet's channel fits into one message.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use verify::model::EventKind;
use verify::python::channel::Channel;
use verify::python::protocol::{self, MAX_MESSAGE, Reply, Request};

fuzz_target!(|bytes: &[u8]| {
    let Some((&how, bytes)) = bytes.split_first() else {
        return;
    };
    if how & 1 == 0 {
        let mut wire = bytes;
        while let Ok(Some(reply)) = protocol::receive::<Reply>(&mut wire) {
            let mut sent = Vec::new();
            protocol::send(&mut sent, &reply).expect("what was received can be sent");
        }
        let _ = protocol::receive::<Request>(&mut bytes.take(1 << 20));
        let _ = postcard::from_bytes::<Reply>(bytes);
        return;
    }
    let mut channel = Channel::default();
    for (at, bytes) in bytes.chunks(usize::from(how) / 2 + 1).enumerate() {
        if how & 2 != 0 && at % 3 == 2 {
            channel.take_raw(bytes, EventKind::Stderr);
        } else {
            channel.take(bytes);
        }
    }
    let sent = postcard::to_stdvec(&channel.events).expect("events can be sent");
    assert!(sent.len() < MAX_MESSAGE);
});
