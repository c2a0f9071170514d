"""What CPython's own parser says about a piece of code.

Runs inside the worker and never executes the code. `analyze` returns plain
tuples and strings, which `interpreter.rs` turns into `protocol::Analysis`.
"""

import ast
import builtins
import os
import sys
import warnings

BUILTINS = frozenset(dir(builtins)) | {
    "__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__loader__",
    "__package__", "__annotations__", "__debug__", "WindowsError",
}
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
MOST_WARNINGS = 1000
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
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
    for line, text in pieces:
        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            try:
                tree = parse(text, line)
                facts.module(tree, line - 1)
                compile_only(tree)
            except SyntaxError as problem:
                error = error or (problem.lineno or line, problem.offset or 0, problem.msg or "")
                given.clear()
            except (ValueError, RecursionError, MemoryError, OverflowError) as problem:
                error = error or (line, 0, str(problem) or type(problem).__name__)
        warned += [(line - 1 + (one.lineno or 0), str(one.message), one.category.__name__) for one in given]
    facts.finish()
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

    A syntax error counts from `line` on, in its message too, for which the lines above have to
    be there; the parser would take long for them in each piece of a long note.
    """
    try:
        return compile(text, "<note>", "exec", FLAGS, True)
    except SyntaxError:
        return compile("\n" * (line - 1) + text, "<note>", "exec", FLAGS, True)


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
        self.owner = None
        self.lines_above = 0

    def module(self, tree, lines_above):
        self.lines_above = lines_above
        for statement in tree.body:
            self.statements.append(kind(statement))
            name = changed_name(statement)
            if name and name not in self.bound:
                self.changed.add(name)
            defines = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            self.owner = statement.name if defines else None
            self.visit(statement, ())
        self.owner = None

    def finish(self):
        while self.deferred:
            function, local, owner, self.lines_above = self.deferred.pop()
            self.owner = owner
            own = parameters(function) | stored(function)
            body = [function.body] if isinstance(function, ast.Lambda) else function.body
            for node in body:
                self.visit(node, local + (own,), late=True)

    def endless(self):
        """(line, what, certain) of the first thing that never ends once the code is run."""
        certain = not (self.names & STOPPING)
        for line, what, owner in sorted(self.loops + self.servers, key=lambda found: found[0]):
            if owner is None or owner in self.names:
                return (line, what, certain)
        return None

    def use(self, name, local, before_dot=False):
        if not any(name in scope for scope in local):
            self.names.add(name)
            if not before_dot:
                self.alone.add(name)
            if name not in self.bound:
                self.uses.setdefault(name)

    def visit(self, node, local, late=False):
        handler = getattr(self, "visit_" + type(node).__name__, None)
        if handler is not None:
            handler(node, local, late)
        else:
            self.children(node, local, late)

    def children(self, node, local, late):
        for child in ast.iter_child_nodes(node):
            self.visit(child, local, late)

    def each(self, nodes, local, late):
        for node in nodes:
            if node is not None:
                self.visit(node, local, late)

    def bind(self, name, local):
        if not local:
            self.bound.add(name)

    def visit_Name(self, node, local, late):
        if isinstance(node.ctx, ast.Store):
            self.bind(node.id, local)
        else:
            self.use(node.id, local)

    def visit_Attribute(self, node, local, late):
        self.names.add(node.attr)
        if isinstance(node.value, ast.Name):
            self.use(node.value.id, local, before_dot=True)
        else:
            self.visit(node.value, local, late)

    def visit_Call(self, node, local, late):
        for keyword in node.keywords:
            if keyword.arg:
                self.names.add(keyword.arg)
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
        if name in SERVERS:
            self.servers.append((self.lines_above + node.lineno, name + "()", self.owner))
        self.children(node, local, late)

    def function(self, node, local, late):
        arguments = node.args
        self.each(getattr(node, "decorator_list", ()), local, late)
        self.each(arguments.defaults + arguments.kw_defaults, local, late)
        if not isinstance(node, ast.Lambda):
            every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
            every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
            self.each([argument.annotation for argument in every] + [node.returns], local, late)
            self.bind(node.name, local)
        self.deferred.append((node, local, self.owner, self.lines_above))

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function

    def visit_ClassDef(self, node, local, late):
        self.each(node.decorator_list + node.bases, local, late)
        self.each([keyword.value for keyword in node.keywords], local, late)
        own = set()
        for statement in node.body:
            self.visit(statement, local + (own,), late)
            own |= stored(statement, False)
        self.bind(node.name, local)

    def comprehension(self, node, local, late):
        own = set()
        for generator in node.generators:
            own |= stored(generator.target)
        self.children(node, local + (own,), late)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def visit_Import(self, node, local, late):
        for alias in node.names:
            self.imports.add(alias.name.split(".")[0])
            self.bind((alias.asname or alias.name).split(".")[0], local)

    def visit_ImportFrom(self, node, local, late):
        if node.module and not node.level:
            self.imports.add(node.module.split(".")[0])
        for alias in node.names:
            self.bind(alias.asname or alias.name, local)

    def visit_Assign(self, node, local, late):
        self.visit(node.value, local, late)
        self.each(node.targets, local, late)
        for target in node.targets:
            if isinstance(target, ast.Attribute):
                self.names.add(target.attr)

    def visit_AugAssign(self, node, local, late):
        if isinstance(node.target, ast.Name):
            self.use(node.target.id, local)
        self.visit(node.value, local, late)
        self.visit(node.target, local, late)

    def visit_AnnAssign(self, node, local, late):
        self.each([node.annotation, node.value], local, late)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target, local, late)

    def visit_NamedExpr(self, node, local, late):
        self.visit(node.value, local, late)
        if isinstance(node.target, ast.Name):
            self.bind(node.target.id, local if late else ())

    def loop(self, node, local, late):
        self.visit(node.iter, local, late)
        self.visit(node.target, local, late)
        self.each(node.body + node.orelse, local, late)

    visit_For = visit_AsyncFor = loop

    def visit_While(self, node, local, late):
        if never_ends(node):
            test = "while " + (repr(node.test.value) if isinstance(node.test, ast.Constant) else "…")
            self.loops.append((self.lines_above + node.lineno, test, self.owner))
        self.children(node, local, late)

    def visit_With(self, node, local, late):
        for item in node.items:
            self.visit(item.context_expr, local, late)
            if item.optional_vars is not None:
                self.visit(item.optional_vars, local, late)
        self.each(node.body, local, late)

    visit_AsyncWith = visit_With

    def visit_ExceptHandler(self, node, local, late):
        if node.type is not None:
            self.visit(node.type, local, late)
        if node.name:
            self.bind(node.name, local)
        self.each(node.body, local, late)

    def visit_Global(self, node, local, late):
        for name in node.names:
            self.bound.add(name)

    def capture(self, node, local, late):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name:
            self.bind(name, local)
        self.children(node, local, late)

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
    if isinstance(statement, ast.Expr):
        return expression_kind(statement.value)
    if isinstance(statement, ast.Assign):
        return "WeakAssign" if isinstance(statement.value, ast.Name) else "Assign"
    if isinstance(statement, ast.AnnAssign):
        return "WeakAssign" if statement.value is None else "Assign"
    return "Assign" if isinstance(statement, ast.AugAssign) else "Keyword"


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


def parameters(function):
    arguments = function.args
    every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    return {argument.arg for argument in every}


def stored(node, inside=True):
    """Names that `node` binds; with `inside`, those in nested statements of a function too."""
    names, shared = set(), set()
    for child in ast.walk(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            names.add(child.id)
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if child is not node or not inside:
                names.add(child.name)
        elif isinstance(child, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] for alias in child.names)
        elif isinstance(child, ast.ExceptHandler) and child.name:
            names.add(child.name)
        elif isinstance(child, ast.Global):
            shared.update(child.names)
        elif getattr(child, "rest", None) or type(child).__name__ in ("MatchAs", "MatchStar"):
            names.add(getattr(child, "rest", None) or child.name)
    return names - shared


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
