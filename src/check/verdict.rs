//! The status of one snippet: from its plan, its trace and its recording.

use std::collections::HashSet;

use super::explain::code::Old;
use super::explain::history::Version;
use super::normalize::{self, Outcome};
use super::raised::{ByLine, Raised, SourceLines};
use super::rewrite::Tried;
use super::{claims, compare, explain, figures, unreached, unsettled};
use crate::model::{
    Block, BlockReport, Case, CheckedClaim, ClaimVerdict, CodeForm, Conditions, End, Entry,
    ErrorReport, Event, EventKind, Finding, Language, Limit, Recorded, Severity, Skip, Standing,
    Status, Text, Trace, WhyUnchecked,
};
use crate::notes::claims::named_later;
use crate::plan::{self, Snippet};
use crate::text;

/// Everything that one judgement rests on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The block.
    pub block: &'a Block,
    /// The snippet in it.
    pub snippet: &'a Snippet,
    /// How it was run, and what happened.
    pub case: &'a Case,
    /// What came of running it as it could be written today.
    pub tried: Option<&'a Tried<'a>>,
    /// The Python that ran.
    pub version: (u8, u8, u8),
    /// What was recorded.
    pub entry: Option<&'a Entry>,
    /// The entry was found by its place, not by its code.
    pub edited: bool,
    /// The Python of the recording.
    pub recorded_with: &'a str,
    /// Where the pictures of the recording lie, as shown.
    pub pictures: &'a str,
    /// Paths of the interpreter's installation.
    pub installation: &'a [String],
    /// What its code uses that is gone, as far as reading it tells.
    pub old: &'a [Old],
}

impl<'a> Facts<'a> {
    /// What happened when it was run; none where it was not.
    fn trace(self) -> Option<&'a Trace> {
        self.case.trace(CodeForm::Written, Conditions::First)
    }

    /// What happened in a second run under other conditions, where there was one.
    fn second(self) -> Option<&'a Trace> {
        self.case.trace(CodeForm::Written, Conditions::Second)
    }

    /// What happened when its statements were run one by one, where it can't be judged as a whole.
    fn alone(self) -> Option<&'a Trace> {
        self.case.trace(CodeForm::Statements, Conditions::First)
    }

    /// What happened when that was run once more under other conditions.
    fn second_alone(self) -> Option<&'a Trace> {
        self.case.trace(CodeForm::Statements, Conditions::Second)
    }
}

/// What a snippet was found to be.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// What is reported.
    pub report: BlockReport,
    /// What it did, where it ran to a judgement, for recording it.
    pub outcome: Option<Outcome>,
    /// Why it can't be judged by running it as a whole, where neither what it did nor its syntax
    /// condemns it.
    pub blocked: Option<Skip>,
}

impl Judgement {
    /// What decides whether the snippet is run in other ways too.
    pub fn standing(&self, facts: Facts<'_>) -> Standing {
        Standing {
            status: self.report.status,
            blocked: self.blocked.clone(),
            is_in_question: has_stale(&self.report) || has_open(&self.report),
            differs: self.report.difference.is_some(),
            is_modern_known: facts.tried.is_some(),
        }
    }
}

/// Judges a snippet.
pub fn judge(facts: Facts<'_>) -> Judgement {
    let mut judgement = judge_as_written(facts);
    let report = &mut judgement.report;
    warn(report, facts);
    if let Some(tried) = facts.tried {
        tried.help(&mut report.findings, facts.snippet, facts.version);
        report.rewrite = Some(tried.proven(facts.snippet, facts.version));
    }
    judgement
}

fn judge_as_written(facts: Facts<'_>) -> Judgement {
    let mut report = BlockReport {
        block: facts.block.clone(),
        ..BlockReport::default()
    };
    let (mut outcome, mut blocked) = (None, None);
    match (&facts.snippet.skip, facts.trace()) {
        (Some(skip), _) => blocked = judge_alone(&mut report, facts, skip.clone()),
        _ if facts.block.language == Language::Python2 => judge_python2(&mut report, facts),
        (None, Some(trace)) => (outcome, blocked) = judge_run(&mut report, facts, trace),
        (None, None) => {
            report.status = Some(Status::Failed);
            report.findings.push(finding(
                "not-run",
                facts.block.lines.first,
                text!("it was planned and never ran", "计划运行却没有运行"),
                None,
            ));
        }
    }
    Judgement {
        report,
        outcome,
        blocked,
    }
}

