//! What is to be run, in what order, and what each snippet depends on.
//!
//! Everything is decided here before anything runs: the language of every block,
//! the snippets that can't be judged by running them, and the earlier snippets
//! whose names a snippet uses.

mod depends;
mod files;
mod include;

use std::collections::BTreeSet;
use std::mem;
use std::ops::Range;

use rayon::prelude::*;

use crate::config::State;
use crate::model::{Analysis, Block, Claim, Code, Language, Note, ShownFile, Skip, Stretch, Text};
use crate::notes::language::{self, Decision, Tagged};
use crate::notes::prompts::{self, Input};
use crate::notes::python2::{self, Idiom};
use crate::notes::{claims, directives, doctest, fragments, markdown, newer, pieces};
use crate::python::pool::{PoolError, Runner};
use crate::text;

/// One snippet, ready to run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snippet {
    /// The index of its note.
    pub note: usize,
    /// The index of its block in the note.
    pub block: usize,
    /// What is run.
    pub code: Code,
    /// What the note shows, where that is Python 2 and `code` is written for Python 3.
    pub written: Option<Code>,
    /// What the parser says about it.
    pub facts: Analysis,
    /// At prompts: what is shown below each input.
    pub inputs: Vec<Input>,
    /// The syntax in it that only Python 2 has.
    pub idioms: Vec<Idiom>,
    /// What the note says about it.
    pub claims: Vec<Claim>,
    /// Why it isn't run.
    pub skip: Option<Skip>,
    /// The snippets of its note that are run before it, by their index in the plan.
    pub depends_on: Vec<usize>,
    /// The files that the note shows above it, where it names one.
    pub files: Vec<ShownFile>,
}

impl Snippet {
    /// The index of the piece of code that line `line` of the note belongs to.
    pub fn piece_of(&self, line: usize) -> Option<usize> {
        self.code.piece_of(line)
    }

    /// Its code as the note shows it.
    pub fn source(&self) -> &Code {
        self.written.as_ref().unwrap_or(&self.code)
    }

    /// True where something in it certainly never ends.
    pub fn is_endless(&self) -> bool {
        let endless = self.facts.endless.as_ref();
        endless.is_some_and(|endless| endless.certain)
    }
}

/// The snippets of some notes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The notes, with the language of each block decided.
    pub notes: Vec<Note>,
    /// Their snippets, in the order of the notes.
    pub snippets: Vec<Snippet>,
}

impl Plan {
    /// The indices of the snippets of a note.
    pub fn snippets_of(&self, note: usize) -> Range<usize> {
        let first = |note| self.snippets.partition_point(|snippet| snippet.note < note);
        first(note)..first(note + 1)
    }
}

/// Plans the snippets of `notes` for a Python of `version`.
pub fn plan(
    mut notes: Vec<Note>,
    runner: &dyn Runner,
    state: State,
    version: (u8, u8, u8),
) -> Result<Plan, PoolError> {
    let mut candidates = candidates(&notes);
    for some in candidates.chunks_mut(PARSED_AT_ONCE) {
        parse_as_they_are(some, runner)?;
    }
    parse_otherwise(&mut candidates, runner)?;
    parse_statements(&mut candidates, runner)?;
    run_included(&notes, &mut candidates);
    let decided: Vec<(Decision, Option<Skip>)> = candidates
        .par_iter()
        .map(|candidate| candidate.settle(&notes[candidate.note].blocks[candidate.block], version))
        .collect();
    let mut snippets: Vec<Snippet> = candidates
        .into_iter()
        .zip(decided)
        .filter_map(|(candidate, (decision, skip))| {
            let block = &mut notes[candidate.note].blocks[candidate.block];
            block.language = decision.language;
            block.why = decision.why;
            let is_snippet = block.language.is_snippet();
            is_snippet.then(|| candidate.into_snippet(skip))
        })
        .collect();
    depends::find(&notes, &mut snippets, state);
    files::find(&notes, &mut snippets);
    Ok(Plan { notes, snippets })
}

/// The last Python 2.
const PYTHON2: (u8, u8, u8) = (2, 7, 18);

/// How many blocks are given to the parser together, so that what they come to is not held twice.
const PARSED_AT_ONCE: usize = 4096;

