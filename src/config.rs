//! What was decided: one pure function from what was typed, `verify.toml` and
//! the facts of the process to the one value that the rest works with.
//!
//! Nobody else reads the command line, `verify.toml`, the environment or the
//! terminal. The file system is only asked what is there.

mod asking;
pub mod bounds;
mod environment;
mod file;
mod keys;
mod mistake;
pub mod reference;
mod server;
mod setup;
mod shards;
mod target;
mod trust;
mod value;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::asking::{Fixing, Reviewing, decide_fixing, decide_reviewing};
pub use self::environment::Environment;
use self::file::File;
pub use self::file::NAME;
pub use self::mistake::{ConfigError, Mistake};
pub use self::server::Server;
pub use self::setup::Setup;
pub use self::target::Target;
use self::target::absolute;
use self::value::Placed;
use crate::cli::{Cli, ColorChoice, Command, RunArgs};
pub use crate::cli::{Format, ReportFile, Sandbox, State, With};
use crate::model::{Lang, ShardNumber};
pub use crate::report::terminal::Verbosity;

const DEFAULT_WIDTH: usize = 100;
const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// Everything that was decided before anything runs.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Config {
    /// The folder of `verify.toml`, else the current one. Reports show paths from here.
    pub root: PathBuf,
    /// The `verify.toml` that was read, if any.
    pub settings: Option<PathBuf>,
    /// A person named the `verify.toml`, or said that it is to be trusted.
    pub settings_typed: bool,
    /// Keys of `verify.toml` that were left out, as strangers may have written it.
    pub distrusted: Vec<&'static str>,
    /// Where to look for snippets; all of it is there.
    pub paths: Vec<Target>,
    /// `paths` were typed.
    pub explicit_paths: bool,
    /// The folder of the recordings; it need not be there yet.
    pub expected: PathBuf,
    /// The Python of `--python`: a version or an absolute path.
    pub python: Option<String>,
    /// The Python of `verify.toml`: a version or an absolute path.
    pub python_config: Option<String>,
    /// The environment that is made for the notes, where one is wanted.
    pub environment: Option<Made>,
    /// How many snippets run at once.
    pub jobs: usize,
    /// Only snippets that contain this text.
    pub filter: Option<String>,
    /// Only notes that were changed since this commit or branch, `""` for the default branch.
    pub changed: Option<String>,
    /// Only the notes of this shard.
    pub shard: Option<ShardNumber>,
    /// The JSON report that says how long the notes took before; it need not be there.
    pub timings: Option<PathBuf>,
    /// The file by which Bazel is told that shards are known of.
    pub shard_status: Option<PathBuf>,
    /// How to write the report.
    pub format: Format,
    /// The reports that are written into files too, with absolute paths.
    pub reports: Vec<ReportFile>,
    /// The way from the repository to `root`, with a `/` at its end, `""` for none.
    pub prefix: String,
    /// What runs it.
    pub server: Server,
    /// Fail on known findings and on warnings too.
    pub strict: bool,
    /// How much to tell.
    pub verbosity: Verbosity,
    /// Use colour.
    pub color: bool,
    /// Show progress on standard error.
    pub progress: bool,
    /// Which names of earlier snippets a snippet sees.
    pub state: State,
    /// What a snippet may use.
    pub limits: Limits,
    /// How snippets are kept from files and network.
    pub sandbox: Sandbox,
    /// What of the project snippets may reach.
    pub grants: Grants,
    /// The names of the environment variables that snippets see.
    pub pass: Vec<String>,
    /// What is run before the snippets of some notes.
    pub setup: Vec<Setup>,
    /// Look for names that are gone in running text too.
    pub mentions: bool,
    /// The language of all messages; none where each note has those beside it in its own.
    pub lang: Option<Lang>,
    /// Take words of sentences for names, not inline code alone.
    pub prose: bool,
    /// Answer from the cache what ran before and is as it was.
    pub cache: bool,
    /// Record what the snippets do.
    pub update: bool,
    /// What is found is decided one by one, so it is found out what could be recorded.
    pub review: bool,
    /// This is an unattended run.
    pub ci: bool,
    /// Columns to write for.
    pub width: usize,
}

/// An environment that `uv` makes with what the notes need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// A file of requirements, which is there.
    pub requirements: Option<PathBuf>,
}

/// Files and folders that snippets may reach beside their own; all of them are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Those that they may read.
    pub read: Vec<PathBuf>,
    /// Those that they may also write to.
    pub write: Vec<PathBuf>,
}