/// Adds what Python warns of, where nothing worse is said about the same line.
fn warn(report: &mut BlockReport, facts: Facts<'_>) {
    let left_out = matches!(report.skip, Some(Skip::Directive(_) | Skip::NeedsPython(_)));
    if left_out || facts.block.language == Language::Python2 {
        return;
    }
    let trace = facts.trace().or(facts.alone());
    let version = Version(facts.version.0, facts.version.1);
    let mut told = explain::Told::of(&report.findings);
    let warnings = explain::warnings(facts.block, &facts.snippet.facts, trace, version);
    let new = warnings.into_iter().filter(|warning| told.is_new(warning));
    report.findings.extend(new);
}

/// Judges what only Python 2 accepts: stale whatever its claims say, which are checked with the
/// form that Python 3 accepts, run as a whole where it runs, else statement by statement.
fn judge_python2(report: &mut BlockReport, facts: Facts<'_>) {
    report.findings = explain::syntax(&facts.snippet.idioms);
    report.findings.extend(explain::future_imports(facts.block));
    match facts.tried {
        Some(tried) => check_claims(report, facts, Some(tried.trace), tried.second),
        None => check_claims(report, facts, facts.alone(), facts.second_alone()),
    }
    let trace = facts.tried.map(|tried| tried.trace).or(facts.alone());
    let is_whole = facts.tried.is_some_and(Tried::is_whole);
    if let Some(trace) = trace.filter(|_| !is_whole) {
        leave_unsettled(report, facts, trace);
    }
    explain_claims(report, facts);
    unreached::add(report, facts, trace, !is_whole);
    settle(report, Status::Stale, facts.entry);
}

/// Judges what ran; its outcome where it can be recorded, and why it could not be judged.
fn judge_run(
    report: &mut BlockReport,
    facts: Facts<'_>,
    trace: &Trace,
) -> (Option<Outcome>, Option<Skip>) {
    let outcome = normalize::outcome(trace, facts.snippet.code.prompts, facts.installation);
    describe(report, trace);
    let recorded = facts.entry.filter(|entry| has_outcome(entry));
    report.recorded = recorded.map(|_| Recorded {
        with: facts.recorded_with.to_owned(),
        edited: facts.edited,
    });
    let recorded_figures = recorded.map_or(&[][..], |entry| &entry.figures);
    report.figures = figures::report(trace, recorded_figures, facts.pictures);
    check_claims(report, facts, Some(trace), facts.second());
    explain_claims(report, facts);
    let agrees = recorded.is_some_and(|entry| compare::agrees(entry, &outcome));
    // What a session raises stands in its output, not in its end.
    let ends_alike = !facts.snippet.code.prompts
        && recorded.is_some_and(|entry| compare::ends_alike(entry, &outcome));
    match problem(facts, trace, &report.claims, agrees || ends_alike) {
        Problem::None => {
            unreached::add(report, facts, Some(trace), facts.snippet.code.prompts);
            judge_by_recording(report, facts, &outcome, agrees);
        }
        Problem::Skip(skip) => {
            let was_recorded = facts.entry.is_some_and(has_outcome);
            if was_recorded && matches!(skip, Skip::Fragment(_)) {
                unreached::add(report, facts, Some(trace), facts.snippet.code.prompts);
                judge_by_recording(report, facts, &outcome, agrees);
            } else {
                return (None, judge_alone(report, facts, skip));
            }
        }
        Problem::Stale(findings) => {
            report.findings.extend(findings);
            unreached::add(report, facts, Some(trace), facts.snippet.code.prompts);
            settle(report, Status::Stale, facts.entry);
        }
        Problem::Failed(found) => {
            report.findings.push(found);
            let is_old = unreached::add(report, facts, Some(trace), facts.snippet.code.prompts);
            if facts
                .entry
                .is_some_and(|entry| has_outcome(entry) && !agrees)
            {
                report.difference = Some(difference(facts, &outcome));
            }
            let status = if is_old {
                Status::Stale
            } else {
                Status::Failed
            };
            settle(report, status, facts.entry);
        }
    }
    if trace.dropped > 0 {
        report
            .findings
            .push(cut(trace.dropped, facts.block.lines.first));
    }
    let left = figure_left(trace, facts.block.lines.first);
    report.findings.extend(left);
    (Some(outcome), None)
}

