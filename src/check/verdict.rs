//! The status of one snippet: from its plan, its trace and its recording.

use super::compare;
use super::explain;
use super::normalize::{self, Outcome, raised};
use crate::model::{
    Analysis, Block, BlockReport, End, Entry, ErrorReport, Event, EventKind, Finding, Language,
    Limit, Severity, Skip, Status, Trace,
};
use crate::notes::fragments;
use crate::plan::Snippet;

/// Everything that one judgement rests on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The block.
    pub block: &'a Block,
    /// The snippet in it.
    pub snippet: &'a Snippet,
    /// What happened; none where it was not run.
    pub trace: Option<&'a Trace>,
    /// What happened in a second run under other conditions, where there was one.
    pub second: Option<&'a Trace>,
    /// What was recorded.
    pub entry: Option<&'a Entry>,
    /// The entry was found by its place, not by its code.
    pub edited: bool,
    /// The Python of the recording.
    pub recorded_with: &'a str,
    /// Paths of the interpreter's installation.
    pub installation: &'a [String],
}

/// Judges a snippet. Its outcome comes along where it ran, for recording it.
pub fn judge(facts: Facts<'_>) -> (BlockReport, Option<Outcome>) {
    let mut report = BlockReport {
        block: facts.block.clone(),
        ..BlockReport::default()
    };
    if let Some(skip) = &facts.snippet.skip {
        report.status = Some(Status::Skipped);
        report.skip = Some(skip.clone());
        return (report, None);
    }
    if facts.block.language == Language::Python2 {
        report.findings = explain::syntax(&facts.snippet.idioms);
        settle(&mut report, Status::Stale, facts.entry);
        return (report, None);
    }
    let Some(trace) = facts.trace else {
        report.status = Some(Status::Failed);
        report.findings.push(finding(
            "not-run",
            facts.block.lines.first,
            "it was planned and never ran",
            None,
        ));
        return (report, None);
    };
    let outcome = normalize::outcome(trace, facts.snippet.code.prompts, facts.installation);
    describe(&mut report, trace);
    let recorded = facts.entry.filter(|entry| has_outcome(entry));
    let agrees = recorded.is_some_and(|entry| compare::agrees(entry, &outcome));
    // What a session raises stands in its output, not in its end.
    let ends_alike = !facts.snippet.code.prompts
        && recorded.is_some_and(|entry| compare::ends_alike(entry, &outcome));
    match problem(facts, trace, agrees || ends_alike) {
        Problem::None => judge_by_recording(&mut report, facts, &outcome, agrees),
        Problem::Skip(skip) => {
            let was_recorded = facts.entry.is_some_and(has_outcome);
            if was_recorded && matches!(skip, Skip::Fragment(_)) {
                judge_by_recording(&mut report, facts, &outcome, agrees);
            } else {
                report.status = Some(Status::Skipped);
                report.skip = Some(skip);
                return (report, None);
            }
        }
        Problem::Stale(findings) => {
            report.findings = findings;
            settle(&mut report, Status::Stale, facts.entry);
        }
        Problem::Failed(found) => {
            report.findings.push(found);
            if facts
                .entry
                .is_some_and(|entry| has_outcome(entry) && !agrees)
            {
                report.difference = Some(difference(facts, &outcome));
            }
            settle(&mut report, Status::Failed, facts.entry);
        }
    }
    if trace.dropped > 0 {
        report
            .findings
            .push(cut(trace.dropped, facts.block.lines.first));
    }
    (report, Some(outcome))
}

/// What is wrong with a run, before its recording is looked at.
enum Problem {
    None,
    Skip(Skip),
    Stale(Vec<Finding>),
    Failed(Finding),
}

