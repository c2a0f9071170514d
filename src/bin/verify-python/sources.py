"""Where the values of a snippet rest on something that another run, or another machine, may give otherwise.

Chance, the clock, what is told of the machine: such a source can be asked through any name, so the
statements are followed in their order, with what each one binds, changes and passes on; what is
called is followed to where it was imported from, and into the functions of the snippet itself. Nothing
is run once more and nothing is put in the place of anything, so that a snippet can't tell. Where
it can't be followed, a value is taken to rest on whatever went into it.

A *rest* is a dict from the kind of a source to the line on which it was asked.
"""

import ast
import builtins
import sys
import types

CHANCE, UNIQUE, CLOCK, MACHINE, IDENTITY, RACE = "chance", "unique", "clock", "machine", "identity", "race"
# Of a set that holds more than numbers: its hashes, its order, something taken out by its order.
UNORDERED, HASHED, ORDER, PICKED = "unordered", "hashed", "order", "picked"
# The kinds as they are told; what is not in here is nothing that a reader sees.
TOLD = {
    CHANCE: "chance", UNIQUE: "unique", CLOCK: "clock", MACHINE: "machine", IDENTITY: "identity", RACE: "race",
    HASHED: "hash", ORDER: "hash", PICKED: "hash",
}
MOST_STEPS = 15_000
DEEPEST = 8

GENERATORS = ("random", "numpy.random")
GENERATOR_CLASSES = frozenset("random.Random numpy.random.default_rng numpy.random.RandomState".split())
SEEDING = frozenset("random.seed random.setstate numpy.random.seed numpy.random.set_state".split())
CHANCES = frozenset("secrets.choice secrets.randbelow secrets.randbits secrets.SystemRandom random.SystemRandom".split())
UNIQUES = frozenset(
    "uuid.uuid1 uuid.uuid4 os.urandom os.getrandom secrets.token_bytes secrets.token_hex secrets.token_urlsafe".split()
)
CLOCKS = frozenset(
    "time.time time.time_ns time.perf_counter time.perf_counter_ns time.monotonic time.monotonic_ns time.process_time"
    " time.process_time_ns time.thread_time time.thread_time_ns time.clock_gettime time.clock_gettime_ns time.clock"
    " datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow datetime.date.today timeit.timeit"
    " timeit.repeat timeit.default_timer os.times".split()
)
# With fewer arguments than these, the clock is asked.
CLOCKS_WITHOUT = {"time.localtime": 1, "time.gmtime": 1, "time.ctime": 1, "time.asctime": 1, "time.strftime": 2}
ZONED = frozenset(
    "time.localtime time.ctime time.mktime datetime.datetime.fromtimestamp datetime.date.fromtimestamp".split()
)
MACHINES = frozenset(
    "sys.platform sys.executable sys.path sys.prefix sys.base_prefix sys.exec_prefix sys.argv sys.flags sys.version"
    " sys.version_info os.name os.sep os.linesep os.pathsep os.environ os.getenv os.getcwd os.uname os.cpu_count os.getlogin"
    " os.getloadavg os.listdir os.scandir os.stat os.walk os.getuid os.getgid os.path.abspath os.path.expanduser os.path.realpath"
    " pathlib.Path.cwd pathlib.Path.home tempfile.gettempdir time.tzname time.timezone time.altzone time.daylight getpass.getuser"
    " locale.getlocale locale.getdefaultlocale locale.localeconv locale.getpreferredencoding multiprocessing.cpu_count"
    " shutil.disk_usage shutil.which shutil.get_terminal_size os.get_terminal_size socket.gethostname socket.getfqdn"
    " socket.gethostbyname sysconfig.get_paths sysconfig.get_platform".split()
)
IDENTITIES = frozenset("os.getpid os.getppid threading.get_ident threading.get_native_id threading.current_thread".split())
RACES = frozenset("concurrent.futures.as_completed asyncio.as_completed concurrent.futures.wait asyncio.wait".split())

# What these give tells nothing of what rests on a source but its type.
OF_TYPES = frozenset("type isinstance issubclass callable".split())
WITHOUT_ORDER = frozenset("sorted sum len min max any all set frozenset".split())
IN_ORDER = frozenset("list tuple iter enumerate zip map filter reversed".split())
SET_METHODS = frozenset("union intersection difference symmetric_difference copy".split())
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
NESTED = ("body", "orelse", "finalbody")


