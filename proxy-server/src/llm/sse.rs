//! Cuts a byte stream into server-sent events without changing a byte.
//!
//! Own, because the relay needs the exact bytes of each event to hand them on, and a bound on an event's size.
//! The rules are those of the HTML standard, section "Server-sent events": lines end with LF, CR or CRLF, an
//! empty line ends an event, `data` lines are joined with LF.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};

/// Bytes in, whole events out. The concatenation of what comes out is what went in.
#[derive(Debug)]
pub(super) struct Splitter {
    buffer: BytesMut,
    /// Everything before it holds no line end that was not seen.
    scanned: usize,
    /// Where the current line begins.
    line_start: usize,
    max_bytes: usize,
}

/// An event is larger than it may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Splitter {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { buffer: BytesMut::new(), scanned: 0, line_start: 0, max_bytes }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, with the empty line that ends it.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, TooLarge> {
        while let Some(i) = self.buffer[self.scanned..].iter().position(|b| matches!(b, b'\n' | b'\r')) {
            let i = self.scanned + i;
            let mut end = i + 1;
            if self.buffer[i] == b'\r' {
                match self.buffer.get(i + 1) {
                    // Whether an LF follows decides where the event ends.
                    None => {
                        self.scanned = i;
                        return self.wait();
                    }
                    Some(b'\n') => end += 1,
                    Some(_) => {}
                }
            }
            let is_empty_line = i == self.line_start;
            self.scanned = end;
            self.line_start = end;
            if is_empty_line {
                self.scanned = 0;
                self.line_start = 0;
                if end > self.max_bytes {
                    return Err(TooLarge);
                }
                return Ok(Some(self.buffer.split_to(end).freeze()));
            }
        }
        self.scanned = self.buffer.len();
        self.wait()
    }

    fn wait(&self) -> Result<Option<Bytes>, TooLarge> {
        if self.buffer.len() > self.max_bytes { Err(TooLarge) } else { Ok(None) }
    }

    /// What is left when the stream ended: an event without its empty line, or a part of one.
    pub(super) fn rest(&mut self) -> Bytes {
        self.scanned = 0;
        self.line_start = 0;
        self.buffer.split().freeze()
    }
}

/// The data of one event as [`Splitter`] gives it; `None` for comments and empty lines. Every dialect says in the data
/// what it is: an event's name adds nothing.
pub(super) fn data(event: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut data: Option<Cow<'_, [u8]>> = None;
    let event = event.strip_prefix("\u{feff}".as_bytes()).unwrap_or(event);
    for line in event.split(|b| matches!(b, b'\n' | b'\r')) {
        let (field, value) = match line.iter().position(|b| *b == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &[][..]),
        };
        // Comments (an empty field), `event`, `id`, `retry` and whatever else there may be say nothing here.
        if field != b"data" {
            continue;
        }
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match &mut data {
            None => data = Some(Cow::Borrowed(value)),
            Some(joined) => {
                let joined = joined.to_mut();
                joined.push(b'\n');
                joined.extend_from_slice(value);
            }
        }
    }
    data
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(parts: &[&[u8]]) -> (Vec<Bytes>, Bytes) {
        let mut splitter = Splitter::new(1 << 20);
        let mut events = Vec::new();
        for part in parts {
            splitter.push(part);
            while let Some(event) = splitter.next().unwrap() {
                events.push(event);
            }
        }
        (events, splitter.rest())
    }

    const MIXED: &[u8] =
        "\u{feff}: hi\n\ndata: {\"a\":\"\u{1f600}\"}\r\n\r\nevent: x\rdata:1\rdata: 2\r\r\n\n\
        data: [DONE]\n\nid: 3"
            .as_bytes();

    #[test]
    fn every_cut_gives_the_same_events() {
        let whole = split(&[MIXED]);
        assert_eq!(whole.0.len(), 5);
        assert_eq!(whole.1, "id: 3");
        for cut in 0..=MIXED.len() {
            assert_eq!(split(&[&MIXED[..cut], &MIXED[cut..]]), whole, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = MIXED.chunks(1).collect();
        assert_eq!(split(&bytes), whole);
    }

    #[test]
    fn events_are_read_by_the_standard() {
        let (events, _) = split(&[MIXED]);
        let read: Vec<Option<Cow<'_, [u8]>>> = events.iter().map(|event| data(event)).collect();
        let said = ["{\"a\":\"\u{1f600}\"}", "1\n2", "[DONE]"].map(str::as_bytes);
        let read: Vec<Option<&[u8]>> = read.iter().map(Option::as_deref).collect();
        assert_eq!(read, [None, Some(said[0]), Some(said[1]), None, Some(said[2])]);
    }

    #[test]
    fn an_endless_event_is_refused_in_time() {
        let mut splitter = Splitter::new(1000);
        for _ in 0..100 {
            splitter.push(b"data: 12345\n");
            if splitter.next() == Err(TooLarge) {
                assert!(splitter.buffer.len() < 1100);
                return;
            }
        }
        panic!("never refused");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made_up(bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'd'), any::<u8>()], 0..200), cut in 0..200usize) {
            let cut = cut.min(bytes.len());
            let (events, rest) = split(&[&bytes[..cut], &bytes[cut..]]);
            let mut joined: Vec<u8> = events.concat();
            joined.extend_from_slice(&rest);
            prop_assert_eq!(joined, bytes);
        }
    }
}
