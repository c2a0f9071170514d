//! Reads the frames that the harness writes into the result channel.
//!
//! The other end is in the hands of the snippet, so nothing in here trusts it: a
//! frame that can't be understood ends the reading of the channel, and what was
//! understood before stays. What is kept fits into one message to the driver. The frames that decide what the
//! verdict is about are marks: they begin with a number that the snippet is not told.

use crate::model::{Event, EventKind, Open, OpenKind, OpenLines, Worth};

const HEADER: usize = 14;
/// What a value rests on.
const OPEN: u8 = 10;
/// The only kind of frame whose payload is no text.
const FIGURE: u8 = 9;
const REPLAYED: u8 = 6;
const ENDED: u8 = 7;
/// Bytes of the number by which a mark is known.
pub const SEAL: usize = 16;
const MORE_EVENTS_THAN_ANYONE_READS: usize = 200_000;
/// Bytes of worths that are kept: the harness sends less, but the snippet could send what it likes.
const MORE_WORTH_THAN_ANYONE_READS: usize = 32 << 20;
/// Bytes of all texts that are kept; with what else a trace has, they are one message.
const MOST_KEPT: usize = 48 << 20;
/// Pictures that are kept, of one snippet.
pub const MOST_FIGURES: usize = 8;
/// Bytes of a picture that is kept.
pub const LARGEST_FIGURE: usize = 256 << 10;
/// Statements that are told to be open.
const MOST_OPEN: usize = 10_000;
/// Bytes of one text that are put together from frames.
const LONGEST_TEXT: usize = 16 << 20;

/// What one frame says.
enum Frame {
    Event(EventKind),
    Replayed,
    Open(OpenLines),
    Ended {
        how: Ended,
        errors: usize,
        dropped: u64,
    },
}

/// How the harness says that it has reached its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is left to run.
    Here,
    /// `sys.exit` with this status.
    Exit(i32),
}

/// The events of one run, put together from bytes as they come.
#[derive(Default)]
pub struct Channel {
    seal: [u8; SEAL],
    unread: Vec<u8>,
    started: Vec<u8>,
    broken: bool,
    errors: usize,
    worth_bytes: usize,
    kept_bytes: usize,
    figures: usize,
    /// What happened so far.
    pub events: Vec<Event>,
    /// Bytes that were counted and not kept.
    pub dropped: u64,
    /// What rests on something that another run may give otherwise.
    pub open: Vec<OpenLines>,
    /// The replayed snippets are behind it.
    pub replayed: bool,
    /// What it said when it reached its end.
    pub ended: Option<Ended>,
}

/// A frame that is a mark.
#[must_use]
pub fn mark(kind: u8, line: u32, top: u32, seal: &[u8; SEAL], text: &str) -> Vec<u8> {
    let length = u32::try_from(SEAL + text.len()).unwrap_or(u32::MAX);
    let words = [line, top, length].map(u32::to_le_bytes);
    [&[kind, 0], words.as_flattened(), seal, text.as_bytes()].concat()
}

impl Channel {
    /// A channel whose marks begin with `seal`.
    #[must_use]
    pub fn sealed(seal: [u8; SEAL]) -> Self {
        Self {
            seal,
            ..Self::default()
        }
    }

    /// Takes in bytes of the result channel.
    pub fn take(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        self.unread.extend_from_slice(bytes);
        let mut at = 0;
        while let Some((head, rest)) = self.unread[at..].split_first_chunk::<HEADER>() {
            let length = word(head, 10) as usize;
            if length > 4096 - HEADER {
                self.broken = true;
                return;
            }
            if rest.len() < length {
                break;
            }
            if self.started.len() + length <= LONGEST_TEXT {
                self.started.extend_from_slice(&rest[..length]);
            } else {
                self.dropped = self.dropped.saturating_add(length as u64);
            }
            let (kind, more, line, top) = (head[0], head[1], word(head, 2), word(head, 6));
            at += HEADER + length;
            if more == 1 {
                continue;
            }
            let payload = std::mem::take(&mut self.started);
            let Some(frame) = self.read(kind, line, top, payload) else {
                self.broken = true;
                return;
            };
            self.apply(frame, line, top);
        }
        self.unread.drain(..at);
    }

