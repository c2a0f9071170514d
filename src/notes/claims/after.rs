//! Claims in what follows a script: output blocks, shown tracebacks, and a paragraph right below
//! or above it that says what comes.
//!
//! Only what follows directly counts: a heading, a table or a paragraph of more than two lines
//! in between, and nothing is claimed.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::below::{self, Shown};
use super::prose::{Prose, above, between};
use super::statements::{Kind, statements};
use super::{Source, labels, meaning, output, pattern, prompts, scope, traceback, values};
use crate::model::{About, Block, Claim, ClaimForm, Lines, Note, Options, Says};

/// The claims about block `at` of `note`, a script with this code, in what stands around it.
pub(super) fn read(note: &Note, at: usize, code: &str) -> Vec<Claim> {
    let snippet = Snippet::of(&note.blocks[at], code);
    if snippet.source.is_empty() {
        return Vec::new();
    }
    let mut claims = Vec::new();
    let mut prose = Vec::new();
    for (next, block) in note.blocks.iter().enumerate().skip(at + 1) {
        prose = between(&note.text, &note.blocks[next - 1], Some(block));
        let Some(lead) = Lead::of(&prose) else {
            break;
        };
        let versions = next == at + 1 || lead.scope.is_some();
        let found = below::shown(block).filter(|_| versions);
        match found.and_then(|shown| snippet.block_claim(note, block, &lead, &shown)) {
            Some(claim) => claims.push(claim),
            None => break,
        }
    }
    if claims.is_empty() {
        if note.blocks.len() <= at + 1 {
            prose = between(&note.text, &note.blocks[at], None);
        }
        claims.extend(snippet.paragraph_claims(&prose));
    }
    if !claims
        .iter()
        .any(|claim| claim.form == ClaimForm::Traceback)
    {
        claims.extend(snippet.named_error(note, at, &prose));
    }
    claims
}

/// How a block of output asks to be compared. One that is left out under some conditions is not.
fn output_options(block: &Block) -> Options {
    let directives = &block.directives;
    Options {
        skip: directives.options.skip || directives.skip.is_some() || directives.python.is_some(),
        ..directives.options
    }
}

/// What the claims are about.
struct Snippet<'a> {
    block: &'a Block,
    code: &'a str,
    /// What it is compared with; `None` where nothing tells that it prints or is worth anything.
    about: Option<About>,
    prints: bool,
    /// Its only statement, or the last that prints, or its last.
    source: String,
}

impl<'a> Snippet<'a> {
    fn of(block: &'a Block, code: &'a str) -> Self {
        let prints = PRINTS.is_match(code);
        let all = statements(code);
        let coded = || all.iter().filter(|one| one.is_code());
        let last = coded().next_back();
        let printing = coded().rfind(|one| PRINTS.is_match(one.code)).or(last);
        // What is called above the last line may print as well.
        let calls_before = coded()
            .rev()
            .skip(1)
            .any(|one| one.kind == Kind::Expression && one.indent == 0 && one.code.ends_with(')'));
        let whole = Some(About::Output(block.lines));
        let about = match last {
            _ if prints => whole,
            Some(one) if one.indent > 0 || one.kind == Kind::Part => whole,
            Some(one) if one.kind == Kind::Expression && !calls_before => {
                Some(About::Statement(Lines {
                    first: block.lines.first + one.from,
                    last: block.lines.first + one.to,
                }))
            }
            Some(one) if matches!(one.kind, Kind::Expression | Kind::Print) => whole,
            _ => None,
        };
        Self {
            block,
            code,
            about,
            prints,
            source: printing.map_or_else(String::new, |one| one.code.trim().to_owned()),
        }
    }

    fn claim(&self, lines: Lines, claimed: &str, bytes: Vec<Range<usize>>) -> Claim {
        Claim {
            lines,
            form: ClaimForm::NextBlock,
            source: self.source.clone(),
            about: self.about.unwrap_or(About::Output(self.block.lines)),
            claimed: claimed.to_owned(),
            bytes,
            ..Claim::default()
        }
    }

    /// A claim that it raises.
    fn raises(&self, claim: Claim, says: Says) -> Claim {
        Claim {
            form: ClaimForm::Traceback,
            about: About::Output(self.block.lines),
            says,
            ..claim
        }
    }

