#!/usr/bin/env python3
"""Writes data/history.txt: what the standard library had, from Python 2.7 on.

    scripts/history.py write [PYTHON …] [--pyodide FOLDER]
    scripts/history.py check PYTHON

`write` asks every interpreter given, else all under ~/.pyenv/versions, and CPython 3.14 in the npm package
`pyodide` where --pyodide names the folder of its node_modules (`npm install pyodide` made it). `check` asks one
interpreter and says where it and the file differ, for the parts that are the same on every system.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data" / "history.txt"
PROBE = HERE / "history_probe.py"

# Where the names of a module went (PEP 3108 and What's New); the first is the module itself.
RENAMED = {
    "BaseHTTPServer": ["http.server"],
    "CGIHTTPServer": ["http.server"],
    "ConfigParser": ["configparser"],
    "Cookie": ["http.cookies"],
    "Dialog": ["tkinter.dialog"],
    "DocXMLRPCServer": ["xmlrpc.server"],
    "FileDialog": ["tkinter.filedialog"],
    "HTMLParser": ["html.parser"],
    "Queue": ["queue"],
    "ScrolledText": ["tkinter.scrolledtext"],
    "SimpleDialog": ["tkinter.simpledialog"],
    "SimpleHTTPServer": ["http.server"],
    "SimpleXMLRPCServer": ["xmlrpc.server"],
    "SocketServer": ["socketserver"],
    "StringIO": ["io"],
    "Tix": ["tkinter"],
    "Tkconstants": ["tkinter.constants"],
    "Tkdnd": ["tkinter.dnd"],
    "Tkinter": ["tkinter"],
    "UserDict": ["collections"],
    "UserList": ["collections"],
    "UserString": ["collections"],
    "__builtin__": ["builtins"],
    "_winreg": ["winreg"],
    "anydbm": ["dbm"],
    "cPickle": ["pickle"],
    "cStringIO": ["io"],
    "commands": ["subprocess"],
    "cookielib": ["http.cookiejar"],
    "copy_reg": ["copyreg"],
    "dbhash": ["dbm"],
    "dumbdbm": ["dbm.dumb"],
    "dummy_thread": ["_thread"],
    "email.MIMEAudio": ["email.mime.audio"],
    "email.MIMEBase": ["email.mime.base"],
    "email.MIMEImage": ["email.mime.image"],
    "email.MIMEMultipart": ["email.mime.multipart"],
    "email.MIMEText": ["email.mime.text"],
    "email.Utils": ["email.utils"],
    "gdbm": ["dbm.gnu"],
    "htmlentitydefs": ["html.entities"],
    "httplib": ["http.client"],
    "repr": ["reprlib"],
    "robotparser": ["urllib.robotparser"],
    "thread": ["_thread"],
    "tkColorChooser": ["tkinter.colorchooser"],
    "tkCommonDialog": ["tkinter.commondialog"],
    "tkFileDialog": ["tkinter.filedialog"],
    "tkFont": ["tkinter.font"],
    "tkMessageBox": ["tkinter.messagebox"],
    "tkSimpleDialog": ["tkinter.simpledialog"],
    "ttk": ["tkinter.ttk"],
    "urllib": ["urllib.request", "urllib.parse", "urllib.error"],
    "urllib2": ["urllib.request", "urllib.error", "urllib.parse"],
    "urlparse": ["urllib.parse"],
    "whichdb": ["dbm"],
    "xmlrpclib": ["xmlrpc.client"],
    # Not modules that were renamed, but names that went elsewhere.
    "importlib.abc": ["importlib.resources.abc"],
}

# Standard modules that no interpreter asked has, as they belong to other systems or builds.
ELSEWHERE = {
    "_winreg": ("2.7", "2.7"),
    "dbm.gnu": ("3.6", None),
    "dbm.ndbm": ("3.6", None),
    "gdbm": ("2.7", "2.7"),
    "msilib": ("2.7", "3.12"),
    "msvcrt": ("2.7", None),
    "winreg": ("3.6", None),
    "winsound": ("2.7", None),
}

# Modules that are no place to import from.
UNDOCUMENTED = {"genericpath", "multiprocessing.dummy", "ntpath", "posixpath", "turtle"}

# Names that only look gone: they depend on the system, are set otherwise, or are for others to define.
UNTOLD = {
    ("io.TextIOWrapper", "mode"),
    ("ast.NodeVisitor", "visit_Constant"),
    ("os", "lchmod"),
    ("posix", "lchmod"),
    ("socket", "CAN_RAW_ERR_FILTER"),
}
# Modules that Pyodide has in another form.
PATCHED = {"webbrowser"}

# Modules that are the same on every system, for `check`.
EVERYWHERE = [
    "abc", "argparse", "ast", "base64", "bisect", "calendar", "collections", "collections.abc", "configparser",
    "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "fractions", "functools",
    "glob", "hashlib", "heapq", "html.parser", "inspect", "io", "itertools", "json", "keyword", "math",
    "operator", "pickle", "pprint", "queue", "random", "string", "struct", "textwrap", "threading", "typing",
    "unittest", "urllib.parse", "weakref",
]  # fmt: skip

HEADER = """\
# What Python's standard library had, from 2.7 on. Written by scripts/history.py; don't edit, see docs/architecture.md.
# `2.7-3.9` is the first and the last version that has it, `2.7-` is there to stay; ` > ` says where it lives today, ` < ` its base.
# `names` and `attrs` list what is there as long as its module or type; of classes only what changed is told.
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("what", choices=["write", "check"])
    arguments.add_argument("pythons", nargs="*")
    arguments.add_argument("--pyodide", type=pathlib.Path)
    given = arguments.parse_args()
    if given.what == "check":
        sys.exit(check(given.pythons or [sys.executable]))
    pythons = given.pythons or sorted(map(str, pathlib.Path("~/.pyenv/versions").expanduser().glob("*/bin/python")))
    commands = [[python, "-E", str(PROBE)] for python in pythons]
    if given.pyodide:
        module = given.pyodide.resolve() / "pyodide" / "pyodide.mjs"
        commands.append(["node", str(HERE / "history_pyodide.mjs"), str(module), str(PROBE)])
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(HEADER + "\n".join(lines(Facts(commands))) + "\n", encoding="utf-8")


