//! Parameters that are tuples, which PEP 3113 took away: `def f(a, (b, c)):`.
//!
//! The parameter gets one name; a function takes it apart before its first statement, on the
//! same line, and a lambda by its items. Where that can't be done without doubt the names are
//! joined all the same, so that the rest can be read, and the code counts as not exact.

use super::{COMPOUND, Pass, depth_after};
use crate::notes::tokens::{Kind, Token};

/// One parameter that is a tuple.
struct Parameter<'t, 'a> {
    open: &'t Token<'a>,
    end: usize,
    names: Vec<&'a str>,
    /// `(a)` is no tuple.
    is_tuple: bool,
}

impl<'t, 'a> Pass<'t, 'a> {
    /// `def f(a, (b, c)):`
    pub(super) fn tuple_parameters(&mut self, statement: usize) {
        let tokens = &self.tokens[self.statements[statement].clone()];
        let Some(open) = tokens.iter().position(|token| token.is("(")) else {
            return;
        };
        for parameter in tuples(&tokens[open + 1..]) {
            let name = self.join(&parameter);
            if !parameter.is_tuple {
                continue;
            }
            let comma = if parameter.names.len() == 1 { "," } else { "" };
            let unpack = format!("{}{comma} = {name}; ", parameter.names.join(", "));
            match self.body(statement) {
                Body::Begins(at) => self.replace(at, at, unpack),
                Body::Empty => {}
                Body::Unknown => self.is_exact = false,
            }
        }
    }

    /// `lambda (k, v): v`
    pub(super) fn lambdas(&mut self, tokens: &'t [Token<'a>]) {
        for (at, _) in tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.is_name("lambda"))
        {
            let after = &tokens[at + 1..];
            for parameter in tuples(after) {
                let name = self.join(&parameter);
                if parameter.is_tuple {
                    self.by_items(&name, &parameter.names, lambda_body(after));
                }
            }
        }
    }

    /// Gives a parameter one name, which it returns.
    fn join(&mut self, parameter: &Parameter<'t, 'a>) -> String {
        self.found("py2-tuple-parameter", parameter.open);
        let mut name = parameter.names.join("_");
        while parameter.names.len() > 1 && self.tokens.iter().any(|token| token.text == name) {
            name.push('_');
        }
        self.replace(parameter.open.start, parameter.end, name.clone());
        name
    }

    /// Reads the names of a tuple as its items.
    fn by_items(&mut self, tuple: &str, names: &[&str], body: &'t [Token<'a>]) {
        let binds = |token: &Token<'_>| token.is_name("lambda") || token.is_name("for");
        for (at, token) in body.iter().enumerate() {
            let item = names.iter().position(|name| token.is_name(name));
            let before = at.checked_sub(1).map(|at| &body[at]);
            let is_attribute = before.is_some_and(|token| token.is("."));
            let is_keyword = body.get(at + 1).is_some_and(|token| token.is("="));
            if let Some(item) = item
                && !is_attribute
                && !is_keyword
            {
                // Another scope may give the name another meaning.
                self.is_exact &= !body.iter().any(binds);
                self.replace(token.start, token.end(), format!("{tuple}[{item}]"));
            }
        }
    }

    /// The place before the first statement of the body that belongs to this `def`.
    fn body(&self, statement: usize) -> Body {
        let Some(def) = self.statements[statement]
            .clone()
            .next()
            .map(|at| &self.tokens[at])
        else {
            return Body::Unknown;
        };
        let header_ends = self.statements[statement].end;
        let line_of_colon = self.tokens[header_ends - 1].line;
        let body = self.statements[statement + 1..]
            .iter()
            .map(|range| &self.tokens[range.clone()])
            .take_while(|tokens| {
                let first = &tokens[0];
                first.line == line_of_colon || self.column(first) > self.column(def)
            })
            .find(|tokens| !(tokens.len() == 1 && tokens[0].kind == Kind::Text));
        match body.and_then(|tokens| tokens.first()) {
            None => Body::Empty,
            Some(first) if COMPOUND.contains(&first.text) || first.is("@") => Body::Unknown,
            Some(first) => Body::Begins(first.start),
        }
    }

    fn column(&self, token: &Token<'_>) -> usize {
        let before = &self.source[..token.start];
        before.len() - before.rfind('\n').map_or(0, |at| at + 1)
    }
}

/// Where the body of a function begins.
enum Body {
    /// With a statement at this byte.
    Begins(usize),
    /// With nothing that uses a name.
    Empty,
    /// With what nothing can be put before on its line.
    Unknown,
}

/// The parameters that are tuples of names, in a list that ends with its `)` or `:`.
fn tuples<'t, 'a>(parameters: &'t [Token<'a>]) -> Vec<Parameter<'t, 'a>> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut begins = true;
    for (at, token) in parameters.iter().enumerate() {
        if depth == 0 && (token.is(")") || token.is(":")) {
            break;
        }
        if begins && token.is("(") {
            found.extend(tuple(&parameters[at..]));
        }
        depth = depth_after(depth, token);
        begins = depth == 0 && token.is(",");
    }
    found
}

/// The tuple of names that begins with the first of these.
fn tuple<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<Parameter<'t, 'a>> {
    let length = tokens.iter().position(|token| token.is(")"))?;
    let inside = &tokens[1..length];
    let is_part = |token: &Token<'_>| token.kind == Kind::Name || token.is(",");
    let names: Vec<&str> = inside
        .iter()
        .filter(|token| token.kind == Kind::Name)
        .map(|token| token.text)
        .collect();
    (!names.is_empty() && inside.iter().all(is_part)).then(|| Parameter {
        open: &tokens[0],
        end: tokens[length].end(),
        names,
        is_tuple: inside.iter().any(|token| token.is(",")),
    })
}

/// What a lambda whose parameters these begin with returns.
fn lambda_body<'t, 'a>(after: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut depth = 0;
    let colon = after.iter().position(|token| {
        depth = depth_after(depth, token);
        depth == 0 && token.is(":")
    });
    let body = colon.map_or(&after[after.len()..], |at| &after[at + 1..]);
    let mut depth = 0;
    let ends = body.iter().position(|token| {
        let closes = depth == 0 && matches!(token.text, ")" | "]" | "}" | "," | ":");
        depth = depth_after(depth, token);
        closes && token.kind == Kind::Operator
    });
    &body[..ends.unwrap_or(body.len())]
}
