//! What only Python 2 accepts: found by what makes it so, and rewritten so that
//! the rest of the code can still be read.
//!
//! A pure function from text to text and idioms. Whether the rewritten code is
//! Python 3 is for CPython's parser to say; nothing is decided here.

use super::tokens::{Kind, Token, tokenize};

/// One idiom of Python 2 in some code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idiom {
    /// The slug of its rule.
    pub rule: &'static str,
    /// The line, counted from 0 within the code.
    pub line: usize,
    /// The statement or token as it could be written today, `""` where it is too long to tell.
    pub modern: String,
}

/// Bytes that the modern forms of one statement may take: each of its idioms has all of it.
const MOST_MODERN: usize = 1 << 20;

/// Code with its idioms of Python 2 replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modern {
    /// The code as Python 3 writes it; as many lines as before.
    pub text: String,
    /// What was replaced, in the order of the lines.
    pub idioms: Vec<Idiom>,
}

/// Replaces the syntax that only Python 2 has.
pub fn modernize(source: &str) -> Modern {
    let mut pass = Pass {
        source,
        edits: Vec::new(),
        idioms: Vec::new(),
    };
    let tokens = tokenize(source);
    for statement in statements(&tokens) {
        pass.statement(statement);
    }
    pass.finish()
}

/// The statements of a token stream: logical lines, cut again at `;` outside
/// brackets and behind the `:` that opens a block on the same line.
fn statements<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut found = Vec::new();
    let (mut first, mut depth, mut compound) = (0, 0usize, false);
    for (at, token) in tokens.iter().enumerate() {
        if at == first {
            compound = COMPOUND.contains(&token.text);
        }
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Operator => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Operator => depth = depth.saturating_sub(1),
            _ => {}
        }
        let opens = compound && depth == 0 && token.is(":") && !is_lambda_colon(&tokens[first..at]);
        let ends =
            matches!(token.kind, Kind::Newline | Kind::Comment) || (depth == 0 && token.is(";"));
        if ends || opens {
            let last = if opens { at + 1 } else { at };
            if last > first {
                found.push(&tokens[first..last]);
            }
            first = at + 1;
            if token.kind == Kind::Newline {
                depth = 0;
            }
        }
    }
    found
}

const COMPOUND: [&str; 11] = [
    "if", "elif", "else", "while", "for", "try", "except", "finally", "with", "def", "class",
];

fn line_ends(text: &str) -> usize {
    text.matches('\n').count()
}

fn is_lambda_colon(before: &[Token<'_>]) -> bool {
    let lambdas = before
        .iter()
        .filter(|token| token.is_name("lambda"))
        .count();
    lambdas > before.iter().filter(|token| token.is(":")).count()
}

struct Pass<'a> {
    source: &'a str,
    edits: Vec<(usize, usize, String)>,
    idioms: Vec<Idiom>,
}

