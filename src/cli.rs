//! What was typed: the command line as clap reads it, and its help texts.
//!
//! Nothing is decided here. No file, environment variable or terminal is looked
//! at, and nothing typed is mixed with `verify.toml`: that is what `config` does.

mod deps;
mod merge;
mod review;
mod sharding;
mod styles;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{NonEmptyStringValueParser, PossibleValue};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

pub use self::deps::DepsArgs;
pub use self::merge::MergeArgs;
pub use self::review::ReviewArgs;
pub use self::sharding::{ShardChoice, Sharding};
pub use self::watch::{LspArgs, WatchArgs};
use crate::config::bounds;
use crate::model::Lang;

const AFTER_HELP: &str = "\
Examples:
  verify                      Check every note of the project
  verify notes/numbers.md     Check one note
  verify notes/numbers.md:42  Check the snippet at line 42 of it
  verify --update             Record what the snippets do today in expected/
  verify fix                  Write into the notes what their stale claims should say
  verify review               Decide what is pending one by one: record, rewrite, or know it
  verify fix --code           Write code that no longer works as it runs today
  verify --python 3.13        Check against another Python
  verify --changed            Check the notes that were changed since the default branch
  verify --report junit=r.xml Write a report for another program too
  verify --shard 2/8          Check the notes of one of eight machines; verify merge joins their reports
  verify deps                 Show the modules that the notes import, and which are missing
  verify watch                Look at what a save touched at once
  verify clean                Remove the cache of what snippets do
  verify list                 Show every block and what it was taken for
  verify explain RULE         Say what changed in Python, and what to write instead

Exit codes:
  0    nothing to do
  1    findings: something in the notes is stale, failed or new
  2    it could not run: bad arguments, bad verify.toml, no interpreter
  101  a bug in verify
  130  interrupted

Options of a command follow it: `verify list --python 3.13`.
A folder that is called like a command is written `./list`.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "verify",
    version,
    about = "Runs every Python snippet of your Markdown notes and says which statements are stale",
    after_help = AFTER_HELP,
    args_conflicts_with_subcommands = true,
    styles = styles::STYLES
)]
pub struct Cli {
    /// A command other than checking the notes.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// When to use colour
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Output"
    )]
    pub color: ColorChoice,

    /// The language of the messages [default: that of the locale, else that of each note]
    #[arg(long, value_name = "LANG", global = true, help_heading = "Output")]
    pub lang: Option<Lang>,

    /// Let all of verify.toml hold, in runs for pull requests and in editors too
    #[arg(long, global = true, help_heading = "Running")]
    pub trust_config: bool,

    /// The options of checking the notes.
    #[command(flatten)]
    pub run: RunArgs,
}

/// The commands other than checking the notes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show every block of the notes and what it was taken for, without running it
    List(ListArgs),
    /// Rewrite stale claims of the notes to what came, or old code to what runs, one question each
    Fix(Box<FixArgs>),
    /// Decide one by one what a run leaves pending: record it, rewrite the note, or mark it as known
    Review(Box<ReviewArgs>),
    /// List the modules that the notes import, and the packages that bring them
    Deps(DepsArgs),
    /// Look at what a save touched at once, and show it on one screen
    Watch(Box<WatchArgs>),
    /// Talk to an editor: a language server on standard input and output
    Lsp(Box<LspArgs>),
    /// Make one report of the JSON reports of all shards
    Merge(Box<MergeArgs>),
    /// Show which Python the snippets would run under, and the others that were found
    Python(Interpreter),
    /// Say what changed in Python by the name of a rule, or list the rules
    Explain(ExplainArgs),
    /// Write a commented verify.toml, expected/ and a CI workflow into the current folder
    Init(InitArgs),
    /// Remove the cache of what snippets do
    Clean,
    /// Print a completion script for a shell
    Completions {
        /// The shell to complete for
        shell: Shell,
    },
}

/// What a project begins with.
#[derive(Args, Clone, Debug, Default)]
pub struct InitArgs {
    /// For which places to write what runs verify there; may be given several times
    #[arg(
        long,
        value_name = "PLACE",
        value_delimiter = ',',
        default_value = "github"
    )]
    pub with: Vec<With>,
}

/// A place that runs `verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum With {
    /// .github/workflows/verify.yml for GitHub Actions
    Github,
    /// .gitlab-ci.yml for GitLab
    Gitlab,
    /// .pre-commit-config.yaml for pre-commit
    PreCommit,
}

