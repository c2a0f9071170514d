//! What rests on chance, and on whatever else another run may give otherwise, decides no verdict.

use serde_json::Value;

use crate::support::{Project, note, oldest_and_newest};

/// Outcomes so few that some of these runs give the same, and some another.
const FEW: [&str; 6] = [
    "import random\nprint(random.choice(['heads', 'tails']))  # => heads",
    "import random\ndef flip():\n    return random.random() < 0.5\nwon = flip()\nprint(won)  # => True",
    "from random import randint as roll\nside = roll(1, 2)\nprint(side)  # => 1",
    "import random\ncards = ['ace', 'king']\nrandom.shuffle(cards)\nprint(cards)  # => ['king', 'ace']",
    "import random\nif random.getrandbits(1):\n    print('yes')\nelse:\n    print('not this time')\n# Output:\n# yes",
    "import secrets\nclass Coin:\n    def __init__(self):\n        self.side = secrets.choice('ht')\ncoin = Coin()\nprint(coin.side)  # => h",
];

fn verdicts(report: &Value) -> Vec<String> {
    let blocks = report["notes"][0]["blocks"].as_array().unwrap();
    let claims = blocks
        .iter()
        .flat_map(|block| block["claims"].as_array().unwrap());
    claims
        .map(|claim| format!("{} {}", claim["verdict"], claim["as"]).replace('"', ""))
        .collect()
}

/// What becomes of the claims of these snippets.
#[track_caller]
fn judged(blocks: &[&str], expected: &[&str]) {
    for python in oldest_and_newest() {
        let project = Project::under(python).file("notes/a.md", note(blocks));
        let session = project.verify("--format json");
        assert_eq!(verdicts(&session.json()), expected, "{}", session.text());
    }
}

#[test]
fn a_claim_about_chance_has_one_verdict_in_all_runs() {
    for python in oldest_and_newest() {
        let project = Project::under(python).file("notes/a.md", note(&FEW));
        for _ in 0..4 {
            let session = project.verify("--format json");
            let expected = ["holds volatile"; FEW.len()];
            assert_eq!(verdicts(&session.json()), expected, "{}", session.text());
        }
    }
}

#[test]
fn chance_is_recorded_with_a_mask_whatever_two_runs_gave() {
    let record = || {
        let project = Project::with_note(&note(&FEW));
        project.verify("--update").exits(0);
        for _ in 0..2 {
            project.verify("").exits(0);
        }
        project.read("expected/notes/a.toml")
    };
    let first = record();
    assert_eq!(first.matches("⟪text⟫").count(), FEW.len() - 1, "{first}");
    assert_eq!(first.matches("⟪number⟫").count(), 1, "{first}");
    for _ in 0..3 {
        assert_eq!(record(), first);
    }
}

#[test]
fn a_recording_without_a_mask_that_rests_on_chance_fails_nothing_and_gets_one() {
    let project = Project::with_note(&note(&FEW[..1]));
    project.verify("--update").exits(0);
    project.edit("expected/notes/a.toml", "⟪text⟫", "tails");
    project.edit("expected/notes/a.toml", "masked = true\n", "");
    for _ in 0..4 {
        project.verify("").exits(0);
    }
    project.verify("--update").exits(0);
    assert!(project.read("expected/notes/a.toml").contains("⟪text⟫"));
}

#[test]
fn what_does_not_rest_on_chance_is_false_as_ever() {
    judged(
        &[
            "import random; print(3/2)  # 1",
            "import random\nx = random.random()\nprint(7/2)  # 3",
            "import random\nrandom.seed(1)\nside = random.randint(5, 5)\nprint([side])  # [6]",
            "import random\nsource = random.Random(7)\nside = source.randint(5, 5)\nprint([side])  # [6]",
            "import random\ndef roll():\n    return random.randint(5, 5)\nrandom.seed(1)\nside = roll()\nprint([side])  # [6]",
            "import time\ntime.sleep(0)\nprint(7/2)  # 3",
            "a = []\nb = a\nprint(a is b)  # False",
            "a = []\nb = a\nsame = id(a) == id(b)\nprint(same)  # False",
            "print(hash(42))  # 43",
            "bag = {'fir', 'oak'}\nprint(sorted(bag))  # ['elm', 'oak']",
            "print(list({3, 1}))  # [3, 2]",
        ],
        &["stale null"; 11],
    );
}

#[test]
fn what_follows_from_the_machine_the_clock_and_hashes_is_never_false() {
    judged(
        &[
            "import sys\nwhere = sys.platform\nprint(where)  # 'darwin'",
            "import os\nprint([os.name])  # ['nt']",
            "from datetime import datetime\nnow = datetime.now()\nprint([now.year])  # ['MMXV']",
            ">>> bag = {'fir', 'oak', 'elm'}\n>>> bag.pop()\n'larch'\n>>> sorted(bag)\n['fir', 'larch']\n>>> len(bag)\n3",
        ],
        &[
            "unchecked null",
            "unchecked null",
            "unchecked null",
            "unchecked null",
            "unchecked null",
            "stale null",
        ],
    );
}

#[test]
fn the_order_of_threads_is_masked_and_never_false() {
    let threads = "import threading\nbarrier = threading.Barrier(2)\ndef say(word):\n    barrier.wait()\n    print(word)\nthreads = [threading.Thread(target=say, args=(word,)) for word in 'ab']\nfor thread in threads:\n    thread.start()\nfor thread in threads:\n    thread.join()\nprint('end')\n# Output:\n# b\n# a\n# end";
    judged(&[threads], &["holds volatile"]);
    let project = Project::with_note(&note(&[threads]));
    project.verify("--update").exits(0);
    let recorded = project.read("expected/notes/a.toml");
    assert!(recorded.contains("⟪lines⟫end"), "{recorded}");
}

#[test]
fn nothing_that_follows_the_values_can_be_seen() {
    let code = "import random, sys, warnings\nprint(random.random, random.choice, id, hash)\nprint([name for name in sys.modules if name in ('sources', 'harness')])\nprint(sys.gettrace(), sys.getprofile())\nprint(sorted(vars()))\nx = 1 if 1 is 1 else random\n";
    let project = Project::with_note(&note(&[code]));
    let report = project.verify("--format json").json();
    let block = &report["notes"][0]["blocks"][0];
    let out = block["stdout"].as_str().unwrap();
    assert!(out.contains("<built-in method random of Random"), "{out}");
    assert!(out.contains("<built-in function id>"), "{out}");
    assert!(out.contains("[]\nNone None\n"), "{out}");
    assert_eq!(block["findings"].as_array().unwrap().len(), 1, "{block}");
}
