//! Tests of the loop, with a runner that is scripted: none needs Python.

use super::*;
use crate::model::{
    About, Block, Claim, ClaimForm, ClaimVerdict, Code, End, Event, EventKind, Lines, Note, Status,
    Trace,
};
use crate::python::protocol::Job;
use crate::python::scripted::Scripted;
use crate::run::store::Store;

struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: usize) {}
    fn step(&self) {}
    fn end(&self) {}
}

/// One snippet a line, each of which needs the one before if its text names it.
fn plan(lines: &[&str]) -> Plan {
    let place = |at: usize| 10 * at + 1;
    let block = |(at, text): (usize, &&str)| Block {
        language: Language::Python,
        text: format!("{text}\n"),
        heading: format!("Heading {at}"),
        lines: Lines {
            first: place(at),
            last: place(at),
        },
        ..Block::default()
    };
    let snippet = |(at, text): (usize, &&str)| Snippet {
        block: at,
        code: Code::script(place(at), format!("{text}\n")),
        depends_on: if text.contains("earlier") {
            vec![at - 1]
        } else {
            Vec::new()
        },
        ..Snippet::default()
    };
    Plan {
        notes: vec![Note {
            path: "a.md".into(),
            blocks: lines.iter().enumerate().map(block).collect(),
            ..Note::default()
        }],
        snippets: lines.iter().enumerate().map(snippet).collect(),
    }
}

/// The same, in which the first snippet is said to print this.
fn plan_with_claim(lines: &[&str], claimed: &str) -> Plan {
    let mut plan = plan(lines);
    plan.snippets[0].claims.push(Claim {
        form: ClaimForm::NextBlock,
        about: About::Output(Lines { first: 1, last: 1 }),
        claimed: claimed.into(),
        ..Claim::default()
    });
    plan
}

fn trace(line: u32, kind: EventKind) -> Trace {
    Trace {
        events: vec![Event {
            line,
            top: line,
            kind,
        }],
        open: Vec::new(),
        dropped: 0,
        end: End::Finished,
        in_replay: false,
        seconds: 0.0,
    }
}

fn prints(job: &Job, text: &str) -> Trace {
    let line = job.code.pieces[0].line;
    trace(line, EventKind::Stdout(format!("{text}\n")))
}

fn raises(job: &Job, class: &str, subject: &str) -> Trace {
    let raised = EventKind::Raised {
        class: class.into(),
        message: String::new(),
        subject: subject.into(),
        traceback: String::new(),
    };
    trace(job.code.pieces[0].line, raised)
}

fn lost() -> Trace {
    Trace {
        events: Vec::new(),
        open: Vec::new(),
        dropped: 0,
        end: End::WorkerLost,
        in_replay: false,
        seconds: 0.0,
    }
}

type Done = (Runs, BTreeMap<usize, Judged>);

/// Runs a whole plan, all under other conditions by `second`.
fn run(
    plan: &Plan,
    purpose: Purpose,
    first: &dyn Runner,
    second: &Arc<dyn Runner>,
    stop: &Stop,
) -> Done {
    let second = || Ok(Arc::clone(second));
    let way = Way {
        purpose,
        limits: Limits::default(),
        setups: &[],
        runners: Runners::new(first, &second),
        stop,
        progress: &Quiet,
    };
    let grounds = Grounds {
        plan,
        store: &Store::default(),
        version: (3, 11, 0),
        installation: &[],
    };
    let all = (0..plan.snippets.len()).collect();
    super::run(&way, &all, grounds).unwrap()
}

/// The same where nobody asks for another reading under other conditions.
fn run_once(plan: &Plan, first: &dyn Runner) -> Done {
    let nobody: Arc<dyn Runner> = Arc::new(Scripted::new(|_: &Job| lost()));
    run(plan, Purpose::Check, first, &nobody, &Stop::default())
}

#[test]
fn each_snippet_runs_once_after_what_it_needs() {
    let plan = plan(&["one()", "earlier()"]);
    let runner = Scripted::new(|job: &Job| prints(job, "x"));
    let (_, judged) = run_once(&plan, &runner);
    let asked = runner.asked();
    let replayed: Vec<usize> = asked.iter().map(|job| job.replay.len()).collect();
    assert_eq!(replayed, [0, 1]);
    let statuses: Vec<_> = judged.values().map(|one| one.report.status).collect();
    assert_eq!(statuses, [Some(Status::New); 2]);
    assert_eq!(judged[&1].report.stdout, "x\n");
}

