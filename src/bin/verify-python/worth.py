"""Lets the statements that somebody asked about tell what they are worth.

The syntax tree of a snippet is changed so that these statements hand their value
to an `Asked` as they run; all others stay as they are, and all stay one
compilation unit. The code reaches the `Asked` as a constant, so no name is added
to those that the snippet can see.
"""

import ast
import types

MARK = "\0verify: asked\0"
MOST = 2000
LONGEST = 64 << 10
ALL_TOGETHER = 8 << 20
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
SIZED = (str, bytes, bytearray, list, tuple, set, frozenset, dict)


class Asked:
    """Knows which statements are asked about, and passes on what they are worth."""

    def __init__(self, values, quietly, report):
        self.last = {}
        for first, last in values:
            self.last[first] = max(last, self.last.get(first, 0))
        self.quietly, self.report = quietly, report
        self.left, self.room = MOST, ALL_TOGETHER

    def prepare(self, tree):
        """Makes the wanted statements of `tree` tell; a documentation string stays one."""
        kept = []
        if isinstance(tree, ast.Module) and ast.get_docstring(tree, False) is not None:
            first = tree.body.pop(0)
            has_future = any(getattr(statement, "module", None) == "__future__" for statement in tree.body)
            kept = [first] + (with_worth(first) if self.wants(first) and not has_future else [])
        tree.body = kept + self.telling(tree.body)
        return tree

    def wants(self, statement):
        return (statement.end_lineno or 0) <= self.last.get(statement.lineno, -1)

    def connect(self, code):
        """`code` with the place of this object filled in."""
        is_mark = [isinstance(constant, str) and constant == MARK for constant in code.co_consts]
        if not any(is_mark):
            return code
        constants = zip(code.co_consts, is_mark)
        return code.replace(co_consts=tuple(self if mark else constant for constant, mark in constants))

    def telling(self, statements):
        told = []
        for statement in statements:
            for block in inner_blocks(statement):
                block[:] = self.telling(block)
            if self.wants(statement):
                told += with_worth(statement)
            else:
                told.append(statement)
        return told

    def worth(self, value, line, receiver=None):
        """Called by expression statements, whose value it returns."""
        self.tell(line, False, lambda: value)
        if value is None and receiver is not None:
            self.tell(line, True, receiver)
        return value

    def assigned(self, line, read):
        """Called behind assignments."""
        self.tell(line, False, read)

    def tell(self, line, receiver, read):
        if self.left <= 0 or self.room <= 0:
            return
        self.left -= 1
        described = self.quietly(lambda: describe(read(), receiver))
        if described is not None:
            self.room -= len(described[0]) + len(described[1])
            self.report(line, list(described) + ["receiver" if receiver else ""])


def inner_blocks(statement):
    """The statements inside a statement that run at the top level of the snippet."""
    if isinstance(statement, DEFINITIONS):
        return
    for holder in [statement] + getattr(statement, "handlers", []) + getattr(statement, "cases", []):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(holder, field, None)
            if block:
                yield block


def with_worth(statement):
    """The statement, or what runs in its place and tells its worth."""
    line = ast.Constant(statement.lineno)
    if isinstance(statement, ast.Expr):
        arguments = [statement.value, line]
        called = getattr(statement.value, "func", None)
        receiver = reading(called.value) if isinstance(called, ast.Attribute) else None
        if receiver is not None:
            arguments.append(later(receiver))
        return [located(ast.Expr(call("worth", arguments)), statement)]
    target = None
    if isinstance(statement, ast.Assign):
        target = reading(statement.targets[0])
    elif isinstance(statement, (ast.AugAssign, ast.AnnAssign)) and statement.value is not None:
        target = reading(statement.target)
    if target is None:
        return [statement]
    return [statement, located(ast.Expr(call("assigned", [line, later(target)])), statement)]


def call(method, arguments):
    return ast.Call(ast.Attribute(ast.Constant(MARK), method, ast.Load()), arguments, [])


def later(expression):
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(nothing, expression)


def located(new, old):
    return ast.fix_missing_locations(ast.copy_location(new, old))


def reading(target):
    """An expression that reads what `target` names, or None where reading could do something else."""
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Starred):
        return reading(target.value)
    if isinstance(target, (ast.Tuple, ast.List)):
        parts = [reading(part) for part in target.elts]
        return None if None in parts else ast.Tuple(parts, ast.Load())
    if not isinstance(target, (ast.Attribute, ast.Subscript)):
        return None
    owner = reading(target.value)
    if owner is None or isinstance(owner, ast.Tuple):
        return None
    if isinstance(target, ast.Attribute):
        return ast.Attribute(owner, target.attr, ast.Load())
    return ast.Subscript(owner, target.slice, ast.Load()) if is_plain(target.slice) else None


def is_plain(index):
    """True for names, constants and negative constants."""
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
        index = index.operand
    return isinstance(index, (ast.Constant, ast.Name))


def describe(value, receiver):
    """(repr, str where it is another, type), or None where that would take long or says nothing."""
    if is_huge(value) or receiver and isinstance(value, types.ModuleType):
        return None
    shown = cut(repr(value))
    text = shown if type(value).__str__ is object.__str__ else cut(str(value))
    return shown, "" if text == shown else text, cut(type(value).__qualname__)


def is_huge(value):
    if type(value) is int:
        return value.bit_length() > 4 * LONGEST
    return type(value) in SIZED and len(value) > 1 << 20


def cut(text):
    return str.__getitem__(text, slice(LONGEST))
