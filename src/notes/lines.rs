//! Where the lines of a text start: from bytes to line numbers and back.

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