class Path(str):
    """Where a name was imported from, with dots."""


class Enough(Exception):
    """It has been followed for long enough."""


class Function:
    """What is known of a function of the snippet."""

    def __init__(self, node, is_method):
        self.node, self.is_method = node, is_method
        arguments = node.args
        self.names = [argument.arg for argument in arguments.posonlyargs + arguments.args]
        rest = arguments.kwonlyargs + [arguments.vararg, arguments.kwarg]
        self.others = [argument.arg for argument in rest if argument]
        body = node.body if isinstance(node.body, list) else []
        self.shared = {name for statement in body if isinstance(statement, ast.Global) for name in statement.names}


class Sources:
    """Follows the statements of one run."""

    def __init__(self, namespace, provided):
        self.namespace = namespace
        self.scopes = [{name: Path(name) for name in provided}]
        self.functions, self.classes, self.attributes = {}, {}, {}
        self.generators = {name: {CHANCE: 0} for name in GENERATORS}
        self.control, self.given_back = [], []
        self.running = []
        self.called = set()
        self.steps = 0
        # From the first and last line of a statement to what its value, or what it prints, rests on.
        self.open = {}

    def follow(self, pieces):
        for first, text in pieces:
            try:
                tree = ast.parse("\n" * (first - 1) + text)
            except Exception:
                continue
            try:
                self.block(tree.body)
                self.uncalled()
            except (Enough, RecursionError):
                return

    def uncalled(self):
        """Follows what is called by nobody who can be seen, such as `__repr__`."""
        for functions in list(self.functions.values()):
            for function in functions:
                if function not in self.called:
                    self.enter(function, [], {}, {})

    # Statements.

    def block(self, statements):
        for statement in statements:
            self.step()
            method = getattr(self, "do_" + type(statement).__name__, None)
            if method is not None:
                method(statement)
            else:
                self.tell(statement, self.each(ast.iter_child_nodes(statement)))

    def step(self):
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Enough

    def tell(self, statement, rest):
        rest = joined(rest, *self.control)
        told = {kind: line for kind, line in rest.items() if kind in TOLD}
        if told:
            lines = statement.lineno, statement.end_lineno or statement.lineno
            self.open[lines] = joined(self.open.get(lines, {}), told)

    def under(self, control, *blocks):
        """Follows statements that run or not, or as often, as `control` has it."""
        self.control.append(in_order(control))
        try:
            for block in blocks:
                self.block(block)
        finally:
            self.control.pop()

    def do_Import(self, statement):
        for alias in statement.names:
            name = alias.asname or alias.name.split(".")[0]
            self.bind_name(name, Path(alias.name if alias.asname else name))

    def do_ImportFrom(self, statement):
        for alias in statement.names:
            if alias.name != "*":
                self.bind_name(alias.asname or alias.name, Path("%s.%s" % (statement.module, alias.name)))

    def define(self, statement, is_method=False):
        self.each(statement.decorator_list + statement.args.defaults + [default for default in statement.args.kw_defaults if default])
        known = [] if not is_method else self.functions.get(statement.name, [])
        self.functions[statement.name] = known + [Function(statement, is_method)]
        if not is_method:
            self.scopes[-1].pop(statement.name, None)

    do_FunctionDef = do_AsyncFunctionDef = define

    def do_ClassDef(self, statement):
        self.each(statement.bases)
        self.scopes[-1].pop(statement.name, None)
        self.classes[statement.name] = statement
        for inner in statement.body:
            if isinstance(inner, DEFINITIONS[:2]):
                self.define(inner, True)
            elif isinstance(inner, ast.ClassDef):
                self.do_ClassDef(inner)
            elif isinstance(inner, (ast.Assign, ast.AnnAssign)) and inner.value is not None:
                rest = self.value(inner.value)
                for target in getattr(inner, "targets", None) or [inner.target]:
                    if isinstance(target, ast.Name):
                        self.attributes[target.id] = joined(self.attributes.get(target.id, {}), rest)

    def do_Assign(self, statement):
        path = self.path(statement.value)
        rest = self.value(statement.value)
        if path and MACHINE not in rest:
            # Another name for the same function or module.
            rest = {}
        else:
            path = None
        for target in statement.targets:
            self.bind(target, path or rest)
        self.tell(statement, rest)

    def do_AnnAssign(self, statement):
        if statement.value is not None:
            rest = self.value(statement.value)
            self.bind(statement.target, rest)
            self.tell(statement, rest)

    def do_AugAssign(self, statement):
        rest = joined(self.value(statement.value), self.reading(statement.target))
        self.bind(statement.target, rest)
        self.tell(statement, rest)

    def do_Return(self, statement):
        rest = joined(self.value(statement.value), *self.control) if statement.value else {}
        if self.given_back:
            self.given_back[-1] = joined(self.given_back[-1], rest)
        self.tell(statement, rest)

    def do_If(self, statement):
        self.under(self.value(statement.test), statement.body, statement.orelse)

    def do_While(self, statement):
        for _ in range(2):
            self.under(self.value(statement.test), statement.body)
        self.block(statement.orelse)

    def do_For(self, statement):
        iterated = self.value(statement.iter)
        is_unordered = self.is_unordered(statement.iter, iterated)
        for _ in range(2):
            rest = taken(iterated, is_unordered)
            self.bind(statement.target, rest)
            self.under(without(in_order(rest), PICKED) if not is_unordered else rest, statement.body)
        self.block(statement.orelse)

    do_AsyncFor = do_For

    def do_With(self, statement):
        for item in statement.items:
            rest = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, rest)
        self.under({}, statement.body)

    do_AsyncWith = do_With

    def do_Try(self, statement):
        self.under({}, statement.body, *[handler.body for handler in statement.handlers], statement.orelse)
        self.block(statement.finalbody)

    do_TryStar = do_Try

    def do_Match(self, statement):
        rest = self.value(statement.subject)
        for case in statement.cases:
            for node in ast.walk(case.pattern):
                name = getattr(node, "name", None) or getattr(node, "rest", None)
                if isinstance(name, str):
                    self.bind_name(name, rest)
            self.under(rest, case.body)

    def do_Delete(self, statement):
        pass

    def do_Expr(self, statement):
        self.tell(statement, self.value(statement.value))

    # Names.

    def bind(self, target, rest):
        if isinstance(target, ast.Name):
            self.bind_name(target.id, rest)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.bind(part, in_order(rest) if isinstance(rest, dict) else {})
        elif isinstance(target, ast.Starred):
            self.bind(target.value, rest)
        elif isinstance(target, (ast.Attribute, ast.Subscript)) and isinstance(rest, dict):
            self.grow(target, rest)

    def bind_name(self, name, rest):
        scope = self.scopes[-1]
        if self.running and name in self.running[-1].shared:
            scope = self.scopes[0]
        before = scope.get(name, {})
        is_sure = not self.control and scope is self.scopes[-1]
        if isinstance(rest, dict):
            rest = joined(rest, *self.control)
            if not is_sure and isinstance(before, dict):
                rest = joined(before, rest)
        scope[name] = rest
        if len(self.scopes) == 1:
            self.functions.pop(name, None)
            self.classes.pop(name, None)

    def grow(self, node, rest):
        """What `node` names holds more from now on."""
        rest = in_order(rest)
        while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
            if isinstance(node, ast.Attribute):
                self.attributes[node.attr] = joined(self.attributes.get(node.attr, {}), rest)
            node = node.value
        if not isinstance(node, ast.Name) or not rest:
            return
        for scope in reversed(self.scopes):
            if isinstance(scope.get(node.id), dict):
                scope[node.id] = joined(scope[node.id], rest)
                return

    def entry(self, name):
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        if name in self.functions or name in self.classes:
            return None
        return located(self.namespace.get(name))

    def path(self, node):
        """Where what an expression names was imported from, or None."""
        if isinstance(node, ast.Name):
            found = self.entry(node.id)
            if found is None and hasattr(builtins, node.id) and node.id not in self.namespace:
                return Path("builtins." + node.id)
            return found if isinstance(found, Path) else None
        if isinstance(node, ast.Attribute):
            owner = self.path(node.value)
            return Path("%s.%s" % (owner, node.attr)) if owner and not owner.startswith("builtins.") else None
        return None

    def reading(self, target):
        if isinstance(target, ast.Name):
            found = self.entry(target.id)
            return found if isinstance(found, dict) else {}
        return {}

    # Expressions.

    def value(self, node):
        self.step()
        method = getattr(self, "of_" + type(node).__name__, None)
        return method(node) if method else without(self.each(ast.iter_child_nodes(node)), UNORDERED)

    def each(self, nodes):
        return joined(*[self.value(node) for node in nodes])

    def of_Constant(self, node):
        return {}

    def of_Name(self, node):
        found = self.entry(node.id)
        if isinstance(found, dict):
            return found
        if found is not None:
            return self.asked(found, node, None)
        if node.id in self.functions:
            return joined(*[self.enter(function, [], {}, {}) for function in self.functions[node.id]])
        return {}

    def of_Attribute(self, node):
        path = self.path(node)
        if path:
            return self.asked(path, node, None)
        held = self.attributes.get(node.attr)
        return held if held is not None else without(self.value(node.value), UNORDERED)

    def of_Subscript(self, node):
        rest = self.each([node.value, node.slice])
        return in_order(rest) if isinstance(node.slice, ast.Slice) else taken(rest, False)

    def of_Compare(self, node):
        return without(self.each([node.left] + node.comparators), UNORDERED, IDENTITY, HASHED)

    def of_BinOp(self, node):
        rest = self.each([node.left, node.right])
        sets = isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor))
        return rest if sets else in_order(rest)

    def of_NamedExpr(self, node):
        rest = self.value(node.value)
        self.bind(node.target, rest)
        return rest

    def of_IfExp(self, node):
        return joined(without(self.value(node.test), UNORDERED), self.value(node.body), self.value(node.orelse))

    def of_Starred(self, node):
        rest = self.value(node.value)
        unordered = self.is_unordered(node.value, rest)
        return joined(in_order(rest), {ORDER: node.lineno} if unordered else {})

    def of_Set(self, node):
        rest = without(self.each(node.elts), UNORDERED)
        return rest if len(node.elts) < 2 or self.is_numeric(node) else joined(rest, {UNORDERED: node.lineno})

    def of_Lambda(self, node):
        return self.enter(Function(node, False), [], {}, {})

    def of_ListComp(self, node):
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.scopes.append({})
        try:
            rest = {}
            for generator in node.generators:
                iterated = self.value(generator.iter)
                if self.is_unordered(generator.iter, iterated):
                    rest = joined(rest, {ORDER: node.lineno})
                iterated = without(iterated, UNORDERED)
                self.bind(generator.target, iterated)
                rest = joined(rest, iterated, without(self.each(generator.ifs), UNORDERED))
            return joined(rest, without(self.each(parts), UNORDERED))
        finally:
            self.scopes.pop()

    of_GeneratorExp = of_DictComp = of_ListComp

    def of_SetComp(self, node):
        return joined(without(self.of_ListComp(node), ORDER), {UNORDERED: node.lineno})

    def of_Await(self, node):
        return self.value(node.value)

    def of_Call(self, node):
        arguments = [self.value(argument) for argument in node.args]
        named = {keyword.arg: self.value(keyword.value) for keyword in node.keywords}
        given = joined(*arguments, *named.values())
        path = self.path(node.func)
        if path and path.startswith("builtins."):
            return self.builtin(path[9:], node, given)
        if path:
            return self.outside(path, node, given)
        own = self.own(node, arguments, named)
        if own is not None:
            return own
        return self.method(node, given) if isinstance(node.func, ast.Attribute) else without(
            joined(self.value(node.func), given), UNORDERED
        )

    def builtin(self, name, node, given):
        if name in OF_TYPES:
            return {}
        if name == "id":
            return {IDENTITY: node.lineno}
        if name == "hash":
            numeric = all(self.is_numeric(argument) for argument in node.args)
            return in_order(given) if numeric else joined(given, {HASHED: node.lineno})
        if name in ("set", "frozenset"):
            numeric = node.args and all(self.is_numeric(argument) for argument in node.args)
            rest = without(given, UNORDERED, ORDER)
            return rest if numeric else joined(rest, {UNORDERED: node.lineno})
        if name in WITHOUT_ORDER:
            return without(given, UNORDERED, ORDER, *([PICKED] if name == "len" else []))
        unordered = any(self.is_unordered(argument, given) for argument in node.args)
        if name == "next":
            return taken(given, unordered)
        if name in IN_ORDER and unordered:
            return joined(in_order(given), {ORDER: node.lineno})
        return in_order(given)

    def outside(self, path, node, given):
        """A call of something that was imported."""
        given = in_order(given)
        if path in SEEDING:
            generator = path.rpartition(".")[0]
            seeded = given if node.args or node.keywords else {CHANCE: node.lineno}
            self.generators[generator] = joined(self.generators[generator], seeded) if self.control else seeded
            return {}
        if path in GENERATOR_CLASSES and (node.args or node.keywords):
            return given
        if path.startswith("subprocess.") and self.runs_this_python(node):
            # Where this Python lies makes no difference to what it does.
            given = without(given, MACHINE)
        rest = self.asked(path, node.func, node)
        if path.endswith(".shuffle"):
            self.shuffled(node, rest)
        return joined(rest, given)

    def runs_this_python(self, node):
        command = node.args[0] if node.args else None
        parts = command.elts if isinstance(command, (ast.List, ast.Tuple)) else []
        return bool(parts) and self.path(parts[0]) == "sys.executable"

    def method(self, node, given):
        """A call of a method of an object."""
        name, owner = node.func.attr, node.func.value
        held = self.value(node.func)
        receiver = self.value(owner)
        unordered = self.is_unordered(owner, receiver)
        if name == "pop" and (unordered or ORDER in receiver):
            rest = taken(receiver, unordered)
            self.grow(owner, rest)
            return rest
        if name in SET_METHODS:
            return joined(receiver, given)
        if name == "join" and any(self.is_unordered(argument, given) for argument in node.args):
            given = joined(given, {ORDER: node.lineno})
        if name == "imap_unordered":
            held = joined(held, {RACE: node.lineno})
        if name == "astimezone" and not node.args and not node.keywords:
            held = joined(held, {MACHINE: node.lineno})
        if name == "shuffle":
            self.shuffled(node, receiver)
        given = in_order(given)
        if given:
            self.grow(owner, given)
        return without(joined(held, given), UNORDERED)

    def shuffled(self, node, rest):
        for argument in node.args:
            self.grow(argument, rest)

    def own(self, node, arguments, named):
        """A call of what the snippet defines itself, or None where it is none."""
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
        if isinstance(called, ast.Name) and name in self.classes:
            return self.construct(name, node, arguments, named)
        functions = [
            function for function in self.functions.get(name, ()) if function.is_method or isinstance(called, ast.Name)
        ]
        if not functions or isinstance(called, ast.Name) and isinstance(self.entry(name), dict):
            return None
        rest = {}
        for function in functions:
            passed, nodes = arguments, node.args
            if function.is_method and isinstance(called, ast.Attribute):
                passed, nodes = [self.value(called.value)] + arguments, [called.value] + node.args
            rest = joined(rest, self.enter(function, passed, named, dict(enumerate(nodes))))
        return rest

    def construct(self, name, node, arguments, named):
        rest = without(joined(*arguments, *named.values()), UNORDERED)
        inits = [inner for inner in self.classes[name].body if getattr(inner, "name", "") == "__init__"]
        for function in self.functions.get("__init__", ()):
            if function.node in inits:
                local = {}
                self.enter(function, [{}] + arguments, named, {}, local)
                first = local.get(function.names[0]) if function.names else None
                rest = joined(rest, first if isinstance(first, dict) else {})
        return rest

    def enter(self, function, arguments, named, nodes, local=None):
        """What a function gives back for what it is given; what it changes of that is changed."""
        self.called.add(function)
        if function in self.running or len(self.running) > DEEPEST:
            return joined(*arguments, *named.values())
        local = {} if local is None else local
        for at, name in enumerate(function.names):
            local[name] = arguments[at] if at < len(arguments) else named.get(name, {})
        extra = joined(*arguments[len(function.names):], *named.values())
        local.update({name: named.get(name, extra) for name in function.others})
        before = dict(local)
        self.running.append(function)
        self.scopes.append(local)
        self.given_back.append({})
        try:
            body = function.node.body
            if isinstance(body, list):
                self.block(body)
            else:
                self.given_back[-1] = self.value(body)
        finally:
            self.running.pop()
            self.scopes.pop()
            rest = self.given_back.pop()
        for at, name in enumerate(function.names):
            changed = local.get(name)
            if at in nodes and isinstance(changed, dict) and changed != before[name]:
                self.grow(nodes[at], changed)
        return rest

    def of_Yield(self, node):
        rest = self.value(node.value) if node.value else {}
        if self.given_back:
            self.given_back[-1] = joined(self.given_back[-1], rest, *self.control)
        return rest

    of_YieldFrom = of_Yield

    # What is what.

    def asked(self, path, node, call):
        """The source that lies at `path`; `call` is none where it is only named."""
        if not is_there(path):
            return {}
        module = path.split(".")[0]
        line = node.lineno
        count = len(call.args) + len(call.keywords) if call else 0
        generator, _, name = path.rpartition(".")
        if generator in GENERATORS and name[:1].islower() and path not in SEEDING and path not in GENERATOR_CLASSES:
            return {kind: at or line for kind, at in self.generators[generator].items()}
        if path in CHANCES or path in GENERATOR_CLASSES and call:
            return {CHANCE: line}
        if path in CLOCKS or call and count < CLOCKS_WITHOUT.get(path, 0):
            return {CLOCK: line}
        if path in ZONED and call and count == 1:
            return {MACHINE: line}
        for known, kind in ((UNIQUES, UNIQUE), (IDENTITIES, IDENTITY), (RACES, RACE), (MACHINES, MACHINE)):
            if path in known or kind is MACHINE and (module == "platform" or generator in MACHINES):
                return {kind: line}
        return {}

    def is_unordered(self, node, rest):
        """True for a set whose order depends on hashes; what is left of a set with a name can be looked at."""
        if isinstance(node, ast.Name) and len(self.scopes) == 1:
            held = self.namespace.get(node.id)
            if type(held) in (set, frozenset) and held and all(map(is_number, held)):
                return False
            if isinstance(held, (str, list, tuple, dict)):
                return False
        return UNORDERED in rest and (not isinstance(node, ast.Name) or UNORDERED in self.reading(node))

    def is_numeric(self, node):
        """True for numbers and for what holds nothing else, as far as can be seen."""
        if isinstance(node, ast.Constant):
            return is_number(node.value)
        if isinstance(node, ast.UnaryOp):
            return self.is_numeric(node.operand)
        if isinstance(node, ast.BinOp):
            return self.is_numeric(node.left) and self.is_numeric(node.right)
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(map(self.is_numeric, node.elts))
        if isinstance(node, ast.Call) and self.path(node.func) == "builtins.range":
            return True
        held = self.namespace.get(node.id) if isinstance(node, ast.Name) else None
        if type(held) in (tuple, list, set, frozenset):
            return all(map(is_number, held))
        return is_number(held)


