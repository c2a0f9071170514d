#!/usr/bin/env python3
"""Measures `verify` beside what people run today, in turn, on the same notes.

    compare.py VERIFY [--rounds N] [--profile NAME ...] [--only NAME ...] [--folder FOLDER]

VERIFY is a release build. In FOLDER (`target/peers` unless told) it makes a virtual environment with the
peers, the corpora, and a file for each block. Every contender runs once in each round. Printed are the
medians of wall time in seconds, and their ratio to the floor: `os.fork` for each block from a warm
interpreter, two workers, nothing judged. `floor, compiler warm` is the same with one `compile()` before the first
fork: without it each fork sets up the types of `ast` anew. What fails is marked with its exit status.
"""
import argparse
import ast
import contextlib
import io
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
PROFILES = ["trivial", "imports", "cpu", "sleep"]
PEERS = ["pytest", "pytest-markdown-docs", "pytest-codeblocks", "pytest-examples", "sybil", "mktestdocs", "byexample",
         "mdoctest"]
# The test file, or the `conftest.py`, that a peer needs.
NEEDS = {
    "pytest-examples": ("test_examples.py", """
import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

@pytest.mark.parametrize("example", find_examples("notes"), ids=str)
def test_example(example: CodeExample, eval_example: EvalExample):
    eval_example.run(example)
"""),
    "mktestdocs": ("test_notes.py", """
import pathlib
import pytest
from mktestdocs import check_md_file

@pytest.mark.parametrize("path", sorted(pathlib.Path("notes").glob("*.md")), ids=str)
def test_note(path):
    check_md_file(fpath=path)
"""),
    "sybil": ("conftest.py", """
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], pattern="*.md").pytest()
"""),
}


def prompts(code):
    """The code as a session with what it prints, for peers that read nothing else."""
    names, lines = {"__name__": "__main__"}, []
    for statement in ast.parse(code).body:
        source = code.splitlines()[min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))]) - 1:
                                   statement.end_lineno]
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            exec(compile(ast.Interactive([statement]), "block", "single"), names)
        more = [f"... {line}".rstrip() for line in source[1:]] + (["..."] if hasattr(statement, "body") else [])
        lines += [f">>> {source[0]}", *more, *shown.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


def with_prompts(made):
    """A folder with the same blocks as sessions."""
    place = made / "prompts"
    if not place.exists():
        place.mkdir()
        notes = {}
        for block in json.loads((made / "blocks.json").read_text(encoding="utf-8")):
            notes.setdefault(block["note"], []).append(f"```python\n{prompts(block['code'])}```\n")
        for name, parts in notes.items():
            (place / name).write_text("\n".join(parts), encoding="utf-8")
    return place


def environment(folder):
    """The Python of a virtual environment that has the peers."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python


def corpus(folder, profile):
    """A folder with notes, blocks.json, and a file for each block."""
    made = folder / profile
    if not made.exists():
        subprocess.run([sys.executable, HERE.parent / "corpus.py", profile, made], check=True)
        (made / "files").mkdir()
        for number, block in enumerate(json.loads((made / "blocks.json").read_text(encoding="utf-8"))):
            (made / "files" / f"{number:05}.py").write_text(block["code"], encoding="utf-8")
    return made


def contenders(verify, python, made):
    """Name to command and working folder."""
    blocks = made / "blocks.json"
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    listed = f"find {made}/files -name '*.py' | sort | xargs -n1 -P2"
    found = {
        "floor": ([python, HERE / "floor.py", blocks], made),
        "floor, compiler warm": ([python, HERE / "floor.py", blocks, "--warm"], made),
        "verify": ([verify, "--python", python, "--quiet"], made),
        "one process, exec": ([python, HERE / "together.py", blocks], made),
        "xargs -P2 python": (["sh", "-c", f"{listed} {python}"], made),
        "xargs -P2 python -I -S -E": (["sh", "-c", f"{listed} {python} -I -S -E"], made),
        "pytest-markdown-docs": ([*pytest, "-p", "no:codeblocks", "--markdown-docs", "notes"], made),
        "pytest-codeblocks": ([*pytest, "--codeblocks", "notes"], made),
    }
    session = [python.parent / "byexample", "-q", "-l", "python", "--jobs", "2"]
    if made.name in ["trivial", "imports"]:
        place = with_prompts(made)
        found["byexample --jobs 2"] = ([*session, *sorted(place.glob("*.md"))], place)
        found["mdoctest"] = ([python.parent / "mdoctest", "."], place)
    for peer, (name, text) in NEEDS.items():
        place = made / f"with-{peer}"
        if not place.exists():
            place.mkdir()
            (place / "notes").symlink_to(made / "notes")
            (place / name).write_text(text, encoding="utf-8")
        found[peer] = ([*pytest, "notes" if peer == "sybil" else name], place)
    return found


def measure(command, folder):
    """Wall seconds and exit status."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return time.perf_counter() - begun, done.returncode


def prepare(verify, python, made):
    """Records what the snippets do, so that `verify` has something to compare with."""
    if not (made / "expected").exists():
        subprocess.run([verify, "--python", python, "--update"], cwd=made, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verify", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="append", choices=PROFILES)
    parser.add_argument("--only", action="append")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("target/peers"))
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    verify, python = asked.verify.resolve(), environment(folder)
    for profile in asked.profile or PROFILES:
        made = corpus(folder, profile)
        shutil.rmtree(made / "expected", ignore_errors=True)
        prepare(verify, python, made)
        every = contenders(verify, python, made)
        names = [name for name in every if not asked.only or name in [*asked.only, "floor"]]
        taken = {name: [] for name in names}
        status = {}
        for _ in range(asked.rounds):
            for name in names:
                seconds, status[name] = measure(*every[name])
                taken[name].append(seconds)
        floor = statistics.median(taken["floor"])
        print(f"\n{profile}: medians of {asked.rounds} rounds")
        for name in names:
            median = statistics.median(taken[name])
            wrong = "" if status[name] == 0 else f"  exit {status[name]}"
            print(f"  {name:28} {median:7.2f} s  {median / floor:6.2f}{wrong}", flush=True)


if __name__ == "__main__":
    main()