def ask(command, wanted):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "wanted.json")
        path.write_text(json.dumps(wanted))
        # Where setuptools is installed, it puts its own `distutils` in the place of the standard one.
        environment = {**os.environ, "SETUPTOOLS_USE_DISTUTILS": "stdlib"}
        done = subprocess.run(
            [*command, str(path)], capture_output=True, cwd=folder, env=environment, timeout=300, check=False
        )
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)


def number(version):
    return tuple(map(int, version.split(".")))


class Facts:
    """All that the interpreters said, by version."""

    def __init__(self, commands):
        self.found, self.checked = {}, {}
        for command in commands:
            answer = ask(command, {"find": True})
            self.found[answer["version"]] = (answer, command)
        self.versions = sorted(self.found, key=number)
        self.found = {version: self.found[version] for version in self.versions}
        self.names = self.union("names")
        self.classes = self.union("classes")
        wanted = {owner: sorted(names) for part in (self.names, self.classes) for owner, names in part.items()}
        everything = sorted({name for answer, _ in self.found.values() for name in answer["modules"]} | set(RENAMED))
        for version, (_, command) in self.found.items():
            partial = command[0] == "node"
            question = {"check": wanted, "partial": partial, "import": everything}
            self.checked[version] = ask(command, question)
        self.found = {version: answer for version, (answer, _) in self.found.items()}
        self.present = {
            version: {owner: set(names) for owner, names in self.checked[version]["present"].items()}
            for version in self.versions
        }
        self.unknown = {
            version: {owner: set(names) for owner, names in self.checked[version]["unknown"].items()}
            for version in self.versions
        }
        self.modules = self.module_spans()

    def union(self, part):
        """For each owner the names that any version has as public ones."""
        whole = {}
        for answer, _ in self.found.values():
            for owner, names in answer[part].items():
                whole.setdefault(owner, set()).update(names)
        return whole

    def span(self, states):
        """From a state per version (True, False or None for unknown) to the first and the last version.

        A gap is no end. What nobody knows counts as there, so that nothing is said to be gone without proof.
        """
        there = [at for at, state in enumerate(states) if state]
        if not there:
            return None
        last = there[-1]
        while last + 1 < len(states) and states[last + 1] is None:
            last += 1
        first = there[0]
        while first > 0 and states[first - 1] is None:
            first -= 1
        end = None if last + 1 == len(states) else self.versions[last]
        return (self.versions[first], end)

    def module_spans(self):
        spans = {}
        for name in {name for answer in self.found.values() for name in answer["modules"]} | set(RENAMED):
            spans[name] = self.span([self.has_module(version, name) for version in self.versions])
        spans.update(ELSEWHERE)
        return {name: span for name, span in sorted(spans.items()) if span}

    def has_module(self, version, name):
        if name in self.found[version]["modules"] or name in self.checked[version]["importable"]:
            return True
        package = name.rpartition(".")[0]
        if package in self.found[version]["modules"] and package not in self.found[version]["names"]:
            return None
        return False

    def state(self, version, owner, name):
        if name in self.present[version].get(owner, ()):
            return True
        if owner not in self.present[version] or name in self.unknown[version].get(owner, ()):
            return None
        if (owner, name) in UNTOLD:
            return None
        return False

    def name_span(self, owner, name, within):
        """The span of a name, and None for both where it is that of its owner."""
        inside = [version for version in self.versions if is_in(version, within)]
        states = [self.state(version, owner, name) if version in inside else None for version in self.versions]
        first, last = self.span(states) or (None, None)
        if first is None:
            return None
        first = max(first, within[0], key=number)
        if last is None or (within[1] and number(last) > number(within[1])):
            last = within[1]
        return (first, last)

    def stays(self, module, name):
        span = self.modules.get(module)
        if module == "builtins":
            return name in self.found[self.versions[-1]]["builtins"]
        if not span or span[1]:
            return False
        return name in self.names.get(module, ()) and self.name_span(module, name, span)[1] is None

    def moved(self, module, name, last):
        """Where the thing is called by a name that stays: the same name in the renamed module, or the same object."""
        for other in RENAMED.get(module, []):
            if self.stays(other, name):
                return name if other == "builtins" else f"{other}.{name}"
        if f"{module}.{name}" in RENAMED:
            return RENAMED[f"{module}.{name}"][0]
        if module == "sys":
            return None
        groups = [same for same in self.checked[last]["same"] if f"{module}.{name}" in same]
        paths = [path.rpartition(".") for same in groups for path in same]
        # In Python 2 `bytes` is another name for `str`.
        for other, _, called in sorted(paths, key=lambda path: (path[2] != name, path[2] != "str", path)):
            if other == "builtins" and self.stays(other, called):
                return called
        for other, _, called in sorted(paths, key=lambda path: (path[0].count("."), path)):
            if called == name and other not in UNDOCUMENTED and self.stays(other, called):
                return f"{other}.{called}"
        return None


