"""A virtual environment: what CPython and site.py make of one when Python starts.

Its packages may do anything when they are found: their `.pth` files and `sitecustomize` are code. So a
worker, which is not contained itself, is given the names alone; no folder of the environment is
imported from before `enter`, which each snippet's own process calls once it is contained.
"""

import os
import site
import sys

packages = True


def announce(executable, folder, with_packages):
    """Python has these names from here on, and what a start without packages has."""
    global packages
    packages = with_packages
    sys.executable = executable
    sys.prefix = sys.exec_prefix = folder
    # As site.py finds them at its start; before 3.14 it learns of the environment later.
    known = (sys.prefix, sys.exec_prefix) if sys.version_info >= (3, 14) else (sys.base_prefix, sys.base_exec_prefix)
    site.PREFIXES = list(known)
    site.setquit()
    site.setcopyright()
    site.sethelper()
    # That of the installation: nothing else can be imported yet.
    site.execsitecustomize()


def enter():
    """Does the rest of a start, with what packages say then left out, as it is not the snippet's."""
    quiet = open(os.devnull, "w", encoding="utf-8")
    told = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = quiet
    try:
        if packages:
            start()
        else:
            folders = site.getsitepackages([sys.prefix])
            sys.path.extend(folder for folder in folders if os.path.isdir(folder))
    except BaseException:
        pass
    sys.stdout, sys.stderr = told
    quiet.close()


def start():
    """All that site.py does. The current folder is not there yet when it does so, which would make it absolute."""
    current = sys.path[:1] == [""]
    if current:
        del sys.path[0]
    try:
        site.main()
    finally:
        if current:
            sys.path.insert(0, "")