    fn block_claim(&self, note: &Note, block: &Block, lead: &Lead, shown: &Shown) -> Option<Claim> {
        let source = Source::of(&note.text, block);
        let lines: Vec<&str> = block.text.lines().collect();
        let make = |at: Range<usize>| {
            let bytes: Option<Vec<_>> = at
                .clone()
                .map(|line| source.bytes(line, 0..lines[line].trim_end().len()))
                .collect();
            let text: Vec<&str> = lines[at.clone()]
                .iter()
                .map(|line| line.trim_end())
                .collect();
            Claim {
                scope: lead.scope.clone(),
                options: output_options(block),
                ..self.claim(
                    source.lines(at.start, at.end - 1),
                    &text.join("\n"),
                    bytes.unwrap_or_default(),
                )
            }
        };
        let text = lines[shown.lines.clone()].join("\n");
        let is_traceback = text.lines().any(traceback::is_header);
        let catches = !is_traceback && self.code.contains("except");
        if let Some(raised) = traceback::shown(&text).filter(|_| !catches) {
            let from = shown.lines.start;
            let at = from + raised.lines.start..from + raised.lines.end;
            return lead
                .may_announce_error()
                .then(|| self.raises(make(at), raised.says));
        }
        let is_announced = lead.announces || lead.scope.is_some() || shown.was_run;
        let is_output = match () {
            () if !shown.is_output => false,
            () if is_announced => true,
            () => lead.is_empty && self.prints && (shown.is_tagged || self.could_print(&text)),
        };
        (is_output && self.about.is_some()).then(|| make(shown.lines.clone()))
    }

    /// True where a text reads as output and not as something else, or has a string of the code in it.
    fn could_print(&self, text: &str) -> bool {
        if below::reads_as_output(text) {
            return true;
        }
        let all = statements(self.code);
        let tokens = all.iter().flat_map(|one| &one.tokens);
        let strings: Vec<&str> = tokens
            .filter(|token| token.kind == crate::notes::tokens::Kind::Text)
            .map(|token| token.text)
            .collect();
        let words = strings.join(" ");
        let is_words = |line: &str| prompts::is_sentence(line) && !output::is_alike(line, &words);
        let mut parts = strings
            .iter()
            .flat_map(|text| text.split(['\'', '"', '{', '}', '%', '\\', '\n']));
        !text.lines().any(is_words)
            && parts.any(|part| part.trim().chars().count() >= 3 && text.contains(part.trim()))
    }