impl<'a> Pass<'a> {
    fn statement(&mut self, tokens: &[Token<'a>]) {
        let idioms_before = self.idioms.len();
        let edits_before = self.edits.len();
        self.small(tokens);
        let Some((first, rest)) = tokens.split_first() else {
            return;
        };
        match first.text {
            "print" => self.print(first, rest),
            "exec" => self.exec(first, rest),
            "raise" => self.raise(first, rest),
            "except" => self.except(first, rest),
            "def" => self.tuple_parameters(rest),
            _ => {}
        }
        self.lambda_parameters(tokens);
        let modern = self.rewritten(tokens, edits_before);
        let idioms = &mut self.idioms[idioms_before..];
        if idioms.len().saturating_mul(modern.len()) <= MOST_MODERN {
            for idiom in idioms {
                idiom.modern.clone_from(&modern);
            }
        }
    }

    /// The statement with the edits made since `edits_before`.
    fn rewritten(&self, tokens: &[Token<'a>], edits_before: usize) -> String {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return String::new();
        };
        apply(
            self.source,
            first.start,
            last.end(),
            &self.edits[edits_before..],
        )
    }

    fn found(&mut self, rule: &'static str, token: &Token<'_>) {
        self.idioms.push(Idiom {
            rule,
            line: token.line,
            modern: String::new(),
        });
    }

    /// Replaces some bytes and keeps their line ends: all that is replaced across lines stands in
    /// brackets, or does from then on.
    fn replace(&mut self, start: usize, end: usize, with: impl Into<String>) {
        let mut with = with.into();
        let lost = line_ends(&self.source[start..end]).saturating_sub(line_ends(&with));
        with.push_str(&"\n".repeat(lost));
        self.edits.push((start, end, with));
    }

    /// Literals and operators that stand anywhere.
    fn small(&mut self, tokens: &[Token<'a>]) {
        let mut backtick: Option<&Token<'_>> = None;
        for token in tokens {
            match token.kind {
                Kind::Number => self.number(token),
                Kind::Text
                    if token
                        .text
                        .get(..2)
                        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("ur")) =>
                {
                    self.found("py2-ur-string", token);
                    self.replace(token.start, token.start + 1, "");
                }
                Kind::Operator if token.text == "<>" => {
                    self.found("py2-not-equal", token);
                    self.replace(token.start, token.end(), "!=");
                }
                Kind::Operator if token.text == "`" => match backtick.take() {
                    None => backtick = Some(token),
                    Some(open) => {
                        self.found("py2-backticks", open);
                        self.replace(open.start, open.end(), "repr(");
                        self.replace(token.start, token.end(), ")");
                    }
                },
                _ => {}
            }
        }
    }

    fn number(&mut self, token: &Token<'_>) {
        let digits = token.text.trim_end_matches(['l', 'L']);
        let hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
        let whole = digits.bytes().all(|byte| byte.is_ascii_digit()) || hexadecimal;
        if digits.len() < token.text.len() && whole && !digits.is_empty() {
            self.found("py2-long-literal", token);
            self.replace(token.start + digits.len(), token.end(), "");
        }
        let octal = digits.len() > 1
            && digits.starts_with('0')
            && digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
        if octal && digits.bytes().any(|byte| byte != b'0') {
            self.found("py2-octal-literal", token);
            self.replace(token.start, token.start + 1, "0o");
        }
    }

    fn print(&mut self, print: &Token<'_>, rest: &[Token<'_>]) {
        let Some(next) = rest.first() else { return };
        let shifted = next.is(">>");
        let continues = matches!(next.text, "=" | "." | "," | ":" | ")" | "]" | "[")
            || (next.is("(") && !prints_more(rest));
        let other_operator = next.kind == Kind::Operator
            && !matches!(next.text, "-" | "+" | "~" | "(" | "{" | "[" | "`" | ">>");
        if continues || (other_operator && !shifted) || next.is_name("in") || next.is_name("is") {
            return;
        }
        let Some(last) = rest.last() else { return };
        self.found("py2-print-statement", print);
        let start = if shifted {
            rest.get(1).map_or(next.end(), |token| token.start)
        } else {
            next.start
        };
        self.replace(print.end(), start, "(");
        let mut end = String::from(")");
        if shifted {
            let comma = top_level(rest, ",").next();
            let (from, to) = comma.map_or((last.end(), last.end()), |at| {
                (
                    rest[at].start,
                    rest.get(at + 1).map_or(last.end(), |token| token.start),
                )
            });
            let file = self.source[start..from].to_owned();
            // Its own line ends move with it.
            let between = "\n".repeat(line_ends(&self.source[from..to]));
            self.edits.push((start, to, between));
            end = format!("{}file={file})", if to < last.end() { ", " } else { "" });
        }
        if last.is(",") {
            self.replace(last.start, last.end(), "");
            end = format!(", end=\" \"{end}");
        }
        self.replace(last.end(), last.end(), end);
    }

