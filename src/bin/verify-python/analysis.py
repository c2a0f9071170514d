"""What CPython's own parser says about a piece of code.

Runs inside the worker and never executes the code. `analyze` returns plain
tuples and strings, which `interpreter.rs` turns into `protocol::Analysis`.
"""

import ast
import builtins
import os
import re
import sys
import warnings

BUILTINS = frozenset(dir(builtins)) | {
    "__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__loader__",
    "__package__", "__annotations__", "__debug__", "WindowsError",
}
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
MOST_WARNINGS = 1000
NUMBER = re.compile(r"([0-9]+)")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Nodes whose value the compiler does not know.
OPEN = frozenset({ast.Name, ast.Attribute, ast.Call, ast.Subscript})
# Types of constants that are compared with `is`.
SINGLE = frozenset({type(None), bool, type(...)})
SERVERS = frozenset({"serve_forever", "run_forever", "mainloop"})
LEAVING = frozenset({"exit", "quit", "_exit", "abort"})
STOPPING = frozenset({
    "daemon", "setDaemon", "cancel", "terminate", "kill", "stop", "shutdown",
    "alarm", "wait_for", "timeout", "interrupt_main", "next", "__next__", "throw",
})


def analyze(pieces):
    """Facts about `pieces`, a list of (line, text), as one tuple."""
    facts = Facts()
    error = None
    warned = []
    trees = []
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        for line, text in pieces:
            try:
                tree = parse(text, line)
                facts.module(tree, line - 1)
                trees.append((line, tree))
            except SyntaxError as problem:
                error = error or (problem.lineno or line, problem.offset or 0, problem.msg or "")
                given.clear()
            except (ValueError, RecursionError, MemoryError, OverflowError) as problem:
                error = error or (line, 0, str(problem) or type(problem).__name__)
            warned += taken(given, line)
        facts.finish()
        for line, tree in trees:
            if line - 1 in facts.suspect or "__debug__" in facts.names:
                compile_only(tree)
                warned += taken(given, line)
    uses = [name for name in facts.uses if name not in BUILTINS]
    return (
        error,
        facts.statements,
        sorted(facts.bound),
        uses,
        [name for name in uses if name in facts.changed],
        sorted(facts.imports),
        [name for name in uses if name not in facts.alone and name in MODULES],
        facts.endless(),
        in_order(warned),
    )


def taken(given, line):
    """(line, text, class) of the warnings about code that begins on `line`, which are taken away."""
    def at(one):
        # Some warnings have the line of who compiles, whatever the code is.
        return line - 1 + (one.lineno or 0) if one.filename == "<note>" else line

    found = [(at(one), str(one.message), one.category.__name__) for one in given]
    given.clear()
    return found


def in_order(warned):
    """(line, class, text) of each warning, each once."""
    return [(line, kind, text) for line, text, kind in sorted(set(warned))[:MOST_WARNINGS]]


