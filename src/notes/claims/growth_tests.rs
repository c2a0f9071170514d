//! Twice the text takes about twice the steps, whatever is there again and again.

use super::*;
use crate::steps;

/// More of anything than is read of it at most, so that no limit hides what grows.
const MANY: usize = 400;

fn read_both(text: &str) {
    let _ = script::read(&Source::new(text, text, 1));
    let _ = prompts::read(Source::new(text, text, 1));
}

/// Fails where `MANY` more of `unit` take more steps than those that are there.
#[track_caller]
fn grows_evenly(unit: &str) {
    let of = |count: usize| {
        let text = unit.repeat(count) + "\n";
        steps::of(|| read_both(&text))
    };
    let (once, twice) = (of(MANY), of(2 * MANY));
    // What a limit allows is not yet all that there is of it: (2n - 100) to (n - 100), not 2 to 1.
    let most = once * 5 / 2;
    assert!(twice <= most, "{unit:?}: {once} steps, then {twice}");
}

#[test]
fn what_is_there_twice_as_often_takes_twice_the_steps() {
    for unit in [
        "x = 1  # => 1\n",
        "print(1)\n# 1\n# 2\n",
        "print('a b')\n# Output:\n# a b\n",
        "print(1)\noutput:\n1\n",
        "print('数 字')\n输出：数 字\n",
        "output:\n",
        "1 == 1\n",
        "abs(1) -> 1\n",
        "int('1')\n1\n",
        "int('x')\nTraceback (most recent call last):\n  File \"x\", line 1\nValueError: x\n",
        "Traceback (most recent call last):\n",
        "# Traceback (most recent call last):\n# ValueError: x\nf()\n",
        "(\n",
        "x = (\n",
        "x = '\n",
        "x = \"\"\"\n",
        "...\n",
        "# Python 2\n1  # 1\n",
        ">>> 1\n1\n",
        ">>> f(1,\n",
        ">>> def f():\n>>>     return 1\n",
        ">>> @f\n",
        ">>> if x:\n",
        ">>> f()\n\nThis is a sentence that the author wrote.\n",
        "In [1]: 1\nOut[1]: 1\n",
        "$ python x.py\n1\nprint(1)\n",
        "def f():\n    \"\"\"\n    >>> f()\n    1\n    \"\"\"\n",
    ] {
        grows_evenly(unit);
    }
}

const PIECES: [&str; 30] = [
    "\n",
    "\n",
    "\n\n",
    "    ",
    "# ",
    " -> ",
    " == ",
    "输出：",
    "output:",
    ">>> ",
    "... ",
    "print(",
    ")",
    "x",
    " = ",
    "f(x)",
    "3",
    "[1, ",
    "]",
    "'a b'",
    "\"\"\"",
    "\\",
    "...",
    "ValueError: x",
    "Traceback (most recent call last):",
    "$ python x.py",
    "Python 2",
    "a b",
    "if x:",
    "@f",
];

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(8))]

    #[test]
    fn whatever_is_there_twice_as_often_takes_twice_the_steps(
        picks in proptest::collection::vec(0..PIECES.len(), 1..8),
    ) {
        grows_evenly(&(picks.into_iter().map(|at| PIECES[at]).collect::<String>() + "\n"));
    }
}