/// Reads these as they are.
fn parse_as_they_are(candidates: &mut [Candidate], runner: &dyn Runner) -> Result<(), PoolError> {
    let codes = candidates
        .iter_mut()
        .map(|candidate| mem::take(&mut candidate.code));
    let sources: Vec<Code> = codes.collect();
    let facts = runner.analyze(&sources)?;
    for ((candidate, code), facts) in candidates.iter_mut().zip(sources).zip(facts) {
        candidate.code = code;
        candidate.facts = facts;
    }
    Ok(())
}

/// Another way to take the text of a script.
struct ReadAs {
    code: Code,
    written: Option<Code>,
    idioms: Vec<Idiom>,
}

/// A block that may be a snippet.
struct Candidate {
    note: usize,
    block: usize,
    code: Code,
    written: Option<Code>,
    facts: Analysis,
    inputs: Vec<Input>,
    idioms: Vec<Idiom>,
    claims: Vec<Claim>,
    /// Its text without what is no code, where that is another one.
    bare: Option<String>,
    /// A part of it stands in another file.
    includes: bool,
    decided: Option<Decision>,
}

/// Every block of these notes. Those that need no parser get their language here.
fn candidates(notes: &[Note]) -> Vec<Candidate> {
    let blocks = notes.iter().enumerate();
    let places: Vec<(usize, usize)> = blocks
        .flat_map(|(at, note)| (0..note.blocks.len()).map(move |block| (at, block)))
        .collect();
    let found = places.par_iter();
    found
        .map(|&(note, block)| Candidate::of(notes, note, block))
        .collect()
}

/// Reads in other ways what the parser refused, and what has more in it than code: without the
/// output that it shows, and with the syntax of Python 2 rewritten.
fn parse_otherwise(candidates: &mut [Candidate], runner: &dyn Runner) -> Result<(), PoolError> {
    let mut asked: Vec<(usize, ReadAs)> = Vec::new();
    candidates.par_iter_mut().for_each(Candidate::find_idioms);
    let ways: Vec<Vec<ReadAs>> = candidates.par_iter().map(Candidate::otherwise).collect();
    for (at, ways) in ways.into_iter().enumerate() {
        asked.extend(ways.into_iter().map(|read| (at, read)));
    }
    let sources: Vec<Code> = asked.iter().map(|(_, read)| read.code.clone()).collect();
    let mut settled = BTreeSet::new();
    for ((at, read), facts) in asked.into_iter().zip(runner.analyze(&sources)?) {
        if facts.error.is_none() && !facts.statements.is_empty() && settled.insert(at) {
            let candidate = &mut candidates[at];
            candidate.facts = facts;
            candidate.code = read.code;
            candidate.written = read.written;
            candidate.idioms = read.idioms;
        }
    }
    Ok(())
}

/// Reads the claims' code statement by statement where it can't be read as a whole.
fn parse_statements(candidates: &mut [Candidate], runner: &dyn Runner) -> Result<(), PoolError> {
    let broken: Vec<usize> = (0..candidates.len())
        .filter(|&at| {
            let candidate = &candidates[at];
            let is_script = candidate.decided.is_none() && candidate.facts.error.is_some();
            is_script && !candidate.claims.is_empty()
        })
        .collect();
    let sources: Vec<Code> = broken
        .iter()
        .map(|&at| {
            let candidate = &mut candidates[at];
            if let (Some(bare), Some(piece)) =
                (candidate.bare.take(), candidate.code.pieces.first_mut())
            {
                piece.text = bare;
            }
            statements(&candidate.code)
        })
        .collect();
    for (at, facts) in broken.into_iter().zip(runner.analyze(&sources)?) {
        let candidate = &mut candidates[at];
        candidate.facts = Analysis {
            error: candidate.facts.error.take(),
            ..facts
        };
    }
    Ok(())
}

/// Has included files run on the lines that include them, now that they are parsed.
fn run_included(notes: &[Note], candidates: &mut [Candidate]) {
    for candidate in candidates.iter_mut().filter(|it| it.includes) {
        let block = &notes[candidate.note].blocks[candidate.block];
        candidate.code = include::run(block);
        candidate.facts = include::facts(block, mem::take(&mut candidate.facts));
    }
}

/// The statements of some code one by one, as what is run where it can't be run as a whole.
pub fn statements(code: &Code) -> Code {
    if code.prompts {
        return code.clone();
    }
    let cut = |piece: &Stretch| pieces::cut(&piece.text, piece.line as usize);
    Code {
        prompts: true,
        pieces: code.pieces.iter().flat_map(cut).collect(),
    }
}

