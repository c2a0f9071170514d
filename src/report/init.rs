//! What `verify init` wrote.

use super::words::update as words;
use crate::init::InitFile;
use crate::model::Lang;

/// One line for each file, and what to do next.
pub fn render(files: &[InitFile], lang: Lang) -> String {
    let mut shown: String = files
        .iter()
        .map(|file| format!("{}\n", words::init_file(file.path, file.written).get(lang)))
        .collect();
    shown.push_str(words::init_next().get(lang));
    shown.push('\n');
    shown
}
