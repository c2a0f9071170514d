//! `verify watch`: what a save touched is looked at at once.

use std::io;
use std::sync::mpsc;

use verify::cli::Cli;
use verify::config::{self, Environment};
use verify::run::Stop;
use verify::run::live::{Live, Trouble};
use verify::watch::{Ended, Event, Options, Watch, Watching, terminal};

use super::ending::{Exit, Problem};
use super::stop;

/// Watches until somebody ends it.
pub(crate) fn watch(cli: &Cli, environment: &Environment) -> Result<Exit, Problem> {
    let interactive = environment.is_terminal_stdin && environment.is_terminal_stdout;
    let config = config::decide(cli, environment)?;
    if let Some(line) = config.paths.iter().find_map(|path| path.line) {
        return Err(Problem {
            message: format!(
                "`verify watch` looks at whole notes, and line {line} of one was named"
            ),
            help: "name the note without the line".into(),
        });
    }
    let (sender, events) = mpsc::channel();
    let cannot = |message: String| Problem {
        message,
        help: String::new(),
    };
    let watching = Watching::new(sender.clone()).map_err(|error| cannot(error.to_string()))?;
    let stop = Stop::default();
    let handle = stop.clone();
    let ending = sender.clone();
    stop::on_signal(move || {
        terminal::restore();
        // Nobody listens where it ends already.
        let _ = ending.send(Event::End);
        stop::end(&handle);
    });
    if interactive {
        let handle = stop.clone();
        // Without keys, Ctrl-C still ends it.
        let _ = terminal::read_keys(sender, move || handle.stop());
    }
    let live = Live::new(|| config::decide(cli, environment), stop);
    let mut out = io::stdout();
    let options = Options {
        interactive,
        width: config.width,
    };
    let ended = Watch::new(live, watching, events, &mut out, options).run();
    terminal::restore();
    match ended {
        Ok(Ended::Quit) => Ok(Exit::Clean),
        Ok(Ended::Stopped) => Ok(Exit::Interrupted),
        Ok(Ended::Unable(Trouble { message, help })) => Err(Problem { message, help }),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Clean),
        Err(error) => Err(cannot(format!("can't write to standard output: {error}"))),
    }
}
