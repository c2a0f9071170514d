//! What holds for any value, and for any text at all.

use proptest::prelude::*;

use super::super::context::Context;
use super::super::literal::parse;
use super::super::text::compare;
use crate::model::Tolerance;

/// A value that can be changed in one place.
#[derive(Clone, Debug)]
enum Value {
    Number(i32),
    Text(String),
    Bool(bool),
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Dict(Vec<(String, Value)>),
}

impl Value {
    fn show(&self) -> String {
        let list = |items: &[Self]| items.iter().map(Self::show).collect::<Vec<_>>().join(", ");
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("'{text}'"),
            Self::Bool(true) => "True".into(),
            Self::Bool(false) => "False".into(),
            Self::List(items) => format!("[{}]", list(items)),
            Self::Tuple(items) if items.len() == 1 => format!("({},)", items[0].show()),
            Self::Tuple(items) => format!("({})", list(items)),
            Self::Dict(pairs) => {
                let pairs: Vec<String> = pairs
                    .iter()
                    .map(|(key, value)| format!("'{key}': {}", value.show()))
                    .collect();
                format!("{{{}}}", pairs.join(", "))
            }
        }
    }

    /// Leaves from left to right.
    fn leaves(&mut self) -> Vec<&mut Self> {
        match self {
            Self::List(items) | Self::Tuple(items) => {
                items.iter_mut().flat_map(Self::leaves).collect()
            }
            Self::Dict(pairs) => pairs
                .iter_mut()
                .flat_map(|(_, value)| value.leaves())
                .collect(),
            leaf => vec![leaf],
        }
    }

    fn change(&mut self) {
        *self = match self {
            Self::Number(number) => Self::Number(*number + 1),
            Self::Text(text) => Self::Text(format!("{text}x")),
            Self::Bool(bool) => Self::Bool(!*bool),
            _ => return,
        };
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (-100_000..100_000).prop_map(Value::Number),
        "[a-z 中文0-9]{0,6}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::Tuple),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|pairs| Value::Dict(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_is_read_and_is_itself(value in values()) {
        let shown = value.show();
        prop_assert!(parse(&shown).is_some(), "{}", shown);
        prop_assert_eq!(compare(&shown, &shown, &Context::default()), Some(Tolerance::Exact));
        let dense = shown.replace(", ", ",  ");
        prop_assert!(compare(&dense, &shown, &Context::default()).is_some() || shown.contains('\''));
    }

    #[test]
    fn a_value_that_was_changed_in_one_place_is_stale(value in values(), at in any::<prop::sample::Index>()) {
        let mut changed = value.clone();
        let mut leaves = changed.leaves();
        prop_assume!(!leaves.is_empty());
        let at = at.index(leaves.len());
        leaves[at].change();
        let (claimed, actual) = (changed.show(), value.show());
        prop_assert_eq!(compare(&claimed, &actual, &Context::default()), None, "{} {}", claimed, actual);
        prop_assert_eq!(compare(&actual, &claimed, &Context::default()), None, "{} {}", actual, claimed);
    }

    #[test]
    fn any_two_texts_can_be_compared(
        claimed in "[\\[\\](){}<>'\"\\\\.…,:=0-9a-zL 中\n-]{0,40}",
        actual in "[\\[\\](){}<>'\"\\\\.…,:=0-9a-zL 中\n-]{0,40}",
    ) {
        compare(&claimed, &actual, &Context::default());
        prop_assert!(compare(&claimed, &claimed, &Context::default()) == Some(Tolerance::Exact)
            || claimed.contains('<'));
    }
}

#[test]
fn deep_and_long_values_are_compared_in_time() {
    let deep = |leaf: &str| {
        (0..50).fold(leaf.to_owned(), |inner, _| {
            format!("{{'b': 0, 'a': {inner}, 'c': 1}}")
        })
    };
    assert_eq!(compare(&deep("1"), &deep("2"), &Context::default()), None);
    let gaps =
        |leaf: &str| (0..50).fold(leaf.to_owned(), |inner, _| format!("[..., {inner}, ...]"));
    let full = (0..50).fold("2".to_owned(), |inner, _| format!("[0, {inner}, 0]"));
    assert_eq!(compare(&gaps("1"), &full, &Context::default()), None);
    let long = |last: u32| {
        let numbers: Vec<String> = (0..50_000).chain([last]).map(|n| n.to_string()).collect();
        format!("{{{}}}", numbers.join(", "))
    };
    assert_eq!(compare(&long(1), &long(2), &Context::default()), None);
}