def compile_only(tree):
    """Makes the compiler give the warnings that the parser alone does not give."""
    try:
        compile(tree, "<note>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, True)
    except Exception:
        pass


def parse(text, line):
    """The tree of `text`, its lines counted from 1.

    A syntax error counts from `line` on, in its message too.
    """
    try:
        return compile(text, "<note>", "exec", FLAGS, True)
    except SyntaxError as problem:
        if line > 1 and not move(problem, text, line - 1):
            return compile("\n" * (line - 1) + text, "<note>", "exec", FLAGS, True)
        raise


def move(problem, text, lines):
    """Makes `problem`, an error of `text`, what it is below `lines` more lines; False where that can't be told.

    The parser would take long for these lines in each piece of a long note. What is one more below one
    line is the number of a line, also in the message.
    """
    try:
        compile("\n" + text, "<note>", "exec", FLAGS, True)
        return False
    except SyntaxError as other:
        told, again = NUMBER.split(problem.msg or ""), NUMBER.split(other.msg or "")
        lineno = moved(problem.lineno or 0, other.lineno or 0, lines)
    # Every other part is a number.
    numbers = [moved(int(one), int(two), lines) for one, two in zip(told[1::2], again[1::2])]
    if lineno is None or None in numbers or told[::2] != again[::2]:
        return False
    told[1::2] = [str(number) if number != int(one) else one for number, one in zip(numbers, told[1::2])]
    problem.lineno, problem.msg = lineno or None, "".join(told)
    return True


def moved(number, again, lines):
    """A number that is `again` below one more line, as it is below `lines` of them; None where it is neither."""
    return {0: number, 1: number + lines}.get(again - number)


class Parts(dict):
    """By its type, the fields of a node that may hold nodes."""

    OTHERS = frozenset({
        "arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level",
        "module", "names", "op", "ops", "rest", "simple", "type_comment", "type_ignores",
    })

    def __missing__(self, kind):
        fields = () if kind is ast.Constant else getattr(kind, "_fields", ())
        found = self[kind] = tuple(field for field in fields if field not in self.OTHERS)
        return found


class Visits(dict):
    """By the type of a node, the method of `Facts` that looks at it."""

    def __missing__(self, kind):
        method = Facts.children if PARTS[kind] else Facts.nothing
        found = self[kind] = getattr(Facts, "visit_" + kind.__name__, method)
        return found


PARTS = Parts()
VISITS = Visits()


class Facts:
    """Collects, in the order in which Python would evaluate."""

    def __init__(self):
        self.bound = set()
        self.uses = {}
        self.changed = set()
        self.imports = set()
        self.statements = []
        self.deferred = []
        self.loops = []
        self.servers = []
        self.names = set()
        self.alone = set()
        self.suspect = set()
        self.stored = {}
        self.late = False
        self.owner = None
        self.lines_above = 0

    def module(self, tree, lines_above):
        self.lines_above = lines_above
        for statement in tree.body:
            self.statements.append(kind(statement))
            name = changed_name(statement)
            if name and name not in self.bound:
                self.changed.add(name)
            self.owner = statement.name if isinstance(statement, DEFINITIONS) else None
            VISITS[type(statement)](self, statement, ())
        self.owner = None

    def finish(self):
        self.late = True
        while self.deferred:
            function, local, self.owner, self.lines_above = self.deferred.pop()
            names, shared = self.stored.get(function) or stored(function)
            local += (parameters(function) | names - shared,)
            body = function.body
            if type(body) is list:
                self.each(body, local)
            else:
                VISITS[type(body)](self, body, local)

    def endless(self):
        """(line, what, certain) of the first thing that never ends once the code is run."""
        if not self.loops and not self.servers:
            return None
        certain = not (self.names & STOPPING)
        for line, what, owner in sorted(self.loops + self.servers, key=lambda found: found[0]):
            if owner is None or owner in self.names:
                return (line, what, certain)
        return None

    def doubt(self):
        """Something that the compiler may have a warning about."""
        self.suspect.add(self.lines_above)

    def use(self, name, local, before_dot=False):
        for scope in local:
            if name in scope:
                return
        self.names.add(name)
        if not before_dot:
            self.alone.add(name)
        if name not in self.bound:
            self.uses[name] = None

    def nothing(self, node, local):
        pass

    def children(self, node, local):
        for field in PARTS[type(node)]:
            child = getattr(node, field, None)
            if type(child) is list:
                for each in child:
                    VISITS[type(each)](self, each, local)
            elif child is not None:
                VISITS[type(child)](self, child, local)

    def each(self, nodes, local):
        for node in nodes:
            VISITS[type(node)](self, node, local)

    def bind(self, name, local):
        if not local:
            self.bound.add(name)

    def visit_Name(self, node, local):
        if type(node.ctx) is not ast.Store:
            self.use(node.id, local)
        elif not local:
            self.bound.add(node.id)

    def visit_Attribute(self, node, local):
        self.names.add(node.attr)
        value = node.value
        if type(value) is ast.Name:
            self.use(value.id, local, True)
        else:
            VISITS[type(value)](self, value, local)

    def visit_Expr(self, node, local):
        VISITS[type(node.value)](self, node.value, local)

    def visit_Call(self, node, local):
        called = node.func
        for keyword in node.keywords:
            if keyword.arg:
                self.names.add(keyword.arg)
        name = called.attr if type(called) is ast.Attribute else getattr(called, "id", None)
        if name in SERVERS:
            self.servers.append((self.lines_above + node.lineno, name + "()", self.owner))
        if type(called) not in OPEN:
            self.doubt()
        VISITS[type(called)](self, called, local)
        self.each(node.args, local)
        for keyword in node.keywords:
            VISITS[type(keyword.value)](self, keyword.value, local)

    def visit_Subscript(self, node, local):
        if type(node.value) not in OPEN:
            self.doubt()
        self.children(node, local)

    def visit_Compare(self, node, local):
        if any(type(op) in (ast.Is, ast.IsNot) for op in node.ops):
            sides = [node.left] + node.comparators
            if not all(type(side) in OPEN or is_single(side) for side in sides):
                self.doubt()
        self.children(node, local)

    def visit_UnaryOp(self, node, local):
        if type(node.op) is ast.Invert:
            self.doubt()
        self.children(node, local)

    def visit_Assert(self, node, local):
        if type(node.test) not in OPEN and type(node.test) is not ast.Compare:
            self.doubt()
        self.children(node, local)

    def visit_Try(self, node, local):
        if node.finalbody:
            self.doubt()
        self.children(node, local)

    visit_TryStar = visit_Try

    def function(self, node, local):
        arguments = node.args
        is_lambda = type(node) is ast.Lambda
        if not is_lambda:
            self.each(node.decorator_list, local)
        self.each(arguments.defaults, local)
        self.each(arguments.kw_defaults, local)
        if not is_lambda:
            for argument in every(arguments):
                if argument.annotation is not None:
                    VISITS[type(argument.annotation)](self, argument.annotation, local)
            VISITS[type(node.returns)](self, node.returns, local)
            self.bind(node.name, local)
            if getattr(node, "type_params", None):
                self.doubt()
        self.deferred.append((node, local, self.owner, self.lines_above))

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function

    def visit_ClassDef(self, node, local):
        self.each(node.decorator_list, local)
        self.each(node.bases, local)
        self.each([keyword.value for keyword in node.keywords], local)
        own = set()
        for statement in node.body:
            VISITS[type(statement)](self, statement, local + (own,))
            names, shared = self.stored[statement] = stored(statement)
            own |= names - shared
            if isinstance(statement, DEFINITIONS) and statement.name not in shared:
                own.add(statement.name)
        self.bind(node.name, local)
        if getattr(node, "type_params", None):
            self.doubt()

    def comprehension(self, node, local):
        own = set()
        for generator in node.generators:
            names, shared = stored(generator.target)
            own |= names - shared
        self.children(node, local + (own,))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def visit_Import(self, node, local):
        for alias in node.names:
            self.imports.add(alias.name.split(".")[0])
            self.bind((alias.asname or alias.name).split(".")[0], local)

    def visit_ImportFrom(self, node, local):
        if node.module and not node.level:
            self.imports.add(node.module.split(".")[0])
        for alias in node.names:
            self.bind(alias.asname or alias.name, local)

    def visit_Assign(self, node, local):
        VISITS[type(node.value)](self, node.value, local)
        for target in node.targets:
            VISITS[type(target)](self, target, local)

    def visit_AugAssign(self, node, local):
        if isinstance(node.target, ast.Name):
            self.use(node.target.id, local)
        self.each([node.value, node.target], local)

    def visit_AnnAssign(self, node, local):
        self.each([node.annotation, node.value], local)
        if node.value is not None or not isinstance(node.target, ast.Name):
            VISITS[type(node.target)](self, node.target, local)

    def visit_NamedExpr(self, node, local):
        VISITS[type(node.value)](self, node.value, local)
        if isinstance(node.target, ast.Name):
            self.bind(node.target.id, local if self.late else ())

    def loop(self, node, local):
        self.each([node.iter, node.target], local)
        self.each(node.body, local)
        self.each(node.orelse, local)

    visit_For = visit_AsyncFor = loop

    def visit_While(self, node, local):
        if never_ends(node):
            test = "while " + (repr(node.test.value) if isinstance(node.test, ast.Constant) else "…")
            self.loops.append((self.lines_above + node.lineno, test, self.owner))
        self.children(node, local)

    def visit_With(self, node, local):
        for item in node.items:
            self.each([item.context_expr, item.optional_vars], local)
        self.each(node.body, local)

    visit_AsyncWith = visit_With

    def visit_ExceptHandler(self, node, local):
        VISITS[type(node.type)](self, node.type, local)
        if node.name:
            self.bind(node.name, local)
        self.each(node.body, local)

    def visit_Global(self, node, local):
        self.bound.update(node.names)

    def capture(self, node, local):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name:
            self.bind(name, local)
        self.children(node, local)

    visit_MatchAs = visit_MatchStar = visit_MatchMapping = capture


def standard_modules():
    """The modules that a note may use without importing them; not those that do something of their own."""
    names = set(getattr(sys, "stdlib_module_names", ()))
    if not names:
        folder = os.path.dirname(os.__file__)
        files = os.listdir(folder) + list_or_nothing(os.path.join(folder, "lib-dynload"))
        names = set(sys.builtin_module_names) | {file.split(".")[0] for file in files}
    return {name for name in names if name.isidentifier() and name[0] != "_"} - {"antigravity", "this", "test"}


def list_or_nothing(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


MODULES = standard_modules()


def kind(statement):
    """The name of the `protocol::StatementKind` of a statement."""
    kind = type(statement)
    if kind is ast.Expr:
        return expression_kind(statement.value)
    if kind is ast.Assign:
        return "WeakAssign" if isinstance(statement.value, ast.Name) else "Assign"
    if kind is ast.AnnAssign:
        return "WeakAssign" if statement.value is None else "Assign"
    return "Assign" if kind is ast.AugAssign else "Keyword"


def expression_kind(value):
    if isinstance(value, (ast.Await, ast.Call)):
        return "Repr" if is_repr(value) else "Call"
    if isinstance(value, (ast.Yield, ast.YieldFrom)):
        return "Keyword"
    if is_word(value):
        return "Word"
    return "Literal" if is_literal(value) else "Expression"


def is_repr(value):
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    arguments = value.args + [keyword.value for keyword in value.keywords]
    return bool(arguments) and name[:1].isupper() and all(map(is_literal, arguments))


def is_word(value):
    """True for what is also prose, a path or an option: names with dots, commas, dashes, slashes."""
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(map(is_word, value.elts))
    if isinstance(value, ast.BinOp):
        joined = isinstance(value.op, (ast.Sub, ast.Div, ast.BitOr))
        return joined and is_word(value.left) and is_word(value.right)
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.USub) and is_word(value.operand)
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name)