def is_in(version, span):
    return number(span[0]) <= number(version) and (not span[1] or number(version) <= number(span[1]))


def shown(span):
    return f"{span[0]}-{span[1] or ''}"


def arrow(target):
    return f" > {target}" if target else ""


def lines(facts):
    yield "versions " + " ".join(facts.versions)
    yield from plain(facts, "keyword", "keywords")
    yield from plain(facts, "builtin", "builtins")
    yield from plain(facts, "opcode", "opcodes")
    yield from module_lines(facts)
    yield from type_lines(facts)
    yield from class_lines(facts)
    yield from parameter_lines(facts)


def plain(facts, word, part):
    names = sorted({name for answer in facts.found.values() for name in answer[part]})
    spans = {name: facts.span([name in answer[part] for answer in facts.found.values()]) for name in names}
    always = (facts.versions[0], None)
    yield f"{word}s " + " ".join(name for name in names if spans[name] == always)
    for name in names:
        if spans[name] != always:
            yield f"{word} {name} {shown(spans[name])}"


def module_lines(facts):
    for module, span in facts.modules.items():
        renamed = RENAMED.get(module, [None])[0] if span[1] else None
        yield f"module {module} {shown(span)}{arrow(renamed)}"
        same, changed = [], []
        for name in sorted(facts.names.get(module, ())):
            within = facts.name_span(module, name, span)
            if within is None:
                continue
            moved = facts.moved(module, name, within[1]) if within[1] else None
            if within == span and not moved:
                same.append(name)
            else:
                changed.append(f"name {module} {name} {shown(within)}{arrow(moved)}")
        if same:
            yield f"names {module} " + " ".join(same)
        yield from changed


