//! What an editor is told of the notes: marks, hovers, actions.
//!
//! Everything is about the notes as they were saved. An action that edits is offered only where
//! the editor has the very text that was judged, and only if the edit is proved as `verify fix`
//! proves its own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::place::{Encoding, Text, file_of, uri_of};
use super::{RECORD, Refused, transport};
use crate::config::Target;
use crate::fix::{self, Fix, NoteFixes, Subject};
use crate::model::{Lang, NoteReport, Report};
use crate::report::editor::{self, Level, Mark};
use crate::report::progress::Bar;
use crate::run::live::{Live, Refreshed};

/// One open project.
pub(super) struct Session<'a> {
    live: Live<'a>,
    encoding: Encoding,
    /// The client can be asked to tell what changes outside of it.
    registers: bool,
    /// What is open in the editor.
    open: BTreeMap<PathBuf, Open>,
    /// What was told of each file.
    told: BTreeMap<String, Value>,
    /// What was last said to be in the way.
    trouble: Option<String>,
}

struct Open {
    uri: String,
    text: String,
}

type Answer = Result<Value, Refused>;

impl<'a> Session<'a> {
    pub(super) fn new(live: Live<'a>, encoding: Encoding, registers: bool) -> Self {
        Self {
            live,
            encoding,
            registers,
            open: BTreeMap::new(),
            told: BTreeMap::new(),
            trouble: None,
        }
    }

    /// Takes a notification. Those that are not known are passed over, as are broken ones.
    pub(super) fn told(
        &mut self,
        method: &str,
        params: &Value,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let uri = params["textDocument"]["uri"].as_str();
        let file = uri.and_then(file_of);
        match (method, file, uri) {
            ("initialized", ..) => self.begin(out),
            ("textDocument/didOpen", Some(file), Some(uri)) => {
                let text = params["textDocument"]["text"].as_str();
                self.keep(file, uri, text);
                Ok(())
            }
            ("textDocument/didChange", Some(file), Some(uri)) => {
                let changes = params["contentChanges"].as_array();
                let text = changes.and_then(|changes| changes.last()?["text"].as_str());
                self.keep(file, uri, text);
                Ok(())
            }
            ("textDocument/didClose", Some(file), _) => {
                self.open.remove(&file);
                Ok(())
            }
            ("textDocument/didSave", Some(file), _) => self.refresh(&[file], out),
            ("workspace/didChangeWatchedFiles", ..) => {
                let changes = params["changes"].as_array().into_iter().flatten();
                let files = changes.filter_map(|change| file_of(change["uri"].as_str()?));
                self.refresh(&files.collect::<Vec<_>>(), out)
            }
            _ => Ok(()),
        }
    }

    /// Answers a request.
    pub(super) fn asked(
        &mut self,
        method: &str,
        params: &Value,
        out: &mut dyn Write,
    ) -> io::Result<Answer> {
        match method {
            "textDocument/hover" => Ok(self.hover(params)),
            "textDocument/codeAction" => Ok(self.actions(params)),
            "workspace/executeCommand" => self.execute(params, out),
            _ => Ok(Err(Refused::method(method))),
        }
    }

