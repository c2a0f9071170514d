//! The language server, as an editor meets it: real frames over its standard input and output,
//! and a session of Neovim.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Project, VERIFY, note};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// An editor with one project open.
struct Client<'p> {
    project: &'p Project,
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What came and was not asked for.
    told: Vec<Value>,
    asked: u64,
}

impl<'p> Client<'p> {
    /// Starts a server and says nothing yet.
    fn start(project: &'p Project, command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            project,
            input: child.stdin.take(),
            child,
            messages,
            told: Vec::new(),
            asked: 0,
        }
    }

    /// A server under the project's Python that has looked at all notes.
    fn open(project: &'p Project, capabilities: &Value) -> Self {
        let mut client = Self::start(project, &mut project.under_python(VERIFY, "lsp --stdio"));
        let root = format!("file://{}", project.root().display());
        let params = json!({"processId": null, "rootUri": root, "capabilities": capabilities});
        client.ask("initialize", &params);
        client.tell("initialized", &json!({}));
        client
    }

    fn send(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    fn post(&mut self, message: &Value) {
        let body = message.to_string();
        self.send(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.post(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The answer to a request: its `result`, or its `error`.
    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.post(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        let answer = self.wait(|message| message["id"] == id && message.get("method").is_none());
        answer.get("result").unwrap_or(&answer["error"]).clone()
    }

    fn next(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        message.unwrap_or_else(|error| panic!("{error}; told so far: {:#?}", self.told))
    }

    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.told.iter().position(&wanted) {
            return self.told.remove(at);
        }
        loop {
            let message = self.next();
            if wanted(&message) {
                return message;
            }
            self.told.push(message);
        }
    }

    fn uri(&self, path: &str) -> String {
        format!("file://{}", self.project.at(path).display())
    }

    /// The next diagnostics of a file.
    fn diagnostics(&mut self, path: &str) -> Vec<Value> {
        // A file is called as the editor calls it once it has opened it.
        let opened = self.uri(path);
        let escaped = opened.replace('数', "%E6%95%B0").replace('字', "%E5%AD%97");
        let message = self.wait(|message| {
            let uri = &message["params"]["uri"];
            message["method"] == "textDocument/publishDiagnostics"
                && (*uri == opened || *uri == escaped)
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    fn did_open(&mut self, path: &str) {
        let (uri, text) = (self.uri(path), self.project.read(path));
        let document = json!({"uri": uri, "languageId": "markdown", "version": 1, "text": text});
        self.tell("textDocument/didOpen", &json!({"textDocument": document}));
    }

    /// Writes a file as an editor does, with all that it tells about that.
    fn save(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        let change =
            json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]});
        self.tell("textDocument/didChange", &change);
        self.project.write(path, text);
        self.tell(
            "textDocument/didSave",
            &json!({"textDocument": {"uri": uri}}),
        );
    }

    fn hover(&mut self, path: &str, line: usize) -> String {
        let position = json!({"line": line - 1, "character": 2});
        let params = json!({"textDocument": {"uri": self.uri(path)}, "position": position});
        let hover = self.ask("textDocument/hover", &params);
        hover["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn actions(&mut self, path: &str, line: usize, diagnostics: &[Value]) -> Vec<Value> {
        let at = json!({"line": line - 1, "character": 0});
        let params = json!({
            "textDocument": {"uri": self.uri(path)},
            "range": {"start": at, "end": at},
            "context": {"diagnostics": diagnostics},
        });
        let actions = self.ask("textDocument/codeAction", &params);
        actions
            .as_array()
            .unwrap_or_else(|| panic!("{actions}"))
            .clone()
    }

    /// Runs the command of an action.
    fn execute(&mut self, action: &Value) -> Value {
        self.ask("workspace/executeCommand", &action["command"])
    }

    /// Ends it in order: its exit code, with nothing on standard error and nothing left behind.
    fn end(mut self) {
        assert_eq!(self.ask("shutdown", &Value::Null), Value::Null);
        self.tell("exit", &Value::Null);
        self.ended(0);
    }

    fn ended(mut self, code: i32) {
        drop(self.input.take());
        let session = self
            .project
            .finished(&self.child.wait_with_output().unwrap());
        assert_eq!((session.code, session.err.as_str()), (Some(code), ""));
    }
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    from.read_line(&mut header).ok()?;
    let length = header
        .strip_prefix("Content-Length: ")?
        .trim()
        .parse()
        .ok()?;
    let mut blank = String::new();
    from.read_line(&mut blank).ok()?;
    assert_eq!(blank, "\r\n", "only frames of the protocol are written");
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("a body is JSON"))
}

/// The text with the edits of an action, by columns of UTF-16.
fn edited(text: &str, action: &Value, uri: &str) -> String {
    let byte = |at: &Value| {
        let number = |name: &str| usize::try_from(at[name].as_u64().unwrap()).unwrap();
        let lines = text.split_inclusive('\n').take(number("line"));
        let above: usize = lines.map(str::len).sum();
        let mut units = 0;
        let line = text[above..].chars().take_while(|c| {
            units += c.len_utf16();
            units <= number("character")
        });
        above + line.map(char::len_utf8).sum::<usize>()
    };
    let mut edited = text.to_owned();
    let edits = action["edit"]["changes"][uri].as_array().unwrap();
    for edit in edits.iter().rev() {
        let range = byte(&edit["range"]["start"])..byte(&edit["range"]["end"]);
        edited.replace_range(range, edit["newText"].as_str().unwrap());
    }
    edited
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions
        .iter()
        .map(|action| action["title"].as_str().unwrap())
        .collect()
}

/// Line, first and last column, all from 0.
fn range(diagnostic: &Value) -> (u64, u64, u64) {
    let number = |end: &str, name: &str| diagnostic["range"][end][name].as_u64().unwrap();
    assert_eq!(number("start", "line"), number("end", "line"));
    (
        number("start", "line"),
        number("start", "character"),
        number("end", "character"),
    )
}

#[test]
fn a_stale_claim_is_marked_explained_rewritten_and_gone() {
    let text = "数字 🎉：\n\n```python\ns = '🎉'; print(3 / 2)  # 输出: 1\n```\n";
    let project = Project::new().file("notes/数字.md", text);
    let mut client = Client::open(&project, &json!({}));
    client.did_open("notes/数字.md");
    let diagnostics = client.diagnostics("notes/数字.md");
    let [stale] = &diagnostics[..] else {
        panic!("{diagnostics:#?}")
    };
    assert_eq!(stale["code"], "py2-integer-division", "{stale:#}");
    assert_eq!(
        (&stale["severity"], &stale["source"]),
        (&json!(2), &json!("verify"))
    );
    let href = stale["codeDescription"]["href"].as_str().unwrap();
    assert!(href.starts_with("https://"), "{href}");
    assert_eq!(range(stale).0, 3);

    let hover = client.hover("notes/数字.md", 4);
    for told in ["stale", "py2-integer-division", "3.0", "1.5"] {
        assert!(hover.contains(told), "no `{told}` in:\n{hover}");
    }
    let actions = client.actions("notes/数字.md", 4, &diagnostics);
    assert_eq!(titles(&actions)[0], "Write what came: 1.5");
    assert_eq!(actions[0]["diagnostics"], json!(diagnostics));
    let uri = client.uri("notes/数字.md");
    let after = edited(text, &actions[0], &uri);
    assert_eq!(after, text.replace("输出: 1\n", "输出: 1.5\n"));

    client.save("notes/数字.md", &after);
    let diagnostics = client.diagnostics("notes/数字.md");
    assert_eq!(diagnostics.len(), 1, "{diagnostics:#?}");
    assert_eq!(
        (&diagnostics[0]["code"], &diagnostics[0]["severity"]),
        (&json!("not-recorded"), &json!(3))
    );
    let actions = client.actions("notes/数字.md", 4, &[]);
    assert_eq!(titles(&actions), ["Record what it does"]);
    assert_eq!(client.execute(&actions[0]), Value::Null);
    assert_eq!(client.diagnostics("notes/数字.md"), Vec::<Value>::new());
    assert!(project.read("expected/notes/数字.toml").contains("1.5"));
    assert!(client.hover("notes/数字.md", 4).contains("passes"));
    client.end();
}

#[test]
fn a_claim_is_marked_from_its_first_to_its_last_character_in_the_units_agreed_on() {
    let text = "```pycon\n>>> '数字🎉'.upper()\n'数字🎊'\n```\n";
    for (offered, columns) in [
        (json!(["utf-8", "utf-16"]), (2, 0, 12)),
        (json!(["utf-16"]), (2, 0, 6)),
    ] {
        let project = Project::with_note(text);
        let capabilities = json!({"general": {"positionEncodings": offered}});
        let mut client = Client::open(&project, &capabilities);
        let diagnostics = client.diagnostics("notes/a.md");
        assert_eq!(
            range(&diagnostics[0]),
            columns,
            "{offered} {diagnostics:#?}"
        );
        client.end();
    }
}

#[test]
fn old_code_is_rewritten_and_what_stays_is_marked_as_known() {
    let text = note(&["x = 3\nprint x", "unicode('a')"]);
    let project = Project::with_note(&text);
    let mut client = Client::open(&project, &json!({}));
    client.did_open("notes/a.md");
    let before = client.diagnostics("notes/a.md");
    let actions = client.actions("notes/a.md", 3, &before);
    assert_eq!(titles(&actions)[0], "Rewrite: print(x)", "{actions:#?}");
    let uri = client.uri("notes/a.md");
    let after = edited(&text, &actions[0], &uri);
    assert_eq!(after, text.replace("print x", "print(x)"));

    let actions = client.actions("notes/a.md", 7, &before);
    let known = actions.last().unwrap();
    assert!(
        titles(&actions)
            .last()
            .unwrap()
            .starts_with("Mark as known"),
        "{actions:#?}"
    );
    assert_eq!(client.execute(known), Value::Null);
    let marked = client.diagnostics("notes/a.md");
    let of_line = |line: u64| -> Vec<&Value> {
        let marked = marked.iter();
        marked
            .filter(|mark| range(mark).0 == line - 1)
            .map(|mark| &mark["severity"])
            .collect()
    };
    assert_eq!(of_line(7), [&json!(4)], "{marked:#?}");
    assert_eq!(of_line(3), [&json!(2)], "{marked:#?}");
    client.end();
}

#[test]
fn an_edit_is_offered_only_for_the_text_that_was_judged() {
    let text = note(&["3 / 2  # 1"]);
    let project = Project::with_note(&text);
    let mut client = Client::open(&project, &json!({}));
    client.did_open("notes/a.md");
    client.diagnostics("notes/a.md");
    assert!(titles(&client.actions("notes/a.md", 2, &[]))[0].starts_with("Write what came"));
    let uri = client.uri("notes/a.md");
    let change =
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "x"}]});
    client.tell("textDocument/didChange", &change);
    let actions = client.actions("notes/a.md", 2, &[]);
    assert_eq!(
        titles(&actions),
        ["Mark as known: record what this snippet does"]
    );
    client.end();
}

