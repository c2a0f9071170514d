//! How a project begins.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use snapbox::str;

use crate::support::{Project, note};

#[test]
fn a_project_begins_with_init() {
    let project = Project::with_note(&note(&["print(1)"]));
    project.bare("init").is(str![[r#"
wrote verify.toml
wrote expected/.gitkeep
wrote .github/workflows/verify.yml
next: `verify` checks the notes, and `verify --update` records what they do today
[exit 0]

"#]]);
    let files = project.files();
    assert_eq!(
        project.names(),
        [
            ".github/workflows/verify.yml",
            "expected/.gitkeep",
            "notes/a.md",
            "verify.toml"
        ]
    );
    project.verify("").is(str![[r#"
error: nothing is recorded yet for 1 snippet
  notes/a.md: 1 new snippet (line 2)
  help: if they do what you mean, run `verify --update` and commit what it writes

1 note, 1 snippet: 0 pass, 1 new in [TIME]
[exit 1]

"#]]);
    project.verify("--update").exits(0);
    project.verify("--strict").exits(0);
    project.bare("init").is(str![[r#"
kept verify.toml, which was there already
kept expected/.gitkeep, which was there already
kept .github/workflows/verify.yml, which was there already
next: `verify` checks the notes, and `verify --update` records what they do today
[exit 0]

"#]]);
    for (path, content) in files {
        assert_eq!(fs::read(project.at(&path)).unwrap(), content, "{path}");
    }
}

#[test]
fn other_places_are_served_too_and_what_they_have_is_kept() {
    let project = Project::new().file(".gitlab-ci.yml", "mine:\n");
    project.bare("init --with gitlab,pre-commit").is(str![[r#"
wrote verify.toml
wrote expected/.gitkeep
kept .gitlab-ci.yml, which was there already
wrote .pre-commit-config.yaml
next: `verify` checks the notes, and `verify --update` records what they do today
[exit 0]

"#]]);
    assert_eq!(project.read(".gitlab-ci.yml"), "mine:\n");
    assert_eq!(project.bare("init --with jenkins").code, Some(2));
}

#[test]
fn every_line_of_the_settings_can_be_switched_on() {
    let project = Project::with_note(&note(&["print(1)"]));
    project.bare("init").exits(0);
    let switched: String = project
        .read("verify.toml")
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert!(
        switched.parse::<toml::Table>().unwrap().len() > 4,
        "{switched}"
    );
    project.write("verify.toml", switched);
    assert_eq!(
        project.verify("").exits(1).counts(),
        "1 note, 1 snippet: 0 pass, 1 new in [TIME]"
    );
}

#[test]
fn a_folder_that_may_not_be_written_is_told() {
    let project = Project::new();
    fs::set_permissions(project.root(), fs::Permissions::from_mode(0o500)).unwrap();
    let session = project.bare("init");
    fs::set_permissions(project.root(), fs::Permissions::from_mode(0o700)).unwrap();
    if session.code == Some(0) {
        return eprintln!("this user may write everywhere");
    }
    assert_eq!(session.code, Some(2));
    assert!(
        session
            .err
            .starts_with("error: verify.toml: it can't be written: "),
        "{}",
        session.text()
    );
}