    /// Takes in bytes that came through standard output or error directly.
    pub fn take_raw(&mut self, bytes: &[u8], kind: fn(String) -> EventKind) {
        use EventKind::{Stderr, Stdout};
        let text = String::from_utf8_lossy(bytes).into_owned();
        let last = self.events.last_mut().filter(|last| last.line == 0);
        match (last.map(|last| &mut last.kind), kind(String::new())) {
            (Some(Stdout(last)), Stdout(_)) | (Some(Stderr(last)), Stderr(_))
                if self.kept_bytes + text.len() <= MOST_KEPT =>
            {
                self.kept_bytes += text.len();
                last.push_str(&text);
            }
            _ => self.push(0, 0, kind(text)),
        }
    }

    /// What a frame says; none where it can't be understood or is no mark though it claims to be.
    fn read(&self, kind: u8, line: u32, top: u32, payload: Vec<u8>) -> Option<Frame> {
        match kind {
            FIGURE => Some(Frame::Event(EventKind::Figure(payload))),
            REPLAYED | ENDED => read_mark(kind, line, top, payload.strip_prefix(&self.seal)?),
            OPEN => read_open(line, top, &String::from_utf8_lossy(&payload)),
            _ => read_event(kind, &String::from_utf8_lossy(&payload)).map(Frame::Event),
        }
    }

    fn apply(&mut self, frame: Frame, line: u32, top: u32) {
        if matches!(frame, Frame::Event(EventKind::Raised { .. })) {
            self.errors += 1;
        }
        match frame {
            Frame::Event(EventKind::Worth(worth)) => self.push_worth(line, top, worth),
            Frame::Event(EventKind::Figure(png)) => self.push_figure(line, top, png),
            Frame::Event(kind) => self.push(line, top, kind),
            Frame::Replayed => {
                self.replayed = true;
                self.events.clear();
                (self.kept_bytes, self.worth_bytes, self.figures) = (0, 0, 0);
                self.errors = 0;
            }
            Frame::Open(lines) if self.open.len() < MOST_OPEN => self.open.push(lines),
            Frame::Open(_) => {}
            Frame::Ended {
                how,
                errors,
                dropped,
            } => {
                // Where fewer were reported than there were, what was reported is not what happened.
                self.ended = (errors <= self.errors).then_some(how);
                self.dropped = self.dropped.saturating_add(dropped);
            }
        }
    }

    fn push_worth(&mut self, line: u32, top: u32, worth: Worth) {
        self.worth_bytes = self
            .worth_bytes
            .saturating_add(worth.repr.len() + worth.text.len() + worth.class.len());
        if self.worth_bytes <= MORE_WORTH_THAN_ANYONE_READS {
            self.push(line, top, EventKind::Worth(worth));
        }
    }

    /// An empty picture is one that the harness has left out itself.
    fn push_figure(&mut self, line: u32, top: u32, png: Vec<u8>) {
        let fits = (1..=LARGEST_FIGURE).contains(&png.len());
        if fits && self.figures < MOST_FIGURES {
            self.figures += 1;
            self.push(line, top, EventKind::Figure(png));
        } else {
            self.push(line, top, EventKind::FigureLeft);
        }
    }

    fn push(&mut self, line: u32, top: u32, kind: EventKind) {
        let bytes = bytes_of(&kind);
        let room = self.events.len() < MORE_EVENTS_THAN_ANYONE_READS;
        if room && self.kept_bytes + bytes <= MOST_KEPT {
            self.kept_bytes += bytes;
            self.events.push(Event { line, top, kind });
        } else {
            self.dropped = self.dropped.saturating_add(bytes.max(1) as u64);
        }
    }
}

/// How much of a message an event's texts and pictures take.
fn bytes_of(kind: &EventKind) -> usize {
    let texts: &[&String] = match kind {
        EventKind::Stdout(text) | EventKind::Stderr(text) | EventKind::Value(text) => &[text],
        EventKind::Raised {
            class,
            message,
            subject,
            traceback,
        } => &[class, message, subject, traceback],
        EventKind::Warned { class, message, .. } => &[class, message],
        EventKind::Worth(worth) => &[&worth.repr, &worth.text, &worth.class],
        EventKind::Figure(png) => return png.len(),
        EventKind::FigureLeft => &[],
    };
    texts.iter().map(|text| text.len()).sum()
}