#[test]
fn notes_that_come_and_go_and_settings_that_break_are_followed() {
    let project = Project::with_note(&note(&["1 + 1  # 3"]));
    let watches = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let mut client = Client::open(&project, &watches);
    let registered = client.wait(|message| message["method"] == "client/registerCapability");
    client.post(&json!({"jsonrpc": "2.0", "id": registered["id"], "result": null}));
    assert_eq!(client.diagnostics("notes/a.md").len(), 1);

    let changed = |client: &mut Client, path: &str| {
        let change = json!({"uri": client.uri(path), "type": 2});
        client.tell(
            "workspace/didChangeWatchedFiles",
            &json!({"changes": [change]}),
        );
    };
    client.save("notes/b.md", &note(&["2 + 2  # 5"]));
    assert_eq!(client.diagnostics("notes/b.md")[0]["code"], "stale-claim");
    project.remove("notes/a.md");
    changed(&mut client, "notes/a.md");
    assert_eq!(client.diagnostics("notes/a.md"), Vec::<Value>::new());

    project.write("verify.toml", "pahts = []\n");
    changed(&mut client, "verify.toml");
    let shown = client.wait(|message| message["method"] == "window/showMessage");
    let message = shown["params"]["message"].as_str().unwrap();
    assert!(
        message.contains("verify.toml:1") && message.contains("pahts"),
        "{message}"
    );
    project.write("verify.toml", "");
    changed(&mut client, "verify.toml");
    client.save("notes/b.md", &note(&["2 + 2  # 4"]));
    assert_eq!(client.diagnostics("notes/b.md")[0]["code"], "not-recorded");
    client.end();
}