def is_literal(value):
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, (ast.UnaryOp, ast.BinOp)):
        parts = [value.operand] if isinstance(value, ast.UnaryOp) else [value.left, value.right]
        return all(map(is_literal, parts))
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, (ast.List, ast.Tuple)) and is_literal(value.value)
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        return all(is_literal(item) or is_word(item) or is_repr(item) for item in value.elts)
    if isinstance(value, ast.Dict):
        return all(is_literal(item) or is_word(item) for item in value.values if item is not None)
    return False


def changed_name(statement):
    """The name whose object a statement at the top level changes, or None."""
    if isinstance(statement, ast.Expr):
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        return root(value.func) if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else None
    if isinstance(statement, (ast.Assign, ast.Delete)):
        targets = statement.targets
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)):
        targets = [statement.target]
    else:
        return None
    for target in targets:
        if isinstance(target, (ast.Attribute, ast.Subscript)):
            return root(target)
        if isinstance(statement, (ast.AugAssign, ast.Delete)) and isinstance(target, ast.Name):
            return target.id
    return None


def root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def every(arguments):
    """The parameters of a function."""
    found = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    return found + [extra for extra in (arguments.vararg, arguments.kwarg) if extra]


def parameters(function):
    return {argument.arg for argument in every(function.args)}


def stored(node):
    """Names that are bound anywhere inside `node`, and those that are not its own, being global."""
    names, shared = set(), set()
    pending = [node]
    while pending:
        child = pending.pop()
        kind = type(child)
        if kind is ast.Name:
            if type(child.ctx) is ast.Store:
                names.add(child.id)
            continue
        if kind in BINDERS:
            if kind is ast.Global:
                shared.update(child.names)
            elif kind in (ast.Import, ast.ImportFrom):
                names.update((alias.asname or alias.name).split(".")[0] for alias in child.names)
            elif child is not node or kind not in DEFINITIONS:
                names.add(getattr(child, "rest", None) or getattr(child, "name", None))
        for field in PARTS[kind]:
            value = getattr(child, field, None)
            if type(value) is list:
                pending += value
            elif value is not None:
                pending.append(value)
    return names, shared


