#!/usr/bin/env python3
"""Writes notes with Python blocks whose output is known, for measuring.

    corpus.py PROFILE FOLDER [--blocks N] [--notes N] [--seed N]

PROFILE is `trivial`, `imports`, `cpu`, `sleep` or `large`. FOLDER gets notes/*.md, and blocks.json: a
list of {"note", "line", "code", "stdout"}, in the order of the notes. The same arguments give the same
bytes. The expected output comes from running each block here, but for those that sleep.
"""
import argparse
import contextlib
import io
import json
import pathlib
import random

# A profile's blocks and notes.
PROFILES = {"trivial": (1000, 100), "imports": (300, 30), "cpu": (64, 8), "sleep": (64, 8), "large": (20000, 2000)}

PROSE = """\
A comprehension has a scope of its own, so its variable is gone behind it.
Default values are made once, when the function is defined, and kept.
推导式有自己的作用域，循环变量不会留在外面。
默认参数在定义函数时只求值一次。
Sorting is stable: two sorts in a row are a sort by two keys.
字典按插入的顺序保存，集合则没有顺序。
The **first** thing to look at is the `repr`, then the [manual](https://docs.python.org/3/).
生成器在第一次 `next` 之前什么也不做。
Whatever has `__enter__` and `__exit__` can stand behind `with`.
浅拷贝只复制最外面的一层，里面的对象还是同一个。
""".splitlines()
WORDS = "apple pear stone river cloud tiger lemon paper 苹果 河流 白云 老虎 上海 北京".split()

# `{a}`, `{b}` and `{w}` are filled in with small numbers and a word.
TRIVIAL = [
    "print({a} + {b})",
    "xs = [{a}, {b}, 3]\nprint(sorted(xs), max(xs))",
    'name = "{w}"\nprint(f"{{name}}: {{len(name)}}")',
    "print([i * i for i in range({a}) if i % 3 == 0])",
    'd = {{"{w}": {a}, "x": {b}}}\nfor key in d:\n    print(key, d[key])',
    "def area(w, h={b}):\n    return w * h\n\n\nprint(area({a}), area(2, h=3))",
    "class Point:\n    def __init__(self, x):\n        self.x = x\n\n    def __repr__(self):\n"
    '        return f"Point({{self.x}})"\n\n\nprint(Point({a}))',
    "def down(n):\n    while n:\n        yield n\n        n -= 1\n\n\nprint(*down({a} % 9))",
    'try:\n    {a} // 0\nexcept ZeroDivisionError as error:\n    print("{w}", error)',
    "first, *rest = {a}, {b}, 5\nprint(first, rest)",
    "a, b = 0, 1\nfor _ in range({a}):\n    a, b = b, a + b\nprint(a)",
    'leaked = "marker" in globals()\nmarker = {a}\nprint(leaked)',
    "def outer():\n    n = {a}\n\n    def inner():\n        return n\n\n    return inner\n\n\nprint(outer()())",
    "assert {a} >= 0\nresult = [{b}] * 3",
]
IMPORTS = [
    'import json\n\nprint(json.dumps({{"{w}": {a}}}, ensure_ascii=False))',
    'import re\n\nprint(re.findall(r"\\d+", "a{a} b{b}"))',
    "from collections import Counter, deque\n\nprint(Counter([{a}, {b}, {a}])[{a}], deque([1, 2], maxlen=1))",
    "from dataclasses import dataclass\n\n\n@dataclass\nclass Item:\n    price: int\n\n\nprint(Item({a}))",
    "import asyncio\n\n\nasync def main():\n    await asyncio.sleep(0)\n    return {a}\n\n\nprint(asyncio.run(main()))",
    "from datetime import date, timedelta\n\nprint(date(2024, 2, 27) + timedelta(days={a}))",
    "import itertools\n\nprint(list(itertools.accumulate([{a}, {b}, 1])))",
    "from functools import lru_cache\n\n\n@lru_cache\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n\nprint(fib({a}))",
    'from pathlib import PurePosixPath\n\nprint(PurePosixPath("/tmp") / "{w}.txt")',
    'import enum\n\n\nclass Color(enum.Enum):\n    RED = {a}\n\n\nprint(Color.RED, Color({a}).name)',
    "from decimal import Decimal\n\nprint(Decimal({a}) / Decimal(8))",
    "import logging\nimport sys\n\nlogging.basicConfig(stream=sys.stdout, level=logging.INFO)\nlogging.info({a})",
    "from typing import NamedTuple\n\n\nclass Pair(NamedTuple):\n    left: int\n\n\nprint(Pair({a}))",
    'import textwrap\n\nprint(textwrap.shorten("{w} " * {b}, 20))',
]
CPU = [
    "def sieve(n):\n    marks = [True] * n\n    for i in range(2, n):\n        for j in range(2 * i, n, i):\n            marks[j] = False\n"
    "    return sum(marks) - 2\n\n\nprint(sieve(95000 + {a}))",
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n\nprint(fib(26), {a})",
    "x = {a}\nfor _ in range(900000):\n    x = (x * 1103515245 + 12345) % 2147483648\nprint(x)",
    'counts = {{}}\nfor i in range(450000):\n    key = i * i % 1000\n    counts[key] = counts.get(key, 0) + {a}\nprint(len(counts))',
]
SLEEP = [
    'import time\n\ntime.sleep(0.1)\nprint("slept", {a})',
    'import asyncio\n\n\nasync def nap():\n    await asyncio.sleep(0.1)\n    print("slept", {a})\n\n\nasyncio.run(nap())',
]
TEMPLATES = {"trivial": TRIVIAL, "imports": IMPORTS, "cpu": CPU, "sleep": SLEEP, "large": TRIVIAL * 4 + IMPORTS}


