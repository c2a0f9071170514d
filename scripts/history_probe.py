"""What one interpreter has: the probe of `history.py`. It runs on 2.7 and on every 3.x.

Asked with {"find": true} it answers with all that is public; asked with {"check": {...}} it answers
which of the given names it has, public or not, in the lines "present", "absent" and "unknown".
"""
from __future__ import print_function

import ast
import dis
import inspect
import io
import json
import keyword
import os
import pkgutil
import re
import sys
import types
import warnings

try:
    import builtins
except ImportError:
    import __builtin__ as builtins

SKIPPED = re.compile(
    r"^(test|idlelib|turtledemo|pydoc_data|lib2to3\..*|encodings\..*|ctypes\.macholib.*|ensurepip\..*"
    r"|antigravity|this|__.*__|plat-.*|pyodide.*|js|micropip|pip|setuptools|pkg_resources|wheel|easy_install"
    r"|xxlimited.*|xxsubtype|(.*\.)?tests?(\..*)?|(.*\.)?_.*|msilib\..*|.*\.__main__|sitecustomize|usercustomize|webbrowser_.*)$"
)
# Importing these does something.
NAMED_ONLY = {"antigravity", "this"}
# Private by name and yet written in code.
PRIVATE = {"__future__", "__builtin__", "_dummy_thread", "_thread", "_winreg"}
# What these have depends on the system, so a partial interpreter proves nothing about what is built on them.
OF_THE_SYSTEM = re.compile(r"^\s*(?:from|import) (?:_curses|_signal|_socket|_ssl|_tkinter|posix)\b", re.M)
IS_2 = sys.version_info[0] == 2


class Unreadable(Exception):
    pass


def unnamed_types():
    """Built-in types without a name in `builtins`, by what `type(x).__name__` says today."""

    def function():
        yield 1

    class Class(object):
        def method(self):
            pass

    try:
        raise ValueError
    except ValueError:
        trace = sys.exc_info()[2]
    return {
        "function": type(function),
        "method": type(Class().method),
        "builtin_function_or_method": type(len),
        "generator": type(function()),
        "code": type(function.__code__),
        "frame": type(trace.tb_frame),
        "traceback": type(trace),
        "module": type(sys),
        "list_iterator": type(iter([])),
        "tuple_iterator": type(iter(())),
        "dict_keyiterator": type(iter({})),
        "io.TextIOWrapper": type(sys.__stdin__),
    }


def builtin_types():
    found = {
        name: value
        for name, value in vars(builtins).items()
        if isinstance(value, type) and not name.startswith("_")
    }
    return found


def module_names():
    """The names of all modules that a note may import, and those that exist but can't be imported here."""
    home = os.path.dirname(os.__file__)
    folders = [
        path
        for path in sys.path
        if path.startswith(home) or path.endswith(".zip") or "lib-dynload" in path
    ]
    folders = [path for path in folders if "site-packages" not in path and "plat-" not in path]
    if IS_2:
        folders.append(os.path.join(home, "lib-tk"))
        sys.path.append(folders[-1])
    names = set(sys.builtin_module_names)
    walk(folders, "", names)
    listed = {name for name in getattr(sys, "stdlib_module_names", ()) if not name.startswith("_")}
    names |= listed
    return sorted(
        name
        for name in names
        if name in NAMED_ONLY or name in PRIVATE or not SKIPPED.match(name)
    )


def walk(folders, prefix, names):
    for _, name, is_package in pkgutil.iter_modules(folders):
        whole = prefix + name
        if SKIPPED.match(whole) and whole not in NAMED_ONLY and whole not in PRIVATE:
            continue
        names.add(whole)
        if is_package:
            inner = [os.path.join(folder, name) for folder in folders]
            walk(inner, whole + ".", names)


def load(name):
    if name in NAMED_ONLY:
        return None
    try:
        __import__(name)
        return sys.modules[name]
    except BaseException:
        return None


def defined_names(module):
    """What the module's own source binds at its top level; None where it has no source."""
    try:
        tree = ast.parse(source_of(module.__name__))
    except Exception:
        return None
    names = set()
    collect(tree.body, module.__name__, names)
    return names


def collect(body, module, names):
    for node in body:
        kind = type(node).__name__
        if kind in ("FunctionDef", "AsyncFunctionDef", "ClassDef"):
            names.add(node.name)
            continue
        if kind == "Assign":
            for target in node.targets:
                names.update(leaf.id for leaf in ast.walk(target) if isinstance(leaf, ast.Name))
        elif kind == "AnnAssign" and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif kind == "ImportFrom":
            names.update(handed_on(node, module))
        for part in ("body", "orelse", "finalbody", "handlers"):
            collect(getattr(node, part, None) or [], module, names)


def handed_on(node, module):
    """The names that a module imports from a part of itself: what it hands on as its own."""
    origin = ".".join(part for part in (module if node.level else "", node.module) if part)
    if origin != "_" + module and not origin.startswith(module + ".") or origin not in sys.modules:
        return []
    if node.names[0].name != "*":
        return [alias.asname or alias.name for alias in node.names]
    whole = sys.modules[origin]
    return getattr(whole, "__all__", None) or [name for name in dir(whole) if not name.startswith("_")]


def source_of(name):
    loader = pkgutil.find_loader(name) if IS_2 else __import__("importlib.util").util.find_spec(name).loader
    return loader.get_source(name) or frozen_source(name)


def frozen_source(name):
    """The source of a module that is built into the interpreter, and lies beside the others all the same."""
    path = os.path.join(os.path.dirname(os.__file__), *name.split("."))
    for path in (path + ".py", os.path.join(path, "__init__.py")):
        if os.path.exists(path):
            with io.open(path, encoding="utf-8") as file:
                return file.read()
    raise Unreadable(name)