# What binds names beside the names that are assigned to; patterns are not in every Python.
BINDERS = frozenset(
    getattr(ast, name, None)
    for name in (
        "FunctionDef", "AsyncFunctionDef", "ClassDef", "Import", "ImportFrom", "ExceptHandler",
        "Global", "MatchAs", "MatchStar", "MatchMapping",
    )
)


def is_single(node):
    """True for `None`, `True`, `False` and `...`."""
    return type(node) is ast.Constant and type(node.value) in SINGLE


def never_ends(loop):
    """True for `while` with a constant true test and no way out in its body."""
    if not isinstance(loop.test, ast.Constant) or not loop.test.value:
        return False
    pending = list(loop.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Break, ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            if name in LEAVING:
                return False
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)) or is_for_keyboard(node):
            continue
        if isinstance(node, (ast.While, ast.For, ast.AsyncFor)):
            pending.extend(without_breaks(node))
            continue
        pending.extend(ast.iter_child_nodes(node))
    return True


def is_for_keyboard(node):
    """True for `except KeyboardInterrupt`: a way out that only a person at a terminal takes."""
    return isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", None) == "KeyboardInterrupt"


def without_breaks(loop):
    """The parts of an inner loop that could still leave the outer one."""
    found = []
    pending = list(ast.iter_child_nodes(loop))
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Call)):
            found.append(node)
        if not isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            pending.extend(ast.iter_child_nodes(node))
    return found
