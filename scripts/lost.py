#!/usr/bin/env python3
"""Proves on any folders of notes that `verify fix` and `verify --update` lose nothing.

    scripts/lost.py [--verify PROGRAM] [--details] FOLDER... [-- VERIFY OPTIONS]

Each folder is copied, and nothing but the copy is written to. There `verify fix --yes` runs, and every
line that it changed must be one of a claim that `verify --format json` told before; no line of code
may be gone. Then `verify --update` runs twice, the second time without changing
a byte, and `verify` must find nothing that was not recorded. It prints a row of a table for
each folder and ends with status 1 where something was lost; `--details` lists every change.
"""

import argparse
import ast
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

PATIENCE = 3600
COLUMNS = ["folder", "notes", "claims", "stale", "lines changed", "not a claim's", "code lost", "second update", "then"]


class Lost:
    """One folder of notes, looked at in a copy."""

    def __init__(self, program, folder, options):
        self.program, self.folder, self.options = program, folder, options
        self.wrong, self.changed, self.code, self.problems, self.told = 0, 0, 0, [], []

    def look(self, copy):
        self.copy = copy
        report = self.report()
        before = self.files()
        fixed = self.verify("fix", "--yes")
        after = self.files()
        if fixed not in (0, 1):
            self.problems.append(f"`verify fix --yes` ended with {fixed}")
        claims = {note["path"]: claimed_lines(note) for note in report["notes"]}
        for path in sorted(before.keys() | after.keys()):
            old, new = before.get(path, b""), after.get(path, b"")
            if old != new:
                self.compare(path, old, new, claims.get(path, set()))
        updates = self.updates()
        then = self.verify("--format", "json")
        summary = report["summary"]
        row = [self.folder.name, summary["notes"], summary["claims"], summary["claims_stale"]]
        return row + [self.changed, self.wrong, self.code, updates, f"exit {then}"]

    def verify(self, *arguments, output=subprocess.DEVNULL):
        command = [self.program, *arguments, *self.options]
        ended = subprocess.run(command, cwd=self.copy, stdout=output, stderr=subprocess.PIPE, timeout=PATIENCE)
        if b"panicked at" in ended.stderr:
            self.problems.append("it panicked: " + ended.stderr.decode(errors="replace")[:400])
        self.output, self.errors = ended.stdout, ended.stderr.decode(errors="replace").strip()
        return ended.returncode

    def report(self):
        status = self.verify("--format", "json", output=subprocess.PIPE)
        try:
            return json.loads(self.output)
        except ValueError:
            sys.exit(f"{self.folder}: no report, but {self.errors} (status {status})")

    def files(self):
        files = (path for path in self.copy.rglob("*") if path.is_file() and not path.is_symlink())
        return {path.relative_to(self.copy).as_posix(): path.read_bytes() for path in files}

    def compare(self, path, old, new, claimed):
        """Counts the lines that differ, those of them that are no claim's, and code that is gone."""
        old, new = lines(old), lines(new)
        for first, last, begin, end in differences(old, new):
            touched = range(first + 1, last + 1)
            wrong = [line for line in touched if line not in claimed]
            if not touched:
                # What comes in beside a claim belongs to it.
                wrong = [] if claimed.intersection(places(old, new, first, begin)) else [first]
            self.changed += max(last - first, end - begin)
            self.wrong += len(wrong)
            words = [first_word(line) for line in new[begin:end]]
            gone = [line for line in old[first:last] if is_code(line) and first_word(line) not in words]
            self.code += len(gone)
            mark = "!" if wrong or gone else " "
            self.told += [f"{mark} {path}:{first + 1 + at} - {line}" for at, line in enumerate(old[first:last])]
            self.told += [f"{mark} {path}:{first + 1} + {line}" for line in new[begin:end]]

    def updates(self):
        first = self.verify("--update")
        kept = self.files()
        second = self.verify("--update")
        differ = sorted(path for path, content in self.files().items() if content != kept.get(path))
        if second not in (0, 1):
            self.problems.append(f"`verify --update` ended with {first} and {second}")
        self.problems += [f"the second `verify --update` changed {path}" for path in differ]
        return f"{len(differ)} files differ"


def claimed_lines(note):
    """The lines of a note that claims stand on."""
    found = set()
    for claim in (claim for block in note["blocks"] for claim in block["claims"]):
        found.update(range(claim["line"], claim["line"] + claim["claimed"].count("\n") + 1))
    return found


def differences(old, new):
    """Where two texts differ: the ranges of lines in both."""
    if len(old) == len(new):
        return [(at, at + 1, at, at + 1) for at in range(len(old)) if old[at] != new[at]]
    found = difflib.SequenceMatcher(None, old, new, False).get_opcodes()
    return [ranges for kind, *ranges in found if kind != "equal"]


def places(old, new, first, begin):
    """The lines between which lines may have come in, as far as lines that are alike let it be told."""
    yield from (first, first + 1)
    while first < len(old) and old[first] == new[begin]:
        first, begin = first + 1, begin + 1
        yield first + 1


def lines(content):
    return content.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def is_code(line):
    """True for a line that by itself binds, imports or calls something, but for a repr."""
    line = line.strip(" \t>")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(line).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return any(not isinstance(one, ast.Expr) or is_call(one.value) for one in body)


def first_word(line):
    return re.match(r"[\w.]*", line.strip(" \t>")).group()


def is_call(node):
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    shows = name[:1].isupper() or name in ("set", "frozenset", "deque", "dict_keys", "dict_values", "dict_items", "datetime", "date", "time", "timedelta")
    return not shows


def main():
    arguments, _, options = " ".join(sys.argv[1:]).partition(" -- ")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verify", default="target/debug/verify")
    parser.add_argument("--details", action="store_true")
    parser.add_argument("folders", nargs="+", type=Path)
    arguments = parser.parse_args(arguments.split())
    program = os.path.abspath(arguments.verify)
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS), flush=True)
    failed = False
    for folder in arguments.folders:
        with tempfile.TemporaryDirectory(prefix="lost-") as temporary:
            copy = Path(temporary) / folder.name
            shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
            lost = Lost(program, folder.resolve(), options.split())
            row = lost.look(copy)
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
        for line in lost.problems + (lost.told if arguments.details else []):
            print("    " + line, flush=True)
        failed |= bool(lost.problems or lost.wrong or row[COLUMNS.index("code lost")])
    sys.exit(failed)


if __name__ == "__main__":
    main()
