"""What matplotlib draws, told as small pictures.

Where the code of a snippet may draw, `watch` waits for modules of matplotlib to be
imported and changes some of their functions: `show` and `savefig` hand each figure
to the channel, windows are never opened, and only the fonts that matplotlib
brings along are there, so that a picture is the same on every machine and no font
of the system has to be looked at. Other snippets never get here.
"""

import io
import os
import sys
import weakref

MOST = 8
LARGEST = 256 << 10
DPI = 72
LONGEST_SIDE = 1000
SMALLER = 3
WINDOWS = frozenset(
    "gtk3agg gtk3cairo gtk4agg gtk4cairo inline ipympl macosx module://ipykernel.pylab.backend_inline"
    " module://ipympl.backend_nbagg module://matplotlib_inline.backend_inline nbagg notebook qt4agg qt4cairo"
    " qt5agg qt5cairo qtagg qtcairo tkagg tkcairo webagg widget wx wxagg wxcairo".split()
)

_getpid, _getframe, _modules, _meta_path = os.getpid, sys._getframe, sys.modules, sys.meta_path


def watch(channel, kind, flush):
    """Lets pictures go through `channel` as frames of this kind from now on."""
    figures = Figures(channel, kind, flush)
    _meta_path.insert(0, Finder({
        "matplotlib": figures.without_windows,
        "matplotlib.font_manager": with_own_fonts,
        "matplotlib.figure": figures.of_figures,
        "matplotlib.pyplot": figures.of_pyplot,
    }))


class Finder:
    """Finds modules as the other finders do, and lets a function execute some of them."""

    def __init__(self, executors):
        self.executors = executors

    def find_spec(self, name, path=None, target=None):
        if name not in self.executors:
            return None
        others = (finder for finder in list(_meta_path) if finder is not self and hasattr(finder, "find_spec"))
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        execute = getattr(spec and spec.loader, "exec_module", None)
        if execute is not None:
            def changed(module):
                del spec.loader.exec_module
                self.execute(name, module, execute)
            try:
                spec.loader.exec_module = changed
            except AttributeError:
                pass
        return spec


    def execute(self, name, module, execute):
        executed = []

        def remembered(module):
            execute(module)
            executed.append(module)

        try:
            self.executors.pop(name)(module, remembered)
        except AttributeError:
            # What has the name of a module of matplotlib need not be one.
            if not executed:
                raise
        if not self.executors and self in _meta_path:
            _meta_path.remove(self)


class Figures:
    """Takes pictures of figures."""

    def __init__(self, channel, kind, flush):
        self.channel, self.kind, self.flush = channel, kind, flush
        self.savefig = None
        self.count = 0
        # What was taken of a figure last: saved and shown unchanged it is one picture.
        self.taken = weakref.WeakKeyDictionary()

    def without_windows(self, module, execute):
        execute(module)
        use = module.use

        def headless(backend, *args, **kwargs):
            return use(without_window(backend), *args, **kwargs)

        module.use = like(headless, use)

    def of_figures(self, module, execute):
        execute(module)
        figure = module.Figure
        self.savefig = saved = figure.savefig

        def savefig(figure, *args, **kwargs):
            result = saved(figure, *args, **kwargs)
            caller = _getframe(1)
            # The frames of a film are no pictures of their own.
            if caller.f_globals.get("__name__") != "matplotlib.animation":
                self.take(figure, caller)
            return result

        def show(figure, *args, **kwargs):
            self.tell(self.take(figure, _getframe(1)))

        figure.savefig, figure.show = like(savefig, saved), like(show, figure.show)

    def of_pyplot(self, module, execute):
        execute(module)
        switch_backend, managers = module.switch_backend, module._pylab_helpers.Gcf

        def show(*args, **kwargs):
            shown = [manager.canvas.figure for manager in managers.get_all_fig_managers()]
            problems = [self.take(figure, _getframe(1)) for figure in shown]
            block = args[0] if args else kwargs.get("block")
            if block or block is None and not module.isinteractive():
                managers.destroy_all()
            for problem in problems:
                self.tell(problem)

        def switch(newbackend, *args, **kwargs):
            return switch_backend(without_window(newbackend), *args, **kwargs)

        module.show, module.switch_backend = like(show, module.show), like(switch, switch_backend)

    def take(self, figure, frame):
        """Sends a picture of the figure as it is now; the exception where it can't be drawn."""
        channel = self.channel
        if channel.muted or _getpid() != channel.owner:
            return None
        png, problem = b"", None
        if self.count < MOST:
            png, problem = channel.quietly(lambda: self.drawn(figure)) or (b"", None)
        if problem is not None or png and self.taken.get(figure) == png:
            return problem
        self.taken[figure] = png
        self.count += 1
        self.flush()
        line, top = channel.where(frame)
        channel.send(self.kind, line, top, png)
        return None

    def drawn(self, figure):
        """(picture, exception); the picture is empty where it can't be made small enough."""
        try:
            dpi = min(DPI, LONGEST_SIDE / max(figure.get_size_inches()))
            for _ in range(SMALLER):
                png = io.BytesIO()
                self.savefig(figure, png, format="png", dpi=dpi, metadata={"Software": None})
                if png.tell() <= LARGEST:
                    return png.getvalue(), None
                dpi /= 2
            return b"", None
        except Exception as problem:
            return b"", problem

    def tell(self, problem):
        if problem is not None:
            raise problem


def without_window(backend):
    """The backend to be used for another one, which would open windows."""
    return "agg" if isinstance(backend, str) and backend.lower() in WINDOWS else backend


def with_own_fonts(module, execute):
    """Lets the font manager see only the fonts of matplotlib itself.

    It looks for fonts as it is executed. The metrics of the fonts that every printer has are
    left out too: to read them takes longer than all the rest.
    """
    import subprocess
    own = os.path.join(_modules["matplotlib"].get_data_path(), "fonts", "ttf")
    walk, check_output = os.walk, subprocess.check_output

    def walk_own(top, *args, **kwargs):
        return walk(top, *args, **kwargs) if str(top) == own else iter(())

    def no_program(*args, **kwargs):
        raise FileNotFoundError

    os.walk, subprocess.check_output = walk_own, no_program
    try:
        execute(module)
    finally:
        os.walk, subprocess.check_output = walk, check_output
    forget = getattr(getattr(module, "_get_fontconfig_fonts", None), "cache_clear", None)
    if forget is not None:
        forget()


def like(new, old):
    """`new`, named and documented as `old` is."""
    for name in ("__name__", "__qualname__", "__doc__", "__module__"):
        setattr(new, name, getattr(old, name, None))
    return new