/// What one snippet may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Seconds of processor time.
    pub cpu: u64,
    /// Time on the clock.
    pub wall: Duration,
    /// Bytes of memory.
    pub memory: u64,
    /// Bytes of output that are kept.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu: 10,
            wall: Duration::from_secs(30),
            memory: 1024 * MIB,
            output: 1024 * KIB,
        }
    }
}

impl Config {
    /// The folders that whoever wrote the notes may have filled, beside the root: those of the notes,
    /// and what the server has checked out.
    pub fn checked(&self) -> Vec<PathBuf> {
        let folder = |target: &Target| {
            let path = &target.path;
            let folder = if path.is_dir() {
                Some(path.as_path())
            } else {
                path.parent()
            };
            folder.map(Path::to_owned)
        };
        let notes = self.paths.iter().filter_map(folder);
        notes.chain(self.server.repository.clone()).collect()
    }
}

/// Decides. What was typed goes before `verify.toml`, and that before the defaults.
pub fn decide(cli: &Cli, env: &Environment) -> Result<Config, ConfigError> {
    let args = cli.run_args();
    let mut mistakes = Vec::new();
    let (root, mut file) = read_file(&args, env, &mut mistakes);
    let settings_typed = cli.trust_config || args.selection.interpreter.config.is_some();
    let mut distrusted = Vec::new();
    if !settings_typed {
        distrusted = distrust(cli, &args, env, &mut file, &mut mistakes);
    }
    let paths = decide_paths(&args, &file, env, &root, &mut mistakes);
    let expected = decide_expected(&args, &file, env, &root, &mut mistakes);
    let grants = Grants {
        read: existing(
            file.read.as_deref().unwrap_or_default(),
            "read",
            &root,
            &mut mistakes,
        ),
        write: existing(
            file.write.as_deref().unwrap_or_default(),
            "write",
            &root,
            &mut mistakes,
        ),
    };
    let setup = setup::decide(&file.setup, &root, &mut mistakes);
    let reports = decide_reports(&args, env, &mut mistakes);
    let (shard, shard_status) = shards::decide(&args.sharding, env, &mut mistakes);
    let requirements = file.requirements.as_slice();
    let mut requirements = existing(requirements, "requirements", &root, &mut mistakes);
    if let Some(unused) = file.requirements.as_ref().filter(|_| !file.uv) {
        mistakes.push(Mistake::new(
            unused.place.clone(),
            "`requirements` is for an environment, and none is made",
            "write `environment = \"uv\"` beside it, or remove it",
        ));
    }
    if !mistakes.is_empty() {
        return Err(ConfigError { mistakes });
    }
    let selection = &args.selection;
    let jobs = args
        .running
        .jobs
        .or(file.jobs)
        .and_then(|jobs| usize::try_from(jobs).ok());
    Ok(Config {
        settings_typed,
        distrusted,
        explicit_paths: !selection.paths.is_empty(),
        python: selection
            .interpreter
            .python
            .as_deref()
            .map(|python| place_python(python, &env.cwd)),
        python_config: file
            .python
            .as_deref()
            .map(|python| place_python(python, &root)),
        environment: file.uv.then(|| Made {
            requirements: requirements.pop(),
        }),
        jobs: jobs.unwrap_or(env.cores).max(1),
        filter: selection.filter.clone(),
        changed: args.changed.clone(),
        shard,
        timings: (args.sharding.timings.as_deref()).map(|path| absolute(&env.cwd, path)),
        shard_status,
        format: args.format,
        reports,
        prefix: env.server.prefix(&root),
        server: env.server.clone(),
        strict: args.strict || file.strict.unwrap_or_default(),
        verbosity: decide_verbosity(&args),
        color: decide_color(cli.color, args.format, env),
        progress: env.is_terminal_stderr && !env.ci && !args.quiet,
        state: args.running.state.or(file.state).unwrap_or_default(),
        limits: decide_limits(&args, &file),
        sandbox: args.running.sandbox.or(file.sandbox).unwrap_or_default(),
        grants,
        setup,
        mentions: file.mentions.unwrap_or(true),
        lang: cli
            .lang
            .or(file.lang)
            .or_else(|| lang_of_locale(&env.locale)),
        prose: file.prose.unwrap_or(true),
        cache: decide_cache(cli, &args, &file, env),
        update: args.update,
        review: matches!(cli.command, Some(Command::Review(_))),
        ci: env.ci,
        width: env.term_width.unwrap_or(DEFAULT_WIDTH),
        pass: file.pass.unwrap_or_default(),
        settings: settings(&args, env),
        root,
        paths,
        expected,
    })
}