/// What of a session is run: all that its flags don't skip, behind an import of what they require.
fn typed(inputs: &[Input]) -> Vec<Stretch> {
    let asked = inputs.iter().zip(doctest::of_session(inputs));
    let run = asked.filter(|(_, flags)| !flags.options.skip);
    run.flat_map(|(input, flags)| {
        let line = input.piece.line as usize;
        let modules = flags.modules.into_iter();
        let imports = modules.map(move |module| Stretch::new(line, format!("import {module}\n")));
        imports.chain([input.piece.clone()])
    })
    .collect()
}

fn piece_idioms(piece: &Stretch) -> Vec<Idiom> {
    python2::modernize(&piece.text)
        .idioms
        .into_iter()
        .map(|idiom| placed(idiom, piece))
        .collect()
}

/// The idiom with its line counted in the note.
fn placed(idiom: Idiom, piece: &Stretch) -> Idiom {
    Idiom {
        line: idiom.line + piece.line as usize,
        ..idiom
    }
}

impl Candidate {
    /// Block `block` of note `note`, as far as it can be told without the parser.
    fn of(notes: &[Note], note: usize, block: usize) -> Self {
        let content = &notes[note].blocks[block];
        let word = markdown::tag_word(&content.info);
        let decided = if claims::is_announced_output(content) {
            Some(language::announced_output())
        } else {
            language::without_parsing(&word, &content.text)
        };
        let is_session = decided
            .as_ref()
            .is_some_and(|decision| decision.language == Language::Pycon);
        let inputs = if is_session {
            prompts::session(&content.text, content.lines.first)
        } else {
            Vec::new()
        };
        let includes = decided.is_none() && !content.included.is_empty();
        let said = if is_session || decided.is_none() {
            claims::read(&notes[note], block, is_session)
        } else {
            claims::Said::default()
        };
        let code = match &decided {
            Some(_) if is_session => Code {
                prompts: true,
                pieces: typed(&inputs),
            },
            Some(_) => Code::default(),
            None if includes => {
                let text = include::expanded(content);
                Code::script(content.lines.first, language::dedent(&text))
            }
            None => Code::script(content.lines.first, language::dedent(&content.text)),
        };
        Self {
            note,
            block,
            code,
            written: None,
            facts: Analysis::default(),
            inputs,
            idioms: Vec::new(),
            claims: said.claims,
            bare: said
                .code
                .filter(|_| !includes)
                .map(|code| language::dedent(&code)),
            includes,
            decided,
        }
    }

    /// Finds the syntax of Python 2 in what was typed at prompts.
    fn find_idioms(&mut self) {
        if self.code.prompts {
            self.idioms = self.code.pieces.iter().flat_map(piece_idioms).collect();
        }
    }

    /// How else the text of a script can be read, the best first: without the output that it
    /// shows, and, where the parser refused it, with the syntax of Python 2 rewritten.
    fn otherwise(&self) -> Vec<ReadAs> {
        let is_open = self.decided.is_none() && !self.code.prompts && !self.includes;
        let Some(piece) = self.code.pieces.first().filter(|_| is_open) else {
            return Vec::new();
        };
        let code = |text: &str| Code::script(piece.line as usize, text);
        let mut found = Vec::new();
        for text in self.bare.iter().chain([&piece.text]) {
            if text != &piece.text {
                found.push(ReadAs {
                    code: code(text),
                    written: None,
                    idioms: Vec::new(),
                });
            }
            if self.facts.error.is_none() {
                continue;
            }
            let modern = python2::modernize(text);
            if !modern.idioms.is_empty() && !self.is_newer(text, &modern.idioms) {
                let idioms = modern.idioms.into_iter().map(|idiom| placed(idiom, piece));
                found.push(ReadAs {
                    code: code(&modern.text),
                    written: Some(code(text)),
                    idioms: idioms.collect(),
                });
            }
        }
        found
    }

    /// True where what reads as Python 2 can as well be Python 3.14, and the note does not say
    /// that it is about Python 2.
    fn is_newer(&self, text: &str, idioms: &[Idiom]) -> bool {
        let lines: Vec<&str> = text.lines().collect();
        let may_be = |idiom: &Idiom| {
            lines
                .get(idiom.line)
                .is_some_and(|line| newer::catches_classes(line))
        };
        let of_python2 = |claim: &Claim| {
            let scope = claim.scope.as_deref();
            scope.is_some_and(|scope| directives::version_matches(scope, PYTHON2) == Some(true))
        };
        idioms.iter().all(may_be) && !self.claims.iter().any(of_python2)
    }

