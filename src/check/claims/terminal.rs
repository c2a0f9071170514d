//! What a terminal shows at the end of what was printed.
//!
//! A carriage return goes back to the start of the line, and what follows overwrites it; a
//! backspace goes back by one; escape sequences set colours or move the cursor and are no text.

use std::borrow::Cow;

/// The end of a line of a progress bar can be far; beyond this nothing is moved any more.
const WIDEST: usize = 10_000;

/// The text as a terminal shows it at the end.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(['\r', '\x08', '\x1b']) {
        return Cow::Borrowed(text);
    }
    let mut screen = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (content, end) = match line.strip_suffix('\n') {
            Some(content) => (content.strip_suffix('\r').unwrap_or(content), "\n"),
            None => (line, ""),
        };
        screen.push_str(&one_line(content));
        screen.push_str(end);
    }
    Cow::Owned(screen)
}

/// The text as if each carriage return had begun a new line.
pub(super) fn unrolled(text: &str) -> Option<String> {
    let is_rolled = text.replace("\r\n", "\n").contains('\r');
    is_rolled.then(|| without_escapes(&text.replace("\r\n", "\n").replace('\r', "\n")))
}

fn without_escapes(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.map(|line| shown(line).into_owned()).collect()
}

fn one_line(text: &str) -> String {
    let mut cells: Vec<char> = Vec::new();
    let mut at = 0_usize;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\r' => at = 0,
            '\x08' => at = at.saturating_sub(1),
            '\x1b' => erase(&mut cells, at, &mut rest),
            c if at < cells.len() => {
                cells[at] = c;
                at += 1;
            }
            c if at < WIDEST || at == cells.len() => {
                cells.push(c);
                at = cells.len();
            }
            _ => {}
        }
    }
    cells.into_iter().collect()
}

/// Takes an escape sequence; those that erase do so.
fn erase(cells: &mut Vec<char>, at: usize, rest: &mut std::str::Chars<'_>) {
    match rest.next() {
        Some('[') => {
            let mut numbers = String::new();
            let end = rest.find(|c| {
                let ends = ('@'..='~').contains(c);
                if !ends {
                    numbers.push(*c);
                }
                ends
            });
            match (end, numbers.as_str()) {
                (Some('K'), "" | "0") => cells.truncate(at),
                (Some('K'), "2") => cells.fill(' '),
                (Some('K'), "1") => {
                    let end = at.min(cells.len());
                    cells[..end].fill(' ');
                }
                _ => {}
            }
        }
        // A title or a link, up to the bell or the end of the sequence.
        Some(']') => {
            while let Some(c) = rest.next() {
                if c == '\x07' || (c == '\x1b' && rest.next().is_some()) {
                    break;
                }
            }
        }
        Some('(' | ')') => {
            rest.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_overwritten() {
        for (printed, seen) in [
            ("\r0%\r25%\r100%\n", "100%\n"),
            ("loading...\rdone\n", "doneing...\n"),
            ("loading...\r\x1b[Kdone\n", "done\n"),
            ("ab\x08c\n", "ac\n"),
            ("\x08a", "a"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("\x1b[1;31mred\x1b[0m text\n", "red text\n"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07\n", "link\n"),
            ("a\x1b", "a"),
            ("a\x1b[", "a"),
            ("plain\n", "plain\n"),
        ] {
            assert_eq!(shown(printed), seen, "{printed:?}");
        }
    }

    #[test]
    fn each_step_may_be_a_line_of_its_own() {
        assert_eq!(
            unrolled("0%\r50%\r\x1b[1m100%\n").as_deref(),
            Some("0%\n50%\n100%\n")
        );
        assert_eq!(unrolled("a\r\nb"), None);
    }
}
