//! What keeps the program from running at all, with the next step below it. In English.

use super::text;
use super::words;
use crate::model::Lang;

/// The message and the help, each of any number of lines.
pub fn render(message: &str, help: &str) -> String {
    let message = text::visible(message.trim_end());
    let mut shown = format!("{}: {message}\n", words::error().get(Lang::En));
    for line in text::visible(help).lines() {
        shown.push_str(&format!("  {}: {line}\n", words::help().get(Lang::En)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_paths_are_shown_and_the_help_stands_below() {
        let shown = render("`a\x1b[31m.md` is gone\n", "look for it\nor leave it");
        assert_eq!(
            shown,
            "error: `a␛[31m.md` is gone\n  help: look for it\n  help: or leave it\n"
        );
    }
}