def public_names(module):
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return sorted({str(name) for name in listed if not name.startswith("_") and has(module, name)})
    own = defined_names(module)
    names = []
    for name in dir(module):
        if name.startswith("_"):
            continue
        value = getattr(module, name, None)
        if isinstance(value, types.ModuleType) or type(value).__name__ == "_Feature":
            continue
        if own is None or name in own:
            names.append(name)
    return names


def has(owner, name):
    try:
        getattr(owner, name)
        return True
    except AttributeError:
        return False
    except BaseException:
        return True


def is_enumeration(cls):
    return any(base.__module__ == "enum" for base in inspect.getmro(cls))


def attributes(cls, special):
    """The public attributes of a built-in type."""
    names = [str(name) for name in dir(cls)]
    return sorted(name for name in names if not name.startswith("_") or special and name.endswith("__"))


def methods(cls):
    """The public methods that a class does not have from another public class.

    What is no method may as well be set by `__init__`: its absence says nothing. Those of `dict` count, as
    messages name the subclass.
    """
    names = set()
    for base in inspect.getmro(cls):
        if base is cls or base.__name__.startswith("_") or base is dict and cls.__name__ != "TypedDict":
            names.update(vars(base))
    names = {name for name in names if not name.startswith("_") and callable(getattr(cls, name, None))}
    return sorted(names)


def parameters(function):
    """The names by which arguments can be given; None where that can't be told."""
    try:
        if IS_2:
            spec = inspect.getargspec(function)
            return None if spec.keywords else [name for name in spec.args if isinstance(name, str)]
        found = inspect.signature(function).parameters.values()
    except BaseException:
        return None
    if any(one.kind == one.VAR_KEYWORD for one in found):
        return None
    named = [one.name for one in found if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    return [name for name in named if not name.startswith("_")]


def find():
    names, classes, functions = {}, {}, {}
    modules = module_names()
    for module_name in modules:
        module = load(module_name)
        if module is None:
            continue
        names[module_name] = public_names(module)
        for name in names[module_name]:
            value = getattr(module, name, None)
            path = module_name + "." + name
            if isinstance(value, (type, getattr(types, "ClassType", type))):
                if not is_enumeration(value) and value.__module__ != builtins.__name__:
                    classes[path] = methods(value)
            elif isinstance(value, types.FunctionType):
                functions[path] = parameters(value)
    return {
        "modules": modules,
        "names": names,
        "builtins": sorted(name for name in vars(builtins) if not name.startswith("_") or name == "__import__"),
        "types": types_and_attributes(),
        "classes": classes,
        "functions": functions,
        "keywords": sorted(keyword.kwlist),
        "opcodes": sorted(name for name in dis.opmap if not name.startswith("<")),
    }


def same_things(wanted):
    """The paths of classes and functions by which one and the same is known."""
    paths = {}
    for name, value in vars(builtins).items():
        if callable(value):
            paths.setdefault(id(value), []).append("builtins." + name)
    for owner, names in wanted.items():
        module = load(owner)
        for name in names if module is not None else ():
            value = getattr(module, name, None)
            if callable(value):
                paths.setdefault(id(value), []).append(owner + "." + name)
    return [sorted(known) for known in paths.values() if len(known) > 1]


def types_and_attributes():
    """Each with its base and the attributes that the base does not have."""
    found = {}
    for group, special in ((builtin_types(), True), (unnamed_types(), False)):
        for name, cls in group.items():
            base = None if cls is object or cls.__base__ is object else cls.__base__
            own = set(attributes(cls, special)) - set(dir(base) if base else ())
            found[name] = [base and base.__name__, sorted(own)]
    return found


def says(name, word):
    """Whether the source of the module or of its package says the word; True where there is no source."""
    try:
        module = sys.modules[name]
        texts = [source_of(name)]
        if hasattr(module, "__path__"):
            for _, part, _ in pkgutil.iter_modules(module.__path__):
                texts.append(source_of(name + "." + part))
    except Exception:
        return True
    said = re.compile(r"\b%s\b" % re.escape(word))
    return any(said.search(text) or OF_THE_SYSTEM.search(text) for text in texts)


def check(wanted, is_partial):
    """Of every owner the names that are there, and those of which nothing can be said."""
    answer = {"present": {}, "unknown": {}}
    for owner, names in wanted.items():
        holder = lookup(owner)
        if holder is None:
            continue
        there = sorted(name for name in names if has(holder, name))
        answer["present"][owner] = there
        if is_partial:
            module = getattr(holder, "__module__", owner)
            module = module if isinstance(module, str) and module in sys.modules else owner
            missing = set(names) - set(there)
            answer["unknown"][owner] = sorted(name for name in missing if says(module, name))
    return answer


def lookup(owner):
    if load(owner) is not None:
        return sys.modules[owner]
    module, _, name = owner.rpartition(".")
    if module and load(module) is not None:
        return getattr(sys.modules[module], name, None)
    return None


def importable(names):
    return [name for name in names if load(name) is not None]


def main():
    warnings.simplefilter("ignore")
    real = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with open(sys.argv[1]) as file:
        wanted = json.load(file)
    answer = run(wanted)
    with os.fdopen(real, "w") as out:
        out.write(json.dumps(answer))
        out.flush()
        os._exit(0)


def run(wanted):
    answer = {"version": "%d.%d" % sys.version_info[:2]}
    if "check" in wanted:
        module_names()
        answer.update(check(wanted["check"], wanted.get("partial", False)))
        answer["same"] = same_things(wanted["check"])
        answer["importable"] = importable(wanted.get("import", []))
    else:
        answer.update(find())
    return answer


if __name__ == "__main__":
    main()