/// `is_recorded` tells that the recording has this very end.
fn problem(facts: Facts<'_>, trace: &Trace, is_recorded: bool) -> Problem {
    if let Some(problem) = broken_end(facts, trace) {
        return problem;
    }
    let wanted = facts.block.directives.raises.as_deref();
    let mut errors = trace
        .events
        .iter()
        .filter_map(Raised::of)
        .filter(|error| !error.is_shown(facts.snippet))
        .peekable();
    let Some(first) = errors.peek().copied() else {
        return match (wanted, trace.end) {
            (Some(wanted), _) => Problem::Stale(vec![finding(
                "raises-nothing",
                facts.block.lines.first,
                &format!("`{wanted}` is meant to be raised, and nothing was"),
                Some("take the directive `raises` away, or mend the snippet".into()),
            )]),
            (None, End::Exit(status)) if status != 0 && !is_recorded => Problem::Failed(finding(
                "exit-status",
                facts.block.lines.first,
                &format!("it left with status {status}"),
                None,
            )),
            _ => Problem::None,
        };
    };
    if wanted.is_some_and(|wanted| first.is_a(wanted)) {
        return Problem::None;
    }
    let explained = explained(facts, errors.clone());
    if !explained.is_empty() {
        return Problem::Stale(explained);
    }
    if let Some(skip) = errors.clone().find_map(|error| error.skip(facts)) {
        return Problem::Skip(skip);
    }
    if is_recorded {
        Problem::None
    } else {
        Problem::Failed(first.failure())
    }
}

/// The findings for those errors that the catalogue explains.
fn explained<'a>(facts: Facts<'_>, errors: impl Iterator<Item = Raised<'a>>) -> Vec<Finding> {
    let snippet = facts.snippet;
    let mut findings = Vec::new();
    for error in errors {
        if error.class.ends_with("SyntaxError") || error.class == "TabError" {
            let on_its_lines = |finding: &Finding| {
                !snippet.code.prompts
                    || snippet.piece_of(finding.line) == snippet.piece_of(error.line)
            };
            findings.extend(
                explain::syntax(&snippet.idioms)
                    .into_iter()
                    .filter(on_its_lines),
            );
        } else {
            let source = source_line(facts.block, error.line);
            findings.extend(explain::error(
                error.class,
                error.message,
                error.subject,
                error.line,
                source,
            ));
        }
    }
    findings
}

/// Ends that are no end of a program.
fn broken_end(facts: Facts<'_>, trace: &Trace) -> Option<Problem> {
    let line = trace
        .events
        .last()
        .map_or(facts.block.lines.first, |event| event.line as usize)
        .max(facts.block.lines.first);
    let failed = |rule: &str, message: String, help: &str| {
        Some(Problem::Failed(finding(
            rule,
            line,
            &message,
            Some(help.to_owned()),
        )))
    };
    match trace.end {
        End::Finished | End::Exit(_) => None,
        End::Vanished(status) => failed(
            "vanished",
            format!("its process was gone with status {status} before the end of the snippet"),
            "`os._exit` ends a snippet unfinished: use `sys.exit`, or call it in a child process only",
        ),
        End::Signal(signal) => failed(
            "crashed",
            format!("it was killed by {}", signal_name(signal)),
            "mend the snippet, or mark it with `<!-- verify: skip -->`",
        ),
        End::WorkerLost => failed(
            "crashed",
            "it took the process that runs it down, twice".into(),
            "mend the snippet, or mark it with `<!-- verify: skip -->`",
        ),
        End::Limit(limit) => match (&facts.snippet.facts.endless, limit) {
            (Some(endless), Limit::Cpu | Limit::Wall) => Some(Problem::Skip(Skip::Endless(
                format!("{} on line {}", endless.what, endless.line),
            ))),
            _ => failed(
                "timeout",
                format!("it was stopped at the limit of {}", limit_name(limit)),
                "make it end sooner, raise the limit in verify.toml, or mark it with `<!-- verify: skip -->`",
            ),
        },
    }
}

