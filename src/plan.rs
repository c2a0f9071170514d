//! What is to be run, in what order, and what each snippet depends on.
//!
//! Everything is decided here before anything runs: the language of every block,
//! the snippets that can't be judged by running them, and the earlier snippets
//! whose names a snippet uses.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::State;
use crate::model::{Analysis, Block, Claim, Code, Endless, Language, Note, Piece, Skip};
use crate::notes::language::{self, Decision, Tagged};
use crate::notes::prompts::{self, Input};
use crate::notes::python2::{self, Idiom};
use crate::notes::{claims, directives, fragments, markdown, pieces};
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
    /// What the note says about it.
    pub claims: Vec<Claim>,
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

    /// Its statements one by one, as what is run for its claims where it does not run as a whole.
    pub fn alone(&self) -> Code {
        if self.code.prompts {
            self.code.clone()
        } else {
            statements(&self.code)
        }
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
    third_readings(&mut candidates, runner)?;
    let mut snippets = Vec::new();
    for candidate in candidates {
        let block = &mut notes[candidate.note].blocks[candidate.block];
        let decision = candidate.decide(&markdown::tag_word(&block.info), &block.text);
        block.language = decision.language;
        block.why = decision.why;
        if block.language.is_snippet() {
            let skip = directive_skip(block, version).or_else(|| candidate.skip(block));
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
    claims: Vec<Claim>,
    /// Its text without what is no code, where that is another one.
    bare: Option<String>,
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
            let reading = if is_session || decided.is_none() {
                claims::read(&notes[note], block, is_session)
            } else {
                claims::Reading::default()
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
                claims: reading.claims,
                bare: reading.code.map(|code| language::dedent(&code)),
                decided,
            });
        }
    }
    found
}

/// Reads in other ways what the parser refused, and what has more in it than code: without the
/// output that it shows, and with the syntax of Python 2 rewritten.
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
        } else if candidate.decided.is_none() {
            asked.extend(
                candidate
                    .readings()
                    .into_iter()
                    .map(|(code, idioms)| (at, code, idioms)),
            );
        }
    }
    let sources: Vec<Code> = asked.iter().map(|(_, code, _)| code.clone()).collect();
    let mut settled = BTreeSet::new();
    for ((at, code, idioms), facts) in asked.into_iter().zip(runner.analyze(&sources)?) {
        if facts.error.is_none() && !facts.statements.is_empty() && settled.insert(at) {
            let candidate = &mut candidates[at];
            (candidate.facts, candidate.code, candidate.idioms) = (facts, code, idioms);
        }
    }
    Ok(())
}