    fn exec(&mut self, exec: &Token<'_>, rest: &[Token<'_>]) {
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else {
            return;
        };
        let operand = matches!(first.kind, Kind::Name | Kind::Text);
        if !operand || first.is_name("in") || first.is_name("is") {
            return;
        }
        self.found("py2-exec-statement", exec);
        self.replace(exec.end(), first.start, "(");
        if let Some(within) = rest.iter().find(|token| token.is_name("in")) {
            let before = within.start
                - (self.source[..within.start].len()
                    - self.source[..within.start].trim_end().len());
            self.replace(before, within.end(), ",");
        }
        self.replace(last.end(), last.end(), ")");
    }

    fn raise(&mut self, raise: &Token<'_>, rest: &[Token<'_>]) {
        let commas: Vec<usize> = top_level(rest, ",").collect();
        let (Some(&first), Some(last)) = (commas.first(), rest.last()) else {
            return;
        };
        let Some(value) = rest.get(first + 1) else {
            return;
        };
        self.found("py2-raise-comma", raise);
        self.replace(rest[first].start, value.start, "(");
        match commas.get(1).map(|&at| (&rest[at], rest.get(at + 1))) {
            Some((comma, Some(traceback))) => {
                self.replace(comma.start, traceback.start, ").with_traceback(");
                self.replace(last.end(), last.end(), ")");
            }
            _ => self.replace(last.end(), last.end(), ")"),
        }
    }

    fn except(&mut self, except: &Token<'_>, rest: &[Token<'_>]) {
        let mut commas = top_level(rest, ",");
        let (Some(at), None) = (commas.next(), commas.next()) else {
            return;
        };
        let named = rest
            .get(at + 1)
            .is_some_and(|token| token.kind == Kind::Name);
        let ends = rest.get(at + 2).is_some_and(|token| token.is(":"));
        if named && ends {
            self.found("py2-except-comma", except);
            self.replace(rest[at].start, rest[at].end(), " as");
        }
    }

    /// `def f(a, (b, c)):` (PEP 3113)
    fn tuple_parameters(&mut self, rest: &[Token<'_>]) {
        let Some(open) = rest.iter().position(|token| token.is("(")) else {
            return;
        };
        self.nested_names(&rest[open + 1..]);
    }

    fn lambda_parameters(&mut self, tokens: &[Token<'_>]) {
        for (at, _) in tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.is_name("lambda"))
        {
            if tokens.get(at + 1).is_some_and(|token| token.is("(")) {
                self.nested_names(&tokens[at + 1..]);
            }
        }
    }

    /// Joins the names of each parameter that is a tuple into one name.
    fn nested_names(&mut self, parameters: &[Token<'_>]) {
        let mut before: Option<&Token<'_>> = None;
        for (at, token) in parameters.iter().enumerate() {
            if token.is(")") || token.is(":") {
                return;
            }
            let starts = token.is("(") && before.is_none_or(|token| token.is(","));
            if starts && let Some(length) = parameters[at..].iter().position(|token| token.is(")"))
            {
                let inside = &parameters[at + 1..at + length];
                if inside.is_empty()
                    || !inside
                        .iter()
                        .all(|token| token.kind == Kind::Name || token.is(","))
                {
                    return;
                }
                let names: Vec<&str> = inside
                    .iter()
                    .filter(|token| token.kind == Kind::Name)
                    .map(|token| token.text)
                    .collect();
                self.found("py2-tuple-parameter", token);
                self.replace(token.start, parameters[at + length].end(), names.join("_"));
                return;
            }
            before = Some(token);
        }
    }

    fn finish(mut self) -> Modern {
        self.idioms.sort_by_key(|idiom| idiom.line);
        Modern {
            text: apply(self.source, 0, self.source.len(), &self.edits),
            idioms: self.idioms,
        }
    }
}

/// `source[start..end]` with the edits inside it made. Edits at one place are made in
/// the order in which they were asked for; of two that overlap the later one is left out.
fn apply(source: &str, start: usize, end: usize, edits: &[(usize, usize, String)]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|(from, to, _)| (*from, *to));
    let (mut text, mut at) = (String::new(), start);
    for (from, to, with) in edits {
        if *from < at || *to > end {
            continue;
        }
        text.push_str(&source[at..*from]);
        text.push_str(with);
        at = *to;
    }
    text.push_str(&source[at..end]);
    text
}

/// True where something follows the parenthesis behind `print`, as in `print (a), b` or `print ("%d") % x`:
/// both are also Python 3, and mean something else there.
fn prints_more(rest: &[Token<'_>]) -> bool {
    let mut depth = 0usize;
    for (at, token) in rest.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Operator => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Operator => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return rest.get(at + 1).is_some_and(|next| {
                next.kind != Kind::Operator && !next.is_name("if") && !next.is_name("for")
            });
        }
    }
    false
}