def type_lines(facts):
    for owner in sorted({owner for answer in facts.found.values() for owner in answer["types"]}):
        known = [answer["types"].get(owner) for answer in facts.found.values()]
        base = [one[0] for one in known if one][-1]
        sets = [one and one[1] for one in known]
        whole = facts.span([names is not None for names in sets])
        same, changed = [], []
        for name in sorted({name for names in sets for name in names or ()} - {name for of, name in UNTOLD if of == owner}):
            span = facts.span([None if names is None else name in names for names in sets])
            span = (max(span[0], whole[0], key=number), span[1] or whole[1])
            if span == whole:
                same.append(name)
            else:
                changed.append(f"attr {owner} {name} {shown(span)}")
        yield f"type {owner} {shown(whole)}" + (f" < {base}" if base else "")
        if same:
            yield f"attrs {owner} " + " ".join(same)
        yield from changed


def class_lines(facts):
    types = {owner for answer in facts.found.values() for owner in answer["types"]}
    for owner, names in sorted(facts.classes.items()):
        if owner in types:
            continue
        module, _, called = owner.rpartition(".")
        span = facts.modules.get(module) and facts.name_span(module, called, facts.modules[module])
        if not span:
            continue
        for name in sorted(names):
            within = facts.name_span(owner, name, span)
            if within and within != span:
                yield f"attr {owner} {name} {shown(within)}"


def parameter_lines(facts):
    functions = {path for answer in facts.found.values() for path in answer["functions"]}
    for path in sorted(path for path in functions if path.rpartition(".")[0] not in PATCHED):
        known = [answer["functions"].get(path) for answer in facts.found.values()]
        whole = facts.span([names is not None for names in known])
        if not whole:
            continue
        for name in sorted({name for names in known for name in names or ()}):
            span = facts.span([None if names is None else name in names for names in known])
            span = (max(span[0], whole[0], key=number), span[1])
            if span[1] or span[0] != whole[0]:
                yield f"param {path} {name} {shown(span)}"


def check(pythons):
    """Says where the interpreters and the file differ; the number of differences is the answer."""
    differences = 0
    text = DATA.read_text(encoding="utf-8").splitlines()
    for python in pythons:
        command = [python, "-E", str(PROBE)]
        found = ask(command, {"find": True})
        version = found["version"]
        if version not in next(line for line in text if line.startswith("versions ")).split():
            print(f"{python} is {version}, which the file does not know")
            continue
        wanted = expected(text, version)
        modules = [name for name in EVERYWHERE if name in wanted]
        present = ask(command, {"check": {name: sorted(wanted[name]) for name in modules}})["present"]
        actual = {name: set(present.get(name, ())) | set(found["names"].get(name, ())) for name in modules}
        actual.update({part: set(found[part]) for part in ("builtins", "keywords")})
        actual.update({f"type {name}": set(found["types"][name][1]) for name in ("dict", "str", "list", "int")})
        for owner, names in actual.items():
            for name in sorted(names ^ wanted[owner]):
                where = "Python" if name in names else "the file"
                print(f"{version}: only {where} has {name} of {owner}")
                differences += 1
    return min(differences, 100)


def expected(text, version):
    """By owner the names that the file gives the version."""
    names = {}
    plural = {"builtin": "builtins", "keyword": "keywords", "opcode": "opcodes"}
    inside = False
    for line in text:
        word, *rest = line.split()
        if word in plural.values():
            names.setdefault(word, set()).update(rest)
        elif word in plural and is_in(version, read_span(rest[1])):
            names.setdefault(plural[word], set()).add(rest[0])
        elif word in ("module", "type"):
            inside = is_in(version, read_span(rest[1]))
        elif word in ("names", "attrs") and inside:
            names.setdefault(key(word, rest[0]), set()).update(rest[1:])
        elif word in ("name", "attr") and is_in(version, read_span(rest[2])):
            names.setdefault(key(word, rest[0]), set()).add(rest[1])
    return names


def key(word, owner):
    return f"type {owner}" if word.startswith("attr") else owner


def read_span(text):
    first, _, last = text.partition("-")
    return (first, last or None)


if __name__ == "__main__":
    main()
