# Says on one line of JSON which modules this interpreter has, and which packages brought them; those
# of the virtual environment in the folder that is its argument, where there is one.
# Only reads. Runs under every Python from 3.9 on, without what `site` does at the start.
import sys

# The current folder is no place to import the standard library from.
sys.path[:] = [entry for entry in sys.path if entry]

import json
import os
import site
import sysconfig
from importlib import machinery, metadata


def name(path):
    """The module that a file or folder is imported as, if it is one."""
    for suffix in machinery.all_suffixes():
        if path.endswith(suffix):
            return path[: -len(suffix)]
    return path


def standard():
    names = getattr(sys, "stdlib_module_names", None)
    if names is not None:
        return sorted(names)
    folder = sysconfig.get_path("stdlib")
    found = set(sys.builtin_module_names)
    for inner in (folder, os.path.join(folder, "lib-dynload")):
        if os.path.isdir(inner):
            found.update(name(entry).split(".")[0] for entry in os.listdir(inner))
    return sorted(entry for entry in found if entry.isidentifier())


def modules(distribution):
    declared = distribution.read_text("top_level.txt")
    if declared:
        return declared.split()
    found = set()
    for file in distribution.files or ():
        parts = file.parts
        first = parts[0] if len(parts) > 1 else name(parts[0])
        if first.isidentifier():
            found.add(first)
    return found


def settings(folder):
    found = {}
    with open(os.path.join(folder, "pyvenv.cfg"), encoding="utf-8", errors="replace") as file:
        for line in file:
            key, _, value = line.partition("=")
            found[key.strip().lower()] = value.strip().lower()
    return found


def prefixes():
    """Where packages are installed below: in the environment, and in what it was made from where it says so."""
    own = [sys.prefix, sys.exec_prefix]
    if len(sys.argv) < 2:
        return own
    folder = sys.argv[1]
    with_own = settings(folder).get("include-system-site-packages", "true") == "true"
    # Debian's `site` looks at it.
    sys.prefix = sys.exec_prefix = folder
    return [folder] + (own if with_own else [])


def led_to(folder):
    """The folders that `.pth` files name; their lines of code are left out."""
    for entry in sorted(os.listdir(folder)):
        if entry.endswith(".pth"):
            with open(os.path.join(folder, entry), encoding="utf-8", errors="replace") as file:
                lines = [line.rstrip() for line in file]
            yield from (os.path.join(folder, line) for line in lines if line and not line.startswith(("#", "import ", "import\t")))


def folders():
    found = []
    for folder in filter(os.path.isdir, site.getsitepackages(dict.fromkeys(prefixes()))):
        found += [folder] + [path for path in led_to(folder) if os.path.isdir(path)]
    return list(dict.fromkeys(found))


answer = {"standard": standard(), "modules": {}, "packages": {}}
for distribution in metadata.distributions(path=folders()):
    called = distribution.metadata["Name"]
    if not called or called in answer["packages"]:
        continue
    answer["packages"][called] = distribution.version or ""
    for module in modules(distribution):
        answer["modules"].setdefault(module.split("/")[0], called)
sys.stdout.write("\n" + json.dumps(answer) + "\n")
sys.stdout.flush()
