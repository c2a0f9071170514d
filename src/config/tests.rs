//! Tests of `decide` and of `verify.toml`, over folders that hold no Python.

#![allow(clippy::unwrap_used)]

use std::fs;

use clap::{CommandFactory, Parser};
use tempfile::TempDir;

use super::file::parse;
use super::keys;
use super::*;
use crate::cli::FixArgs;

const DOCS: &str = include_str!("../../docs/configuration.md");

fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn env(cwd: &Path) -> Environment {
    Environment {
        cwd: cwd.to_path_buf(),
        cores: 3,
        ..Environment::default()
    }
}

fn run(words: &str, env: &Environment) -> Result<Config, ConfigError> {
    let words = std::iter::once("verify").chain(words.split_whitespace());
    decide(&Cli::try_parse_from(words).unwrap(), env)
}

fn mistakes(text: &str) -> String {
    let mistakes = parse(text, "verify.toml").unwrap_err();
    ConfigError { mistakes }.to_string()
}

#[test]
fn a_workspace_does_not_turn_the_sandbox_off() {
    let folder = project(&[("verify.toml", "sandbox = \"off\"\n"), ("a.md", "")]);
    let env = env(folder.path());
    let error = run("lsp", &env).unwrap_err().to_string();
    assert!(error.contains("--trust-config"), "{error}");
    for words in ["lsp --trust-config", "lsp --sandbox off", "watch"] {
        assert_eq!(run(words, &env).unwrap().sandbox, Sandbox::Off, "{words}");
    }
}

#[test]
fn defaults_need_no_file() {
    let folder = project(&[("a.md", "")]);
    let root = folder.path().to_path_buf();
    let config = run("", &env(&root)).unwrap();
    assert_eq!(
        config,
        Config {
            paths: vec![Target {
                path: root.clone(),
                line: None
            }],
            explicit_paths: false,
            expected: root.join("expected"),
            python: None,
            python_config: None,
            jobs: 3,
            filter: None,
            changed: None,
            shard: None,
            timings: None,
            shard_status: None,
            format: Format::Terminal,
            reports: vec![],
            prefix: String::new(),
            server: Server::default(),
            settings: None,
            settings_typed: false,
            distrusted: Vec::new(),
            strict: false,
            verbosity: Verbosity::Normal,
            color: false,
            progress: false,
            state: State::Auto,
            limits: Limits::default(),
            sandbox: Sandbox::Auto,
            grants: Grants::default(),
            pass: vec![],
            setup: vec![],
            mentions: true,
            lang: None,
            prose: true,
            cache: false,
            update: false,
            review: false,
            environment: None,
            ci: false,
            width: DEFAULT_WIDTH,
            root,
        }
    );
}

#[test]
fn the_folder_notes_is_taken_where_there_is_one() {
    let folder = project(&[("notes/a.md", ""), ("README.md", "")]);
    let config = run("", &env(folder.path())).unwrap();
    assert_eq!(
        config.paths,
        [Target {
            path: folder.path().join("notes"),
            line: None
        }]
    );
}

const FULL: &str = r#"
paths = ["docs", "a.md"]
expected = "recorded"
python = ".venv/bin/python"
state = "note"
jobs = 7
strict = true
mentions = false
prose = false
sandbox = "off"
[limits]
cpu = 1
wall = 2.5
memory = 64
output = 8
[environment]
pass = ["LANG"]
"#;

#[test]
fn the_file_is_found_above_and_its_folder_is_the_root() {
    let folder = project(&[("verify.toml", FULL), ("docs/deep/b.md", ""), ("a.md", "")]);
    let root = folder.path();
    let config = run("", &env(&root.join("docs/deep"))).unwrap();
    assert_eq!(config.root, root);
    let paths: Vec<_> = config
        .paths
        .iter()
        .map(|target| target.path.clone())
        .collect();
    assert_eq!(paths, [root.join("docs"), root.join("a.md")]);
    assert_eq!(config.expected, root.join("recorded"));
    assert_eq!(
        config.python_config,
        Some(root.join(".venv/bin/python").display().to_string())
    );
    assert_eq!(
        (
            config.state,
            config.jobs,
            config.strict,
            config.mentions || config.prose
        ),
        (State::Note, 7, true, false)
    );
    assert_eq!(config.sandbox, Sandbox::Off);
    let wall = Duration::from_millis(2500);
    assert_eq!(
        config.limits,
        Limits {
            cpu: 1,
            wall,
            memory: 64 * MIB,
            output: 8 * KIB
        }
    );
    assert_eq!(config.pass, ["LANG"]);
}