/// Which Python to use.
#[derive(Args, Clone, Debug, Default)]
pub struct Interpreter {
    /// The Python to run the snippets under: `3.12`, or the path of an interpreter
    #[arg(long, value_name = "VERSION|PATH", value_parser = NonEmptyStringValueParser::new())]
    pub python: Option<String>,

    /// Read this file instead of the nearest verify.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,
}

/// Which snippets to look at, and how to show them.
#[derive(Args, Clone, Debug, Default)]
pub struct Selection {
    /// Notes, folders of notes, or one snippet as `note.md:LINE` [default: those of verify.toml, else notes/, else all]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Only snippets whose note, heading or code contains this text
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub filter: Option<String>,

    /// Which Python to use.
    #[command(flatten)]
    pub interpreter: Interpreter,
}

/// The options of rewriting claims and code.
#[derive(Args, Clone, Debug, Default)]
pub struct FixArgs {
    /// Notes, folders of notes, or one snippet as `note.md:LINE` [default: those of verify.toml, else notes/, else all]
    #[arg(value_name = "PATHS", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Rewrite code that no longer works instead of claims, where it ran in its modern form
    #[arg(long)]
    pub code: bool,

    /// Rewrite all that can be, and ask nothing
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,

    /// Print what would be rewritten as a patch, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Only snippets whose note, heading or code contains this text
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub filter: Option<String>,

    /// Which Python to use.
    #[command(flatten)]
    pub interpreter: Interpreter,

    /// The folder of the recordings [default: expected]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub expected: Option<PathBuf>,

    /// How a snippet is run.
    #[command(flatten)]
    pub running: Running,
}

impl FixArgs {
    /// The options that it shares with checking the notes.
    fn run_args(&self) -> RunArgs {
        RunArgs {
            selection: Selection {
                paths: self.paths.clone(),
                filter: self.filter.clone(),
                interpreter: self.interpreter.clone(),
            },
            expected: self.expected.clone(),
            running: self.running.clone(),
            ..RunArgs::default()
        }
    }
}

/// What to explain.
#[derive(Args, Clone, Debug, Default)]
pub struct ExplainArgs {
    /// The name of a rule as a report has it in brackets, such as `py2-integer-division` [default: list them]
    #[arg(value_name = "RULE", value_parser = NonEmptyStringValueParser::new())]
    pub rule: Option<String>,

    /// List the names that are gone too
    #[arg(long, conflicts_with = "rule")]
    pub all: bool,
}

/// What to list.
#[derive(Args, Clone, Debug, Default)]
pub struct ListArgs {
    /// Show the claims too: what the notes say about what their snippets do
    #[arg(long)]
    pub claims: bool,

    /// Which snippets to look at.
    #[command(flatten)]
    pub selection: Selection,

    /// How to write the listing
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "terminal",
        help_heading = "Output"
    )]
    pub format: ListFormat,
}

/// The options of checking the notes.
#[derive(Args, Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct RunArgs {
    /// Which snippets to look at.
    #[command(flatten)]
    pub selection: Selection,

    /// Only notes that were changed since a commit or branch, or whose recordings were [default: the default branch]
    #[arg(long, value_name = "REF", num_args = 0..=1, default_missing_value = "")]
    pub changed: Option<String>,

    /// Which part of the notes to look at, of several machines.
    #[command(flatten)]
    pub sharding: Sharding,

    /// Record what the snippets do today, and show what that changes
    #[arg(long)]
    pub update: bool,

    /// The folder of the recordings [default: expected]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub expected: Option<PathBuf>,

    /// Fail on known findings and on warnings too
    #[arg(long)]
    pub strict: bool,

    /// How to write the report
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "terminal",
        help_heading = "Output"
    )]
    pub format: Format,

    /// Write a report into a file too: json, gitlab, junit, sarif, markdown or html; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file, help_heading = "Output")]
    pub report: Vec<ReportFile>,

    /// Show only what fails and the summary
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Show known, skipped and passing snippets too
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// How a snippet is run.
    #[command(flatten)]
    pub running: Running,
}

/// How a snippet is run.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Running")]
pub struct Running {
    /// How many snippets run at once [default: the number of cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(bounds::JOBS))]
    pub jobs: Option<u64>,

    /// Do not run again what ran before and is as it was
    #[arg(long, overrides_with = "no_cache")]
    pub cache: bool,

    /// Run everything, whatever verify.toml says of the cache
    #[arg(long, overrides_with = "cache")]
    pub no_cache: bool,