#[test]
fn whatever_a_client_sends_the_next_request_is_answered() {
    let project = Project::with_note(&note(&["1 + 1  # 3"]));
    let mut client = Client::start(&project, &mut project.under_python(VERIFY, "lsp"));
    assert_eq!(client.ask("textDocument/hover", &json!({}))["code"], -32002);
    client.tell("textDocument/didSave", &json!({}));
    client.ask("initialize", &json!({"rootUri": null, "capabilities": {}}));
    client.tell("initialized", &json!({}));
    client.diagnostics("notes/a.md");

    client.send(b"Content-Length: 5\r\n\r\n{\"a\":");
    assert_eq!(
        client.wait(|message| message["id"].is_null() && message.get("error").is_some())["error"]["code"],
        -32700
    );
    client.send(b"nonsense\r\nContent-Length: 999999999999999\r\n\r\n");
    for message in [
        json!([]),
        json!(1),
        json!({"id": {}, "method": 3}),
        json!({"jsonrpc": "2.0"}),
    ] {
        client.post(&message);
        let refused = client.wait(|message| message.get("error").is_some());
        assert_eq!(refused["error"]["code"], -32600, "{message}");
    }
    let cases = [
        ("textDocument/rename", json!({}), json!(-32601)),
        ("$/whatever", Value::Null, json!(-32601)),
        ("initialize", json!({}), json!(-32600)),
        (
            "textDocument/hover",
            json!({"textDocument": 3}),
            json!(-32602),
        ),
        (
            "textDocument/codeAction",
            json!({"range": []}),
            json!(-32602),
        ),
        (
            "workspace/executeCommand",
            json!({"command": "rm"}),
            json!(-32601),
        ),
        (
            "workspace/executeCommand",
            json!({"command": "verify.record"}),
            json!(-32602),
        ),
        (
            "workspace/executeCommand",
            json!({"command": "verify.record", "arguments": ["file:///etc/passwd", 1]}),
            json!(-32803),
        ),
    ];
    for (method, params, code) in cases {
        assert_eq!(
            client.ask(method, &params)["code"],
            code,
            "{method} {params}"
        );
    }
    client.tell("$/cancelRequest", &json!({"id": 1}));
    client.tell(
        "textDocument/didOpen",
        &json!({"textDocument": {"uri": "untitled:1", "text": 3}}),
    );
    client.tell(
        "textDocument/didSave",
        &json!({"textDocument": {"uri": "file:///nowhere/a.md"}}),
    );
    let position = json!({"line": u64::MAX, "character": u64::MAX});
    for uri in [
        "file:///nowhere/a.md".to_owned(),
        "untitled:1".to_owned(),
        client.uri("notes/a.md"),
    ] {
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        assert_eq!(
            client.ask("textDocument/hover", &params),
            Value::Null,
            "{uri}"
        );
    }
    assert!(client.hover("notes/a.md", 2).contains("stale"));

    assert_eq!(client.ask("shutdown", &Value::Null), Value::Null);
    assert_eq!(client.ask("textDocument/hover", &json!({}))["code"], -32600);
    client.tell("exit", &Value::Null);
    client.ended(0);
}

