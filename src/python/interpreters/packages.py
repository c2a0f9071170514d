# Says on one line of JSON which modules this interpreter has, and which packages brought them.
# Runs under every Python from 3.9 on.
import sys

# The current folder is no place to import the standard library from.
sys.path[:] = [entry for entry in sys.path if entry]

import json
import os
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


answer = {"standard": standard(), "modules": {}, "packages": {}}
for distribution in metadata.distributions():
    called = distribution.metadata["Name"]
    if not called or called in answer["packages"]:
        continue
    answer["packages"][called] = distribution.version or ""
    for module in modules(distribution):
        answer["modules"].setdefault(module.split("/")[0], called)
sys.stdout.write("\n" + json.dumps(answer) + "\n")
sys.stdout.flush()