    fn keep(&mut self, file: PathBuf, uri: &str, text: Option<&str>) {
        if let Some(text) = text {
            let (uri, text) = (uri.to_owned(), text.to_owned());
            self.open.insert(file, Open { uri, text });
        }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.registers {
            let watcher = |pattern: &str| json!({"globPattern": pattern});
            let patterns = ["**/*.{md,markdown,toml}", "**/.{gitignore,verifyignore}"];
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": patterns.map(watcher)},
            });
            let params = json!({"registrations": [registration]});
            let method = "client/registerCapability";
            let request =
                json!({"jsonrpc": "2.0", "id": "files", "method": method, "params": params});
            transport::write(out, &request)?;
        }
        self.refresh(&[], out)?;
        self.live.warm_up();
        Ok(())
    }

    fn lang(&self) -> Lang {
        let lang = self.live.config().and_then(|config| config.lang);
        lang.unwrap_or_default()
    }

    /// Looks anew at what these files are about, and tells what that changes.
    fn refresh(&mut self, files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
        let progress = Bar::new(false, self.lang());
        let refreshed = self.live.refresh(files, &progress);
        if !refreshed.looked || self.live.is_stopped() {
            return Ok(());
        }
        let trouble = refreshed.trouble.as_ref();
        let trouble = trouble.map(|trouble| editor::trouble(&trouble.message, &trouble.help));
        if let Some(message) = trouble.as_ref().filter(|_| trouble != self.trouble) {
            show(message, 1, out)?;
        }
        self.trouble = trouble;
        self.publish(&refreshed, out)
    }

    /// Tells the marks of what was looked at, where they are others than before.
    fn publish(&mut self, refreshed: &Refreshed, out: &mut dyn Write) -> io::Result<()> {
        let Some(config) = self.live.config() else {
            return Ok(());
        };
        let report = self.live.report();
        let warnings = editor::warnings(report);
        let mut paths: BTreeSet<&str> = warnings.iter().map(|mark| mark.path.as_str()).collect();
        paths.extend(
            refreshed
                .touched
                .iter()
                .chain(&refreshed.gone)
                .map(String::as_str),
        );
        paths.extend(self.told.keys().map(String::as_str));
        paths.remove("");
        let mut told = Vec::new();
        for path in paths {
            let marks = self.marks(report, path, &warnings);
            if self.told.get(path).unwrap_or(&json!([])) != &marks {
                let uri = self.uri_of(path, &config.root.join(path));
                told.push((path.to_owned(), uri, marks));
            }
        }
        for (path, uri, marks) in told {
            let params = json!({"uri": uri, "diagnostics": marks});
            notify("textDocument/publishDiagnostics", &params, out)?;
            self.told.insert(path, marks);
        }
        Ok(())
    }

    /// The address by which the editor knows a file.
    fn uri_of(&self, path: &str, file: &std::path::Path) -> String {
        let mut open = self.open.iter();
        let known =
            open.find(|(open, _)| open.as_path() == file || self.live.shown(open) == Some(path));
        known.map_or_else(|| uri_of(file), |(_, open)| open.uri.clone())
    }

    fn marks(&self, report: &Report, path: &str, warnings: &[Mark]) -> Value {
        let note = note_of(report, path);
        let text = Text::new(note.map_or("", |note| &note.text), self.encoding);
        let uri = || {
            let root = self.live.config().map(|config| config.root.join(path));
            self.uri_of(path, &root.unwrap_or_default())
        };
        let of_note = note
            .map(|note| editor::marks(report, note))
            .unwrap_or_default();
        let of_run = warnings.iter().filter(|mark| mark.path == path).cloned();
        let marks = of_note.into_iter().chain(of_run);
        marks.map(|mark| diagnostic(&mark, &text, &uri)).collect()
    }

    fn hover(&self, params: &Value) -> Answer {
        let line = params["position"]["line"].as_u64();
        let line = line.ok_or_else(|| Refused::params("position.line"))?;
        let Some(note) = self.note(params)? else {
            return Ok(Value::Null);
        };
        let line = usize::try_from(line)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let Some((lines, markdown)) = editor::hover(self.live.report(), note, line) else {
            return Ok(Value::Null);
        };
        let text = Text::new(&note.text, self.encoding);
        Ok(json!({
            "contents": {"kind": "markdown", "value": markdown},
            "range": text.lines(lines.first, lines.last.max(lines.first)),
        }))
    }

    /// The note that a request is about; none for files that are no notes of this project.
    fn note(&self, params: &Value) -> Result<Option<&NoteReport>, Refused> {
        let uri = params["textDocument"]["uri"].as_str();
        let uri = uri.ok_or_else(|| Refused::params("textDocument.uri"))?;
        let shown = file_of(uri).and_then(|file| self.live.shown(&file));
        Ok(shown.and_then(|path| note_of(self.live.report(), path)))
    }

    fn actions(&self, params: &Value) -> Answer {
        let line = |end: &str| {
            let line = params["range"][end]["line"].as_u64();
            let line = line.and_then(|line| usize::try_from(line).ok());
            line.map(|line| line.saturating_add(1))
        };
        let (Some(first), Some(last)) = (line("start"), line("end")) else {
            return Err(Refused::params("range"));
        };
        let Some(note) = self.note(params)? else {
            return Ok(json!([]));
        };
        let uri = &params["textDocument"]["uri"];
        let mut actions = Vec::new();
        if self.is_as_saved(params, note) {
            actions.extend(self.edits(note, (first, last), params));
        }
        let block = editor::block_at(note, first);
        let title = block.and_then(|block| editor::record_title(block, note.lang));
        if let (Some(block), Some(title)) = (block, title) {
            // What is no snippet is recorded with its note.
            let line = block.status.map(|_| block.block.lines.first);
            let command = json!({"title": title, "command": RECORD, "arguments": [uri, line]});
            actions.push(json!({
                "title": title,
                "kind": "quickfix",
                "diagnostics": within(&params["context"]["diagnostics"], first, last),
                "command": command,
            }));
        }
        Ok(Value::Array(actions))
    }

    /// True where the editor has the text that was judged, but for line ends.
    fn is_as_saved(&self, params: &Value, note: &NoteReport) -> bool {
        let file = params["textDocument"]["uri"].as_str().and_then(file_of);
        let open = file.and_then(|file| self.open.get(&file));
        let plain = |text: &str| text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        open.is_none_or(|open| plain(&open.text) == plain(&note.text))
    }

    /// The actions that edit something on these lines.
    fn edits(&self, note: &NoteReport, lines: (usize, usize), params: &Value) -> Vec<Value> {
        let report = Report {
            notes: vec![note.clone()],
            ..Report::default()
        };
        let mut actions = Vec::new();
        for subject in [Subject::Claims, Subject::Code] {
            let found = fix::survey(&report, subject);
            let fixes = found.iter().flat_map(|NoteFixes { fixes, .. }| fixes);
            let here = fixes.filter(|fix| is_on(fix, lines) && is_proved(note, fix));
            actions.extend(here.map(|fix| self.edit(note, fix, lines, params)));
        }
        actions
    }

    fn edit(&self, note: &NoteReport, fix: &Fix, lines: (usize, usize), params: &Value) -> Value {
        let text = Text::new(&note.text, self.encoding);
        let edits: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| json!({"range": text.bytes(&edit.bytes), "newText": edit.text}))
            .collect();
        let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
        json!({
            "title": editor::fix_title(fix, note.lang),
            "kind": "quickfix",
            "isPreferred": true,
            "diagnostics": within(&params["context"]["diagnostics"], lines.0, lines.1),
            "edit": {"changes": {uri: edits}},
        })
    }

    fn execute(&mut self, params: &Value, out: &mut dyn Write) -> io::Result<Answer> {
        let command = params["command"].as_str().unwrap_or_default();
        if command != RECORD {
            return Ok(Err(Refused::method(command)));
        }
        let arguments = &params["arguments"];
        let Some(file) = arguments[0].as_str().and_then(file_of) else {
            return Ok(Err(Refused::params("arguments[0]")));
        };
        if self.live.shown(&file).is_none() {
            let why = format!("{}: no note of this project", file.display());
            return Ok(Err(Refused::failed(why)));
        }
        let line = arguments[1]
            .as_u64()
            .and_then(|line| usize::try_from(line).ok());
        let progress = Bar::new(false, self.lang());
        let place = Target { path: file, line };
        match self.live.record(Some(place), &progress) {
            Ok(finished) => {
                self.refresh(&[], out)?;
                let told = editor::recorded(finished.changes.len(), self.lang());
                show(&told, 3, out)?;
                Ok(Ok(Value::Null))
            }
            Err(trouble) => {
                let why = editor::trouble(&trouble.message, &trouble.help);
                Ok(Err(Refused::failed(why)))
            }
        }
    }
}