/// Judges what can't be judged by running it: by its claims and by what its statements did one
/// by one, where that says something. Returns `skip` where nothing but old names condemns it.
fn judge_alone(report: &mut BlockReport, facts: Facts<'_>, skip: Skip) -> Option<Skip> {
    report.findings.clear();
    let eligible = matches!(skip, Skip::Fragment(_) | Skip::NeedsModule(_));
    let alone = facts.alone().filter(|_| eligible);
    let second = facts.second_alone().filter(|_| eligible);
    check_claims(report, facts, alone, second);
    if let Some(trace) = alone {
        leave_broken_code(report, facts);
        leave_unsettled(report, facts, trace);
        explain_claims(report, facts);
        let errors = trace.events.iter().filter_map(Raised::of);
        report.findings.extend(explained(facts, errors));
    } else if !matches!(skip, Skip::Directive(_)) {
        report
            .findings
            .extend(explain::syntax(&facts.snippet.idioms));
    }
    let is_open = !has_error(report) && unreached::encoding(facts).is_none();
    let blocked = is_open.then(|| skip.clone());
    unreached::add(report, facts, alone, true);
    if matches!(skip, Skip::NeedsPython(_)) {
        report.findings.clear();
    }
    let is_fragment = matches!(skip, Skip::Fragment(_));
    let all_hold = report
        .claims
        .iter()
        .all(|claim| claim.verdict == ClaimVerdict::Holds);
    let wrong = has_error(report);
    if wrong || (alone.is_some() && has_stale(report)) {
        settle(report, Status::Stale, facts.entry);
    } else if alone.is_some() && is_fragment && all_hold && !report.claims.is_empty() {
        settle(report, Status::Pass, facts.entry);
    } else {
        report.status = Some(Status::Skipped);
        report.skip = Some(skip);
    }
    blocked
}

/// What rests on a statement that raised, where they are run one by one.
fn leave_unsettled(report: &mut BlockReport, facts: Facts<'_>, trace: &Trace) {
    let code = plan::statements(&facts.snippet.code);
    unsettled::leave_open(&mut report.claims, &code, trace);
}

/// Where an illustration is no whole Python, that it does not parse contradicts nothing.
fn leave_broken_code(report: &mut BlockReport, facts: Facts<'_>) {
    for claim in &mut report.claims {
        let stale = claim.verdict == ClaimVerdict::Stale;
        if stale
            && !facts.snippet.code.prompts
            && is_syntax(claim.actual.split(':').next().unwrap_or_default())
        {
            claim.verdict = ClaimVerdict::Unchecked;
            claim.actual.clear();
            claim.rewrite = None;
            claim.why = Some(WhyUnchecked::Broken);
        }
    }
}

/// True for the class of an error that says that some text is no Python.
fn is_syntax(class: &str) -> bool {
    matches!(class, "SyntaxError" | "IndentationError" | "TabError")
}

/// What the note says about the snippet, compared with what happened.
fn check_claims(
    report: &mut BlockReport,
    facts: Facts<'_>,
    trace: Option<&Trace>,
    second: Option<&Trace>,
) {
    report.claims = claims::check(&facts.snippet.claims, trace, second, facts.version);
}

/// Why claims are stale.
fn explain_claims(report: &mut BlockReport, facts: Facts<'_>) {
    let version = Version(facts.version.0, facts.version.1);
    let causes = explain::claims(&mut report.claims, version);
    report.findings.extend(causes);
    let told: HashSet<usize> = report.findings.iter().map(|other| other.line).collect();
    let wordings = explain::wordings(&report.claims, version).into_iter();
    let is_new = |wording: &Finding| !told.contains(&wording.line);
    report.findings.extend(wordings.filter(is_new));
}

fn has_stale(report: &BlockReport) -> bool {
    let mut claims = report.claims.iter();
    claims.any(|claim| claim.verdict == ClaimVerdict::Stale)
}

/// True where a claim is about something that a second run may show to vary.
fn has_open(report: &BlockReport) -> bool {
    let is_open = |claim: &CheckedClaim| claim.open.is_some_and(|open| !open.is_by_luck());
    let mut claims = report.claims.iter();
    claims.any(|claim| claim.verdict == ClaimVerdict::Unchecked && is_open(claim))
}