/// Leaves out of a `verify.toml` that was found what it may not say where it was found, and returns the keys.
fn distrust(
    cli: &Cli,
    args: &RunArgs,
    env: &Environment,
    file: &mut File,
    mistakes: &mut Vec<Mistake>,
) -> Vec<&'static str> {
    if is_turned_off_for_an_editor(cli, args, file) {
        mistakes.push(Mistake::new(
            "",
            "a `verify.toml` turns the sandbox off, which a workspace may not do",
            "write `--sandbox off` or `--trust-config` behind `verify lsp` in the settings of your editor",
        ));
    }
    if env.server.is_pull_request {
        file.without_rights()
    } else {
        Vec::new()
    }
}

/// An editor opens whatever somebody has downloaded, and runs its snippets at once.
fn is_turned_off_for_an_editor(cli: &Cli, args: &RunArgs, file: &File) -> bool {
    let is_editor = matches!(cli.command, Some(Command::Lsp(_)));
    is_editor && args.running.sandbox.is_none() && file.sandbox == Some(Sandbox::Off)
}

/// The language of messages of a command that needs no configuration.
pub fn lang(cli: &Cli, env: &Environment) -> Lang {
    let lang = cli.lang.or_else(|| lang_of_locale(&env.locale));
    lang.unwrap_or_default()
}

/// The language for a locale; none for those that stand for no language.
fn lang_of_locale(locale: &str) -> Option<Lang> {
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    match name.split('_').next().unwrap_or_default() {
        "" | "C" | "POSIX" => None,
        "zh" => Some(Lang::Zh),
        _ => Some(Lang::En),
    }
}

/// What is wrong with the text of a `verify.toml`, each with its line and column.
pub fn mistakes(text: &str) -> Vec<Mistake> {
    file::parse(text, NAME).err().unwrap_or_default()
}

/// The `verify.toml` that was named, else the nearest one.
fn settings(args: &RunArgs, env: &Environment) -> Option<PathBuf> {
    let typed = args.selection.interpreter.config.as_deref();
    typed
        .map(|path| absolute(&env.cwd, path))
        .or_else(|| file::find(&env.cwd))
}

/// The root and what `verify.toml` says; mistakes of the file leave it empty.
fn read_file(args: &RunArgs, env: &Environment, mistakes: &mut Vec<Mistake>) -> (PathBuf, File) {
    let Some(path) = settings(args, env) else {
        return (env.cwd.clone(), File::default());
    };
    let shown = path
        .strip_prefix(&env.cwd)
        .unwrap_or(&path)
        .display()
        .to_string();
    let root = path.parent().unwrap_or(&env.cwd).to_path_buf();
    let file = file::read(&path, &shown).unwrap_or_else(|wrong| {
        mistakes.extend(wrong);
        File::default()
    });
    (root, file)
}