    /// The language of its block, and why that is not run where it is a snippet.
    fn settle(&self, block: &Block, version: (u8, u8, u8)) -> (Decision, Option<Skip>) {
        let decision = self.decide(&markdown::tag_word(&block.info), &block.text);
        let language = decision.language;
        let skip = language.is_snippet().then(|| {
            directive_skip(block, version)
                .or_else(|| self.all_skipped())
                .or_else(|| needs_python(block, version))
                .or_else(|| include::skip(block, &self.facts))
                .or_else(|| self.skip(block, language, version))
        });
        (decision, skip.flatten())
    }

    fn decide(&self, word: &str, text: &str) -> Decision {
        if let Some(decision) = &self.decided {
            return decision.clone();
        }
        match self.facts.error {
            None if self.idioms.is_empty() => language::parsed(word, text, &self.facts),
            None => language::unparsed(word, text, true),
            Some(_) => language::unparsed(word, text, false),
        }
    }

    /// The skip of a session of which nothing is to be run.
    fn all_skipped(&self) -> Option<Skip> {
        let is_skipped = !self.inputs.is_empty() && self.code.pieces.is_empty();
        is_skipped.then(|| Skip::Directive(Text::same("`# doctest: +SKIP`")))
    }

    /// Why the snippet can't be judged by running it, as far as reading it tells.
    fn skip(&self, block: &Block, language: Language, version: (u8, u8, u8)) -> Option<Skip> {
        let text = &block.text;
        if language == Language::Python
            && let Some(error) = &self.facts.error
        {
            let line = (error.line as usize).saturating_sub(
                self.code
                    .pieces
                    .first()
                    .map_or(0, |piece| piece.line as usize),
            );
            let refused = text.lines().nth(line).unwrap_or_default();
            if newer::syntax(refused, &error.message, version).is_some() {
                return None;
            }
            return fragments::lost_indentation(block.form, &error.message)
                .or_else(|| led_in_as_output(block))
                .or_else(|| fragments::why(text, line, &error.message))
                .or_else(|| {
                    (language::tagged(&block.tag.to_lowercase()) == Tagged::Nothing)
                        .then(|| text!("no whole Python", "不是完整的 Python"))
                })
                .map(Skip::Fragment);
        }
        if language == Language::Python2 {
            return None;
        }
        if language == Language::Python && self.facts.statements.is_empty() {
            return Some(Skip::Fragment(text!(
                "there is no code in it",
                "其中没有代码"
            )));
        }
        match &self.facts.endless {
            Some(endless) if endless.certain => Some(Skip::Endless(endless.told())),
            _ => self
                .code
                .pieces
                .iter()
                .find_map(|piece| fragments::placeholder(&piece.text))
                .map(Skip::Fragment),
        }
    }

    fn into_snippet(self, skip: Option<Skip>) -> Snippet {
        let Self {
            note,
            block,
            code,
            written,
            facts,
            inputs,
            idioms,
            claims,
            ..
        } = self;
        Snippet {
            note,
            block,
            code,
            written,
            facts,
            inputs,
            idioms,
            claims,
            skip,
            depends_on: Vec::new(),
            files: Vec::new(),
        }
    }
}

/// The reason for what no parser reads and the words right above announce as output.
fn led_in_as_output(block: &Block) -> Option<Text> {
    claims::is_led_in_as_output(block).then(|| text!("it is announced as output", "上文说它是输出"))
}

fn directive_skip(block: &Block, version: (u8, u8, u8)) -> Option<Skip> {
    if let Some(reason) = &block.directives.skip {
        return Some(Skip::Directive(reason.clone()));
    }
    let specifier = block.directives.python.as_ref()?;
    let other = directives::version_matches(specifier, version) == Some(false);
    other.then(|| Skip::Directive(text!("for Python {specifier}", "针对 Python {specifier}")))
}

/// The skip of a snippet of which the words around it say that it is for a later Python.
fn needs_python(block: &Block, version: (u8, u8, u8)) -> Option<Skip> {
    let spec = claims::needed_python(block)?;
    let is_later = directives::version_matches(&spec, version) == Some(false);
    is_later.then(|| Skip::NeedsPython(Text::same(spec)))
}
