"""Runs one snippet inside its own forked process and reports what happens.

The snippet shares this interpreter, so everything that the harness needs later
is looked up now: what a snippet does to `builtins`, `sys` or `os` can't reach it.
`figures`, `sources`, `streams` and `worth` are the modules of the files beside this one, put here
by `interpreter.rs`; all but `streams` only where a snippet needs them. `mark` is that of `seal.rs`,
and sends nothing but from `run`.
"""

import ast
import atexit
import builtins
import io
import linecache
import os
import re
import sys
import traceback
import types
import warnings

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
# Names of modules that are also words, and so names of anything in code that is an illustration.
ALSO_WORDS = frozenset(
    "array ast calendar cmd code copy email formatter html http keyword mailbox message new numbers operator"
    " parser pipes platform profile queue resource secrets select sched signal site stat statistics string"
    " struct symbol symtable test this token trace types user xml".split()
)

WARNING_MODULES = ("warnings", "_py_warnings")
WARN = (warnings.warn, warnings.warn_explicit)
_getpid, _exit, _getframe, _modules = os.getpid, os._exit, sys._getframe, sys.modules
_print_exception, _compile, _exec, _eval = traceback.TracebackException, compile, exec, eval
_move = ast.increment_lineno
_odd_escape = re.compile(r"(?<!\\)(?:\\\\)*\\[^\\\n'\"abfnrtvx0-3]").search
_joined_number = re.compile(r"\b[0-9]\w*(?:and|else|for|if|in|is|not|or)\b").search
# So many lines above a piece of code cost less to read than its tree to be moved.
FAR = 1000


