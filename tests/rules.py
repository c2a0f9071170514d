# Runs pieces of code, each in a process of its own, and says how each one ended. For Python 2 and 3.
#
# In: a list of texts as JSON. Out: for each one its exit status and what it wrote to stdout and stderr,
# where every warning is shown. `tests/rules.rs` is the caller.
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
import warnings

LIMIT = 60  # seconds
# Modules that many examples use and that take long to load: they are loaded once.
LARGE = ("asyncio", "enum", "hashlib", "http.server", "random", "subprocess", "unittest", "urllib.request")


def run(code):
    folder = tempfile.mkdtemp()
    try:
        child = os.fork()
        if child == 0:
            try:
                within(code, folder)
            finally:
                os._exit(70)
        status = os.waitpid(child, 0)[1]
        out, err = [io.open(name, encoding="utf-8", errors="replace").read()
                    for name in (folder + ".out", folder + ".err")]
        return {"status": status, "out": out, "err": err}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        for name in (folder + ".out", folder + ".err"):
            if os.path.exists(name):
                os.remove(name)


def within(code, folder):
    signal.alarm(LIMIT)
    for number, name, mode in ((0, os.devnull, "rb"), (1, folder + ".out", "wb"), (2, folder + ".err", "wb")):
        with open(name, mode) as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    sys.path[0] = folder
    warnings.simplefilter("always")
    main = type(sys)("__main__")
    sys.modules["__main__"] = main
    status = 0
    try:
        exec(compile(code, "example.py", "exec", 0, True), main.__dict__)
    except SystemExit as error:
        status = error.code or 0
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


for name in LARGE:
    try:
        __import__(name)
    except ImportError:
        pass
codes = json.loads(sys.stdin.read())
print(json.dumps([run(code.encode("utf-8") if str is bytes else code) for code in codes]))
