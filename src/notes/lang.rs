//! The language that a note is written in, for the messages that stand beside its lines.
//!
//! Counts what people read: running text without inline code, and the comments of code blocks.
//! A note is Chinese where it has at least as many Han characters as words in other scripts.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::markdown::{content_start, github};
use crate::model::Lang;

/// The language of a note.
pub fn of(text: &str) -> Lang {
    let mut count = Count::default();
    for event in Parser::new_ext(&text[content_start(text)..], github()) {
        count.take(&event);
    }
    count.lang()
}

/// What people read of a note, counted event by event.
#[derive(Debug, Default)]
pub(super) struct Count {
    han: usize,
    /// Runs without blanks that have other letters; kana count one by one, as Japanese has no blanks.
    words: usize,
    /// Within what nobody reads.
    hidden: bool,
    code: bool,
}

impl Count {
    /// Counts what the next event of a parser shows.
    pub(super) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => self.code = true,
            Event::End(TagEnd::CodeBlock) => self.code = false,
            Event::Start(Tag::HtmlBlock | Tag::MetadataBlock(_)) => self.hidden = true,
            Event::End(TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => self.hidden = false,
            Event::Text(text) if self.code && !text.contains('#') => {}
            Event::Text(text) if self.code => {
                let comments = text.lines().filter_map(|line| line.split_once('#'));
                comments.for_each(|(_, comment)| self.add(comment));
            }
            Event::Text(text) if !self.hidden => self.add(text),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        let (mut han, mut words, mut is_counted) = (0, 0, false);
        for c in text.chars() {
            // Every character of a note passes here, and the tables of Unicode are slow.
            if c.is_ascii() {
                let is_letter = c.is_ascii_alphabetic();
                words += usize::from(is_letter && !is_counted);
                is_counted = is_letter || (is_counted && !matches!(c, ' ' | '\t'..='\r'));
            } else if is_han(c) {
                han += 1;
                is_counted = false;
            } else if is_kana(c) {
                words += 1;
                is_counted = false;
            } else if c.is_whitespace() {
                is_counted = false;
            } else if !is_counted && !is_chinese_mark(c) && c.is_alphabetic() {
                words += 1;
                is_counted = true;
            }
        }
        self.han += han;
        self.words += words;
    }

    /// The language that most of it is in.
    pub(super) fn lang(&self) -> Lang {
        if self.han > 0 && self.han >= self.words {
            Lang::Zh
        } else {
            Lang::En
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// True for the most common punctuation of Chinese, such as `，` and `。`.
fn is_chinese_mark(c: char) -> bool {
    matches!(c, '\u{3001}' | '\u{3002}' | '\u{ff01}'..='\u{ff20}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_in_the_language_that_most_of_it_is_in() {
        for (text, lang) in [
            ("# 数字\n\n用 `print` 打印 Python 的整数。\n", Lang::Zh),
            (
                "print 语句是 Python 2 的，Python 3 中 print 是函数\n",
                Lang::Zh,
            ),
            (
                "# Numbers\n\nIt prints `输出` and the word 数字.\n",
                Lang::En,
            ),
            ("# 数字の型\n\nこれは整数です。\n", Lang::En),
            ("", Lang::En),
            ("1 + 1\n", Lang::En),
        ] {
            assert_eq!(of(text), lang, "{text}");
        }
    }

    #[test]
    fn code_says_nothing_but_its_comments_do() {
        let code = "```python\nsome_name = other_name + third_name\nprint('英文 数字')\n```\n";
        assert_eq!(of(&format!("# 数字\n\n{code}")), Lang::Zh);
        assert_eq!(of(&format!("# Numbers\n\n{code}")), Lang::En);
        assert_eq!(of("```python\nprint(total)  # 打印总数\n```\n"), Lang::Zh);
        assert_eq!(of("```python\nprint('数')  # the total\n```\n"), Lang::En);
    }

    #[test]
    fn what_nobody_reads_says_nothing() {
        let head = "---\ntitle: a long title in English\n---\n";
        let html = "<!-- a comment for the tools -->\n";
        assert_eq!(of(&format!("{head}\n数字\n\n{html}")), Lang::Zh);
    }
}