    /// Which names of earlier snippets of its note a snippet sees: those it uses, none, or all [default: auto]
    #[arg(long, value_name = "STATE")]
    pub state: Option<State>,

    /// Keep snippets from files and network: fully or run nothing, as far as the system can, or not at all [default: auto]
    #[arg(long, value_name = "MODE")]
    pub sandbox: Option<Sandbox>,

    /// Processor time of one snippet [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(bounds::CPU))]
    pub cpu_limit: Option<u64>,

    /// Time on the clock of one snippet [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = bounds::seconds)]
    pub wall_limit: Option<Duration>,

    /// Memory of one snippet [default: 1024]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(bounds::MEMORY))]
    pub memory_limit: Option<u64>,

    /// How much output of one snippet is kept [default: 1024]
    #[arg(long, value_name = "KIB", value_parser = clap::value_parser!(u64).range(bounds::OUTPUT))]
    pub output_limit: Option<u64>,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people
    #[default]
    Terminal,
    /// One JSON document for programs
    Json,
    /// Annotations and a job summary for GitHub Actions
    Github,
    /// Code quality JSON for GitLab
    Gitlab,
    /// JUnit XML, a suite for each note
    Junit,
    /// SARIF 2.1.0 for code scanning
    Sarif,
    /// Markdown, to be pasted
    Markdown,
    /// A page with all notes, what is wrong beside their lines, in one file
    Html,
}

/// The formats of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Text for people
    #[default]
    Terminal,
    /// One JSON document for programs
    Json,
}

impl From<ListFormat> for Format {
    fn from(format: ListFormat) -> Self {
        match format {
            ListFormat::Terminal => Self::Terminal,
            ListFormat::Json => Self::Json,
        }
    }
}

/// A report that is to be written into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its format.
    pub format: Format,
    /// The file.
    pub file: PathBuf,
}

/// Reads `FORMAT=FILE`.
fn report_file(typed: &str) -> Result<ReportFile, String> {
    const FORMATS: &str = "json, gitlab, junit, sarif, markdown, html";
    let parts = typed.split_once('=').filter(|(_, file)| !file.is_empty());
    let Some((format, file)) = parts else {
        return Err(format!(
            "write a format and a file, as in `junit=report.xml`; the formats are {FORMATS}"
        ));
    };
    let format = match Format::from_str(format, false) {
        Ok(format @ (Format::Terminal | Format::Github)) => {
            let format = format.to_possible_value();
            let name = format.as_ref().map_or("", |value| value.get_name());
            return Err(format!(
                "`{name}` goes to standard output: use `--format {name}`; into a file go {FORMATS}"
            ));
        }
        Ok(format) => format,
        Err(_) => {
            return Err(format!(
                "there is no format `{format}`; there are {FORMATS}"
            ));
        }
    };
    Ok(ReportFile {
        format,
        file: file.into(),
    })
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless the environment asks for none
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which names of earlier snippets of its note a snippet sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Those of the snippets that define the names it uses
    #[default]
    Auto,
    /// None
    Isolated,
    /// All
    Note,
}

/// How snippets are kept from files and network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Sandbox {
    /// Fully, or nothing is run
    Require,
    /// As far as the system can
    #[default]
    Auto,
    /// Not at all
    Off,
}

impl ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::En, Self::Zh]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Self::En => PossibleValue::new("en").help("English"),
            Self::Zh => PossibleValue::new("zh").help("Chinese (中文)"),
        })
    }
}

impl Cli {
    /// The options of checking the notes; with another command only those that it shares.
    pub fn run_args(&self) -> RunArgs {
        let selection = match &self.command {
            None => return self.run.clone(),
            Some(Command::Fix(fix)) => return fix.run_args(),
            Some(Command::Review(review)) => return review.run_args(),
            Some(Command::Deps(deps)) => return deps.run_args(),
            Some(Command::Watch(watch)) => return watch.run_args(),
            Some(Command::Lsp(lsp)) => return lsp.run_args(),
            Some(Command::Merge(merge)) => return merge.run_args(),
            Some(Command::List(list)) => {
                return RunArgs {
                    selection: list.selection.clone(),
                    format: list.format.into(),
                    ..RunArgs::default()
                };
            }
            Some(Command::Python(interpreter)) => Selection {
                interpreter: interpreter.clone(),
                ..Selection::default()
            },
            Some(
                Command::Explain(_)
                | Command::Init(_)
                | Command::Clean
                | Command::Completions { .. },
            ) => Selection::default(),
        };
        RunArgs {
            selection,
            ..RunArgs::default()
        }
    }
}