fn judge_by_recording(report: &mut BlockReport, facts: Facts<'_>, outcome: &Outcome, agrees: bool) {
    match facts.entry.filter(|entry| has_outcome(entry)) {
        Some(_) if agrees => settle(report, Status::Pass, facts.entry),
        Some(_) => {
            report.difference = Some(difference(facts, outcome));
            report.findings.push(finding(
                "output-changed",
                facts.block.lines.first,
                "it does something else than was recorded",
                None,
            ));
            settle(report, Status::Stale, facts.entry);
        }
        None => report.status = Some(Status::New),
    }
}

/// False for an entry that only holds what is known about a snippet that was not run.
pub fn has_outcome(entry: &Entry) -> bool {
    entry.ran
}

fn difference(facts: Facts<'_>, outcome: &Outcome) -> crate::model::Difference {
    let again = facts
        .second
        .map(|trace| normalize::outcome(trace, facts.snippet.code.prompts, facts.installation));
    let varies = again.is_some_and(|again| again != *outcome);
    let entry = facts.entry.cloned().unwrap_or_default();
    compare::difference(&entry, outcome, varies, facts.edited, facts.recorded_with)
}

/// Marks what is known, and settles the status with that.
fn settle(report: &mut BlockReport, status: Status, entry: Option<&Entry>) {
    let known = entry
        .map(|entry| entry.known.as_slice())
        .unwrap_or_default();
    for finding in &mut report.findings {
        finding.known = known.contains(&finding.rule);
    }
    let mut errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .peekable();
    report.known =
        status.is_problem() && errors.peek().is_some() && errors.all(|finding| finding.known);
    report.status = Some(status);
}

fn describe(report: &mut BlockReport, trace: &Trace) {
    for event in &trace.events {
        match &event.kind {
            EventKind::Stdout(text) => report.stdout.push_str(text),
            EventKind::Value(text) => {
                report.stdout.push_str(text);
                report.stdout.push('\n');
            }
            EventKind::Stderr(text) => report.stderr.push_str(text),
            EventKind::Raised { .. } | EventKind::Warned { .. } | EventKind::Worth(_) => {}
        }
    }
    report.error = trace
        .events
        .iter()
        .find_map(Raised::of)
        .map(|error| ErrorReport {
            class: error.class.to_owned(),
            message: error.message.to_owned(),
            line: error.line,
        });
    report.seconds = trace.seconds;
}

/// That output beyond the limit was counted and not kept.
fn cut(dropped: u64, line: usize) -> Finding {
    Finding {
        severity: Severity::Warning,
        ..finding(
            "output-cut",
            line,
            &format!("{dropped} bytes of output beyond the limit were not kept"),
            Some("print less, or raise `output` under `[limits]` in verify.toml".into()),
        )
    }
}

fn finding(rule: &str, line: usize, message: &str, help: Option<String>) -> Finding {
    Finding {
        rule: rule.into(),
        line,
        message: message.into(),
        since: None,
        severity: Severity::Error,
        help,
        url: None,
        known: false,
    }
}

/// An exception that nothing caught.
#[derive(Clone, Copy)]
struct Raised<'a> {
    line: usize,
    top: usize,
    class: &'a str,
    message: &'a str,
    subject: &'a str,
}

impl<'a> Raised<'a> {
    fn of(event: &'a Event) -> Option<Self> {
        let EventKind::Raised {
            class,
            message,
            subject,
            ..
        } = &event.kind
        else {
            return None;
        };
        Some(Self {
            line: event.line as usize,
            top: event.top as usize,
            class,
            message,
            subject,
        })
    }

    fn is_a(self, wanted: &str) -> bool {
        wanted == "Exception"
            || self.class == wanted
            || self.class.rsplit('.').next() == wanted.rsplit('.').next()
    }

    /// True where the session shows this error below the input that raised it.
    fn is_shown(self, snippet: &Snippet) -> bool {
        let input = snippet
            .inputs
            .iter()
            .rfind(|input| input.piece.line as usize <= self.top.max(self.line));
        let name = self.class.rsplit('.').next().unwrap_or(self.class);
        input.is_some_and(|input| {
            input.shown.lines().any(|line| {
                line.trim_start()
                    .split([':', ' '])
                    .next()
                    .is_some_and(|word| word.ends_with(name))
            })
        })
    }

