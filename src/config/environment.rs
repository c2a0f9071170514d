//! The facts of the process that a decision may depend on.
//!
//! `from_process` is the one place that asks the environment and the terminal
//! for them; everything else gets them as a plain value.

use std::env;
use std::io::IsTerminal;
use std::path::PathBuf;

use super::mistake::{ConfigError, Mistake};
use super::server::Server;
use super::shards::Machines;

/// What `verify` was started in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Environment {
    /// The current folder.
    pub cwd: PathBuf,
    /// Standard input is a terminal.
    pub is_terminal_stdin: bool,
    /// Standard output is a terminal.
    pub is_terminal_stdout: bool,
    /// Standard error is a terminal.
    pub is_terminal_stderr: bool,
    /// `NO_COLOR` is set, or the terminal is a dumb one.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set.
    pub clicolor_force: bool,
    /// `CI` is set: this is an unattended run.
    pub ci: bool,
    /// The locale that messages are to be in, such as `zh_CN.UTF-8`; `""` where none is set.
    pub locale: String,
    /// How many cores this process may use.
    pub cores: usize,
    /// The columns of the terminal, where there is one.
    pub term_width: Option<usize>,
    /// The server that runs it.
    pub server: Server,
    /// What says which of several machines this is.
    pub machines: Machines,
}

impl Environment {
    /// Asks the process.
    pub fn from_process() -> Result<Self, ConfigError> {
        let cwd = env::current_dir().map_err(|error| {
            let message = format!("the current folder can't be read: {error}");
            Mistake::new("", message, "start `verify` in a folder that is there")
        })?;
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Ok(Self {
            cwd,
            is_terminal_stdin: std::io::stdin().is_terminal(),
            is_terminal_stdout: std::io::stdout().is_terminal(),
            is_terminal_stderr: std::io::stderr().is_terminal(),
            no_color: dumb || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            clicolor_force: is_on("CLICOLOR_FORCE"),
            ci: is_on("CI"),
            locale: locale(|name| env::var(name).ok()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            term_width: terminal_width(),
            server: Server::from_variables(|name| env::var_os(name)),
            machines: Machines::from_variables(|name| env::var(name).ok()),
        })
    }
}

fn is_on(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !["", "0", "false"].iter().any(|off| value == *off))
}

/// The first that is set of the variables that POSIX names for messages.
fn locale(get: impl Fn(&str) -> Option<String>) -> String {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut set = variables.filter_map(get).filter(|value| !value.is_empty());
    set.next().unwrap_or_default()
}

fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> String {
        let get = |name: &str| {
            let (_, value) = set.iter().find(|(variable, _)| *variable == name)?;
            Some((*value).to_owned())
        };
        locale(get)
    }

    #[test]
    fn the_first_variable_that_is_set_names_the_locale() {
        let lang = ("LANG", "de_DE.UTF-8");
        let messages = ("LC_MESSAGES", "zh_CN.UTF-8");
        assert_eq!(of(&[lang, messages, ("LC_ALL", "C")]), "C");
        assert_eq!(of(&[lang, messages, ("LC_ALL", "")]), "zh_CN.UTF-8");
        assert_eq!(of(&[lang]), "de_DE.UTF-8");
        assert_eq!(of(&[]), "");
    }
}
