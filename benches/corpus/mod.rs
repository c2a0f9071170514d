//! Notes to measure with: prose in two languages and snippets that make claims.
//!
//! The same number gives the same notes, on every machine.

use std::fmt::Write as _;

const PROSE: [&str; 6] = [
    "A comprehension has a scope of its own, so its variable is gone behind it.",
    "推导式有自己的作用域，循环变量不会留在外面。",
    "Sorting is stable: two sorts in a row are a sort by two keys.",
    "字典按插入的顺序保存，集合则没有顺序。",
    "The **first** thing to look at is the `repr`, then the [manual](https://docs.python.org/3/).",
    "生成器在第一次 `next` 之前什么也不做。",
];

const SNIPPETS: [&str; 6] = [
    "print(3 + 4)  # 7\n",
    "xs = [3, 1, 2]\nprint(sorted(xs), max(xs))\n# [1, 2, 3] 3\n",
    "def area(w, h=2):\n    return w * h\n\n\nprint(area(4))  # 输出: 8\n",
    "import json\n\nprint(json.dumps({\"a\": 1}, ensure_ascii=False))\n",
    ">>> 7 // 2\n3\n>>> {'a': 1}\n{'a': 1}\n",
    "class Point:\n    def __init__(self, x):\n        self.x = x\n\n\nPoint(3).x == 3\n",
];

/// A note with so many snippets.
pub(crate) fn note(snippets: usize) -> String {
    let mut text = String::from("# A note\n\n");
    for at in 0..snippets {
        if at % 4 == 0 {
            let _ = write!(text, "## Part {at}\n\n");
        }
        for line in 0..4 {
            let _ = write!(text, "{}\n\n", PROSE[(at + line) % PROSE.len()]);
        }
        let _ = write!(text, "```python\n{}```\n\n", SNIPPETS[at % SNIPPETS.len()]);
    }
    text
}

/// So many notes with so many snippets each.
pub(crate) fn notes(count: usize, snippets: usize) -> Vec<String> {
    (0..count).map(|at| note(snippets + at % 3)).collect()
}
