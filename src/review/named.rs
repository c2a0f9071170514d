//! Decisions by name, as a script takes them.

use super::{Action, Answer, Item, Queue};

/// The word for everything that is named nowhere else.
const ALL: &str = "all";

/// The names that were typed, each a whole id or its beginning, or `all`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// What is to be done with which items.
    pub actions: Vec<(Action, String)>,
    /// What is to stay pending.
    pub rejected: Vec<String>,
}

/// Why nothing was decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// No item is called so.
    #[error("nothing that is pending is called `{typed}`")]
    Unknown {
        /// What was typed.
        typed: String,
        /// The id that is most like it.
        nearest: Option<String>,
    },
    /// Two items are called so.
    #[error("`{typed}` may be `{}` or `{}`", .ids.0, .ids.1)]
    Ambiguous {
        /// What was typed.
        typed: String,
        /// The first two.
        ids: (String, String),
    },
    /// An item is named with two different options.
    #[error("`{0}` is named twice, for different things")]
    Twice(String),
    /// That can't be done with it.
    #[error("`{id}` can't be done: {} is not possible there", .action.as_str())]
    NotOffered {
        /// The item.
        id: String,
        /// What was asked for.
        action: Action,
        /// What can be done.
        offered: Vec<Action>,
    },
}

impl Mistake {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::Unknown {
                nearest: Some(nearest),
                ..
            } => format!("the nearest is `{nearest}`; `verify review --list` shows all"),
            Self::Unknown { .. } => "`verify review --list` shows what is pending".into(),
            Self::Ambiguous { .. } => "type one more letter of it".into(),
            Self::Twice(_) => "name it with one of the options".into(),
            Self::NotOffered { offered, .. } if offered.is_empty() => {
                "it can only be mended by hand: `verify review` shows why".into()
            }
            Self::NotOffered { offered, .. } => {
                let offered: Vec<String> = offered
                    .iter()
                    .map(|action| format!("`--{}`", action.as_str()))
                    .collect();
                format!("what can be done with it is {}", offered.join(" or "))
            }
        }
    }
}

/// Answers every item as it is named. Those that nobody names are left pending.
pub fn choose<'i>(items: &'i [Item], named: &Named) -> Result<Queue<'i>, Mistake> {
    let mut wanted: Vec<Option<Answer>> = vec![None; items.len()];
    let mut want = |typed: &str, answer: Answer| {
        let at = find(items, typed)?;
        match wanted[at].replace(answer) {
            Some(before) if before != answer => Err(Mistake::Twice(items[at].id.clone())),
            _ => Ok(()),
        }
    };
    for typed in &named.rejected {
        want(typed, Answer::Skip)?;
    }
    let mut rest = Vec::new();
    for (action, typed) in &named.actions {
        if typed == ALL {
            rest.push(*action);
        } else {
            want(typed, Answer::Do(*action))?;
        }
    }
    let mut queue = Queue::new(items);
    while let Some(at) = queue.next() {
        let item = &items[at];
        let offered = queue.offers(item);
        let any = rest.iter().find(|action| offered.contains(action));
        let answer = match wanted[at] {
            Some(Answer::Do(action)) if !offered.contains(&action) => {
                return Err(Mistake::NotOffered {
                    id: item.id.clone(),
                    action,
                    offered,
                });
            }
            Some(answer) => answer,
            None => any.map_or(Answer::Skip, |action| Answer::Do(*action)),
        };
        queue.answer(answer);
    }
    Ok(queue)
}

/// The index of the one item whose id begins so.
fn find(items: &[Item], typed: &str) -> Result<usize, Mistake> {
    let wanted = typed.to_lowercase();
    let is_called = |at: &usize| !wanted.is_empty() && items[*at].id.starts_with(&wanted);
    let mut found = (0..items.len()).filter(is_called);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (Some(one), Some(other)) => Err(Mistake::Ambiguous {
            typed: typed.to_owned(),
            ids: (items[one].id.clone(), items[other].id.clone()),
        }),
        (None, _) => {
            let distance = |item: &&Item| strsim::damerau_levenshtein(&item.id, &wanted);
            Err(Mistake::Unknown {
                typed: typed.to_owned(),
                nearest: items
                    .iter()
                    .min_by_key(distance)
                    .map(|item| item.id.clone()),
            })
        }
    }
}
