use super::*;

fn item(id: &str, kind: Kind, note: usize, block: usize) -> Item {
    Item {
        id: id.into(),
        kind,
        note,
        block: Some(block),
        line: 1,
        known: Vec::new(),
        gone: Vec::new(),
        outcome: Vec::new(),
        fix: None,
        shown: Vec::new(),
    }
}

fn new(id: &str, block: usize) -> Item {
    Item {
        outcome: vec![ChangeKind::New("1\n".into())],
        ..item(id, Kind::New, 0, block)
    }
}

fn fixable(id: &str, kind: Kind, subject: Subject, block: usize) -> Item {
    let place = Place {
        note: 0,
        fix: block,
    };
    Item {
        known: vec![id.into()],
        fix: Some(Fixable {
            subject,
            places: vec![place],
        }),
        ..item(id, kind, 0, block)
    }
}

fn items() -> Vec<Item> {
    vec![
        fixable("aa11", Kind::Claim, Subject::Claims, 0),
        fixable("aa22", Kind::Code, Subject::Code, 1),
        new("bb33", 1),
        new("cc44", 2),
    ]
}

fn named(actions: &[(Action, &str)], rejected: &[&str]) -> Named {
    let actions = actions.iter();
    Named {
        actions: actions
            .map(|(action, id)| (*action, (*id).to_owned()))
            .collect(),
        rejected: rejected.iter().map(ToString::to_string).collect(),
    }
}

fn ids(queue: &Queue<'_>) -> Vec<String> {
    queue
        .left()
        .into_iter()
        .map(|item| item.id.clone())
        .collect()
}

#[test]
fn answers_are_words_and_their_first_letters() {
    assert_eq!(Answer::read("a"), Some(Answer::Do(Action::Accept)));
    assert_eq!(Answer::read(" Known\n"), Some(Answer::Do(Action::Known)));
    assert_eq!(Answer::read("?"), Some(Answer::Help));
    for no in ["", "ac", "\u{1b}[A", "aa", "数"] {
        assert_eq!(Answer::read(no), None, "{no:?}");
    }
}

#[test]
fn each_answer_can_be_taken_back() {
    let items = items();
    let mut queue = Queue::new(&items);
    assert!(!queue.answer(Answer::Undo));
    let mut before = Vec::new();
    for answer in [Answer::Do(Action::Known), Answer::Do(Action::Fix)] {
        before.push((queue.next(), queue.actions(), ids(&queue)));
        assert!(queue.answer(answer), "{answer:?}");
    }
    while let Some(state) = before.pop() {
        assert!(queue.answer(Answer::Undo));
        assert_eq!((queue.next(), queue.actions(), ids(&queue)), state);
    }
}

#[test]
fn code_that_is_rewritten_settles_what_the_snippet_did_before() {
    let items = items();
    let mut queue = Queue::new(&items);
    queue.answer(Answer::Skip);
    queue.answer(Answer::Do(Action::Fix));
    assert_eq!(queue.next(), Some(3));
    queue.answer(Answer::Quit);
    assert_eq!(queue.next(), None);
    assert_eq!(ids(&queue), ["aa11", "cc44"]);
}

#[test]
fn of_one_note_either_claims_or_code_are_rewritten() {
    let items = items();
    let mut queue = Queue::new(&items);
    assert!(queue.answer(Answer::Do(Action::Fix)));
    assert_eq!(queue.offers(&items[1]), [Action::Known]);
    assert!(!queue.answer(Answer::Do(Action::Fix)));
    let both = named(&[(Action::Fix, "aa11"), (Action::Fix, "aa22")], &[]);
    let mistake = choose(&items, &both).unwrap_err();
    assert_eq!(mistake.help(), "what can be done with it is `--known`");
}

#[test]
fn what_was_not_offered_is_refused() {
    let items = items();
    let mut queue = Queue::new(&items);
    assert!(!queue.answer(Answer::Do(Action::Accept)));
    assert_eq!(queue.next(), Some(0));
    let wrong = choose(&items, &named(&[(Action::Fix, "cc44")], &[])).unwrap_err();
    assert!(matches!(wrong, Mistake::NotOffered { .. }), "{wrong:?}");
}

#[test]
fn names_may_be_shortened_as_far_as_they_are_clear() {
    let items = items();
    let queue = choose(&items, &named(&[(Action::Accept, "C")], &[])).unwrap();
    assert_eq!(queue.actions(), [(3, Action::Accept)]);
    let two = choose(&items, &named(&[(Action::Known, "aa")], &[])).unwrap_err();
    assert_eq!(two.to_string(), "`aa` may be `aa11` or `aa22`");
    let none = choose(&items, &named(&[], &["bb34"])).unwrap_err();
    assert!(none.help().starts_with("the nearest is `bb33`"), "{none:?}");
    let twice = named(&[(Action::Accept, "bb")], &["bb3"]);
    assert!(matches!(choose(&items, &twice), Err(Mistake::Twice(_))));
}

#[test]
fn all_stands_for_what_nothing_else_names() {
    let items = items();
    let every = named(&[(Action::Accept, "all"), (Action::Known, "all")], &["cc"]);
    let queue = choose(&items, &every).unwrap();
    let actions = [(0, Action::Known), (1, Action::Known), (2, Action::Accept)];
    assert_eq!(queue.actions(), actions);
    assert_eq!(ids(&queue), ["cc44"]);
}

#[test]
fn what_is_decided_is_gathered_by_snippet() {
    let items = items();
    let actions = [(1, Action::Known), (2, Action::Accept), (0, Action::Fix)];
    let decided = Decided::of(&items, &actions);
    let accepted = Accepted {
        outcome: true,
        known: vec!["aa22".into()],
    };
    assert_eq!(decided.accepted, BTreeMap::from([((0, 1), accepted)]));
    assert_eq!(decided.claims, BTreeSet::from([Place { note: 0, fix: 0 }]));
    assert!(decided.code.is_empty() && !decided.is_empty());
}
