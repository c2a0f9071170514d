#!/usr/bin/env python3
"""Measures whether `verify` takes time and memory for twice the text that are twice those for the text.

    linear.py VERIFY [--shape NAME]... [--scale X] [--limit SECONDS] [--keep FOLDER]

Each shape is a note, or a note with its recording, of which one thing is there n times. Every command of a
shape is run on n and on 2n of it; a line of the table says what it took, and how much more 2n took than n.
Seconds are of processor time, as machines are busy.
Ratios tell little where both are over in a few hundredths of a second. `--scale 0.1` measures a tenth of
each, for a build that is not optimised. `--keep` leaves the notes in a folder.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

LIST, CLAIMS, RUN = ("list",), ("list", "--claims"), ("--jobs", "2")
READ = (LIST, CLAIMS)
ALL = (LIST, CLAIMS, RUN)
REPORTS = tuple((*RUN, "--format", name) for name in ("json", "html", "sarif", "github", "junit", "markdown"))
TRACEBACK = "Traceback (most recent call last):\n"


def fenced(tag, text):
    return f"```{tag}\n{text}```\n\n"


def python(text):
    return fenced("python", text)


def repeated(n, line):
    """`line` n times, with its number for `{i}` and the one before for `{h}`."""
    return "".join(line.format(i=i, h=i - 1) for i in range(n))


def session(n, line):
    return fenced("pycon", repeated(n, line))


def frames(n):
    return TRACEBACK + repeated(n, '  File "x.py", line {i}, in f\n    f()\n') + "ValueError: x\n"


def recorded(n):
    """A note of n snippets, and the entries of as many in its recording."""
    return {
        "notes/note.md": repeated(10, "```python\nprint({i})\n```\n\n"),
        "expected/notes/note.toml": 'python = "3.11"\n' + repeated(
            n, '\n[[snippet]]\nheading = "Part {i}"\ncode = "{i:012x}"\nstdout = "{i}\\n"\n'),
    }


def mismatch(n):
    """A snippet that prints n lines, above an output of as many others."""
    code = f"for i in range({n}):\n    print(i * 7919 % 1009, i % 3)\n"
    return python(code) + "Output:\n\n" + fenced("text", "".join(f"{i * 7907 % 1013} {i % 5}\n" for i in range(n)))


# By name: n, what makes a note (or files by their names), and the commands.
SHAPES = {
    # Snippets.
    "blocks": (100_000, lambda n: repeated(n, "```\n{i}\n```\n"), READ),
    "blocks of other languages": (100_000, lambda n: repeated(n, "```sh\nls {i}\n```\n"), READ),
    "chain": (2_000, lambda n: python("x0 = 1\n") + repeated(n, "```python\nx{i} = 1 if {i} == 0 else x{h} + 1\n```\n"), READ),
    "chain that runs": (200, lambda n: repeated(n, "```python\nx{i} = 1 if {i} == 0 else x{h} + 1\n```\n"), (RUN,)),
    "snippets that run": (500, lambda n: repeated(n, "```python\nprint({i})  # {i}\n```\n"), (RUN,)),
    "changes of one value": (2_000, lambda n: python("a = []\n") + repeated(n, "```python\na.append({i})\n```\n"), READ),
    "indented blocks": (50_000, lambda n: repeated(n, "text\n\n    x = {i}\n\n"), READ),
    "quoted code": (20_000, lambda n: repeated(n, "> x{i} = 1\n> print(x{i})\n\ntext\n\n"), READ),
    "prompts in quotes": (20_000, lambda n: repeated(n, "> >>> {i}\n> {i}\n\ntext\n\n"), READ),
    "next blocks": (20_000, lambda n: repeated(n, "```python\nprint({i})\n```\n\nOutput:\n\n```text\n{i}\n```\n\n"), READ),
    "Python 2": (20_000, lambda n: repeated(n, "```python\nprint 'a', {i}\n```\n"), READ),
    "what no parser reads": (20_000, lambda n: repeated(n, "```python\nx = = {i}\n```\n"), READ),
    # What stands in one block.
    "prompts": (10_000, lambda n: session(n, ">>> {i}\n{i}\n"), ALL),
    "prompts without output": (10_000, lambda n: session(n, ">>> x{i} = {i}\n"), ALL),
    "prompts of IPython": (10_000, lambda n: session(n, "In [{i}]: {i}\nOut[{i}]: {i}\n"), ALL),
    "prompts of Python 2": (10_000, lambda n: session(n, ">>> print 'a', {i}\na {i}\n"), READ),
    "prompts that stay open": (10_000, lambda n: session(n, ">>> f({i},\n"), READ),
    "prompts of functions": (10_000, lambda n: session(n, ">>> def f{i}():\n...     return 1\n...\n"), ALL),
    "prompts behind functions": (10_000, lambda n: session(n, ">>> def f{i}():\n>>>     return 1\n"), READ),
    "one input of many lines": (10_000, lambda n: fenced("pycon", ">>> x = [\n" + repeated(n, "... {i},\n") + "... ]\n"), ALL),
    "one input of a body without prompts": (10_000, lambda n: fenced("pycon", ">>> def f():\n" + repeated(n, "        x{i} = {i}\n")), READ),
    "clauses without prompts": (10_000, lambda n: fenced("pycon", ">>> if x:\n    y\n" + repeated(n, "elif x == {i}:\n    y\n")), READ),
    "an output of many lines": (10_000, lambda n: fenced("pycon", ">>> f()\n" + repeated(n, "{i} line\n")), ALL),
    "dots": (20_000, lambda n: session(n, "...\n"), READ),
    "dots below a prompt": (20_000, lambda n: fenced("pycon", ">>> if x:\n" + "...\n" * n), READ),
    "comments": (10_000, lambda n: python(repeated(n, "x = {i}  # => {i}\n")), ALL),
    "comments below": (10_000, lambda n: python(repeated(n, "print({i})\n# {i}\n")), ALL),
    "arrows": (10_000, lambda n: python(repeated(n, "abs({i}) -> {i}\n")), ALL),
    "equalities": (10_000, lambda n: python(repeated(n, "{i} == {i}\n")), ALL),
    "echoes": (10_000, lambda n: python(repeated(n, "int('{i}')\n{i}\n")), ALL),
    "errors": (10_000, lambda n: python(repeated(n, "int('x{i}')  # ValueError\n")), ALL),
    "types": (10_000, lambda n: python(repeated(n, "int('{i}')  # <class 'int'>\n")), ALL),
    "sections": (10_000, lambda n: python(repeated(n, "print({i})\n# Output:\n# {i}\n")), ALL),
    "labels": (10_000, lambda n: python(repeated(n, "# output:\n")), READ),
    "labels of bare output": (10_000, lambda n: python(repeated(n, "print({i})\noutput:\n{i}\n")), READ),
    "one section": (10_000, lambda n: python("print(1)\n# Output:\n" + repeated(n, "# {i}\n")), ALL),
    "a traceback": (10_000, lambda n: python("int('x')\n") + fenced("text", frames(n)), ALL),
    "a traceback at a prompt": (10_000, lambda n: fenced("pycon", ">>> int('x')\n" + frames(n)), ALL),
    "a traceback in the block": (10_000, lambda n: python("int('x')\n" + frames(n)), ALL),
    "tracebacks in text": (10_000, lambda n: TRACEBACK * n, READ),
    "tracebacks in the block": (10_000, lambda n: python("int('x')\n" + TRACEBACK * n), READ),
    "tracebacks below": (10_000, lambda n: python("int('x')\n") + fenced("text", TRACEBACK * n), ALL),
    "tracebacks at a prompt": (10_000, lambda n: fenced("pycon", ">>> int('x')\n" + TRACEBACK * n), ALL),
    "whole tracebacks": (5_000, lambda n: python(repeated(n, "int('x')\n" + frames(1))), READ),
    "tracebacks in comments": (5_000, lambda n: python(repeated(n, "int('x')\n# " + TRACEBACK + "# ValueError: x\n")), ALL),
    "a docstring": (20_000, lambda n: python('"""\n' + repeated(n, "line {i}\n") + '"""\n'), ALL),
    "docstrings": (10_000, lambda n: python(repeated(n, 'def f{i}():\n    """\n    >>> f{i}()\n    1\n    """\n')), ALL),
    "open strings": (20_000, lambda n: python('x = """\n' * n), READ),
    "open quotes": (20_000, lambda n: python("x = '\n" * n), READ),
    "open brackets": (20_000, lambda n: python("(\n" * n), READ),
    "closed brackets": (20_000, lambda n: python("x = " + "(" * n + ")" * n + "\n"), READ),
    "lambdas": (10_000, lambda n: python("x = " + "lambda: " * n + "1\n"), READ),
    "a sum": (10_000, lambda n: python("x = " + "1 + " * n + "1\n"), READ),
    "attributes": (10_000, lambda n: python("x" + ".y" * n + "\n"), READ),
    "indentation": (300, lambda n: python("".join(" " * i + "if x:\n" for i in range(n)) + " " * n + "pass\n"), READ),
    "long line of code": (100_000, lambda n: python("x = [" + "1, " * n + "]\n"), ALL),
    "long comment": (100_000, lambda n: python("x = 1  # => [" + "1, " * n + "]\n"), ALL),
    "long claim": (30_000, lambda n: fenced("pycon", f">>> list(range({n}))\n[{', '.join(map(str, range(n)))}]\n"), ALL),
    "long claim that is stale": (30_000, lambda n: fenced("pycon", f">>> list(range({n}))\n[{', '.join(map(str, range(1, n)))}]\n"), ALL),
    "a set": (5_000, lambda n: fenced("pycon", f">>> set(range({n}))\n{{{', '.join(map(str, reversed(range(n))))}}}\n"), ALL),
    "nested value": (5_000, lambda n: fenced("pycon", ">>> x\n" + "[" * n + "]" * n + "\n"), READ),
    "elisions": (5_000, lambda n: fenced("pycon", f">>> 'a' * {n}\n'" + "a...a" * n + "'\n"), ALL),
    "imports": (10_000, lambda n: python(repeated(n, "import m{i}\n")), ALL),
    "names": (10_000, lambda n: python(repeated(n, "f{i}(a{i}, b{h})\n")), ALL),
    "old names": (5_000, lambda n: python("import string, collections\n" + repeated(n, "string.letters\ncollections.Mapping\n")), ALL),
    "warnings": (2_000, lambda n: python(repeated(n, "x = '\\d{i}'\n")), ALL),
    "functions": (10_000, lambda n: python(repeated(n, "def f{i}(x):\n    return f{h}(x)\n")), ALL),
    "classes": (5_000, lambda n: python(repeated(n, "class C{i}(object):\n    def f(self):\n        self.x{i} = 1\n")), ALL),
    "loops": (5_000, lambda n: python(repeated(n, "for i in range({i}):\n    print(i)\n# 1\n")), READ),
    "inputs": (5_000, lambda n: python(repeated(n, "x{i} = input('x')\n")), ALL),
    "many lines of output": (20_000, lambda n: python(f"for i in range({n}):\n    print(i)\n"), (RUN,)),
    "an output that differs": (20_000, mismatch, (RUN,)),
    "claims that are stale": (2_000, lambda n: python(repeated(n, "{i} + 1  # => {i}\n")), (RUN, *REPORTS)),
    "snippets that fail": (300, lambda n: repeated(n, "```python\nprint({i})  # 1{i}\n```\n"), (RUN, *REPORTS)),
    "a recording": (20_000, recorded, (LIST, RUN)),
    # Text.
    "plain text": (20_000, lambda n: repeated(n, "A paragraph of plain words, number {i}, that says nothing of note.\n\n"), ALL),
    "one line": (2_000_000, lambda n: "a " * n + "\n", READ),
    "lists in lists": (1_000, lambda n: "".join("  " * i + "- a\n" for i in range(n)), READ),
    "list markers": (5_000, lambda n: "- " * n + "a\n", READ),
    "quotes in quotes": (5_000, lambda n: "> " * n + "a\n", READ),
    "quote that goes on": (20_000, lambda n: "> a\n" * n, READ),
    "headings": (20_000, lambda n: repeated(n, "# Part {i}\n\n"), READ),
    "headings with code": (10_000, lambda n: repeated(n, "# Part {i}\n\n```\n{i}\n```\n\n"), READ),
    "table rows": (20_000, lambda n: "| a | b |\n|---|---|\n" + repeated(n, "| `x{i}` | `string.letters` |\n"), ALL),
    "comments of HTML": (20_000, lambda n: repeated(n, "<!-- c{i} -->\n"), READ),
    "directives": (20_000, lambda n: repeated(n, "<!-- verify: skip -->\n"), READ),
    "directives with code": (10_000, lambda n: repeated(n, "<!-- verify: skip=\"x\" -->\n```python\n{i}\n```\n\n"), READ),
    "open comments": (20_000, lambda n: "<!-- \n" * n, READ),
    "open comments in text": (20_000, lambda n: "a <!-- b " * n + "\n", READ),
    "open tags": (20_000, lambda n: "a <b c='" * n + "\n", READ),
    "details": (10_000, lambda n: "<details>\n\n" * n, READ),
    "mentions": (20_000, lambda n: repeated(n, "In Python 2 `string.letters` and `dict.has_key` are there.\n\n"), ALL),
    "mentions in one paragraph": (20_000, lambda n: repeated(n, "In Python 2 `string.letters` and `dict.has_key` are there.\n"), READ),
    "mentions without code": (20_000, lambda n: repeated(n, "Use xrange() and raw_input, os.getcwdu.\n\n"), READ),
    "Chinese": (20_000, lambda n: repeated(n, "在 Python 2 中，`print` 是语句，字典有 has_key 方法。\n\n"), READ),
    "code with prose": (10_000, lambda n: repeated(n, "```python\nint('x')\n```\n\nThis raises `ValueError`.\n\n"), READ),
    "one block with much prose": (50_000, lambda n: python("int('x')\n") + "word " * n + "\n", READ),
    "open fences": (20_000, lambda n: repeated(n, "- ```python\n"), READ),
    "an open fence": (50_000, lambda n: "```python\n" + repeated(n, "x{i} = 1\n"), READ),
    "backticks": (50_000, lambda n: "`" * n + "\n", READ),
    "runs of backticks": (1_000, lambda n: " ".join("`" * i for i in range(1, n)) + "\n", READ),
    "pairs of backticks": (50_000, lambda n: "`a` " * n + "\n", READ),
    "stars": (50_000, lambda n: "*a " * n + "\n", READ),
    "brackets": (50_000, lambda n: "[" * n + "\n", READ),
    "links": (20_000, lambda n: repeated(n, "[a{i}](b{i}) "), READ),
    "references": (20_000, lambda n: repeated(n, "[a{i}]: b{i}\n") + repeated(n, "[a{i}] "), READ),
    "footnotes": (10_000, lambda n: repeated(n, "a[^{i}]\n\n[^{i}]: b\n\n"), READ),
    "front matter": (20_000, lambda n: "---\n" + repeated(n, "k{i}: v\n") + "---\n", READ),
    "admonitions": (10_000, lambda n: repeated(n, '!!! note "a{i}"\n    text\n\n    ```python\n    {i}\n    ```\n\n'), READ),
    "tabs": (10_000, lambda n: repeated(n, '=== "a{i}"\n\n    ```python\n    {i}\n    ```\n\n'), READ),
    "admonitions in admonitions": (500, lambda n: "".join("    " * i + "!!! note\n" for i in range(n)), READ),
    "rules": (50_000, lambda n: "---\n\n" * n, READ),
    "empty lines": (200_000, lambda n: "\n" * n, READ),
    "empty lines in code": (100_000, lambda n: python("x = 1\n" + "\n" * n + "x\n"), ALL),
    "carriage returns": (100_000, lambda n: "a\r" * n, READ),
    "tabulators": (100_000, lambda n: "\t" * n + "x\n", READ),
    "NUL": (100_000, lambda n: python("x = '" + "\0" * n + "'\n"), READ),
    "entities": (50_000, lambda n: "&amp;" * n + "\n", READ),
}