#[test]
fn what_was_typed_goes_before_the_file() {
    let folder = project(&[("verify.toml", FULL), ("docs/b.md", ""), ("a.md", "")]);
    let cwd = folder.path().join("docs");
    let words = "b.md:3 --expected out --python 3.13 --state auto -j 2 --sandbox require \
                 --cpu-limit 4 --wall-limit 5 --memory-limit 128 --output-limit 9";
    let config = run(words, &env(&cwd)).unwrap();
    assert_eq!(
        config.paths,
        [Target {
            path: cwd.join("b.md"),
            line: Some(3)
        }]
    );
    assert!(config.explicit_paths);
    assert_eq!(config.expected, cwd.join("out"));
    assert_eq!(config.python.as_deref(), Some("3.13"));
    assert_eq!(
        (config.state, config.jobs, config.sandbox),
        (State::Auto, 2, Sandbox::Require)
    );
    let wall = Duration::from_secs(5);
    assert_eq!(
        config.limits,
        Limits {
            cpu: 4,
            wall,
            memory: 128 * MIB,
            output: 9 * KIB
        }
    );
}

#[test]
fn a_file_above_the_repository_is_not_read() {
    let folder = project(&[
        ("verify.toml", "jobs = 9"),
        ("inner/.git/HEAD", ""),
        ("inner/deep/a.md", ""),
    ]);
    let cwd = folder.path().join("inner/deep");
    let config = run("", &env(&cwd)).unwrap();
    assert_eq!((config.root, config.jobs), (cwd, 3));
}

#[test]
fn a_typed_file_is_read_instead() {
    let folder = project(&[("verify.toml", "jobs = 9"), ("other/my.toml", "jobs = 5")]);
    let config = run("--config other/my.toml", &env(folder.path())).unwrap();
    assert_eq!((config.root, config.jobs), (folder.path().join("other"), 5));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = project(&[("sub/a.md", ""), ("bad.toml", "")]);
    fs::write(folder.path().join("bad.toml"), b"jobs = 1\n# \xff\n").unwrap();
    let message = |words| run(words, &env(folder.path())).unwrap_err().to_string();
    assert_eq!(
        message("--config sub"),
        "sub: this is a folder; name a file"
    );
    assert!(message("--config none.toml").starts_with("none.toml: it can't be read: "));
    assert_eq!(
        message("--config bad.toml"),
        "bad.toml:2: this line is not UTF-8; save the file as UTF-8"
    );
}

#[test]
fn mistakes_of_file_and_arguments_come_together() {
    let folder = project(&[
        ("verify.toml", "paths = [\"a.md\", \"gone\"]\n"),
        ("a.md", ""),
        ("file", ""),
    ]);
    let message = |words| run(words, &env(folder.path())).unwrap_err().to_string();
    assert_eq!(
        message(""),
        "verify.toml:1:18: there is no file or folder `gone`; correct the path, or remove it from `paths`"
    );
    assert_eq!(
        message("b.md x.md:1 --expected file"),
        format!(
            "there is no file or folder `b.md`; did you mean `a.md`?\n\
             there is no file or folder `x.md`; did you mean `a.md`?\n\
             the recordings belong in a folder, and `{}` is a file; \
             name another folder with `--expected DIR` or in verify.toml",
            folder.path().join("file").display()
        )
    );
}

