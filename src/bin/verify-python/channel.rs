//! Reads the frames that the harness writes into the result channel.
//!
//! The other end is in the hands of the snippet, so nothing in here trusts it: a
//! frame that can't be understood ends the reading of the channel, and what was
//! understood before stays.

use verify::model::{Event, EventKind, Worth};

const HEADER: usize = 14;
const MORE_EVENTS_THAN_ANYONE_READS: usize = 200_000;
/// Bytes of worths that are kept: the harness sends less, but the snippet could send what it likes.
const MORE_WORTH_THAN_ANYONE_READS: usize = 32 << 20;

/// Bytes of all frames together that are taken in: less than the longest message to the driver.
const MORE_THAN_ANYONE_REPORTS: usize = 56 << 20;

/// What one frame says.
enum Frame {
    Event(EventKind),
    Replayed,
    Ended { how: Ended, dropped: u64 },
}

/// How the harness says that it has reached its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Nothing is left to run.
    Here,
    /// `sys.exit` with this status.
    Exit(i32),
}

/// The events of one run, put together from bytes as they come.
#[derive(Default)]
pub(crate) struct Channel {
    unread: Vec<u8>,
    started: Vec<u8>,
    broken: bool,
    bytes: usize,
    worth_bytes: usize,
    /// What happened so far.
    pub(crate) events: Vec<Event>,
    /// Bytes that were counted and not kept.
    pub(crate) dropped: u64,
    /// The replayed snippets are behind it.
    pub(crate) replayed: bool,
    /// What it said when it reached its end.
    pub(crate) ended: Option<Ended>,
}

impl Channel {
    /// Takes in bytes of the result channel.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        self.unread.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(head) = self.unread[at..].first_chunk::<HEADER>().copied() {
            let length = word(&head, 10) as usize;
            if length > 4096 - HEADER {
                self.broken = true;
                return;
            }
            let body = at + HEADER..at + HEADER + length;
            if self.unread.len() < body.end {
                break;
            }
            if !self.has_room(HEADER + length) {
                return;
            }
            at = body.end;
            self.started.extend_from_slice(&self.unread[body]);
            let (kind, more, line, top) = (head[0], head[1], word(&head, 2), word(&head, 6));
            if more == 1 {
                continue;
            }
            let raw = std::mem::take(&mut self.started);
            let payload = String::from_utf8_lossy(&raw).into_owned();
            // Each byte that is no text takes three.
            if !self.has_room(payload.len().saturating_sub(raw.len())) {
                return;
            }
            let Some(frame) = read(kind, line, top, payload) else {
                self.broken = true;
                return;
            };
            self.apply(frame, line, top);
        }
        self.unread.drain(..at);
    }

    /// Counts `bytes` more; where they are too many, the channel is read no further.
    fn has_room(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MORE_THAN_ANYONE_REPORTS {
            self.broken = true;
            self.started = Vec::new();
        }
        !self.broken
    }

    /// Takes in bytes that came through standard output or error directly.
    pub(crate) fn take_raw(&mut self, bytes: &[u8], kind: fn(String) -> EventKind) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        match (self.events.last_mut(), kind(String::new())) {
            (
                Some(Event {
                    line: 0,
                    kind: EventKind::Stdout(last),
                    ..
                }),
                EventKind::Stdout(_),
            )
            | (
                Some(Event {
                    line: 0,
                    kind: EventKind::Stderr(last),
                    ..
                }),
                EventKind::Stderr(_),
            ) => last.push_str(&text),
            _ => self.push(Event {
                line: 0,
                top: 0,
                kind: kind(text),
            }),
        }
    }

    fn apply(&mut self, frame: Frame, line: u32, top: u32) {
        match frame {
            Frame::Event(EventKind::Worth(worth)) => self.push_worth(line, top, worth),
            Frame::Event(kind) => self.push(Event { line, top, kind }),
            Frame::Replayed => {
                self.replayed = true;
                self.events.clear();
            }
            Frame::Ended { how, dropped } => {
                self.ended = Some(how);
                self.dropped = self.dropped.saturating_add(dropped);
            }
        }
    }

    fn push_worth(&mut self, line: u32, top: u32, worth: Worth) {
        self.worth_bytes += worth.repr.len() + worth.text.len() + worth.class.len();
        if self.worth_bytes <= MORE_WORTH_THAN_ANYONE_READS {
            let kind = EventKind::Worth(worth);
            self.push(Event { line, top, kind });
        }
    }

    fn push(&mut self, event: Event) {
        if self.events.len() < MORE_EVENTS_THAN_ANYONE_READS {
            self.events.push(event);
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }
}

fn word(head: &[u8; HEADER], at: usize) -> u32 {
    u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
}

fn read(kind: u8, line: u32, top: u32, payload: String) -> Option<Frame> {
    let event = match kind {
        1 => EventKind::Stdout(payload),
        2 => EventKind::Stderr(payload),
        3 => EventKind::Value(payload),
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
        6 => return Some(Frame::Replayed),
        7 => {
            let how = match line {
                0 => Ended::Here,
                _ => Ended::Exit(i32::try_from(top).unwrap_or(i32::MAX)),
            };
            return Some(Frame::Ended {
                how,
                dropped: payload.parse().ok()?,
            });
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
    Some(Frame::Event(event))
}