def write(folder, made):
    for name, text in ({"notes/note.md": made} if isinstance(made, str) else made).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measured(program, command, folder, limit):
    """Seconds of processor time of all its processes, and the peak of memory in bytes of the largest;
    `None` where it takes too long on the clock."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache"), "NO_COLOR": "1"}
    began = time.monotonic()
    child = subprocess.Popen([program, *command], cwd=folder, env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - began > limit:
            child.terminate()
            os.wait4(child.pid, 0)
            child.returncode = 0
            return None
        time.sleep(0.002)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        print(f"{' '.join(command)} in {folder}: exit code {child.returncode}", file=sys.stderr)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def row(program, name, shape, command, scale, folder, limit, idle):
    n, make, _ = shape
    n = max(int(n * scale), 2)
    took, sizes = [], []
    for count in (n, 2 * n):
        place = folder / name.replace(" ", "-") / str(count)
        if not place.exists():
            place.mkdir(parents=True)
            write(place, make(count))
            (place / "verify.toml").write_text("")
        sizes.append(sum(path.stat().st_size for path in place.rglob("*") if path.is_file()))
        took.append(measured(program, command, place, limit))
        if took[-1] is None:
            break
    told = [f"{it[0]:.2f} s, {it[1] / 2**20:.0f} MiB" if it else f"over {limit:g} s" for it in took]
    told += [""] * (2 - len(told))
    more = ["", "", ""]
    if len(took) == 2 and all(took):
        grown = max(took[1][0] - took[0][0], 0.0)
        more = [f"{(took[1][0] - idle[0]) / max(took[0][0] - idle[0], 0.005):.1f}", f"{grown / max(sizes[1] - sizes[0], 1) * 2**20:.2f}",
                f"{(took[1][1] - idle[1]) / sizes[1]:.0f}"]
    words = " ".join(word for word in command if word not in RUN) or "(run)"
    print("|", " | ".join([name, words, f"{n:,}", f"{sizes[0] / 2**20:.2f} MiB", *told, *more]), "|", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verify", type=pathlib.Path)
    parser.add_argument("--shape", action="append", choices=SHAPES)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--keep", type=pathlib.Path)
    asked = parser.parse_args()
    folder = asked.keep or pathlib.Path(tempfile.mkdtemp())
    program = str(asked.verify.resolve())
    empty = folder / "nothing"
    write(empty, "\n")
    idle = min(measured(program, LIST, empty, asked.limit) for _ in range(3))
    print("| shape | command | n | size | n | 2n | ratio | s/MiB | bytes a byte |\n|---|---|---|---|---|---|---|---|---|")
    for name in asked.shape or SHAPES:
        for command in SHAPES[name][2]:
            row(program, name, SHAPES[name], command, asked.scale, folder, asked.limit, idle)
    if not asked.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
