//! `verify review`: decides what a run leaves pending, one by one or by name.

use std::io::{self, BufRead};
use std::sync::atomic::Ordering;

use verify::cli::{Cli, ListFormat, ReviewArgs};
use verify::config::{self, Config, Environment, Reviewing};
use verify::report::review::{self as shown, Screen};
use verify::report::{self, progress::Bar};
use verify::review::{self, Action, Decided, Named, Queue};
use verify::run::{self, Reviewed};

use super::ending::{Exit, Problem, complain_of_notes, say};
use super::keys;
use super::stop::{ASKING, until_stopped};

/// Decides what is pending.
pub(crate) fn review(
    cli: &Cli,
    args: &ReviewArgs,
    environment: &Environment,
) -> Result<Exit, Problem> {
    let reviewing = config::decide_reviewing(args, environment)?;
    let config = config::decide(cli, environment)?;
    let bar = Bar::new(config.progress, config.lang.unwrap_or_default());
    let reviewed = until_stopped(|stop| run::review(&config, stop, &bar))?;
    let Some(mut reviewed) = reviewed.filter(|reviewed| !reviewed.interrupted) else {
        return Ok(Exit::Interrupted);
    };
    complain_of_notes(&reviewed.report);
    let worst = reviewed.report.worst();
    let items = std::mem::take(&mut reviewed.items);
    let queue = match reviewing {
        Reviewing::Listed => {
            let list = match args.format {
                ListFormat::Json => shown::json(&items, &reviewed.report),
                ListFormat::Terminal => shown::list(&items, &reviewed.report),
            };
            say(&list)?;
            return Ok(exit(items.is_empty()).with(worst));
        }
        Reviewing::Named => review::choose(&items, &named(args)).map_err(|mistake| Problem {
            message: mistake.to_string(),
            help: mistake.help(),
        })?,
        Reviewing::Keys => ask(&items, &reviewed, &config, &mut keys::read)?,
        Reviewing::Lines => ask(&items, &reviewed, &config, &mut line)?,
    };
    let applied = reviewed.apply(&config, &Decided::of(&items, &queue.actions()))?;
    let left = queue.left();
    say(&shown::applied(
        &applied,
        &left,
        &reviewed.report,
        config.color,
    ))?;
    Ok(exit(left.is_empty() && !applied.is_refused()).with(worst))
}

fn exit(is_done: bool) -> Exit {
    if is_done { Exit::Clean } else { Exit::Findings }
}

/// Asks about each item. Whatever ends the program meanwhile leaves everything as it is.
fn ask<'i>(
    items: &'i [review::Item],
    reviewed: &Reviewed,
    config: &Config,
    typed: &mut dyn FnMut() -> io::Result<Option<String>>,
) -> Result<Queue<'i>, Problem> {
    ASKING.store(true, Ordering::SeqCst);
    let screen = Screen::new(&reviewed.report, config.color, config.width);
    let asked = report::review::ask(items, &screen, typed, &mut io::stdout().lock());
    ASKING.store(false, Ordering::SeqCst);
    asked.map_err(|error| Problem {
        message: format!("can't ask what to do, so nothing was done: {error}"),
        help: "`verify review --list` shows what is pending".into(),
    })
}

/// The next line of standard input.
fn line() -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line)?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}

fn named(args: &ReviewArgs) -> Named {
    let each = |action, names: &[String]| {
        let names = names.iter().cloned();
        names.map(|name| (action, name)).collect::<Vec<_>>()
    };
    let mut actions = each(Action::Accept, &args.accept);
    actions.extend(each(Action::Fix, &args.fix));
    actions.extend(each(Action::Known, &args.known));
    Named {
        actions,
        rejected: args.reject.clone(),
    }
}