#[test]
fn colour_and_progress_follow_the_terminal() {
    let folder = project(&[]);
    let color = |words, change: fn(&mut Environment)| {
        let mut env = env(folder.path());
        env.is_terminal_stdout = true;
        env.is_terminal_stderr = true;
        change(&mut env);
        let config = run(words, &env).unwrap();
        (config.color, config.progress)
    };
    assert_eq!(color("", |_| ()), (true, true));
    assert_eq!(color("--color never", |_| ()), (false, true));
    assert_eq!(color("", |env| env.no_color = true), (false, true));
    assert_eq!(
        color("--color always", |env| env.no_color = true),
        (true, true)
    );
    assert_eq!(color("--format json", |_| ()), (false, true));
    assert_eq!(
        color("-q", |env| env.is_terminal_stdout = false),
        (false, false)
    );
    assert_eq!(color("", |env| env.ci = true), (true, false));
    let piped =
        |env: &mut Environment| (env.is_terminal_stdout, env.clicolor_force) = (false, true);
    assert_eq!(color("", piped), (true, true));
}

#[test]
fn every_mistake_of_the_file_is_told_at_its_place() {
    let text = r#"expeted = "x"
python = 3.10
state = "isolate"
jobs = 0
strict = "yes"
paths = ["notes", 3]
cpu = 4
[limits]
wall = "long"
memroy = 5
memory = -1
strict = true
[environment]
pass = ["LANG", "A=B"]
[colour]
"#;
    assert_eq!(
        mistakes(text),
        "\
verify.toml:1:1: unknown key `expeted`; did you mean `expected`?
verify.toml:2:10: `python` is a text, not a number; put it in quotes: `python = \"3.10\"`
verify.toml:3:9: `state` is one of `auto`, `isolated`, `note`, not `isolate`; did you mean `isolated`?
verify.toml:4:8: `jobs` is a whole number from 1 to 1024, not 0; write a number in that range, or leave the key out
verify.toml:5:10: `strict` is `true` or `false`, not a text; write `strict = true`
verify.toml:6:19: `paths` is a list of texts that are not empty; write `paths = [\"notes\"]`
verify.toml:7:1: unknown key `cpu`; `cpu` belongs below `[limits]`
verify.toml:9:8: `wall` is a number of seconds from 0.1 to 86400, not a text; write a number in that range, or leave the key out
verify.toml:10:1: unknown key `memroy` in `[limits]`; did you mean `memory`?
verify.toml:11:10: `memory` is a whole number from 64 to 1048576, not -1; write a number in that range, or leave the key out
verify.toml:12:1: unknown key `strict` in `[limits]`; `strict` belongs above the first `[table]`
verify.toml:14:17: `A=B` is not the name of an environment variable; write the name alone, such as `LANG`
verify.toml:15:2: unknown key `colour`; the keys here are `paths`, `expected`, `python`, `state`, `jobs`, `strict`, `cache`, `mentions`, `prose`, `lang`, `sandbox`, `limits`, `environment`, `setup`"
    );
}

#[test]
fn what_is_granted_is_seen_from_the_root_and_has_to_be_there() {
    let text = "[sandbox]\nmode = \"require\"\nread = [\"data\", \"a.csv\"]\nwrite = [\"out/\"]\n";
    let files = [("verify.toml", text), ("data/x", ""), ("a.csv", "")];
    let folder = project(&files);
    let wrong = run("", &env(folder.path())).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "verify.toml:4:10: there is no file or folder `out/`; correct the path, or remove it from `write`"
    );
    fs::create_dir(folder.path().join("out")).unwrap();
    let config = run("", &env(folder.path())).unwrap();
    assert_eq!(config.sandbox, Sandbox::Require);
    let granted = Grants {
        read: vec![folder.path().join("data"), folder.path().join("a.csv")],
        write: vec![folder.path().join("out")],
    };
    assert_eq!(config.grants, granted);
}

#[test]
fn mistakes_below_sandbox_are_told_like_others() {
    assert_eq!(
        mistakes("[sandbox]\nmode = \"on\"\nread = \"data\"\nwrites = []\n"),
        "\
verify.toml:2:8: `mode` is one of `require`, `auto`, `off`, not `on`; write `mode = \"require\"`
verify.toml:3:8: `read` is a list of texts, not a text; write `read = [\"data\"]`
verify.toml:4:1: unknown key `writes` in `[sandbox]`; did you mean `write`?"
    );
}

#[test]
fn empty_values_are_mistakes() {
    assert_eq!(
        mistakes("paths = []\nexpected = \"\"\nlimits = 3\nsandbox = 1\n"),
        "\
verify.toml:1:9: `paths` is empty; write `paths = [\"notes\"]`, or leave the key out
verify.toml:2:12: `expected` is empty; write `expected = \"expected\"`, or leave the key out
verify.toml:3:1: `limits` is a table; write `[limits]` and its keys below
verify.toml:4:11: `sandbox` is one of `require`, `auto`, `off`, not a number; write `sandbox = \"require\"`"
    );
}