/// The names of all commands.
pub fn command_names() -> Vec<String> {
    Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// The completion script for `shell`.
pub fn completion_script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "verify", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("verify").chain(words.split_whitespace()))
    }

    #[test]
    fn clap_finds_no_contradiction() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_word_that_is_no_command_is_a_path() {
        let cli = parse("notes other.md:3").unwrap();
        assert!(cli.command.is_none());
        assert_eq!(
            cli.run.selection.paths,
            [PathBuf::from("notes"), PathBuf::from("other.md:3")]
        );
    }

    #[test]
    fn a_command_takes_its_own_options() {
        let cli = parse("list --claims --format json --python 3.12 notes").unwrap();
        let Some(Command::List(list)) = cli.command else {
            panic!("not list")
        };
        let selection = &list.selection;
        assert!(list.claims);
        assert_eq!(list.format, ListFormat::Json);
        assert_eq!(selection.interpreter.python.as_deref(), Some("3.12"));
        assert_eq!(selection.paths, [PathBuf::from("notes")]);
    }

    #[test]
    fn a_command_after_an_option_is_a_path() {
        let cli = parse("--strict list").unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.run.selection.paths, [PathBuf::from("list")]);
    }

    #[test]
    fn shared_options_reach_the_run_args_of_commands() {
        let args = parse("python --python 3.12").unwrap().run_args();
        assert_eq!(args.selection.interpreter.python.as_deref(), Some("3.12"));
        assert!(!args.update);
    }

    #[test]
    fn fix_runs_with_the_options_that_were_typed_for_it() {
        let cli = parse("fix -y --code --filter x --expected e -j 2 --python 3.12 notes").unwrap();
        let args = cli.run_args();
        assert_eq!(args.selection.paths, [PathBuf::from("notes")]);
        assert_eq!(args.selection.filter.as_deref(), Some("x"));
        assert_eq!(args.selection.interpreter.python.as_deref(), Some("3.12"));
        assert_eq!(args.expected, Some(PathBuf::from("e")));
        assert_eq!(args.running.jobs, Some(2));
    }

    #[test]
    fn options_of_the_run_are_read() {
        let cli =
            parse("--update -j 4 --state note --sandbox off --wall-limit 0.5 -v --color always")
                .unwrap();
        let running = &cli.run.running;
        assert!(cli.run.update && cli.run.verbose);
        assert_eq!(running.jobs, Some(4));
        assert_eq!(running.state, Some(State::Note));
        assert_eq!(running.sandbox, Some(Sandbox::Off));
        assert_eq!(running.wall_limit, Some(Duration::from_millis(500)));
        assert_eq!(cli.color, ColorChoice::Always);
    }

    #[test]
    fn reports_are_a_format_and_a_file() {
        let cli = parse("--report junit=a/b.xml --report sarif=c=d").unwrap();
        let report = |format, file: &str| ReportFile {
            format,
            file: file.into(),
        };
        assert_eq!(
            cli.run.report,
            [
                report(Format::Junit, "a/b.xml"),
                report(Format::Sarif, "c=d")
            ]
        );
    }

    #[test]
    fn a_ref_may_be_left_out() {
        let changed = |words| parse(words).unwrap().run.changed;
        assert_eq!(changed("").as_deref(), None);
        assert_eq!(changed("--changed").as_deref(), Some(""));
        assert_eq!(changed("notes --changed -q").as_deref(), Some(""));
        assert_eq!(changed("--changed main notes").as_deref(), Some("main"));
        assert_eq!(changed("--changed=HEAD~2").as_deref(), Some("HEAD~2"));
    }

    #[test]
    fn bad_values_are_refused() {
        for words in [
            "--report junit",
            "--report junit=",
            "--report terminal=a",
            "--report github=a",
            "--report xml=a",
            "list --format sarif",
            "-j 0",
            "--cpu-limit 0",
            "--wall-limit -1",
            "--wall-limit nan",
            "--wall-limit soon",
            "--memory-limit 1",
            "--output-limit 0",
            "--state some",
            "--filter=",
            "-q -v",
            "list --update",
            "fix --yes --dry-run",
            "fix --update",
        ] {
            assert!(parse(words).is_err(), "{words} was accepted");
        }
    }

    #[test]
    fn completions_know_the_options() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            assert!(completion_script(shell).contains("memory-limit"), "{shell}");
        }
    }
}