class Runner:
    """Runs code of one note in one namespace."""

    def __init__(self, channel):
        self.channel = channel
        self.flags = 0
        self.asked = None
        self.lines = []
        self.module = types.ModuleType("__main__")
        self.module.__dict__["__builtins__"] = builtins
        _modules["__main__"] = self.module
        self.namespace = self.module.__dict__

    def provide(self, modules, every):
        """Imports modules that the code uses without saying so."""
        for name in modules:
            try:
                module = __import__(name)
                used = re.findall(r"\b%s\s*\.\s*(\w+)" % re.escape(name), "\n".join(text for code in every for _, text in code[1]))
                if name not in ALSO_WORDS or any(hasattr(module, attribute) for attribute in used):
                    self.namespace[name] = module
            except BaseException:
                pass

    def replay(self, code):
        """Runs an earlier snippet for the names that it defines."""
        try:
            self.pieces(code)
        except BaseException:
            pass
        self.flags = 0

    def snippet(self, code, values):
        """Runs the snippet; returns the status that it leaves with, None for its end, and how many errors it had.

        The errors are counted here, where no attribute has to do with it, and not where they are reported.
        """
        if values:
            self.asked = worth.Asked(values, self.channel.quietly, self.worth)
        errors, leaving = 0, None
        try:
            errors, leaving = self.pieces(code)
        except SystemExit as error:
            leaving = error
        except BaseException as error:
            errors = 1
            self.raised(error)
        return None if leaving is None else self.leave(leaving), errors

    def pieces(self, code):
        """Runs all pieces; returns how many errors that did not end it there were, and the `SystemExit` that did."""
        prompts, pieces = code
        errors = 0
        self.remember(pieces)
        if not prompts:
            for piece in pieces:
                self.execute(self.compile(piece, ast.Module, "exec"))
            return errors, None
        for piece in pieces:
            try:
                code = self.compile(piece, ast.Interactive, "single")
                self.flags |= code.co_flags & FUTURES
                self.execute(code)
            except SystemExit as leaving:
                return errors, leaving
            except BaseException as error:
                errors += 1
                self.raised(error)
        return errors, None

    def remember(self, pieces):
        """Lets tracebacks and `inspect` find the source."""
        self.lines = with_lines(self.lines, pieces)
        linecache.cache[self.channel.path] = (0, None, self.lines, self.channel.path)

    def compile(self, piece, kind, mode):
        code = self.asking(piece, kind, mode) if self.asked else None
        if code is None:
            code = self.far(piece, kind, mode)
        if code is None:
            source = below_lines(piece)
            parsed = source if kind is ast.Module else self.parse(source, kind)
            code = self.compiled(parsed, mode)
        return code

    def asking(self, piece, kind, mode):
        """The code that tells what was asked for, None where it can't be had."""
        try:
            tree = self.parse_far(piece, kind) or self.parse(below_lines(piece), kind)
            return self.asked.connect(self.compiled(self.asked.prepare(tree), mode))
        except Exception:
            return None

    def far(self, piece, kind, mode):
        """The code of what stands far down in its note, None where it has to be read below its lines."""
        try:
            tree = self.parse_far(piece, kind)
            return tree and self.compiled(tree, mode)
        except Exception:
            return None

    def parse_far(self, piece, kind):
        """The tree of what stands far down in its note; None for what stands near its top, and for
        what the parser may have something to say about, which names a line.

        The parser reads every line above, so that reading each input of a long session below its lines
        would take the square of them.
        """
        first, text = piece
        if first <= FAR or not is_quiet(text):
            return None
        try:
            tree = self.parse(text, kind)
        except Exception:
            return None
        return _move(tree, first - 1)

    def parse(self, source, kind):
        parsed = self.compiled(source, "exec", ast.PyCF_ONLY_AST)
        return parsed if kind is ast.Module else kind(parsed.body)

    def compiled(self, parsed, mode, more=0):
        return _compile(parsed, self.channel.path, mode, AWAIT | more | self.flags, True)

    def execute(self, code):
        if code.co_flags & CO_COROUTINE:
            import asyncio
            self.channel.awaited = _eval(code, self.namespace)
            try:
                asyncio.run(self.channel.awaited)
            finally:
                self.channel.awaited = None
        else:
            _exec(code, self.namespace)

    def leave(self, leaving):
        code = leaving.code
        if code is None:
            return 0
        if isinstance(code, int):
            return code & 0xFF
        sys.stderr.write(str(code) + "\n")
        return 1

    def raised(self, error):
        """Reports an exception that nothing caught, without the frames of this file."""
        if self.channel.muted:
            return
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename != self.channel.path:
            trace = trace.tb_next
        line, top = self.lines_of(error, trace)
        hook = sys.excepthook
        if hook is not sys.__excepthook__:
            try:
                hook(type(error), error, trace)
            except BaseException:
                pass
        flush_streams()
        told = [part[:streams.PAYLOAD] for part in (class_name(error), message(error), subject(error))]
        self.channel.frame(streams.RAISED, line, top, fields(told + [format_traceback(error, trace)[-streams.PAYLOAD * 4:]]))

    def lines_of(self, error, trace):
        if trace is None:
            if isinstance(error, SyntaxError) and error.filename == self.channel.path:
                return error.lineno or 0, error.lineno or 0
            return 0, 0
        top = inner = trace.tb_lineno or 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.channel.path:
                inner = trace.tb_lineno or inner
            trace = trace.tb_next
        return inner, top

    def displayed(self, value):
        """`sys.displayhook` of a prompt (PEP 217)."""
        if value is None:
            return
        builtins._ = None
        text = repr(value)
        flush_streams()
        if not self.channel.muted:
            line, top = self.channel.where(_getframe(1))
            kept = text[:max(self.channel.left, 0)]
            self.channel.dropped += len(text) - len(kept)
            self.channel.left -= len(kept)
            self.channel.frame(streams.VALUE, line, top, kept)
        builtins._ = value

    def worth(self, line, parts):
        """Reports what a statement was worth."""
        if _getpid() == self.channel.owner:
            self.channel.frame(streams.WORTH, line, line, fields(parts))

    def warned(self, text, category, filename, lineno, file=None, line=None):
        """`warnings.showwarning`: a warning is an event of its own."""
        if file is not None:
            file.write(warnings.formatwarning(text, category, filename, lineno, line))
        elif not self.channel.is_quiet():
            at = lineno if filename == self.channel.path else 0
            own = "own" if self.warns_itself(_getframe(1)) else ""
            flush_streams()
            told = [category.__name__, own, str(text)[:streams.PAYLOAD]]
            self.channel.frame(streams.WARNED, at, at, fields(told))

    def warns_itself(self, frame):
        """True where the note's own code gives a warning, and not something that it uses.

        A warning that is written in C comes from the frame of its caller, just as one by `warnings.warn`.
        """
        passed = []
        while frame is not None and frame.f_globals.get("__name__") in WARNING_MODULES:
            passed.append(frame.f_code.co_name)
            frame = frame.f_back
        if frame is None or frame.f_code.co_filename != self.channel.path:
            return False
        at = (frame.f_lineno or 0) - 1
        line = self.lines[at] if 0 <= at < len(self.lines) else ""
        if passed != ["_showwarnmsg"] or "warn" in line:
            return True
        named = [frame.f_globals.get(name) for name in re.findall(r"\w+", line)]
        return any(value is warn for value in named for warn in WARN)

    def finish(self, watch_deletion):
        """What the interpreter does when a program ends: threads, `atexit`, deletion of what is left."""
        threading = _modules.get("threading")
        for step in (getattr(threading, "_shutdown", None), atexit._run_exitfuncs):
            try:
                if step is not None:
                    step()
            except BaseException:
                pass
        if watch_deletion:
            import gc
            self.namespace.clear()
            gc.collect()
        flush_streams()


