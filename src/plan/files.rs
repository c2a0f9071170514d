//! The files that a note shows, for the snippets further down that name them.

use super::Snippet;
use crate::model::{Block, Note, ShownFile};

/// Files beyond these many bytes are not given to a snippet.
const MOST: usize = 1 << 20;

/// Finds them for each of `snippets`.
pub(super) fn find(notes: &[Note], snippets: &mut [Snippet]) {
    for at in 0..snippets.len() {
        let note = &notes[snippets[at].note];
        let shown = files_above(note, snippets[at].block);
        if shown.is_empty() {
            continue;
        }
        let needed = snippets[at].depends_on.iter().chain([&at]);
        let any = needed
            .map(|&one| &snippets[one])
            .any(|snippet| shown.iter().any(|(name, _)| names(snippet, name)));
        if any {
            snippets[at].files = as_written(&shown);
        }
    }
}

/// The files that a note shows above block `end`; of those with one name the last.
fn files_above(note: &Note, end: usize) -> Vec<(&str, &Block)> {
    let mut found: Vec<(&str, &Block)> = Vec::new();
    for block in &note.blocks[..end] {
        if let Some(name) = &block.file {
            found.retain(|(other, _)| other != name);
            found.push((name, block));
        }
    }
    found
}

fn as_written(shown: &[(&str, &Block)]) -> Vec<ShownFile> {
    let mut left = MOST;
    let mut files = Vec::new();
    for (name, block) in shown {
        if block.text.len() <= left {
            left -= block.text.len();
            files.push(ShownFile {
                name: (*name).to_owned(),
                text: block.text.clone(),
            });
        }
    }
    files
}

/// True where a snippet opens or imports a file of this name.
fn names(snippet: &Snippet, name: &str) -> bool {
    let module = name
        .strip_suffix(".py")
        .and_then(|path| path.split('/').next());
    let imports = |module: &str| snippet.facts.imports.iter().any(|other| other == module);
    let mut pieces = snippet.code.pieces.iter();
    pieces.any(|piece| piece.text.contains(name)) || module.is_some_and(imports)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Analysis, Code};

    fn block(file: Option<&str>, text: &str) -> Block {
        Block {
            file: file.map(str::to_owned),
            text: text.to_owned(),
            ..Block::default()
        }
    }

    fn given(block: usize, code: &str, imports: &[&str]) -> Vec<(String, String)> {
        let note = Note {
            blocks: vec![
                self::block(Some("shop.py"), "x = 1\n"),
                self::block(None, "y\n"),
                self::block(Some("shop.py"), "x = 2\n"),
                self::block(Some("a.csv"), "1\n"),
                self::block(None, ""),
            ],
            ..Note::default()
        };
        let mut snippets = vec![Snippet {
            block,
            code: Code::script(1, code),
            facts: Analysis {
                imports: imports.iter().map(|&name| name.to_owned()).collect(),
                ..Analysis::default()
            },
            ..Snippet::default()
        }];
        find(&[note], &mut snippets);
        let files = snippets.remove(0).files.into_iter();
        files.map(|file| (file.name, file.text)).collect()
    }

    #[test]
    fn the_files_above_are_given_to_what_names_one() {
        let both = [("shop.py", "x = 2\n"), ("a.csv", "1\n")];
        let both = both.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(given(4, "open('a.csv')", &[]), both);
        assert_eq!(given(4, "import shop", &["shop"]), both);
        assert_eq!(given(1, "import shop", &["shop"])[0].1, "x = 1\n");
        assert!(given(4, "print(1)", &["os"]).is_empty());
        assert!(given(0, "import shop", &["shop"]).is_empty());
    }
}