fn word(head: &[u8; HEADER], at: usize) -> u32 {
    u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
}

fn read_mark(kind: u8, line: u32, top: u32, text: &[u8]) -> Option<Frame> {
    if kind == REPLAYED {
        return Some(Frame::Replayed);
    }
    let how = match line {
        0 => Ended::Here,
        _ => Ended::Exit(i32::try_from(top).unwrap_or(i32::MAX)),
    };
    let (errors, dropped) = std::str::from_utf8(text).ok()?.split_once(' ')?;
    Some(Frame::Ended {
        how,
        errors: errors.parse().ok()?,
        dropped: dropped.parse().ok()?,
    })
}

fn read_open(first: u32, last: u32, payload: &str) -> Option<Frame> {
    let (word, asked) = payload.split_once('\0')?;
    let open = Open {
        kind: OpenKind::from_word(word)?,
        line: asked.parse().ok()?,
    };
    Some(Frame::Open(OpenLines { first, last, open }))
}

fn read_event(kind: u8, payload: &str) -> Option<EventKind> {
    let event = match kind {
        1 => EventKind::Stdout(payload.to_owned()),
        2 => EventKind::Stderr(payload.to_owned()),
        3 => EventKind::Value(payload.to_owned()),
        4 => {
            let mut parts = payload.splitn(4, '\0').map(str::to_owned);
            EventKind::Raised {
                class: parts.next()?,
                message: parts.next()?,
                subject: parts.next()?,
                traceback: parts.next()?,
            }
        }
        5 => {
            let mut parts = payload.splitn(3, '\0').map(str::to_owned);
            EventKind::Warned {
                class: parts.next()?,
                own: parts.next()? == "own",
                message: parts.next()?,
            }
        }
        8 => {
            let mut parts = payload.splitn(4, '\0').map(str::to_owned);
            EventKind::Worth(Worth {
                repr: parts.next()?,
                text: parts.next()?,
                class: parts.next()?,
                receiver: parts.next()? == "receiver",
            })
        }
        _ => return None,
    };
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{End, Trace};
    use crate::python::protocol::{self, Ran, Reply};

    fn frame(kind: u8, more: bool, line: u32, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![kind, u8::from(more)];
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
        for word in [line, line, length] {
            frame.extend(word.to_le_bytes());
        }
        frame.extend(payload);
        frame
    }

    const OWN: [u8; SEAL] = [7; SEAL];

    fn end(dropped: &str) -> Vec<u8> {
        mark(7, 0, 0, &OWN, dropped)
    }

    fn read_all(wire: &[u8], at_a_time: usize) -> Channel {
        let mut channel = Channel::sealed(OWN);
        for bytes in wire.chunks(at_a_time) {
            channel.take(bytes);
        }
        channel
    }

    #[test]
    fn frames_are_read_however_they_are_cut() {
        let mut wire = frame(1, true, 3, b"a\xe6");
        wire.extend(frame(1, false, 3, b"\x95\xb0"));
        wire.extend(frame(5, false, 4, b"W\0own\0text"));
        wire.extend(end("0 12"));
        let warned = EventKind::Warned {
            class: "W".into(),
            own: true,
            message: "text".into(),
        };
        for at_a_time in 1..wire.len() {
            let channel = read_all(&wire, at_a_time);
            let kinds: Vec<_> = channel.events.iter().map(|event| &event.kind).collect();
            assert_eq!(kinds, [&EventKind::Stdout("a数".into()), &warned]);
            assert_eq!((channel.ended, channel.dropped), (Some(Ended::Here), 12));
        }
    }

    #[test]
    fn after_nonsense_nothing_more_is_read() {
        let good = frame(1, false, 1, b"kept");
        for nonsense in [
            frame(99, false, 1, b""),
            frame(4, false, 1, b"too\0few"),
            end("many"),
            frame(7, false, 0, b"0"),
            mark(7, 0, 0, &[8; SEAL], "0 0"),
            mark(6, 0, 0, &[8; SEAL], ""),
            vec![0xff; HEADER],
        ] {
            let wire = [good.clone(), nonsense, end("0 0")].concat();
            let channel = read_all(&wire, 5);
            assert_eq!((channel.events.len(), channel.ended), (1, None));
        }
    }

    #[test]
    fn what_is_open_is_told_apart_from_what_happened() {
        let mut wire = frame(10, false, 3, b"chance\x002");
        wire.extend(frame(1, false, 3, b"1"));
        let channel = read_all(&wire, 7);
        let open = Open {
            kind: OpenKind::Chance,
            line: 2,
        };
        let lines = OpenLines {
            first: 3,
            last: 3,
            open,
        };
        assert_eq!((channel.open, channel.events.len()), (vec![lines], 1));
        for nonsense in [&b"luck\x002"[..], b"chance", b"chance\0x"] {
            let channel = read_all(&frame(10, false, 3, nonsense), 99);
            assert!(channel.open.is_empty() && channel.broken);
        }
        let channel = read_all(
            &frame(10, false, 3, b"clock\x002").repeat(MOST_OPEN + 1),
            4096,
        );
        assert_eq!(channel.open.len(), MOST_OPEN);
    }

    #[test]
    fn an_error_that_was_not_reported_is_no_end() {
        let raised = frame(4, false, 1, b"KeyError\0'k'\0\0Traceback");
        let ended = |wire: Vec<u8>| read_all(&wire, 100).ended;
        let all = [&*raised, &end("1 0")].concat();
        assert_eq!(ended(all.clone()), Some(Ended::Here));
        assert_eq!(ended(end("1 0")), None);
        let replayed = [&*raised, &mark(6, 0, 0, &OWN, ""), &end("1 0")].concat();
        assert_eq!(ended(replayed), None);
    }

    #[test]
    fn pictures_are_bytes_and_only_so_many_and_so_large() {
        let mut wire = frame(9, true, 3, &[0xff, 0, 7]);
        wire.extend(frame(9, false, 3, &[0x80]));
        wire.extend(frame(9, false, 4, &[]));
        for _ in 0..LARGEST_FIGURE / 4000 {
            wire.extend(frame(9, true, 5, &[1; 4000]));
        }
        wire.extend(frame(9, false, 5, &[1; 4000]));
        for _ in 0..MOST_FIGURES {
            wire.extend(frame(9, false, 6, &[1]));
        }
        let channel = read_all(&wire, 1000);
        let lines = |wanted: fn(&EventKind) -> bool| {
            let events = channel.events.iter().filter(|event| wanted(&event.kind));
            events.map(|event| event.line).collect::<Vec<_>>()
        };
        assert_eq!(
            channel.events[0].kind,
            EventKind::Figure(vec![0xff, 0, 7, 0x80])
        );
        let kept = lines(|kind| matches!(kind, EventKind::Figure(_)));
        assert_eq!(kept, [3, 6, 6, 6, 6, 6, 6, 6]);
        let left = lines(|kind| matches!(kind, EventKind::FigureLeft));
        assert_eq!(left, [4, 5, 6]);
    }

    #[test]
    fn whatever_comes_the_trace_is_one_message() {
        let endless = frame(1, true, 1, &[b'x'; 4000]);
        let invalid = frame(2, false, 1, &[0xff; 4000]);
        let mut channel = Channel::sealed(OWN);
        for _ in 0..9_000 {
            channel.take(&endless);
        }
        channel.take(&frame(1, false, 1, b""));
        for _ in 0..5_000 {
            channel.take(&invalid);
            channel.take_raw(&[0xff; 4000], EventKind::Stdout);
        }
        channel.take(&end("0 0"));
        assert_eq!(channel.ended, Some(Ended::Here));
        assert!(channel.dropped > 0);
        let trace = Trace {
            events: channel.events,
            dropped: channel.dropped,
            end: End::Finished,
            in_replay: false,
            open: channel.open,
            seconds: 0.0,
        };
        let reply = Reply::Ran(Ran {
            trace: Box::new(trace),
            retires: false,
        });
        assert!(protocol::send(&mut std::io::sink(), &reply).is_ok());
    }
}
