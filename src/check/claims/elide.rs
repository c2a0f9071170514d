//! What the note leaves out: `...`, `……` and the like stand for any text.

/// Bytes of the elision that `text` begins with, 0 for none.
pub(super) fn at_start(text: &str) -> usize {
    let run = |sign: char| text.len() - text.trim_start_matches(sign).len();
    let dots = run('.');
    if dots >= 3 {
        return dots;
    }
    run('…').max(run('⋯'))
}

/// The pieces of `text` between its elisions; one piece where it has none.
pub(super) fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut at = 0;
    while at < text.len() {
        let gap = at_start(&text[at..]);
        if gap > 0 {
            pieces.push(&text[begin..at]);
            at += gap;
            begin = at;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    pieces.push(&text[begin..]);
    pieces
}

/// True where `text` has an elision.
pub(super) fn is_in(text: &str) -> bool {
    text.contains("...") || text.contains(['…', '⋯'])
}

/// True where nothing but elisions and punctuation is left of `text`.
pub(super) fn is_all(text: &str) -> bool {
    is_in(text) && !text.contains(|c: char| c.is_alphanumeric() || "[](){}<>'\"".contains(c))
}

/// True where `text` is nothing but the question that a reader is to answer.
pub(super) fn is_asked(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| matches!(c, '?' | '？'))
}

/// True where `actual` is `claimed` with any text in place of its elisions. White space
/// beside an elision belongs to it.
pub(super) fn matches(claimed: &str, actual: &str) -> bool {
    let pieces: Vec<&str> = pieces(claimed);
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    if pieces.len() == 1 {
        return claimed == actual;
    }
    let (first, last) = (first.trim_end(), last.trim_start());
    let Some(rest) = actual.strip_prefix(first) else {
        return false;
    };
    let Some(mut rest) = rest.strip_suffix(last) else {
        return false;
    };
    for piece in &pieces[1..pieces.len() - 1] {
        let piece = piece.trim();
        match rest.find(piece) {
            Some(found) => rest = &rest[found + piece.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elisions_stand_for_any_text() {
        for (claimed, actual, expected) in [
            ("12...89", "123456789", true),
            ("12....89", "123456789", true),
            ("12……89", "123456789", true),
            ("12...89L", "123456789", false),
            ("...89", "123456789", true),
            ("a ... c ... e", "a b c d e", true),
            ("a ... d ... c ... e", "a b c d e", false),
            ("abc...bcd", "abcd", false),
            ("abc", "abcd", false),
            ("中…", "中国", true),
            ("1..2", "1 2", false),
        ] {
            assert_eq!(matches(claimed, actual), expected, "{claimed} {actual}");
        }
    }

    #[test]
    fn nothing_is_claimed_by_elisions_alone() {
        assert!(is_all("..."));
        assert!(is_all("……\n..."));
        assert!(!is_all("[...]"));
        assert!(!is_all("1..."));
        assert!(!is_all("."));
        assert!(is_asked("?") && is_asked("？？"));
        assert!(!is_asked("") && !is_asked("why?"));
    }
}
