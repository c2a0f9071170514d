//! What is to be run, in what order, and what each snippet depends on.
//!
//! Everything is decided here before anything runs: the language of every block,
//! the snippets that can't be judged by running them, and the earlier snippets
//! whose names a snippet uses.

use std::collections::BTreeSet;

use crate::config::State;
use crate::model::{Analysis, Code, Endless, Language, Note, Piece, Skip};
use crate::notes::language::{self, Decision, Tagged};
use crate::notes::prompts::{self, Input};
use crate::notes::python2::{self, Idiom};
use crate::notes::{directives, fragments, markdown};
use crate::python::pool::{PoolError, Runner};

/// One snippet, ready to run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snippet {
    /// The index of its note.
    pub note: usize,
    /// The index of its block in the note.
    pub block: usize,
    /// What is run.
    pub code: Code,
    /// What the parser says about it.
    pub facts: Analysis,
    /// At prompts: what is shown below each input.
    pub inputs: Vec<Input>,
    /// The syntax in it that only Python 2 has.
    pub idioms: Vec<Idiom>,
    /// Why it isn't run.
    pub skip: Option<Skip>,
    /// The snippets of its note that are run before it, by their index in the plan.
    pub depends_on: Vec<usize>,
}

impl Snippet {
    /// The index of the piece of code that line `line` of the note belongs to.
    pub fn piece_of(&self, line: usize) -> Option<usize> {
        self.code
            .pieces
            .iter()
            .rposition(|piece| piece.line as usize <= line)
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

/// Plans the snippets of `notes` for a Python of `version`.
pub fn plan(
    mut notes: Vec<Note>,
    runner: &dyn Runner,
    state: State,
    version: (u8, u8, u8),
) -> Result<Plan, PoolError> {
    let mut candidates = candidates(&notes);
    let sources: Vec<Code> = candidates
        .iter()
        .map(|candidate| candidate.code.clone())
        .collect();
    for (candidate, facts) in candidates.iter_mut().zip(runner.analyze(&sources)?) {
        candidate.facts = facts;
    }
    second_readings(&mut candidates, runner)?;
    let mut snippets = Vec::new();
    for candidate in candidates {
        let block = &mut notes[candidate.note].blocks[candidate.block];
        let decision = candidate.decide(&markdown::tag_word(&block.info), &block.text);
        block.language = decision.language;
        block.why = decision.why;
        if block.language.is_snippet() {
            let skip = directive_skip(block, version)
                .or_else(|| candidate.skip(block.language, &block.tag, &block.text));
            snippets.push(candidate.into_snippet(skip));
        }
    }
    find_dependencies(&notes, &mut snippets, state);
    Ok(Plan { notes, snippets })
}

/// A block that may be a snippet.
struct Candidate {
    note: usize,
    block: usize,
    code: Code,
    facts: Analysis,
    inputs: Vec<Input>,
    idioms: Vec<Idiom>,
    decided: Option<Decision>,
}

/// The blocks that need the parser; all others get their language here.
fn candidates(notes: &[Note]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (note, blocks) in notes
        .iter()
        .enumerate()
        .map(|(at, note)| (at, &note.blocks))
    {
        for (block, content) in blocks.iter().enumerate() {
            let word = markdown::tag_word(&content.info);
            let decided = language::without_parsing(&word, &content.text);
            let is_session = decided
                .as_ref()
                .is_some_and(|decision| decision.language == Language::Pycon);
            let inputs = if is_session {
                prompts::session(&content.text, content.lines.first)
            } else {
                Vec::new()
            };
            let code = match &decided {
                Some(_) if is_session => Code {
                    prompts: true,
                    pieces: inputs.iter().map(|input| input.piece.clone()).collect(),
                },
                Some(_) => Code::default(),
                None => Code::script(content.lines.first, language::dedent(&content.text)),
            };
            found.push(Candidate {
                note,
                block,
                code,
                facts: Analysis::default(),
                inputs,
                idioms: Vec::new(),
                decided,
            });
        }
    }
    found
}

/// Reads what the parser refused in other ways: without the output below the code,
/// and with the syntax of Python 2 rewritten.
fn second_readings(candidates: &mut [Candidate], runner: &dyn Runner) -> Result<(), PoolError> {
    let mut asked: Vec<(usize, Code, Vec<Idiom>)> = Vec::new();
    for (at, candidate) in candidates.iter_mut().enumerate() {
        if candidate.code.prompts {
            candidate.idioms = candidate
                .code
                .pieces
                .iter()
                .flat_map(piece_idioms)
                .collect();
        }
        let (Some(piece), None, Some(_)) = (
            candidate.code.pieces.first(),
            &candidate.decided,
            &candidate.facts.error,
        ) else {
            continue;
        };
        let whole = Some(piece.text.as_str());
        let above = language::code_above_output(&piece.text);
        for text in above.iter().chain(&whole).copied() {
            if Some(text) == above {
                asked.push((
                    at,
                    Code {
                        prompts: false,
                        pieces: vec![Piece {
                            line: piece.line,
                            text: text.into(),
                        }],
                    },
                    Vec::new(),
                ));
            }
            let modern = python2::modernize(text);
            if !modern.idioms.is_empty() {
                let idioms = modern
                    .idioms
                    .into_iter()
                    .map(|idiom| placed(idiom, piece))
                    .collect();
                asked.push((
                    at,
                    Code {
                        prompts: false,
                        pieces: vec![Piece {
                            line: piece.line,
                            text: modern.text,
                        }],
                    },
                    idioms,
                ));
            }
        }
    }
    let sources: Vec<Code> = asked.iter().map(|(_, code, _)| code.clone()).collect();
    for ((at, code, idioms), facts) in asked.into_iter().zip(runner.analyze(&sources)?) {
        let candidate = &mut candidates[at];
        if facts.error.is_none() && candidate.facts.error.is_some() && !facts.statements.is_empty()
        {
            (candidate.facts, candidate.code, candidate.idioms) = (facts, code, idioms);
        }
    }
    Ok(())
}

fn piece_idioms(piece: &Piece) -> Vec<Idiom> {
    python2::modernize(&piece.text)
        .idioms
        .into_iter()
        .map(|idiom| placed(idiom, piece))
        .collect()
}

/// The idiom with its line counted in the note.
fn placed(idiom: Idiom, piece: &Piece) -> Idiom {
    Idiom {
        line: idiom.line + piece.line as usize,
        ..idiom
    }
}

impl Candidate {
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

    /// Why the snippet can't be judged by running it, as far as reading it tells.
    fn skip(&self, language: Language, tag: &str, text: &str) -> Option<Skip> {
        if language == Language::Python
            && let Some(error) = &self.facts.error
        {
            let line = (error.line as usize).saturating_sub(
                self.code
                    .pieces
                    .first()
                    .map_or(0, |piece| piece.line as usize),
            );
            return fragments::why(text, line, &error.message)
                .or_else(|| {
                    (language::tagged(&tag.to_lowercase()) == Tagged::Nothing)
                        .then(|| "no whole Python".to_owned())
                })
                .map(Skip::Fragment);
        }
        if language == Language::Python2 {
            return None;
        }
        if language == Language::Python && self.facts.statements.is_empty() {
            return Some(Skip::Fragment("there is no code in it".into()));
        }
        match &self.facts.endless {
            Some(Endless {
                line,
                what,
                certain: true,
            }) => Some(Skip::Endless(format!("{what} on line {line}"))),
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
            facts,
            inputs,
            idioms,
            ..
        } = self;
        Snippet {
            note,
            block,
            code,
            facts,
            inputs,
            idioms,
            skip,
            depends_on: Vec::new(),
        }
    }
}

fn directive_skip(block: &crate::model::Block, version: (u8, u8, u8)) -> Option<Skip> {
    if let Some(reason) = &block.directives.skip {
        return Some(Skip::Directive(reason.clone()));
    }
    let specifier = block.directives.python.as_ref()?;
    let other = directives::version_matches(specifier, version) == Some(false);
    other.then(|| Skip::Directive(format!("for Python {specifier}")))
}

fn find_dependencies(notes: &[Note], snippets: &mut [Snippet], state: State) {
    let mut first = 0;
    for at in 0..snippets.len() {
        if snippets[first].note != snippets[at].note {
            first = at;
        }
        let session = &session(notes, &snippets[at]);
        let seen: Vec<usize> = (first..at)
            .filter(|&earlier| {
                can_be_replayed(notes, &snippets[earlier])
                    && session == &self::session(notes, &snippets[earlier])
            })
            .collect();
        snippets[at].depends_on = match state {
            State::Isolated if session.is_none() => Vec::new(),
            State::Note => seen,
            State::Auto | State::Isolated => used(snippets, at, &seen),
        };
    }
}

fn session<'n>(notes: &'n [Note], snippet: &Snippet) -> Option<&'n str> {
    notes[snippet.note].blocks[snippet.block]
        .directives
        .session
        .as_deref()
}

fn can_be_replayed(notes: &[Note], snippet: &Snippet) -> bool {
    let language = notes[snippet.note].blocks[snippet.block].language;
    language != Language::Python2 && snippet.skip.is_none()
}

/// Those of `seen` that define what the snippet uses, what changes that in between, and what these need.
fn used(snippets: &[Snippet], at: usize, seen: &[usize]) -> Vec<usize> {
    let mut needed = BTreeSet::new();
    for name in &snippets[at].facts.uses {
        let last_that_binds = |name: &str| {
            let binds =
                |&earlier: &usize| snippets[earlier].facts.binds.iter().any(|it| it == name);
            seen.iter().rposition(binds)
        };
        // What nothing binds by its name may have come with `from module import *`.
        let Some(definer) = last_that_binds(name).or_else(|| last_that_binds("*")) else {
            continue;
        };
        let changers = seen[definer + 1..]
            .iter()
            .filter(|&&earlier| snippets[earlier].facts.changes.contains(name));
        for &earlier in std::iter::once(&seen[definer]).chain(changers) {
            needed.insert(earlier);
            needed.extend(&snippets[earlier].depends_on);
        }
    }
    needed.into_iter().collect()
}
