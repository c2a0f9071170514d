# Says on one line of JSON what the driver needs to know of this interpreter.
# Runs under Python 2.7 and every Python 3.
import sys

# The current folder is no place to import the standard library from.
sys.path[:] = [entry for entry in sys.path if entry]

import json
import platform

try:
    import sysconfig

    variable = sysconfig.get_config_var
except Exception:
    def variable(name):
        return None


def text(name):
    return str(variable(name) or "")


base_prefix = getattr(sys, "base_prefix", getattr(sys, "real_prefix", sys.prefix))
facts = {
    "version": list(sys.version_info[:3]),
    "version_text": sys.version.split()[0],
    "implementation": platform.python_implementation(),
    "free_threaded": variable("Py_GIL_DISABLED") == 1,
    "executable": sys.executable or "",
    "prefix": sys.prefix,
    "base_prefix": base_prefix,
    "build": {
        "libdir": text("LIBDIR"),
        "libpl": text("LIBPL"),
        "instsoname": text("INSTSONAME"),
        "ldlibrary": text("LDLIBRARY"),
        "multiarch": text("MULTIARCH"),
        "framework_prefix": text("PYTHONFRAMEWORKPREFIX"),
    },
}
sys.stdout.write("\n" + json.dumps(facts) + "\n")
sys.stdout.flush()