def is_there(path):
    """True for what lies in a module that was imported."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        held = sys.modules.get(".".join(parts[:length]))
        if held is not None:
            for name in parts[length:]:
                held = getattr(held, name, None)
            return held is not None
    return False


def is_number(value):
    return type(value) in (int, float, bool, complex)


def joined(*rests):
    found = {}
    for rest in rests:
        for kind, line in rest.items():
            found.setdefault(kind, line)
    return found


def without(rest, *kinds):
    return {kind: line for kind, line in rest.items() if kind not in kinds}


def in_order(rest):
    """What rests on a set that is not taken for the set itself."""
    return without(rest, UNORDERED)


def taken(rest, is_unordered):
    """What something that was taken out of `rest` by its order rests on."""
    line = rest.get(UNORDERED) if is_unordered else rest.get(ORDER)
    found = without(rest, UNORDERED, ORDER)
    return found if line is None else joined(found, {PICKED: line})


def located(value):
    """Where a value of the snippet's names comes from that no statement shows, such as a module."""
    if isinstance(value, types.ModuleType):
        return Path(value.__name__)
    if isinstance(value, (types.BuiltinFunctionType, types.MethodType)):
        owner = getattr(value, "__self__", None)
        if type(owner).__module__ == "random" and type(owner).__name__ == "Random":
            return Path("random." + value.__name__)
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return Path("%s.%s" % (value.__module__, value.__qualname__)) if value.__module__ != "__main__" else None
    return None


def found(namespace, provided, every):
    """(first line, last line, kind, line where it was asked) of what is open in a run of `every` code."""
    sources = Sources(namespace, provided)
    for _, pieces in every:
        sources.follow(pieces)
    told = {(lines, TOLD[kind]): line for lines, rest in sources.open.items() for kind, line in rest.items()}
    return [(first, last, kind, line) for ((first, last), kind), line in told.items()]