def output(code):
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(compile(code, "block", "exec"), {"__name__": "__main__"})
    # `logging` keeps the stream that it was given.
    logging = __import__("logging")
    logging.root.handlers.clear()
    return shown.getvalue()


def block(profile, random, known):
    """The code and the output of one block; a code that was seen is not run again."""
    template = random.choice(TEMPLATES[profile])
    values = {"a": random.randint(1, 40), "b": random.randint(1, 40), "w": random.choice(WORDS)}
    code = template.format(**values) + "\n"
    if profile == "sleep":
        return code, f"slept {values['a']}\n"
    if code not in known:
        known[code] = output(code)
    return code, known[code]


def filler(random):
    """A paragraph, a list, a table or a quote, of prose."""
    kind, lines = random.random(), random.choices(PROSE, k=random.randint(3, 6))
    if kind < 0.15:
        return [f"- {line}" for line in lines]
    if kind < 0.25:
        rows = [f"| `f({random.randint(0, 99)})` | {random.randint(0, 9999)} | {random.choice(WORDS)} |" for _ in lines]
        return ["| call | result | 说明 |", "| --- | ---: | :-- |", *rows]
    if kind < 0.3:
        return [f"> {line}" for line in lines]
    return [" ".join(lines)] if kind < 0.6 else lines


def other(random):
    """A block that is no Python."""
    number, word = random.randint(0, 99), random.choice(WORDS)
    tag, text = random.choice(
        [("console", f"$ python -c 'print({number})'"), ("text", f"what came: {word}"), ("json", f'{{"n": {number}}}'),
         ("", f"no language, {word}")]
    )
    return [f"```{tag}", text, "```"]


def note(number, count, profile, random, known):
    """The lines of a note, and its blocks with their lines."""
    lines, blocks = [f"# Note {number}", ""], []
    for at in range(count):
        if random.random() < 0.3:
            lines += [f"## Part {at}", ""]
        if profile == "large":
            for _ in range(random.randint(3, 6)):
                lines += [*filler(random), ""]
            if random.random() < 0.12:
                lines += [*other(random), ""]
        else:
            lines += [*random.sample(PROSE, random.randint(2, 4)), ""]
        code, stdout = block(profile, random, known)
        lines.append("```python")
        blocks.append({"note": f"note-{number:04}.md", "line": len(lines) + 1, "code": code, "stdout": stdout})
        lines += [*code.splitlines(), "```", ""]
    return lines, blocks


def write(profile, folder, blocks, notes, seed):
    source = random.Random(f"{profile} {blocks} {notes} {seed}")
    (folder / "notes").mkdir(parents=True)
    found, known = [], {}
    for number in range(notes):
        count = blocks * (number + 1) // notes - blocks * number // notes
        lines, more = note(number, count, profile, source, known)
        (folder / "notes" / f"note-{number:04}.md").write_text("\n".join(lines), encoding="utf-8")
        found += more
    (folder / "blocks.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("profile", choices=PROFILES)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--blocks", type=int)
    parser.add_argument("--notes", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    blocks, notes = PROFILES[asked.profile]
    write(asked.profile, asked.folder, asked.blocks or blocks, asked.notes or notes, asked.seed)


if __name__ == "__main__":
    main()
