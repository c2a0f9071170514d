//! Text on its way into HTML: nothing of it can become a tag, an attribute or an entity.
//!
//! Characters that hide or reorder text are replaced by something visible. Every other
//! file of the page puts text of notes and snippets into it through here only.

use crate::report::text;

/// Text between tags, or the value of an attribute in double quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + text.len() / 8);
    push(&mut shown, text);
    shown
}

/// Adds a text, escaped.
pub(super) fn push(shown: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            '\n' | '\t' => shown.push(c),
            _ if text::is_hidden(c) => {
                shown.push_str(&text::visible_source(c.encode_utf8(&mut [0; 4])));
            }
            _ => shown.push(c),
        }
    }
}

/// A sentence of the report: what stands between backticks is set as code, addresses are links.
pub(super) fn sentence(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(line).collect();
    lines.join("<br>")
}

fn line(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return with_links(text);
    }
    let part = |(at, part): (usize, &&str)| match at % 2 {
        0 => with_links(part),
        _ => format!("<code>{}</code>", escaped(part)),
    };
    parts.iter().enumerate().map(part).collect()
}

fn with_links(text: &str) -> String {
    let may_be_in_url = |c: char| c.is_ascii_alphanumeric() || "/.-_#%~:?=+".contains(c);
    let word = |word: &str| {
        if word.starts_with("https://") && word.chars().all(may_be_in_url) {
            format!("<a href=\"{word}\">{word}</a>")
        } else {
            escaped(word)
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_tag_attribute_or_entity_is_left() {
        assert_eq!(
            escaped("</noscript><b a=\"x\" b='y'>&amp;"),
            "&lt;/noscript&gt;&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;"
        );
        assert_eq!(escaped("a\u{202e}b\u{0}\tc\n"), "a\u{fffd}b␀\tc\n");
    }

    #[test]
    fn sentences_have_code_and_links() {
        assert_eq!(
            sentence("write `a<b`, see https://a.b/c#d\n`one"),
            "write <code>a&lt;b</code>, see <a href=\"https://a.b/c#d\">https://a.b/c#d</a><br>`one"
        );
        assert_eq!(
            sentence("https://a.b/\"onclick=x javascript:x"),
            "https://a.b/&quot;onclick=x javascript:x"
        );
    }
}
