//! The colours of help texts: those of cargo, which many tools share.

use clap::builder::styling::{AnsiColor, Style, Styles};

const HEADER: Style = AnsiColor::BrightGreen.on_default().bold();
const LITERAL: Style = AnsiColor::BrightCyan.on_default().bold();
const PLACEHOLDER: Style = AnsiColor::Cyan.on_default();
const BAD: Style = AnsiColor::Yellow.on_default().bold();

/// What clap colours where standard output is a terminal.
pub(super) const STYLES: Styles = Styles::plain()
    .header(HEADER)
    .usage(HEADER)
    .literal(LITERAL)
    .placeholder(PLACEHOLDER)
    .error(AnsiColor::BrightRed.on_default().bold())
    .valid(LITERAL)
    .invalid(BAD);