#[test]
fn broken_toml_is_told_with_its_line() {
    for (text, place) in [
        ("jobs = 1\nstate = \n", "verify.toml:2:"),
        ("\u{feff}jobs = 1\r\nstate 3\r\n", "verify.toml:2:"),
        ("jobs = 1\njobs = 2\n", "verify.toml:2:1: "),
        ("# 注释\npython = \"3.12\n", "verify.toml:2:"),
        ("paths = [\"a\"\n", "verify.toml:"),
    ] {
        let message = mistakes(text);
        assert!(
            message.starts_with(place) && message.contains("this is not TOML: "),
            "{text:?} gave {message}"
        );
    }
}

#[test]
fn an_unfinished_merge_is_told_once_for_each_place() {
    let text = "jobs = 1\n<<<<<<< HEAD\nstrict = true\n=======\nstrict = false\n>>>>>>> other\n";
    assert_eq!(
        mistakes(text),
        "verify.toml:2:1: a merge was left unfinished here; choose one side and remove the marks"
    );
}

#[test]
fn what_is_left_of_a_merge_is_told_too() {
    for text in [
        "jobs = 1\n=======\njobs = 2\n>>>>>>> other\n",
        "jobs = 1\n>>>>>>> other\n",
    ] {
        assert_eq!(
            mistakes(text),
            "verify.toml:2:1: a merge was left unfinished here; choose one side and remove the marks"
        );
    }
}

#[test]
fn wherever_the_file_is_cut_the_mistakes_have_a_line_that_is_there() {
    let text = uncommented();
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        let lines = text[..end].split('\n').count();
        for mistake in super::mistakes(&text[..end]) {
            let line = mistake
                .place
                .split(':')
                .nth(1)
                .and_then(|line| line.parse().ok());
            assert!(
                line.is_some_and(|line| (1..=lines).contains(&line)),
                "{end}: {mistake}"
            );
        }
    }
}

#[test]
fn columns_count_characters() {
    assert_eq!(
        mistakes("paths = [\"笔记\", 3]\n"),
        "verify.toml:1:16: `paths` is a list of texts that are not empty; write `paths = [\"notes\"]`"
    );
}