def below_lines(piece):
    """The text of `piece` below as many lines as stand above it in its note."""
    first, text = piece
    return "\n" * (first - 1) + text


def is_quiet(text):
    """True for code that the parser can't have a warning about: it has no escape that may be none,
    and no number that a word follows without a space."""
    return not _odd_escape(text) and not _joined_number(text)


def flush_streams():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def with_lines(lines, pieces):
    """The lines of a note with those of `pieces` in their places."""
    for first, text in pieces:
        new = text.splitlines(True)
        lines.extend(["\n"] * (first - 1 + len(new) - len(lines)))
        lines[first - 1:first - 1 + len(new)] = new
    return lines


def fields(parts):
    """Several texts as the payload of one frame."""
    return "\0".join(part.replace("\0", "\u2400") for part in parts)


def class_name(error):
    kind = type(error)
    module = getattr(kind, "__module__", None)
    name = getattr(kind, "__qualname__", kind.__name__)
    return name if module in ("builtins", "__main__", None) else "%s.%s" % (module, name)


def message(error):
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg or "")
        return str(error)
    except Exception:
        return "<exception str() failed>"


def subject(error):
    """The name or path that the error is about, where the exception says it."""
    try:
        if isinstance(error, OSError):
            found = error.filename
        else:
            found = getattr(error, "name", None)
        if isinstance(error, NameError) and not found:
            found = str(error).split("'")[1]
        return found if isinstance(found, str) else ""
    except Exception:
        return ""


def format_traceback(error, trace):
    try:
        return "".join(_print_exception(type(error), error, trace).format())
    except Exception:
        return class_name(error) + ": " + message(error) + "\n"


def future_flags():
    import __future__
    return sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


# What nearly every snippet does; it stands for them in a rehearsal in a fork.
USUAL = """\
def add(a, b=1):
    return a + b


print(add(1), sorted([2, 1]))
"""
REHEARSAL = """\
class Point:
    def __init__(self, x, y=2):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x})"


def numbers(n):
    while n:
        yield n
        n -= 1


names = {"a": [1, 2.5], "b": (Point(3), None)}
for name, value in sorted(names.items()):
    print(name, value, len(value), sep=": ")
try:
    print([i * i for i in numbers(3)], "%s" % names, max(numbers(2)))
    {}["c"]
except KeyError as error:
    print(type(error), error)
raise ValueError("end")
"""
FUTURES = future_flags()
CO_COROUTINE = 0x80


# Importing them does something that can be seen, or that forks don't get over.
LEFT_OUT = frozenset("__main__ antigravity idlelib lib2to3 readline rlcompleter test this tkinter turtle turtledemo".split())
# What stands in for `sys.stdlib_module_names` before 3.10.
OFTEN = frozenset(
    "abc argparse array asyncio base64 bisect collections contextlib copy csv dataclasses datetime decimal enum"
    " fractions functools glob gzip hashlib heapq inspect io itertools json logging math operator os pathlib pickle"
    " random re shutil socket sqlite3 statistics string struct subprocess sys tempfile textwrap threading time"
    " timeit traceback types typing uuid warnings weakref zipfile".split()
)


def warm(names):
    """Imports those of these modules that are part of Python; one that warns or fails is left to the snippets."""
    standard = getattr(sys, "stdlib_module_names", OFTEN) - LEFT_OUT
    for name in standard.intersection(names):
        before = set(_modules)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                __import__(name)
            except Exception as error:
                told.append(error)
        if told:
            for new in set(_modules) - before:
                del _modules[new]


