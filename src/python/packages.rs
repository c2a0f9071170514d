//! Which code may use, or notice, what is installed beside Python.
//!
//! For the rest a worker will do that leaves out what packages do when Python starts.

use super::protocol::Job;

/// Modules of Python itself, from 3.9 to 3.14, that look at nothing that is installed.
const OWN: &str = "abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cmath cmd \
    code codecs codeop collections colorsys compileall configparser contextlib contextvars \
    copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib dis email encodings enum \
    errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools genericpath getopt \
    getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib inspect io ipaddress \
    itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap \
    netrc ntpath numbers opcode operator optparse os pathlib pickle pickletools platform \
    plistlib poplib posix posixpath pprint pstats pty pwd py_compile pyclbr pydoc_data pyexpat queue \
    quopri random re readline reprlib resource rlcompleter sched secrets select selectors shelve shlex \
    shutil signal smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct \
    symtable sys syslog tarfile tempfile termios textwrap threading time timeit tkinter token \
    tokenize traceback tty turtle types typing unicodedata urllib uuid warnings wave weakref webbrowser \
    wsgiref xml xmlrpc zipfile zlib zoneinfo";
/// Words of code that may import without an import statement, or see what was done at the start.
const MAY_NOTICE: [&str; 16] = [
    "__import__",
    "__loader__",
    "__spec__",
    "__subclasses__",
    "compile(",
    "eval(",
    "exec(",
    "get_objects",
    "getrefcount",
    "help(",
    "maxrss",
    "meta_path",
    "path_hooks",
    "sys.flags",
    "sys.modules",
    "sys.path",
];

/// True where a snippet may use packages, or see that some of what they do was left out.
pub(super) fn may_be_used(job: &Job) -> bool {
    let mut imports = job.modules.iter().chain(&job.imports);
    let codes = job.replay.iter().chain([&job.code]);
    let mut texts = codes.flat_map(|code| code.pieces.iter().map(|piece| piece.text.as_str()));
    !imports.all(|name| OWN.split_ascii_whitespace().any(|own| own == name))
        || texts.any(|text| {
            MAY_NOTICE.iter().any(|word| text.contains(word)) || imports_elsewhere(text)
        })
}

/// True where `import` stands anywhere but in an import statement: in a string that is run, say.
fn imports_elsewhere(text: &str) -> bool {
    let is_statement = |line: &str| {
        let line = line.trim_start();
        line.starts_with("import ") || (line.starts_with("from ") && !line.contains(['"', '\'']))
    };
    let mut lines = text.lines().filter(|line| line.contains("import"));
    lines.any(|line| !is_statement(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    fn may_be_used_by(modules: &[&str], text: &str) -> bool {
        may_be_used(&Job {
            modules: modules.iter().map(|&name| name.to_owned()).collect(),
            code: Code::script(1, text),
            ..Job::default()
        })
    }

    #[test]
    fn code_that_imports_what_is_part_of_python_uses_none() {
        assert!(!may_be_used_by(&[], "print(1)"));
        assert!(!may_be_used_by(
            &["json", "os"],
            "import json\nfrom os import path"
        ));
        assert!(may_be_used_by(&["json", "numpy"], "import json, numpy"));
    }

    #[test]
    fn code_that_imports_in_other_ways_may_use_some() {
        assert!(may_be_used_by(
            &["timeit"],
            "import timeit\ntimeit.timeit('sum()', 'import numpy')"
        ));
        assert!(may_be_used_by(&[], "__import__('numpy')"));
        assert!(may_be_used_by(&["importlib"], "import importlib"));
    }

    #[test]
    fn code_that_looks_at_the_start_may_notice() {
        assert!(may_be_used_by(&["sys"], "import sys\nprint(sys.path)"));
        assert!(may_be_used_by(&["gc"], "import gc"));
    }

    #[test]
    fn what_code_depends_on_counts_too() {
        let job = Job {
            replay: vec![Code::script(1, "print(__spec__)")],
            code: Code::script(3, "print(1)"),
            ..Job::default()
        };
        assert!(may_be_used(&job));
    }
}
