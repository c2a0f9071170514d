#!/usr/bin/env python3
"""Writes data/wordings.txt: how CPython words the same error from version to version.

    scripts/wordings.py write [PYTHON …]
    scripts/wordings.py check [PYTHON]

`write` runs every program of wordings.txt, twice with other names in it, under every interpreter given, else under
all of ~/.pyenv/versions. What changes with the names is not part of the wording. Only programs whose error is worded
in more than one way are kept. `check` runs them under one interpreter and says where it and the file differ.
"""

import argparse
import itertools
import json
import pathlib
import re
import string
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "wordings.txt"
DATA = HERE.parent / "data" / "wordings.txt"

# The two sets of names: of functions, classes, methods, variables, parameters, arguments and values.
NAMES = [
    {"f": "spam", "C": "Point", "m": "area", "x": "width", "y": "height", "z": "depth",
     "p": "a, b", "v": "1, 2, 3", "n": "3", "t": "7", "u": "[]"},
    {"f": "eggs", "C": "Shape", "m": "size", "x": "colour", "y": "weight", "z": "smell",
     "p": "a, b, c", "v": "1, 2, 3, 4, 5", "n": "1.5", "t": "2.5", "u": "{}"},
]  # fmt: skip

# Runs under any Python from 2.7 on: the class and the message of what each program raises.
RUNNER = r"""
# -*- coding: utf-8 -*-
import json, os, sys, warnings
warnings.simplefilter("ignore")
programs = json.load(sys.stdin)
out = os.fdopen(os.dup(1), "w")
null = os.open(os.devnull, os.O_RDWR)
for fd in (0, 1, 2):
    os.dup2(null, fd)
sys.stdin = open(os.devnull)
def run(program):
    if sys.version_info[0] == 2:
        program = program.encode("utf-8")
    try:
        exec(compile(program, "<program>", "exec", 0, True), {"__name__": "__main__", "__builtins__": __builtins__})
    except BaseException as error:
        kind = type(error)
        module = "" if kind.__module__ in ("builtins", "exceptions", "__main__") else kind.__module__ + "."
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        return [module + kind.__name__, text]
    return None
answer = [run(program) for program in programs]
out.write(json.dumps(["%d.%d" % sys.version_info[:2], answer]))
out.flush()
os._exit(0)
"""

HEADER = """\
# How CPython words the same error. Written by scripts/wordings.py; don't edit, see docs/architecture.md.
# Below each program: the versions, the exception and its message, in which «0» stands for what depends on the program.
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("what", choices=["write", "check"])
    arguments.add_argument("pythons", nargs="*")
    given = arguments.parse_args()
    if given.what == "check":
        sys.exit(check((given.pythons or [sys.executable])[0]))
    pythons = given.pythons or sorted(map(str, pathlib.Path("~/.pyenv/versions").expanduser().glob("*/bin/python")))
    DATA.write_text(HEADER + "\n".join(lines(pythons)) + "\n", encoding="utf-8")


def programs():
    text = PROGRAMS.read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(dict.fromkeys(found))


def filled(program, names):
    return string.Template(program.replace("\\n", "\n").replace("\\\n", "\\n")).safe_substitute(names)


def ask(python, templates):
    """The version, and for each program what it raises with either set of names."""
    sources = [filled(program, names) for program in templates for names in NAMES]
    done = subprocess.run(
        [python, "-E", "-c", RUNNER], input=json.dumps(sources).encode(), capture_output=True, timeout=120, check=False
    )
    if done.returncode != 0 or not done.stdout:
        sys.exit(f"{python} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    version, answers = json.loads(done.stdout)
    return version, list(zip(answers[::2], answers[1::2], strict=True))


def number(version):
    return tuple(map(int, version.split(".")))


def wording(pair, varying):
    """`Class: message` with marks for numbers and for what differs between the two, None where it can't be told."""
    one, other = pair
    if one is None or other is None or one[0] != other[0]:
        return None
    parts, others = (re.findall(r"\w+|\W", message) for _, message in pair)
    if len(parts) != len(others) or "0x" in one[1] or "\n" in one[1]:
        return None
    shown = [
        part if part == also and not part.isdigit() else f"«{varying.setdefault((part, also), len(varying))}»"
        for part, also in zip(parts, others, strict=True)
    ]
    # What is nearly all names says nothing about the error.
    worded = re.search(r"[A-Za-z_]{5}", "".join(part for part in shown if part[0] != "«"))
    return f"{one[0]}: {''.join(shown)}" if worded else None


def lines(pythons):
    templates = programs()
    asked = sorted((ask(python, templates) for python in pythons), key=lambda found: number(found[0]))
    versions = [version for version, _ in asked]
    yield "versions " + " ".join(versions)
    seen = set()
    for at, program in enumerate(templates):
        varying = {}
        worded = [wording(answers[at], varying) for _, answers in asked]
        spans = []
        for text, run in itertools.groupby(zip(worded, versions, strict=True), key=lambda pair: pair[0]):
            span = [version for _, version in run]
            if text is not None:
                end = "" if span[-1] == versions[-1] else span[-1]
                spans.append(f"{span[0]}-{end} {text}")
        if len(spans) > 1 and tuple(spans) not in seen:
            seen.add(tuple(spans))
            yield "= " + program
            yield from spans


def check(python):
    """Says where an interpreter and the file differ; the number of differences."""
    text = DATA.read_text(encoding="utf-8").splitlines()
    kept = [line[2:] for line in text if line.startswith("= ")]
    version, answers = ask(python, kept)
    if version not in next(line for line in text if line.startswith("versions ")).split():
        print(f"{python} is {version}, which the file does not know")
        return 0
    differences = 0
    for program, pair in zip(kept, answers, strict=True):
        told = wording(pair, {})
        wanted = in_file(text, program, version)
        if told is not None and shape(told) != shape(wanted or ""):
            print(f"{version}: {program}\n  the file: {wanted}\n  Python:   {told}")
            differences += 1
    return min(differences, 100)


def in_file(text, program, version):
    at = text.index("= " + program) + 1
    for line in itertools.takewhile(lambda line: not line.startswith("= "), text[at:]):
        span, _, told = line.partition(" ")
        first, _, last = span.partition("-")
        if number(first) <= number(version) and (not last or number(version) <= number(last)):
            return told
    return None


def shape(told):
    """A wording without the numbers of its marks, which depend on the other versions."""
    return re.sub(r"«\d+»", "«»", told)


if __name__ == "__main__":
    main()