    /// Why the error says nothing about the snippet, where it does not.
    fn skip(self, facts: Facts<'_>) -> Option<Skip> {
        let source = source_line(facts.block, self.line);
        match self.class {
            "NameError" if is_unbound(&facts.snippet.facts, self.subject) => Some(Skip::Fragment(
                format!("`{}` is defined nowhere above", self.subject),
            )),
            "ModuleNotFoundError" => {
                let module = self.subject.split('.').next().unwrap_or(self.subject);
                if fragments::is_placeholder_module(module) {
                    return Some(Skip::Fragment(format!(
                        "the module `{module}` is a placeholder"
                    )));
                }
                Some(Skip::NeedsModule(module.to_owned()))
            }
            "ImportError" if self.message.contains("not installed") => {
                Some(Skip::NeedsModule(missing_package(self.message).to_owned()))
            }
            "EOFError" if ["EOF when reading a line", ""].contains(&self.message) => {
                Some(Skip::NeedsInput)
            }
            "bdb.BdbQuit" => Some(Skip::NeedsInput),
            "socket.gaierror" | "urllib.error.URLError" => {
                Some(Skip::NeedsNetwork(raised(self.class, self.message)))
            }
            "OSError" | "TimeoutError" | "ConnectionRefusedError" if is_network(self.message) => {
                Some(Skip::NeedsNetwork(raised(self.class, self.message)))
            }
            "FileNotFoundError" if !self.subject.is_empty() => {
                Some(Skip::Fragment(format!("needs the file `{}`", self.subject)))
            }
            "SyntaxError"
                if self.message.contains(" outside ")
                    || self.message.contains("not properly in loop") =>
            {
                Some(Skip::Fragment(self.message.to_owned()))
            }
            _ if source.contains("...") || source.contains('…') => {
                Some(Skip::Fragment("code is left out".into()))
            }
            _ => None,
        }
    }

    fn failure(self) -> Finding {
        let help = match self.class {
            "MemoryError" => Some("use less memory, or raise the limit in verify.toml".into()),
            _ => None,
        };
        let first_line = self.message.lines().next().unwrap_or_default();
        finding(
            "raises",
            self.line.max(1),
            &format!("it raises `{}`", raised(self.class, first_line)),
            help,
        )
    }
}

/// True for a name that the snippet uses before anything in it binds it.
fn is_unbound(facts: &Analysis, name: &str) -> bool {
    facts.uses.iter().any(|used| used == name) || !facts.binds.iter().any(|bound| bound == name)
}

/// What the message of a library that needs another one says is to be installed.
fn missing_package(message: &str) -> &str {
    let named = message
        .split_once("pip install ")
        .map_or(message, |(_, rest)| rest);
    let named = named.trim_start_matches(['\'', '"', '`']);
    named
        .split(|c: char| !(c.is_ascii_alphanumeric() || "-_.[]".contains(c)))
        .next()
        .unwrap_or(named)
}

fn source_line(block: &Block, line: usize) -> &str {
    line.checked_sub(block.lines.first)
        .and_then(|at| block.text.lines().nth(at))
        .unwrap_or_default()
}

fn is_network(message: &str) -> bool {
    [
        "Network is unreachable",
        "No route to host",
        "Name or service not known",
        "Temporary failure in name resolution",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

fn limit_name(limit: Limit) -> &'static str {
    match limit {
        Limit::Cpu => "processor time",
        Limit::Wall => "time",
    }
}

/// The names of the signals that end programs (signal(7)).
fn signal_name(signal: i32) -> String {
    let name = match signal {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV, an invalid memory access",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        25 => "SIGXFSZ, the limit of a file's size",
        31 => "SIGSYS, a forbidden system call",
        _ => return format!("signal {signal}"),
    };
    name.to_owned()
}