fn decide_paths(
    args: &RunArgs,
    file: &File,
    env: &Environment,
    root: &Path,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Target> {
    let typed = &args.selection.paths;
    if typed.is_empty() {
        return file_paths(file, root, mistakes);
    }
    let mut targets = Vec::new();
    for path in typed {
        match Target::typed(path, &env.cwd) {
            Ok(target) => targets.push(target),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    targets
}

fn file_paths(file: &File, root: &Path, mistakes: &mut Vec<Mistake>) -> Vec<Target> {
    let Some(paths) = &file.paths else {
        let notes = root.join("notes");
        let path = if notes.is_dir() {
            notes
        } else {
            root.to_path_buf()
        };
        return vec![Target { path, line: None }];
    };
    existing(paths, "paths", root, mistakes)
        .into_iter()
        .map(|path| Target { path, line: None })
        .collect()
}

/// These paths from `root`, with a mistake for each that is not there.
fn existing(paths: &[Placed], key: &str, root: &Path, mistakes: &mut Vec<Mistake>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        let there = absolute(root, Path::new(&path.text));
        if !there.exists() {
            let message = format!("there is no file or folder `{}`", path.text);
            let help = format!("correct the path, or remove it from `{key}`");
            mistakes.push(Mistake::new(&path.place, message, help));
        }
        found.push(there);
    }
    found
}

fn decide_expected(
    args: &RunArgs,
    file: &File,
    env: &Environment,
    root: &Path,
    mistakes: &mut Vec<Mistake>,
) -> PathBuf {
    let path = match (&args.expected, &file.expected) {
        (Some(typed), _) => absolute(&env.cwd, typed),
        (None, Some(written)) => absolute(root, Path::new(written)),
        (None, None) => root.join("expected"),
    };
    if path.exists() && !path.is_dir() {
        let message = format!(
            "the recordings belong in a folder, and `{}` is a file",
            path.display()
        );
        mistakes.push(Mistake::new(
            "",
            message,
            "name another folder with `--expected DIR` or in verify.toml",
        ));
    }
    if let Some(link) = link_outside(&path, root) {
        let message = format!(
            "`{}` is a link that leads out of the project, so no recording is read or written there",
            link.display()
        );
        mistakes.push(Mistake::new(
            "",
            message,
            "put a folder in its place, or name the one that is meant with `--expected DIR` or in verify.toml",
        ));
    }
    path
}

/// The link between the root and the folder of the recordings, or that folder itself, which leads
/// to somewhere else.
fn link_outside(expected: &Path, root: &Path) -> Option<PathBuf> {
    let inside = expected.strip_prefix(root).ok()?;
    let real = root.canonicalize().ok()?;
    let mut there = root.to_owned();
    inside.components().find_map(|part| {
        there.push(part);
        let leads_out = || {
            let end = there.canonicalize();
            end.map_or(true, |end| !end.starts_with(&real))
        };
        (there.is_symlink() && leads_out()).then(|| there.clone())
    })
}

/// The files that reports go to. A device or a folder is refused before anything runs.
fn decide_reports(
    args: &RunArgs,
    env: &Environment,
    mistakes: &mut Vec<Mistake>,
) -> Vec<ReportFile> {
    let mut reports: Vec<ReportFile> = Vec::new();
    for typed in &args.report {
        let shown = typed.file.display();
        let file = absolute(&env.cwd, &typed.file);
        // What `/dev/stdout` leads to may be a file, which is not to be replaced.
        let is_device = file.starts_with("/dev") || file.exists() && !file.is_file();
        // A link stays one: what it leads to is written.
        let file = file.canonicalize().unwrap_or(file);
        if is_device {
            let message = format!("a report can't be written to `{shown}`, which is no file");
            mistakes.push(Mistake::new("", message, "name a file"));
        } else if reports.iter().any(|other| other.file == file) {
            let message = format!("two reports are to be written to `{shown}`");
            mistakes.push(Mistake::new("", message, "name a file of its own for each"));
        }
        reports.push(ReportFile {
            format: typed.format,
            file,
        });
    }
    reports
}

/// A path of an interpreter is taken from where it was written; anything else is a version or a name.
fn place_python(python: &str, base: &Path) -> String {
    if python.contains('/') {
        // Not resolved: the folder of a virtual environment is found by the link in it.
        base.join(python).display().to_string()
    } else {
        python.to_owned()
    }
}

fn decide_verbosity(args: &RunArgs) -> Verbosity {
    match (args.quiet, args.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, true) => Verbosity::Verbose,
        (false, false) => Verbosity::Normal,
    }
}

fn decide_color(choice: ColorChoice, format: Format, env: &Environment) -> bool {
    let wanted = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => !env.no_color && (env.clicolor_force || env.is_terminal_stdout),
    };
    wanted && format == Format::Terminal
}

/// Off in an unattended run unless it is typed; elsewhere on where it is written, and in `verify watch`.
fn decide_cache(cli: &Cli, args: &RunArgs, file: &File, env: &Environment) -> bool {
    let watches = matches!(cli.command, Some(Command::Watch(_)));
    let typed = args.running.cache.then_some(true);
    let typed = typed.or(args.running.no_cache.then_some(false));
    typed.unwrap_or(!env.ci && file.cache.unwrap_or(watches))
}

fn decide_limits(args: &RunArgs, file: &File) -> Limits {
    let (typed, default) = (&args.running, Limits::default());
    Limits {
        cpu: typed.cpu_limit.or(file.cpu).unwrap_or(default.cpu),
        wall: typed.wall_limit.or(file.wall).unwrap_or(default.wall),
        memory: typed
            .memory_limit
            .or(file.memory)
            .map_or(default.memory, |mib| mib * MIB),
        output: typed
            .output_limit
            .or(file.output)
            .map_or(default.output, |kib| kib * KIB),
    }
}

#[cfg(test)]
mod tests;