/// The template of `verify init` with the `#` of its settings removed.
fn uncommented() -> String {
    let template = include_str!("../init/verify.toml");
    let setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    let lines = template
        .lines()
        .map(|line| if setting(line) { &line[1..] } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_template_shows_the_defaults() {
    let text = uncommented();
    let plain = project(&[("notes/a.md", "")]);
    let default = run("", &env(plain.path())).unwrap();
    let settings = plain.path().join("verify.toml");
    fs::write(&settings, &text).unwrap();
    let expected = Config {
        settings: Some(settings),
        ..default
    };
    assert_eq!(run("", &env(plain.path())).unwrap(), expected);
}

#[test]
fn the_template_names_every_key() {
    let text = uncommented();
    let tables = std::iter::once("").chain(keys::TABLES.map(|(table, _)| table));
    for key in tables.flat_map(keys::names) {
        let named = text.lines().any(|line| {
            let line = line.trim_start_matches(['#', ' ']);
            line.starts_with(&format!("{key} = ")) || line == format!("[{key}]")
        });
        assert!(named, "{key} is not in the template");
    }
}

#[test]
fn the_documentation_names_every_option_and_command() {
    let mut cli = Cli::command();
    cli.build();
    for option in cli.get_arguments().filter_map(clap::Arg::get_long) {
        let documented =
            DOCS.contains(&format!("`--{option}`")) || DOCS.contains(&format!("`--{option} "));
        assert!(documented, "--{option} is not in docs/configuration.md");
    }
    for command in cli.get_subcommands().map(clap::Command::get_name) {
        assert!(
            DOCS.contains(&format!("| `verify {command}")),
            "{command} is not in docs/configuration.md"
        );
    }
}

#[test]
fn fixing_asks_only_where_somebody_can_answer() {
    let terminal = Environment {
        is_terminal_stdin: true,
        is_terminal_stdout: true,
        ..Environment::default()
    };
    let piped = Environment {
        is_terminal_stdin: false,
        ..terminal.clone()
    };
    let redirected = Environment {
        is_terminal_stdout: false,
        ..terminal.clone()
    };
    let ci = Environment {
        ci: true,
        ..terminal.clone()
    };
    let decide = |yes, dry_run, env: &Environment| {
        let args = FixArgs {
            yes,
            dry_run,
            ..FixArgs::default()
        };
        decide_fixing(&args, env)
    };
    assert_eq!(decide(false, false, &terminal), Ok(Fixing::Asked));
    for env in [&piped, &redirected, &ci] {
        assert_eq!(decide(true, false, env), Ok(Fixing::All));
        assert_eq!(decide(false, true, env), Ok(Fixing::Shown));
        let refused = decide(false, false, env).unwrap_err().to_string();
        assert!(
            refused.contains("`--dry-run`") && refused.contains("`--yes`"),
            "{refused}"
        );
    }
}

#[test]
fn the_language_is_that_of_the_option_then_the_file_then_the_locale() {
    let folder = project(&[("a.md", "")]);
    let decided = |words: &str, locale: &str| {
        let env = Environment {
            locale: locale.to_owned(),
            ..env(folder.path())
        };
        run(words, &env).unwrap().lang
    };
    for (locale, lang) in [
        ("zh_CN.UTF-8", Some(Lang::Zh)),
        ("zh", Some(Lang::Zh)),
        ("zh_TW.UTF-8@radical", Some(Lang::Zh)),
        ("en_US.UTF-8", Some(Lang::En)),
        ("de_DE", Some(Lang::En)),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("", None),
    ] {
        assert_eq!(decided("", locale), lang, "{locale}");
    }
    assert_eq!(decided("--lang zh", "en_US.UTF-8"), Some(Lang::Zh));
    fs::write(folder.path().join("verify.toml"), "lang = \"en\"\n").unwrap();
    assert_eq!(decided("", "zh_CN.UTF-8"), Some(Lang::En));
    assert_eq!(decided("list --lang zh", ""), Some(Lang::Zh));
    fs::write(folder.path().join("verify.toml"), "lang = \"fr\"\n").unwrap();
    let error = run("", &env(folder.path())).unwrap_err().to_string();
    assert!(
        error.contains("`lang` is one of `en`, `zh`, not `fr`"),
        "{error}"
    );
}

#[test]
fn the_cache_is_on_where_it_is_asked_for_and_off_in_an_unattended_run() {
    let folder = project(&[("notes/a.md", "")]);
    let file = folder.path().join(NAME);
    let decided = |written: &str, words: &str, ci: bool| {
        fs::write(&file, written).unwrap();
        let env = Environment {
            ci,
            ..env(folder.path())
        };
        run(words, &env).unwrap().cache
    };
    for (written, words, alone, in_ci) in [
        ("", "", false, false),
        ("", "watch", true, false),
        ("", "lsp", false, false),
        ("", "--cache", true, true),
        ("cache = true", "", true, false),
        ("cache = true", "fix", true, false),
        ("cache = true", "--no-cache", false, false),
        ("cache = false", "watch", false, false),
        ("cache = false", "watch --cache", true, true),
        ("", "--cache --no-cache", false, false),
    ] {
        assert_eq!(decided(written, words, false), alone, "{written} {words}");
        assert_eq!(decided(written, words, true), in_ci, "{written} {words}");
    }
}

#[test]
fn reports_go_to_files_of_their_own() {
    let folder = project(&[("a.md", ""), ("notes/b.md", "")]);
    let env = env(folder.path());
    let config = run("--report junit=out/j.xml", &env).unwrap();
    assert_eq!(config.reports[0].file, folder.path().join("out/j.xml"));
    let wrong = |words: &str| run(words, &env).unwrap_err().to_string();
    for words in ["--report junit=notes", "--report sarif=/dev/stdout"] {
        assert!(wrong(words).contains("which is no file"), "{words}");
    }
    assert!(wrong("--report json=x --report sarif=./x").contains("two reports"));
}
