//! What `verify init` wrote.

use super::words;
use crate::init::InitFile;

/// One line for each file, and what to do next.
pub fn render(files: &[InitFile]) -> String {
    let mut shown: String = files
        .iter()
        .map(|file| format!("{}\n", words::init_file(file.path, file.written)))
        .collect();
    shown.push_str(&words::init_next());
    shown.push('\n');
    shown
}