/// Where `operator` stands outside brackets and lambdas.
fn top_level<'t>(tokens: &'t [Token<'_>], operator: &'t str) -> impl Iterator<Item = usize> + 't {
    let mut depth = 0usize;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Operator => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Operator => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0 && token.is(operator)).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read_and_keeps_its_lines(text in "(?s)([a-zA-Z生0-9 '\"#`,:;()\\[\\]<>.\n\\\\]|print |raise |except |def |lambda |ur'|exec ){0,40}") {
            let modern = modernize(&text);
            prop_assert_eq!(modern.text.matches('\n').count(), text.matches('\n').count());
        }
    }

    fn modern(source: &str) -> (String, Vec<&'static str>) {
        let modern = modernize(source);
        (
            modern.text,
            modern.idioms.iter().map(|idiom| idiom.rule).collect(),
        )
    }

    #[track_caller]
    fn rewrites(source: &str, expected: &str, rule: &str) {
        assert_eq!(
            modern(source),
            (expected.to_owned(), vec![rule]),
            "{source}"
        );
    }

    #[test]
    fn print_statements_become_calls() {
        let rule = "py2-print-statement";
        rewrites("print 'a', x # note", "print('a', x) # note", rule);
        rewrites("print x,", "print(x, end=\" \")", rule);
        rewrites("print >>f, x", "print(x, file=f)", rule);
        rewrites("print >>f", "print(file=f)", rule);
        rewrites("if a: print b", "if a: print(b)", rule);
        rewrites("print -1", "print(-1)", rule);
        rewrites("x = 1; print x; y = 2", "x = 1; print(x); y = 2", rule);
        rewrites(
            "print type(s), s, len(s)       ",
            "print(type(s), s, len(s))       ",
            rule,
        );
    }

    #[test]
    fn what_python_3_accepts_is_left_alone() {
        for source in [
            "print(x)",
            "print (x)",
            "print",
            "p = print",
            "print.x",
            "exec('x')",
            "raise E('a, b')",
            "except (A, B):",
            "f(a, (b, c))",
            "0",
            "00",
            "0.5",
            "1e5",
            "0o17",
            "x <= y",
            "[print, 1]",
            "print(a) if b else c",
            "d = {'l': 1}",
            "raise",
        ] {
            assert_eq!(modern(source), (source.to_owned(), vec![]), "{source}");
        }
    }

    #[test]
    fn other_statements_are_rewritten() {
        rewrites("exec code in ns", "exec(code, ns)", "py2-exec-statement");
        rewrites("raise E, 'x'", "raise E('x')", "py2-raise-comma");
        rewrites(
            "raise E, v, tb",
            "raise E(v).with_traceback(tb)",
            "py2-raise-comma",
        );
        rewrites("except E, e:", "except E as e:", "py2-except-comma");
        rewrites(
            "except (A, B), e: pass",
            "except (A, B) as e: pass",
            "py2-except-comma",
        );
        rewrites(
            "def f(a, (b, c)): pass",
            "def f(a, b_c): pass",
            "py2-tuple-parameter",
        );
        rewrites(
            "sorted(x, key=lambda (k, v): v)",
            "sorted(x, key=lambda k_v: v)",
            "py2-tuple-parameter",
        );
    }

    #[test]
    fn literals_and_operators_are_rewritten() {
        rewrites("x = 0777", "x = 0o777", "py2-octal-literal");
        rewrites("x = 10L", "x = 10", "py2-long-literal");
        rewrites("x = 0xFFL", "x = 0xFF", "py2-long-literal");
        rewrites("x = ur'a'", "x = r'a'", "py2-ur-string");
        rewrites("a <> b", "a != b", "py2-not-equal");
        rewrites("s = `x`", "s = repr(x)", "py2-backticks");
    }

    #[test]
    fn each_idiom_has_its_line_and_its_statement() {
        let modern = modernize("a = 1\ntry:\n    print `a`\nexcept E, e:\n    pass\n");
        let told: Vec<_> = modern
            .idioms
            .iter()
            .map(|idiom| (idiom.line, idiom.rule, idiom.modern.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (2, "py2-backticks", "print(repr(a))"),
                (2, "py2-print-statement", "print(repr(a))"),
                (3, "py2-except-comma", "except E as e:"),
            ]
        );
        assert_eq!(
            modern.text,
            "a = 1\ntry:\n    print(repr(a))\nexcept E as e:\n    pass\n"
        );
    }

    #[test]
    fn what_is_replaced_across_lines_keeps_them() {
        for (source, expected) in [
            ("def f(a, (b,\n      c)):\n", "def f(a, b_c\n):\n"),
            ("print \\\n 1\n", "print(\n1)\n"),
            ("print >>f, \\\n 1\n", "print(\n1, file=f)\n"),
            (
                "print >>f(a,\n b), \\\n 1\n",
                "print(\n1, file=f(a,\n b))\n",
            ),
            ("raise E, \\\n 'm'\n", "raise E(\n'm')\n"),
        ] {
            assert_eq!(modernize(source).text, expected);
        }
    }

    #[test]
    fn a_statement_of_many_idioms_takes_no_more_than_its_share() {
        let source = format!("print {}\n", "`a`, ".repeat(20_000));
        let modern = modernize(&source);
        assert_eq!(modern.idioms.len(), 20_001);
        let told: usize = modern.idioms.iter().map(|idiom| idiom.modern.len()).sum();
        assert!(told <= MOST_MODERN, "{told} bytes");
        assert!(modern.text.starts_with("print(repr(a), repr(a), "));
    }
}