fn note_of<'r>(report: &'r Report, path: &str) -> Option<&'r NoteReport> {
    report.notes.iter().find(|note| note.path == path)
}

fn is_on(fix: &Fix, (first, last): (usize, usize)) -> bool {
    let lines = match (fix.checked(), fix.code()) {
        (Some(checked), _) => vec![checked.claim.lines, checked.claim.about.lines()],
        (None, Some(code)) => vec![code.lines],
        (None, None) => Vec::new(),
    };
    let mut lines = lines.iter();
    lines.any(|lines| lines.first <= last && first <= lines.last)
}

fn is_proved(note: &NoteReport, fix: &Fix) -> bool {
    match fix.code() {
        Some(_) => fix::prove_code(note, &[fix]).is_ok(),
        None => fix::prove(&note.text, &[fix], &fix::reader(note)).is_ok(),
    }
}

/// Those of the diagnostics of a request that begin on these lines.
fn within(diagnostics: &Value, first: usize, last: usize) -> Vec<&Value> {
    let on_lines = |diagnostic: &&Value| {
        let line = diagnostic["range"]["start"]["line"].as_u64();
        let line = line.and_then(|line| usize::try_from(line).ok());
        line.is_some_and(|line| (first..=last).contains(&line.saturating_add(1)))
    };
    let all = diagnostics.as_array().into_iter().flatten();
    all.filter(on_lines).collect()
}

fn diagnostic(mark: &Mark, text: &Text<'_>, uri: &dyn Fn() -> String) -> Value {
    let severity = match mark.level {
        Level::Error => 1,
        Level::Warning => 2,
        Level::Information => 3,
        Level::Hint => 4,
    };
    let mut diagnostic = json!({
        "range": text.range(mark.place),
        "severity": severity,
        "code": mark.rule,
        "source": "verify",
        "message": mark.message,
    });
    if let Some(url) = &mark.url {
        diagnostic["codeDescription"] = json!({"href": url});
    }
    if !mark.related.is_empty() {
        let related = mark.related.iter().map(|(line, message)| {
            let location = json!({"uri": uri(), "range": text.lines(*line, *line)});
            json!({"location": location, "message": message})
        });
        diagnostic["relatedInformation"] = related.collect();
    }
    diagnostic
}

/// Shows a message to the user: an error for 1, information for 3.
fn show(message: &str, kind: u8, out: &mut dyn Write) -> io::Result<()> {
    notify(
        "window/showMessage",
        &json!({"type": kind, "message": message}),
        out,
    )
}

fn notify(method: &str, params: &Value, out: &mut dyn Write) -> io::Result<()> {
    let message = json!({"jsonrpc": "2.0", "method": method, "params": params});
    transport::write(out, &message)
}