/// Reads the claims' code statement by statement where it can't be read as a whole.
fn third_readings(candidates: &mut [Candidate], runner: &dyn Runner) -> Result<(), PoolError> {
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

/// A script, statement by statement.
fn statements(script: &Code) -> Code {
    let cut = |piece: &Piece| pieces::cut(&piece.text, piece.line as usize);
    Code {
        prompts: true,
        pieces: script.pieces.iter().flat_map(cut).collect(),
    }
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
    /// How else the text of a script can be read, the best first: without the output that it
    /// shows, and, where the parser refused it, with the syntax of Python 2 rewritten.
    fn readings(&self) -> Vec<(Code, Vec<Idiom>)> {
        let Some(piece) = self.code.pieces.first() else {
            return Vec::new();
        };
        let code = |text: &str| Code::script(piece.line as usize, text);
        let mut found = Vec::new();
        for text in self.bare.iter().chain([&piece.text]) {
            if text != &piece.text {
                found.push((code(text), Vec::new()));
            }
            let modern = python2::modernize(text);
            if self.facts.error.is_some() && !modern.idioms.is_empty() {
                let idioms = modern.idioms.into_iter().map(|idiom| placed(idiom, piece));
                found.push((code(&modern.text), idioms.collect()));
            }
        }
        found
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

    /// Why the snippet can't be judged by running it, as far as reading it tells.
    fn skip(&self, block: &Block) -> Option<Skip> {
        let (language, text) = (block.language, &block.text);
        if language == Language::Python
            && let Some(error) = &self.facts.error
        {
            let line = (error.line as usize).saturating_sub(
                self.code
                    .pieces
                    .first()
                    .map_or(0, |piece| piece.line as usize),
            );
            return fragments::lost_indentation(block.form, &error.message)
                .or_else(|| led_in_as_output(block))
                .or_else(|| fragments::why(text, line, &error.message))
                .or_else(|| {
                    (language::tagged(&block.tag.to_lowercase()) == Tagged::Nothing)
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
            claims,
            ..
        } = self;
        Snippet {
            note,
            block,
            code,
            facts,
            inputs,
            idioms,
            claims,
            skip,
            depends_on: Vec::new(),
        }
    }
}

/// The reason for what no parser reads and the words right above announce as output.
fn led_in_as_output(block: &Block) -> Option<String> {
    claims::is_led_in_as_output(block).then(|| "it is announced as output".to_owned())
}

fn directive_skip(block: &Block, version: (u8, u8, u8)) -> Option<Skip> {
    if let Some(reason) = &block.directives.skip {
        return Some(Skip::Directive(reason.clone()));
    }
    let specifier = block.directives.python.as_ref()?;
    let other = directives::version_matches(specifier, version) == Some(false);
    other.then(|| Skip::Directive(format!("for Python {specifier}")))
}

fn find_dependencies(notes: &[Note], snippets: &mut [Snippet], state: State) {
    let mut sessions: BTreeMap<Option<&str>, Seen> = BTreeMap::new();
    let mut note = 0;
    for at in 0..snippets.len() {
        if snippets[at].note != note {
            note = snippets[at].note;
            sessions.clear();
        }
        let session = session(notes, &snippets[at]);
        let seen = sessions.entry(session).or_default();
        let mut depends_on = match state {
            State::Isolated if session.is_none() => Vec::new(),
            State::Note => seen.last(MOST_DEPENDENCIES).to_vec(),
            State::Auto | State::Isolated => used(snippets, at, seen),
        };
        depends_on.drain(..depends_on.len().saturating_sub(MOST_DEPENDENCIES));
        if can_be_replayed(notes, &snippets[at]) {
            seen.add(at, &snippets[at].facts);
        }
        snippets[at].depends_on = depends_on;
    }
}

/// How many earlier snippets one may depend on: the nearest, so that a note of a hundred thousand
/// takes neither memory nor time for the square of them.
const MOST_DEPENDENCIES: usize = 500;

/// The snippets of a session so far that can be replayed.
#[derive(Default)]
struct Seen {
    all: Vec<usize>,
    /// By name: where in `all` the last one stands that binds it.
    binders: BTreeMap<String, usize>,
    /// By name: where in `all` those stand that change its value.
    changers: BTreeMap<String, Vec<usize>>,
}

impl Seen {
    fn add(&mut self, snippet: usize, facts: &Analysis) {
        let place = self.all.len();
        self.all.push(snippet);
        for name in &facts.binds {
            self.binders.insert(name.clone(), place);
        }
        for name in &facts.changes {
            self.changers.entry(name.clone()).or_default().push(place);
        }
    }

    fn last(&self, count: usize) -> &[usize] {
        &self.all[self.all.len().saturating_sub(count)..]
    }

    /// Those that change the value of `name` behind the one at `place`, the nearest at the end.
    fn changers(&self, name: &str, place: usize) -> &[usize] {
        let places = self.changers.get(name).map_or(&[][..], Vec::as_slice);
        let behind = &places[places.partition_point(|&other| other <= place)..];
        &behind[behind.len().saturating_sub(MOST_DEPENDENCIES)..]
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
fn used(snippets: &[Snippet], at: usize, seen: &Seen) -> Vec<usize> {
    let mut needed = BTreeSet::new();
    for name in &snippets[at].facts.uses {
        // What nothing binds by its name may have come with `from module import *`.
        let definer = seen.binders.get(name).or_else(|| seen.binders.get("*"));
        let Some(&definer) = definer else {
            continue;
        };
        let places = std::iter::once(&definer).chain(seen.changers(name, definer));
        // The nearest needs most of what the others need.
        for &place in places.rev() {
            let earlier = seen.all[place];
            if needed.insert(earlier) {
                needed.extend(&snippets[earlier].depends_on);
            }
        }
    }
    needed.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Block;

    /// A snippet for each of these: what it uses, binds and changes.
    fn planned(state: State, facts: &[(&str, &str, &str)]) -> Vec<Vec<usize>> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let snippet = |(block, (uses, binds, changes)): (usize, &(&str, &str, &str))| Snippet {
            block,
            facts: Analysis {
                uses: words(uses),
                binds: words(binds),
                changes: words(changes),
                ..Analysis::default()
            },
            ..Snippet::default()
        };
        let mut snippets: Vec<Snippet> = facts.iter().enumerate().map(snippet).collect();
        let note = Note {
            blocks: vec![Block::default(); facts.len()],
            ..Note::default()
        };
        find_dependencies(&[note], &mut snippets, state);
        snippets.into_iter().map(|it| it.depends_on).collect()
    }

    #[test]
    fn a_snippet_depends_on_what_defines_and_changes_what_it_uses() {
        let facts = [
            ("", "a", ""),
            ("", "b *", ""),
            ("a", "c", "a"),
            ("b", "", "b"),
            ("a", "", ""),
            ("c x", "", ""),
            ("", "a", ""),
            ("a", "", ""),
        ];
        let expected = [
            vec![],
            vec![],
            vec![0],
            vec![1],
            vec![0, 2],
            vec![0, 1, 2],
            vec![],
            vec![6],
        ];
        assert_eq!(planned(State::Auto, &facts), expected);
        assert_eq!(
            planned(State::Note, &facts[..3]),
            [vec![], vec![0], vec![0, 1]]
        );
        assert!(planned(State::Isolated, &facts).iter().all(Vec::is_empty));
    }

    #[test]
    fn nothing_depends_on_more_than_can_be_held() {
        let mut facts = vec![("", "a", "")];
        facts.resize(3_000, ("a", "", "a"));
        for state in [State::Auto, State::Note] {
            let found = planned(state, &facts);
            assert!(found.iter().all(|some| some.len() <= MOST_DEPENDENCIES));
            let nearest: Vec<usize> = (2_999 - MOST_DEPENDENCIES..2_999).collect();
            assert_eq!(found[2_999], nearest);
        }
    }
}
