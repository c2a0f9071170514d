//! `verify explain`: what changed in Python, by the name of a rule.

use std::collections::BTreeMap;

use verify::check::explain::catalogue;
use verify::cli::ExplainArgs;
use verify::config::Config;
use verify::report;

use super::ending::{Exit, Problem, say};

/// One rule, or all of them.
pub(crate) fn explain(args: &ExplainArgs, config: &Config) -> Result<Exit, Problem> {
    let (lang, color) = (config.lang.unwrap_or_default(), config.color);
    let Some(slug) = &args.rule else {
        let names = if args.all {
            catalogue::names()
        } else {
            BTreeMap::new()
        };
        let rules = catalogue::all();
        return say(&report::explain::list(&rules, &names, lang, color));
    };
    if let Some(rule) = catalogue::rule(slug) {
        return say(&report::explain::render(&rule, lang, color));
    }
    let near = catalogue::nearest(slug);
    let (message, help) = report::explain::unknown(slug, &near, lang);
    Err(Problem { message, help })
}
