//! `verify lsp`: what `verify` knows of the notes, told to an editor in the language server protocol.
//!
//! This file has the life of a connection: what may be asked when, and what every message is
//! answered with. Whatever a client sends, it goes on until the client ends it. It writes nothing but
//! the protocol, and only to where it is told to.

mod place;
mod session;
mod transport;

use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};

use serde_json::{Value, json};

use self::place::{Encoding, file_of};
use self::session::Session;
use self::transport::Incoming;
use crate::config::{Config, ConfigError};
use crate::run::Stop;
use crate::run::live::Live;

/// The command that records a place.
const RECORD: &str = "verify.record";

/// What is wrong with a message, by the numbers of the protocol.
#[derive(Debug, PartialEq)]
struct Refused {
    code: i64,
    message: String,
}

impl Refused {
    fn parse(why: &str) -> Self {
        Self::new(-32700, format!("this is no JSON: {why}"))
    }

    fn request(why: &str) -> Self {
        Self::new(-32600, why)
    }

    fn method(method: &str) -> Self {
        Self::new(-32601, format!("`{method}` is not known here"))
    }

    fn params(missing: &str) -> Self {
        Self::new(-32602, format!("`{missing}` is missing or of another kind"))
    }

    fn not_initialized() -> Self {
        Self::new(-32002, "the first request is `initialize`")
    }

    fn failed(why: impl Into<String>) -> Self {
        Self::new(-32803, why)
    }

    fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Where a connection stands.
enum State<'a> {
    /// Nothing was agreed on yet.
    New,
    /// It works.
    Open(Box<Session<'a>>),
    /// It waits for its end.
    ShutDown,
}

/// One connection to a client.
pub struct Server<'a> {
    decide: &'a dyn Fn(&Path) -> Result<Config, ConfigError>,
    folder: PathBuf,
    stop: Stop,
    out: &'a mut dyn Write,
    state: State<'a>,
}

impl<'a> Server<'a> {
    /// A server that decides by the root that the client names, else by `folder`.
    pub fn new(
        decide: &'a dyn Fn(&Path) -> Result<Config, ConfigError>,
        folder: PathBuf,
        stop: Stop,
        out: &'a mut dyn Write,
    ) -> Self {
        Self {
            decide,
            folder,
            stop,
            out,
            state: State::New,
        }
    }

    /// Answers until the client ends it: true where it was asked to shut down before.
    pub fn serve(mut self, input: impl Read + Send + 'static) -> io::Result<bool> {
        let messages = incoming(input, self.stop.clone());
        for incoming in messages {
            let message = match incoming {
                Incoming::Message(message) => message,
                Incoming::Malformed(why) => {
                    self.answer(&Value::Null, Err(Refused::parse(&why)))?;
                    continue;
                }
            };
            if message["method"] == "exit" {
                break;
            }
            self.take(&message)?;
        }
        Ok(matches!(self.state, State::ShutDown))
    }

    fn take(&mut self, message: &Value) -> io::Result<()> {
        let (id, params) = (&message["id"], &message["params"]);
        let is_request = id.is_string() || id.is_number();
        let Some(method) = message["method"].as_str() else {
            let is_answer = message.get("result").is_some() || message.get("error").is_some();
            if is_answer {
                return Ok(());
            }
            let refused = Refused::request("a message has a `method`");
            return self.answer(if is_request { id } else { &Value::Null }, Err(refused));
        };
        if is_request {
            let answer = self.request(method, params)?;
            self.answer(id, answer)
        } else {
            match &mut self.state {
                State::Open(session) => session.told(method, params, self.out),
                State::New | State::ShutDown => Ok(()),
            }
        }
    }

    fn request(&mut self, method: &str, params: &Value) -> io::Result<Result<Value, Refused>> {
        match (&mut self.state, method) {
            (State::New, "initialize") => Ok(Ok(self.initialize(params))),
            (State::New, _) => Ok(Err(Refused::not_initialized())),
            (State::ShutDown, _) => Ok(Err(Refused::request("it was asked to shut down"))),
            (State::Open(_), "initialize") => {
                Ok(Err(Refused::request("it is initialized already")))
            }
            (State::Open(_), "shutdown") => {
                self.state = State::ShutDown;
                Ok(Ok(Value::Null))
            }
            (State::Open(session), _) => session.asked(method, params, self.out),
        }
    }

    fn initialize(&mut self, params: &Value) -> Value {
        let folders = &params["workspaceFolders"];
        let uris = [&folders[0]["uri"], &params["rootUri"]];
        let named = uris.into_iter().find_map(|uri| file_of(uri.as_str()?));
        let root = named.or_else(|| params["rootPath"].as_str().map(PathBuf::from));
        let root = root.filter(|root| root.is_dir());
        let root = root.unwrap_or_else(|| self.folder.clone());
        let capabilities = &params["capabilities"];
        let encoding = Encoding::agreed(&capabilities["general"]["positionEncodings"]);
        let watched = &capabilities["workspace"]["didChangeWatchedFiles"];
        let decide = self.decide;
        let live = Live::new(move || decide(&root), self.stop.clone());
        let registers = watched["dynamicRegistration"] == true;
        self.state = State::Open(Box::new(Session::new(live, encoding, registers)));
        json!({
            "serverInfo": {"name": "verify", "version": env!("CARGO_PKG_VERSION")},
            "capabilities": {
                "positionEncoding": encoding.name(),
                "textDocumentSync": {"openClose": true, "change": 1, "save": {"includeText": false}},
                "hoverProvider": true,
                "codeActionProvider": {"codeActionKinds": ["quickfix"]},
                "executeCommandProvider": {"commands": [RECORD]},
            },
        })
    }

    fn answer(&mut self, id: &Value, answer: Result<Value, Refused>) -> io::Result<()> {
        let message = match answer {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err(Refused { code, message }) => {
                let error = json!({"code": code, "message": message});
                json!({"jsonrpc": "2.0", "id": id, "error": error})
            }
        };
        transport::write(self.out, &message)
    }
}

/// All that comes, read by a thread of its own: a client that ends it is not kept waiting for
/// what runs.
fn incoming(input: impl Read + Send + 'static, stop: Stop) -> Receiver<Incoming> {
    let (sender, messages) = mpsc::channel();
    std::thread::spawn(move || {
        let mut input = BufReader::new(input);
        while let Ok(Some(incoming)) = transport::read(&mut input) {
            let is_exit =
                matches!(&incoming, Incoming::Message(message) if message["method"] == "exit");
            if sender.send(incoming).is_err() || is_exit {
                break;
            }
        }
        stop.stop();
    });
    messages
}
