//! Where the lines of a text end and start: from bytes to line numbers and back.

/// Where each line of a text starts.
pub(crate) struct LineStarts {
    starts: Vec<usize>,
    len: usize,
}

impl LineStarts {
    /// Those of a text.
    pub(crate) fn new(text: &str) -> Self {
        const SHORT: usize = 32;
        let mut starts = Vec::with_capacity(text.len() / SHORT + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self {
            starts,
            len: text.len(),
        }
    }

    /// The 1-based line of a byte.
    pub(crate) fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }

    /// Where a 1-based line starts, the end of the text for lines behind it.
    pub(crate) fn of_line(&self, line: usize) -> usize {
        self.starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(self.len)
    }
}

/// The text with a line feed for each carriage return that ends a line by itself, as `CommonMark`
/// reads it. Every byte keeps its place.
pub fn with_feeds(text: String) -> String {
    if !has_lone_return(&text) {
        return text;
    }
    let mut characters = text.chars().peekable();
    let mut fed = String::with_capacity(text.len());
    while let Some(c) = characters.next() {
        let is_end = c == '\r' && characters.peek() != Some(&'\n');
        fed.push(if is_end { '\n' } else { c });
    }
    fed
}

fn has_lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_alone_ends_a_line() {
        for (text, fed) in [
            ("a\rb\r", "a\nb\n"),
            ("a\r\nb\rc\n", "a\r\nb\nc\n"),
            ("a\r\r\nb", "a\n\r\nb"),
            ("a\n\r", "a\n\n"),
            ("数\r", "数\n"),
            ("a\r\n", "a\r\n"),
            ("", ""),
        ] {
            assert_eq!(with_feeds(text.to_owned()), fed, "{text:?}");
        }
    }
}