fn has_error(report: &BlockReport) -> bool {
    let mut findings = report.findings.iter();
    findings.any(|finding| finding.severity == Severity::Error)
}

/// What is wrong with a run, before its recording is looked at.
enum Problem {
    None,
    Skip(Skip),
    Stale(Vec<Finding>),
    Failed(Finding),
}

/// `is_recorded` tells that the recording has this very end.
fn problem(facts: Facts<'_>, trace: &Trace, claims: &[CheckedClaim], is_recorded: bool) -> Problem {
    if let Some(problem) = broken_end(facts, trace) {
        return problem;
    }
    let wanted = facts.block.directives.raises.as_deref();
    let claims = &ByLine::of(claims);
    let mut errors = trace
        .events
        .iter()
        .filter_map(Raised::of)
        .filter(|error| !error.is_shown(facts.snippet) && !error.is_claimed(claims))
        .peekable();
    let Some(first) = errors.peek().copied() else {
        return match (wanted, trace.end) {
            (Some(wanted), _) => Problem::Stale(vec![finding(
                "raises-nothing",
                facts.block.lines.first,
                text!(
                    "`{wanted}` is meant to be raised, and nothing was",
                    "应当抛出 `{wanted}`，却什么也没有抛出"
                ),
                Some(text!(
                    "take the directive `raises` away, or mend the snippet",
                    "去掉指令 `raises`，或修改代码"
                )),
            )]),
            (None, End::Exit(status))
                if status != 0 && !is_recorded && asks_for_arguments(facts, trace) =>
            {
                Problem::Skip(Skip::NeedsArguments)
            }
            (None, End::Exit(status)) if status != 0 && !is_recorded => Problem::Failed(finding(
                "exit-status",
                facts.block.lines.first,
                text!("it left with status {status}", "它以状态码 {status} 退出"),
                None,
            )),
            _ => Problem::None,
        };
    };
    if facts.block.directives.may_raise || wanted.is_some_and(|wanted| first.is_a(wanted)) {
        return Problem::None;
    }
    let explained = explained(facts, errors.clone());
    if !explained.is_empty() {
        return needs_later_python(facts, &explained)
            .map_or(Problem::Stale(explained), Problem::Skip);
    }
    let mut unexplained = errors.filter(|error| !error.contradicts(claims)).peekable();
    let Some(first) = unexplained.peek().copied() else {
        return Problem::None;
    };
    let lines = SourceLines::of(facts.block);
    match unexplained.find_map(|error| error.skip(facts.snippet, &lines)) {
        Some(Skip::NeedsArguments) | None if is_recorded => Problem::None,
        Some(skip) => Problem::Skip(skip),
        None => Problem::Failed(first.failure()),
    }
}

/// The skip of a snippet that only lacks what a later Python has, where the note names one.
fn needs_later_python(facts: Facts<'_>, explained: &[Finding]) -> Option<Skip> {
    let mut findings = explained.iter();
    if !findings.all(|finding| finding.rule == "needs-newer-python") {
        return None;
    }
    let spec = named_later(facts.block, facts.version)?;
    Some(Skip::NeedsPython(Text::same(spec)))
}

/// True for a program that left because nobody gave it arguments: it told how it is to be used.
fn asks_for_arguments(facts: Facts<'_>, trace: &Trace) -> bool {
    let reads = [
        "argv", "argparse", "optparse", "click", "typer", "docopt", "fire",
    ];
    let tells_usage = |event: &Event| match &event.kind {
        EventKind::Stdout(text) | EventKind::Stderr(text) => {
            text.to_lowercase().contains("usage") || text.contains("用法")
        }
        _ => false,
    };
    reads.iter().any(|word| facts.block.text.contains(word)) && trace.events.iter().any(tells_usage)
}