#[test]
fn an_end_without_farewell_is_told_by_the_exit_code() {
    let project = Project::with_note("no code\n");
    let mut client = Client::open(&project, &json!({}));
    client.tell("exit", &Value::Null);
    client.ended(1);
    let client = Client::start(&project, &mut project.under_python(VERIFY, "lsp"));
    client.ended(1);
}

#[test]
fn a_python_that_is_missing_is_told_with_what_to_do_and_not_fatal() {
    let project = Project::with_note(&note(&["1"]));
    let mut command = project.command(VERIFY);
    command.args(["lsp", "--python", "/nowhere/python3"]);
    let mut client = Client::start(&project, &mut command);
    client.ask("initialize", &json!({"capabilities": {}}));
    client.tell("initialized", &json!({}));
    let shown = client.wait(|message| message["method"] == "window/showMessage");
    let message = shown["params"]["message"].as_str().unwrap();
    assert!(
        message.contains("/nowhere/python3") && message.contains("help: "),
        "{message}"
    );
    assert_eq!(client.hover("notes/a.md", 2), "");
    client.end();
}

/// A session of Neovim: it opens a note, gets the mark, shows what is known of it, applies the
/// action, saves, and sees the mark gone.
#[test]
fn neovim_marks_explains_and_rewrites() {
    if Command::new("nvim").arg("--version").output().is_err() {
        eprintln!("skipped: Neovim is not installed (apt-get install neovim)");
        return;
    }
    let text = "数字 🎉：\n\n```python\ns = '🎉'; print(3 / 2)  # 输出: 1\n```\n";
    let project = Project::new()
        .file("notes/数字.md", text)
        .file("verify.toml", "");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editors/session.lua");
    let server = project.under_python(VERIFY, "lsp");
    let mut words: Vec<String> = vec![VERIFY.to_owned()];
    words.extend(
        server
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    let mut command = project.command("nvim");
    command
        .args(["--headless", "--clean", "-n", "-u"])
        .arg(script)
        .arg("notes/数字.md")
        .env("VERIFY_LSP", serde_json::to_string(&words).unwrap())
        .env("XDG_STATE_HOME", project.outside())
        .env("XDG_DATA_HOME", project.outside())
        .env("NVIM_LOG_FILE", project.outside().join("nvim.log"));
    let session = project.run(&mut command);
    assert_eq!(session.code, Some(0), "{}", session.text());
    assert_eq!(
        project.read("notes/数字.md"),
        text.replace("输出: 1\n", "输出: 1.5\n")
    );
    for told in [
        "marked: py2-integer-division",
        "hover: ok",
        "action: Write what came: 1.5",
        "left: not-recorded",
    ] {
        let told_by = format!("{}{}", session.out, session.err);
        assert!(told_by.contains(told), "no `{told}` in\n{}", session.text());
    }
}
