//! Prompt sessions: which lines were typed, and what is shown below them.
//!
//! Reads the prompts of Python (`>>>` and `...`), also without the space behind
//! them, and those of IPython (`In [1]:` and `...:`).

use crate::model::Piece;

/// One input of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// What was typed, with its line in the note.
    pub piece: Piece,
    /// The lines shown below it, `\n` behind each.
    pub shown: String,
}

/// True where `text` has a line with a prompt of Python or IPython that stands in no docstring.
pub fn has_prompts(text: &str) -> bool {
    let mut quotes = 0;
    for line in text.lines() {
        if typed(line).is_some_and(|input| input.starts) {
            return quotes % 2 == 0;
        }
        quotes += line.matches("\"\"\"").count() + line.matches("'''").count();
    }
    false
}

/// The inputs of the session `text`, whose first line is line `first` of its note.
pub fn session(text: &str, first: usize) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    let mut typing = false;
    for (at, line) in text.lines().enumerate() {
        let input = typed(line).filter(|input| input.starts || typing);
        match (input, inputs.last_mut()) {
            (Some(Typed { starts: true, code }), _) => {
                inputs.push(Input {
                    piece: Piece::new(first + at, code),
                    shown: String::new(),
                });
                typing = true;
            }
            (Some(Typed { code, .. }), Some(last)) => {
                last.piece.text.push('\n');
                last.piece.text.push_str(code);
            }
            (None, Some(last)) => {
                typing = false;
                last.shown.push_str(line);
                last.shown.push('\n');
            }
            (_, None) => {}
        }
    }
    for input in &mut inputs {
        input.piece.text.push('\n');
    }
    inputs
}

struct Typed<'a> {
    starts: bool,
    code: &'a str,
}

/// What was typed on a line, without its prompt.
fn typed(line: &str) -> Option<Typed<'_>> {
    let line = line.trim_start();
    if let Some(code) = line.strip_prefix(">>>") {
        return Some(Typed {
            starts: true,
            code: code.strip_prefix(' ').unwrap_or(code),
        });
    }
    if let Some(code) = ipython(line) {
        return Some(Typed { starts: true, code });
    }
    let code = line
        .strip_prefix("...:")
        .or_else(|| line.strip_prefix("..."))?;
    let follows = code.is_empty() || code.starts_with([' ', '\t']);
    follows.then(|| Typed {
        starts: false,
        code: code.strip_prefix(' ').unwrap_or(code),
    })
}

/// The code behind `In [1]:`.
fn ipython(line: &str) -> Option<&str> {
    let (number, code) = line.strip_prefix("In [")?.split_once("]:")?;
    let numbered = number.trim().bytes().all(|byte| byte.is_ascii_digit());
    numbered.then(|| code.strip_prefix(' ').unwrap_or(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u32, String, String)> {
        session(text, 10)
            .into_iter()
            .map(|input| (input.piece.line, input.piece.text, input.shown))
            .collect()
    }

    #[test]
    fn prompts_in_a_docstring_make_no_session() {
        assert!(has_prompts("# a session\n>>> 1\n"));
        assert!(has_prompts(
            ">>> def f():\n...     \"\"\"\n...     >>> f()\n"
        ));
        for code in [
            "def f():\n    \"\"\"Adds.\n\n    >>> f()\n    1\n    \"\"\"\n",
            "'''\n>>> 1\n'''\n",
        ] {
            assert!(!has_prompts(code), "{code}");
        }
    }

    #[test]
    fn inputs_and_what_is_shown_below_them_are_kept_apart() {
        let text = ">>> def f():\n...     return 1\n...\n>>> f()\n1\n>>>x = 2\n";
        assert_eq!(
            told(text),
            [
                (10, "def f():\n    return 1\n\n".into(), String::new()),
                (13, "f()\n".into(), "1\n".into()),
                (15, "x = 2\n".into(), String::new()),
            ]
        );
    }

    #[test]
    fn an_elision_in_the_output_is_no_continuation() {
        let text = ">>> f()\nTraceback (most recent call last):\n  ...\nValueError: x\n";
        assert_eq!(
            told(text),
            [(
                10,
                "f()\n".into(),
                "Traceback (most recent call last):\n  ...\nValueError: x\n".into()
            )]
        );
    }

    #[test]
    fn ipython_prompts_are_read() {
        assert!(has_prompts("In [1]: x = 1"));
        let text = "In [12]: for i in x:\n    ...:     print(i)\nOut[12]: 3\n";
        assert_eq!(
            told(text),
            [(
                10,
                "for i in x:\n    print(i)\n".into(),
                "Out[12]: 3\n".into()
            )]
        );
    }

    #[test]
    fn text_without_a_prompt_is_no_session() {
        assert!(!has_prompts("...\nx >>> y\n"));
        assert!(session("a\nb", 1).is_empty());
    }
}