/// The findings for those errors that the catalogue explains.
fn explained<'a>(facts: Facts<'_>, errors: impl Iterator<Item = Raised<'a>>) -> Vec<Finding> {
    let syntax = SyntaxFindings::of(facts.snippet);
    let lines = SourceLines::of(facts.block);
    let mut findings = Vec::new();
    for error in errors {
        if error.class.ends_with("SyntaxError") || error.class == "TabError" {
            findings.extend_from_slice(syntax.near(error.line));
            let version = Version(facts.version.0, facts.version.1);
            let source = lines.line(error.line);
            let newer = explain::newer_syntax(source, error.message, error.line, version);
            findings.extend(newer);
        } else {
            let source = lines.line(error.line);
            let Raised {
                class,
                message,
                subject,
                line,
                ..
            } = error;
            let version = Version(facts.version.0, facts.version.1);
            let gone = explain::error(class, message, subject, line, source, &facts.block.text)
                .filter(|finding| explain::is_so(finding, version));
            findings
                .extend(gone.or_else(|| explain::newer(class, message, subject, line, version)));
        }
    }
    findings
}

/// The findings for syntax that only Python 2 has, by the inputs of a session.
struct SyntaxFindings<'a> {
    snippet: &'a Snippet,
    /// In the order of their lines.
    all: Vec<Finding>,
}

impl<'a> SyntaxFindings<'a> {
    fn of(snippet: &'a Snippet) -> Self {
        let all = explain::syntax(&snippet.idioms);
        Self { snippet, all }
    }

    /// Those in the same input as line `line`; all of a script.
    fn near(&self, line: usize) -> &[Finding] {
        if !self.snippet.code.prompts {
            return &self.all;
        }
        let piece = |line| self.snippet.piece_of(line);
        let of_line = piece(line);
        let first = self
            .all
            .partition_point(|found| piece(found.line) < of_line);
        let behind = self
            .all
            .partition_point(|found| piece(found.line) <= of_line);
        &self.all[first..behind]
    }
}

/// Ends that are no end of a program.
fn broken_end(facts: Facts<'_>, trace: &Trace) -> Option<Problem> {
    let line = trace
        .events
        .last()
        .map_or(facts.block.lines.first, |event| event.line as usize)
        .max(facts.block.lines.first);
    let failed = |rule: &str, message: Text, help: Text| {
        Some(Problem::Failed(finding(rule, line, message, Some(help))))
    };
    let mend = || {
        text!(
            "mend the snippet, or mark it with `<!-- verify: skip -->`",
            "修改代码，或用 `<!-- verify: skip -->` 标记它"
        )
    };
    match trace.end {
        End::Finished | End::Exit(_) => None,
        End::Vanished(status) => failed(
            "vanished",
            text!(
                "its process was gone with status {status} before the end of the snippet",
                "代码还没运行完，进程就以状态码 {status} 结束了"
            ),
            text!(
                "`os._exit` ends a snippet unfinished: use `sys.exit`, or call it in a child process only",
                "`os._exit` 会让代码中途结束：改用 `sys.exit`，或只在子进程中调用它"
            ),
        ),
        End::Signal(signal) => {
            let Text { en, zh } = signal_name(signal);
            failed(
                "crashed",
                text!("it was killed by {en}", "它被 {zh} 终止"),
                mend(),
            )
        }
        End::WorkerLost => failed(
            "crashed",
            text!(
                "it took the process that runs it down, twice",
                "它两次使运行它的进程崩溃"
            ),
            mend(),
        ),
        End::Limit(limit) => {
            let uses_too_much = matches!(limit, Limit::Memory | Limit::Processes);
            if let Some(endless) = &facts.snippet.facts.endless
                && !uses_too_much
            {
                return Some(Problem::Skip(Skip::Endless(endless.told())));
            }
            let Text { en, zh } = limit_name(limit);
            if uses_too_much {
                return failed(
                    "limit",
                    text!(
                        "it was stopped at the limit of {en}",
                        "它因达到{zh}的上限而被停止"
                    ),
                    text!(
                        "make it use less, or mark it with `<!-- verify: skip -->`",
                        "让它少用一些，或用 `<!-- verify: skip -->` 标记它"
                    ),
                );
            }
            failed(
                "timeout",
                text!(
                    "it was stopped at the limit of {en}",
                    "它因达到{zh}的上限而被停止"
                ),
                text!(
                    "make it end sooner, raise the limit in verify.toml, or mark it with `<!-- verify: skip -->`",
                    "让它更早结束，在 verify.toml 中提高上限，或用 `<!-- verify: skip -->` 标记它"
                ),
            )
        }
    }
}