#[test]
fn a_fragment_with_a_claim_is_run_statement_by_statement() {
    let plan = plan_with_claim(&["f(undefined)"], "3");
    let runner = Scripted::new(|job: &Job| raises(job, "NameError", "undefined"));
    let (_, judged) = run_once(&plan, &runner);
    let by_statement: Vec<bool> = runner.asked().iter().map(|job| job.code.prompts).collect();
    assert_eq!(by_statement, [false, true]);
    assert_eq!(judged[&0].report.status, Some(Status::Skipped));
}

#[test]
fn what_ends_while_others_are_replayed_runs_alone() {
    let plan = plan(&["one()", "earlier()"]);
    let runner = Scripted::new(|job: &Job| Trace {
        in_replay: !job.replay.is_empty(),
        ..prints(job, "x")
    });
    let (_, judged) = run_once(&plan, &runner);
    let replayed: Vec<usize> = runner.asked().iter().map(|job| job.replay.len()).collect();
    assert_eq!(replayed, [0, 1, 0]);
    assert_eq!(judged[&1].report.stdout, "x\n");
}

#[test]
fn what_is_false_runs_again_under_other_conditions_alone() {
    let plan = plan_with_claim(&["one()", "two()"], "2");
    let first = Scripted::new(|job: &Job| prints(job, "1"));
    let second = Arc::new(Scripted::new(|job: &Job| prints(job, "1")));
    let other: Arc<dyn Runner> = Arc::clone(&second) as _;
    let (_, judged) = run(&plan, Purpose::Check, &first, &other, &Stop::default());
    assert_eq!((first.asked().len(), second.asked().len()), (2, 1));
    assert_eq!(judged[&0].report.status, Some(Status::Stale));
    assert_eq!(judged[&0].report.claims[0].verdict, ClaimVerdict::Stale);
}

#[test]
fn what_is_recorded_runs_again_further_down_and_is_told_where_it_stands() {
    let plan = plan(&["one()", "two()"]);
    let runner = || Scripted::new(|job: &Job| prints(job, "x"));
    let (first, second) = (runner(), Arc::new(runner()));
    let other: Arc<dyn Runner> = Arc::clone(&second) as _;
    let (runs, judged) = run(&plan, Purpose::Record, &first, &other, &Stop::default());
    let lines: Vec<u32> = second
        .asked()
        .iter()
        .map(|job| job.code.pieces[0].line)
        .collect();
    assert_eq!(lines, [1_001, 1_011]);
    let form = crate::model::CodeForm::Written;
    let again = runs.cases[1].trace(form, Conditions::Second).unwrap();
    assert_eq!(again.events[0].line, 11);
    assert!(judged.values().all(|one| one.runs().is_some()));
}

#[test]
fn a_lost_worker_costs_its_own_reading_alone() {
    let plan = plan(&["one()", "two()"]);
    let first = Scripted::new(|job: &Job| prints(job, "x"));
    let other: Arc<dyn Runner> = Arc::new(Scripted::new(|job: &Job| {
        if job.code.pieces[0].text.contains("one") {
            lost()
        } else {
            prints(job, "x")
        }
    }));
    let (_, judged) = run(&plan, Purpose::Record, &first, &other, &Stop::default());
    let statuses: Vec<_> = judged.values().map(|one| one.report.status).collect();
    assert_eq!(statuses, [Some(Status::New); 2], "each ran once");
    let second = |at: usize| judged[&at].runs().unwrap().second;
    assert!(second(0).is_none() && second(1).is_some());
    let crashes = Scripted::new(|_: &Job| lost());
    let (_, judged) = run_once(&plan, &crashes);
    assert_eq!(judged[&0].report.status, Some(Status::Failed));
}

#[test]
fn what_was_stopped_reads_nothing_more() {
    let plan = plan_with_claim(&["one()"], "2");
    let first = Scripted::new(|job: &Job| prints(job, "1"));
    let second = Arc::new(Scripted::new(|job: &Job| prints(job, "1")));
    let other: Arc<dyn Runner> = Arc::clone(&second) as _;
    let stop = Stop::default();
    stop.stop();
    let (_, judged) = run(&plan, Purpose::Record, &first, &other, &stop);
    assert_eq!((first.asked().len(), second.asked().len()), (1, 0));
    assert_eq!(judged.len(), 1);
}