def prepare(fd):
    """Makes what every snippet begins with, once, before the forks; `fd` is the result channel in a fork.

    What is made here is not made anew, page by page, in each of the forks.
    """
    global runner
    channel = streams.Channel(fd)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "r", closefd=False)), encoding="utf-8")
    sys.stdout = sys.__stdout__ = streams.Stream(1, "<stdout>", streams.STDOUT, channel, "strict")
    sys.stderr = sys.__stderr__ = streams.Stream(2, "<stderr>", streams.STDERR, channel, "backslashreplace")
    runner = Runner(channel)
    sys.displayhook = runner.displayed
    warnings.showwarning = runner.warned
    warnings.filterwarnings("default", category=PendingDeprecationWarning, module="__main__")


def rehearse():
    """Runs what most snippets do, its output left out, and leaves nothing behind.

    CPython fills caches and adapts its code as it runs (PEP 659): what is done here is shared by all
    forks, and copied by none.
    """
    standard = sys.stdout, sys.stderr, _modules["__main__"]
    fd = os.open(os.devnull, os.O_WRONLY)
    for _ in range(3):
        channel = streams.Channel(fd)
        channel.begin("rehearsal", 1 << 20)
        sys.stdout = streams.Stream(fd, "<stdout>", streams.STDOUT, channel, "strict")
        sys.stderr = streams.Stream(fd, "<stderr>", streams.STDERR, channel, "backslashreplace")
        Runner(channel).snippet((False, [(1, REHEARSAL)]), ())
        flush_streams()
        channel.frame(streams.ENDED, 0, 0, str(channel.dropped))
    os.close(fd)
    linecache.cache.pop("rehearsal", None)
    sys.stdout, sys.stderr, _modules["__main__"] = standard


def run(path, keep, manner, files, modules, replay, code, values):
    """Imports `modules`, runs the replayed snippets, then the snippet; never returns."""
    about_warnings, needs_file, may_draw, watch_deletion, may_vary = manner
    channel = runner.channel
    channel.begin(path, keep)
    sys.argv = [path]
    if about_warnings:
        # What has nothing to do with warnings can't see the filter of `prepare`.
        del warnings.filters[0]
    if files:
        give_files(files)
    if needs_file:
        give_file(runner, path, replay + [code])
    if may_draw:
        figures.watch(channel, streams.FIGURE, flush_streams)
    if modules or replay:
        channel.muted = True
        runner.provide(modules, replay + [code])
        for earlier in replay:
            runner.replay(earlier)
        flush_streams()
        if replay:
            channel.drain()
            mark(streams.REPLAYED, 0, 0, "")
        channel.muted = False
    status, errors = runner.snippet(code, values)
    if _getpid() != channel.owner:
        runner.finish(False)
        _exit(status or 0)
    if may_vary:
        tell_open(channel, sources.found, runner.namespace, modules, replay + [code])
    runner.finish(watch_deletion)
    if len(channel.writers) > 1:
        tell_open(channel, streams.races, channel.writers)
    channel.drain()
    mark(streams.ENDED, 0 if status is None else 1, status or 0, "%d %d" % (errors, channel.dropped))
    _exit(0)


def tell_open(channel, find, *given):
    """Reports what `find` finds to rest on something that another run may give otherwise."""
    for first, last, kind, asked in channel.quietly(lambda: find(*given)) or ():
        channel.frame(streams.OPEN, first, last, fields([kind, str(asked)]))


def give_files(files):
    """The note shows these files: they lie beside the snippet, which can open and import them."""
    for name, text in files:
        try:
            os.makedirs(os.path.dirname(os.path.join(".", name)), exist_ok=True)
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            pass
    # Behind the standard library: a file must not stand in for one of its modules.
    sys.path.append(os.getcwd())


def give_file(runner, path, every):
    """Some code needs the file that it came from: processes that are spawned, for one."""
    name = os.path.join(os.getcwd(), os.path.splitext(os.path.basename(path))[0] + ".py")
    with open(name, "w", encoding="utf-8") as file:
        file.writelines(with_lines([], [piece for code in every for piece in code[1]]))
    runner.namespace["__file__"] = name