fn judge_by_recording(report: &mut BlockReport, facts: Facts<'_>, outcome: &Outcome, agrees: bool) {
    let status = if has_stale(report) || has_error(report) {
        Status::Stale
    } else {
        Status::Pass
    };
    match facts.entry.filter(|entry| has_outcome(entry)) {
        Some(_) if agrees => settle(report, status, facts.entry),
        Some(_) => {
            report.difference = Some(difference(facts, outcome));
            report.findings.push(finding(
                "output-changed",
                facts.block.lines.first,
                text!(
                    "it does something else than was recorded",
                    "运行结果与记录不同"
                ),
                None,
            ));
            settle(report, Status::Stale, facts.entry);
        }
        None if status == Status::Stale => settle(report, status, facts.entry),
        None => report.status = Some(Status::New),
    }
}

/// False for an entry that only holds what is known about a snippet that was not run.
pub fn has_outcome(entry: &Entry) -> bool {
    entry.ran
}

fn difference(facts: Facts<'_>, outcome: &Outcome) -> crate::model::Difference {
    let again = facts
        .second()
        .map(|trace| normalize::outcome(trace, facts.snippet.code.prompts, facts.installation));
    let varies = outcome.steady.is_some() || again.is_some_and(|again| again != *outcome);
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
    let mut wrong = Vec::new();
    for claim in &mut report.claims {
        if claim.verdict == ClaimVerdict::Stale {
            claim.known = known.contains(&claim.claim.name());
            wrong.push(claim.known);
        }
    }
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    wrong.extend(errors.map(|finding| finding.known));
    report.known = status.is_problem() && !wrong.is_empty() && wrong.iter().all(|&known| known);
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
            EventKind::Raised { .. }
            | EventKind::Warned { .. }
            | EventKind::Worth(_)
            | EventKind::Figure(_)
            | EventKind::FigureLeft => {}
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
            text!(
                "{dropped} bytes of output beyond the limit were not kept",
                "超出上限的 {dropped} 字节输出没有保留"
            ),
            Some(text!(
                "print less, or raise `output` under `[limits]` in verify.toml",
                "减少输出，或在 verify.toml 的 `[limits]` 下提高 `output`"
            )),
        )
    }
}

/// That figures were drawn of which no picture was kept.
fn figure_left(trace: &Trace, first_line: usize) -> Option<Finding> {
    let is_left = |event: &&Event| event.kind == EventKind::FigureLeft;
    let left = trace.events.iter().find(is_left)?;
    Some(Finding {
        severity: Severity::Warning,
        ..finding(
            "figure-left",
            first_line.max(left.line as usize),
            text!(
                "no picture of this figure was kept, nor of those that follow beyond the limits",
                "没有保留这张图；之后超出上限的图也没有保留"
            ),
            Some(text!(
                "a snippet has 8 pictures of at most 256 KiB: draw fewer or simpler figures",
                "每个片段最多 8 张图，每张最大 256 KiB：请少画几张，或画得简单些"
            )),
        )
    })
}

pub(super) fn finding(rule: &str, line: usize, message: Text, help: Option<Text>) -> Finding {
    Finding {
        rule: rule.into(),
        line,
        message,
        since: None,
        severity: Severity::Error,
        help,
        url: None,
        known: false,
    }
}

fn limit_name(limit: Limit) -> Text {
    match limit {
        Limit::Cpu => text!("processor time", "处理器时间"),
        Limit::Wall => text!("time", "时间"),
        Limit::Memory => text!("memory", "内存"),
        Limit::Processes => text!("processes", "进程数"),
    }
}

/// The names of the signals that end programs (signal(7)).
fn signal_name(signal: i32) -> Text {
    let name = match signal {
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => {
            return text!(
                "SIGSEGV, an invalid memory access",
                "SIGSEGV（访问了无效的内存）"
            );
        }
        13 => "SIGPIPE",
        15 => "SIGTERM",
        25 => {
            return text!(
                "SIGXFSZ, the limit of a file's size",
                "SIGXFSZ（超过文件大小的上限）"
            );
        }
        31 => {
            return text!(
                "SIGSYS, a forbidden system call",
                "SIGSYS（被禁止的系统调用）"
            );
        }
        _ => return text!("signal {signal}", "信号 {signal}"),
    };
    Text::same(name)
}
