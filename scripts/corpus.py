#!/usr/bin/env python3
"""Write notes of valid Python from an interpreter's own standard library.

usage: PYTHON scripts/corpus.py FOLDER [LINES]

All of it is right under that interpreter, so whatever `verify` finds in it is worth a look: an
explained cause or a stale claim is a false alarm. Three kinds of notes, together at least LINES lines
of code (30000 if not given), the same for every run of one interpreter:

  doc-*.md    the interactive examples of documentation strings
  test-*.md   the statements of the standard library's tests, cut at the top level
  lib-*.md    the statements of its modules

Each statement of the last two becomes a block of its own with the imports of its file above it.
"""
import ast
import doctest
import hashlib
import sys
import sysconfig
from pathlib import Path

# Old names are the subject of these files, or they break on purpose.
LEFT_OUT = ("lib2to3", "idlelib", "turtledemo", "site-packages", "ensurepip", "test_lib2to3", "badsyntax")
BLOCKS = 60


def sources(root):
    """The sources in an order that mixes all parts of the library and is always the same."""
    names = (path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    for name in sorted(names, key=lambda name: hashlib.md5(name.encode()).digest()):
        path = root / name
        if any(part in name for part in LEFT_OUT) or "bad" in path.name:
            continue
        try:
            text = path.read_text(encoding="utf-8")
            yield name, text, ast.parse(text)
        except (SyntaxError, ValueError):
            continue


def fenced(tag, code):
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{tag}\n{code.rstrip()}\n{fence}\n"


def statements(text, tree):
    """The imports at the top of a file, and each other statement with these above it."""
    lines = text.splitlines()
    first = lambda node: min([node.lineno] + [d.lineno for d in getattr(node, "decorator_list", [])])
    code = lambda node: "\n".join(lines[first(node) - 1:node.end_lineno])
    imports = "\n".join(code(node) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)))
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.With, ast.For)):
            yield f"{imports}\n\n{code(node)}" if imports else code(node)


def examples(text):
    found = doctest.DocTestParser().get_examples(text)
    session = []
    for example in found:
        source = example.source.rstrip("\n").split("\n")
        session += [f">>> {source[0]}"] + [f"... {line}".rstrip() for line in source[1:]]
        session += example.want.rstrip("\n").split("\n") if example.want else []
    return "\n".join(session)


def docs(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            try:
                session = examples(ast.get_docstring(node) or "")
            except ValueError:
                continue
            if session:
                yield session


class Writer:
    def __init__(self, folder, kind):
        self.folder, self.kind, self.notes, self.lines = folder, kind, 0, 0
        self.blocks = []

    def add(self, title, tag, code):
        self.lines += code.count("\n") + 1
        self.blocks.append(f"## {title}\n\n{fenced(tag, code)}")
        if len(self.blocks) == BLOCKS:
            self.flush()

    def flush(self):
        if self.blocks:
            path = self.folder / f"{self.kind}-{self.notes:03}.md"
            path.write_text("\n".join([f"# {path.stem}\n", *self.blocks]), encoding="utf-8")
            self.notes += 1
            self.blocks = []


def main():
    folder = Path(sys.argv[1])
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 30000
    folder.mkdir(parents=True, exist_ok=True)
    root = Path(sysconfig.get_paths()["stdlib"])
    writers = {kind: Writer(folder, kind) for kind in ("doc", "test", "lib")}
    for name, text, tree in sources(root):
        for session in docs(tree):
            writers["doc"].add(name, "pycon", session)
        kind = "test" if name.startswith("test/") or "/test" in name else "lib"
        if writers[kind].lines < wanted / 2:
            for code in statements(text, tree):
                writers[kind].add(name, "python", code)
    for writer in writers.values():
        writer.flush()
        print(f"{writer.kind}: {writer.notes} notes, {writer.lines} lines")


if __name__ == "__main__":
    main()