    /// The claims of the paragraph right below it, such as "输出：`3`".
    fn paragraph_claims(&self, prose: &[Prose<'_>]) -> Vec<Claim> {
        let first = prose.iter().skip_while(|line| line.text.is_empty());
        first
            .take_while(|line| !line.text.is_empty())
            .map_while(|line| self.line_claim(line))
            .collect()
    }

    fn line_claim(&self, line: &Prose<'_>) -> Option<Claim> {
        let text = line.text;
        let version = scope::mentions(text)?
            .into_iter()
            .next()
            .filter(|one| one.range.start < "在（**".len());
        let begin = version.as_ref().map_or(0, |one| one.range.end);
        let begin = begin + decoration(&text[begin..]);
        let is_announced =
            |it: &labels::Label| it.kind != labels::Kind::Error && !text[begin..].starts_with("==");
        let label = labels::leading(&text[begin..]).filter(is_announced);
        if label.is_none() && version.is_none() {
            return None;
        }
        let about_value = label.is_some_and(|it| it.kind == labels::Kind::Value);
        if self.about.is_none() || (about_value && self.prints && self.is_long()) {
            return None;
        }
        let firm = label.is_none_or(|it| it.firm);
        let at = begin + label.map_or(0, |it| it.end);
        let at = at + decoration(&text[at..]);
        if HEDGED.is_match(&text[..at]) {
            return None;
        }
        let columns = told(text, at, firm)?;
        let claimed = &text[columns.clone()];
        let place = line.start + columns.start..line.start + columns.end;
        let claim = Claim {
            scope: version.map(|one| one.spec),
            ..self.claim(line.lines(), claimed, vec![place])
        };
        match meaning::raised(claimed) {
            Some((len, says)) if len == claimed.len() => Some(self.raises(claim, says)),
            _ => Some(claim),
        }
    }

    /// True for a snippet of more than one statement.
    fn is_long(&self) -> bool {
        let all = statements(self.code);
        all.iter().filter(|one| one.is_code()).count() > 1
    }

    /// The error that the paragraph right below names, or the lead-in.
    fn named_error(&self, note: &Note, at: usize, prose: &[Prose<'_>]) -> Option<Claim> {
        if self.code.contains("except") {
            return None;
        }
        let first = prose.iter().find(|line| !line.text.is_empty());
        let below = first.filter(|line| REFERS.is_match(line.text));
        let above = above(note, at);
        let lead = above.iter().rfind(|line| !line.text.is_empty());
        let lead = lead
            .filter(|line| ANNOUNCES_CODE.is_match(line.text) && !line.text.contains(['？', '?']));
        below.into_iter().chain(lead).find_map(|line| {
            let (columns, says) = traceback::named(line.text)?;
            let place = line.start + columns.start..line.start + columns.end;
            let claim = Claim {
                scope: super::scope_of(line.text),
                ..self.claim(line.lines(), &line.text[columns], vec![place])
            };
            Some(self.raises(claim, says))
        })
    }
}

/// The bytes of white space, colons and emphasis that `text` begins with.
fn decoration(text: &str) -> usize {
    let rest = text.trim_start_matches([' ', '*', '_', ':', '：', ',', '，', '中', ')', '）']);
    text.len() - rest.len()
}

/// The bytes of the value behind a label: inline code, or a plain value to the end of the line
/// where the label has a colon. What follows inline code may only end or explain it.
fn told(text: &str, at: usize, firm: bool) -> Option<Range<usize>> {
    let rest = &text[at..];
    if let Some(inner) = rest.strip_prefix('`') {
        let len = inner.find('`')?;
        let after = inner[len + 1..].trim_start_matches(['*', ' ']);
        let ends =
            after.is_empty() || after.starts_with(['。', '.', '，', ',', '；', ';', '（', '(']);
        let code = at + 1..at + 1 + len;
        return (ends && len > 0).then_some(code);
    }
    let value = rest.trim_end_matches(['。', ' ']);
    (firm && values::is_value(value)).then_some(at..at + value.len())
}

/// What leads a block in.
struct Lead {
    is_empty: bool,
    /// It says that what follows is the output.
    announces: bool,
    scope: Option<String>,
    /// It says that something is only so under a condition, or not.
    hedged: bool,
}

impl Lead {
    /// `None` where more stands between two blocks than leads in.
    fn of(prose: &[Prose<'_>]) -> Option<Self> {
        let full: Vec<&Prose<'_>> = prose.iter().filter(|line| !line.text.is_empty()).collect();
        let gap = |pair: &[&Prose<'_>]| pair[0].number + 1 < pair[1].number;
        if full.len() > 2 || full.windows(2).any(gap) || full.iter().any(|line| line.is_structure())
        {
            return None;
        }
        let text = full.last().map_or("", |line| line.text);
        let text = text.trim_matches(['*', '_', ' ', '`']);
        if text.chars().count() > LONGEST_LEAD {
            return None;
        }
        let is_label = labels::announces_below(text);
        let hedged = HEDGED.is_match(text);
        let is_heading = text.ends_with([':', '：']) || scope::heading(text).is_some();
        let scope = super::scope_of(text).filter(|_| !hedged && (is_label || is_heading));
        Some(Self {
            is_empty: full.is_empty(),
            announces: is_label || (ANNOUNCES.is_match(text) && !hedged),
            scope,
            hedged: hedged && !is_label,
        })
    }

    fn may_announce_error(&self) -> bool {
        !self.hedged
    }
}

/// How many characters a lead-in has at most.
const LONGEST_LEAD: usize = 80;

static PRINTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:print|pprint|pp|display|stdout|stderr|dis|help|logging|logger|log|warn|warnings|writelines)\b",
    )
});
/// Says that what follows is what came.
static ANNOUNCES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:
        (?:输出|打印|(?:运行|执行|打印|输出|返回|程序)?结果|运行|执行|显示|得到|看到)[^，。；]{0,14}[:：]$
        |(?:输出|打印|结果)[^，。；:：]{0,6}如下[:：。]?$
        |\b(?:outputs?|prints?|displays?|results?|produces|shows?|gives?|yields|running)\b[^.;]{0,30}:$
        )",
    )
});
/// Says that what follows is not what comes, or only sometimes, or that somebody types something.
static HEDGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)以为|期望|预期|本应|应该|应当|想要|希望|并不|不是|不会|而不|没有|假如|如果|若|当你|否则|可能|大概|类似|例如|比如|错误地|或者|输入|文件|目录|不同|命令|安装|配置|语法|签名|原型|格式[^化]|\b(?:expected?|should|want|wish|instead|not|never|doesn't|don't|might|may|maybe|could|would|if|when|unless|similar|something like|e\.g\.|input|file|director(?:y|ies)|command|install|config\w*|syntax|format|signature|differ\w*|wrong)\b",
    )
});
/// A paragraph that begins so speaks about the code above it.
static REFERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W{0,3}(?i:上面|上述|以上|这段|这里|此时|运行|执行|结果|会|将|则|直接|报错|报|抛出|引发|错误|异常|the (?:above|code|result)|this\b|it\b|running|which|here|result|raises|throws|error|\w+(?:Error|Exception): )",
    )
});
/// A lead-in that speaks about the code below it.
static ANNOUNCES_CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:下面|以下|如下|following|below).*|[:：]$"));

#[cfg(test)]
#[path = "after_tests.rs"]
mod tests;
