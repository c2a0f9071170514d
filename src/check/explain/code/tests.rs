#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::*;

const PY311: Version = Version(3, 11);

fn find(source: &str) -> Vec<Old> {
    old(source, 1, &Scope::default(), PY311)
}

fn rules(source: &str) -> Vec<String> {
    let found = find(source).into_iter();
    found.map(|old| old.finding.rule).collect()
}

/// The source with all edits made, each once.
fn modern(source: &str) -> String {
    let mut edits: Vec<_> = find(source).into_iter().flat_map(|old| old.edits).collect();
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    edits.dedup();
    let mut text = source.to_owned();
    for (range, with) in edits.into_iter().rev() {
        text.replace_range(range, &with);
    }
    text
}

#[test]
fn what_is_gone_is_found_in_functions_fragments_and_old_code() {
    for (source, rule) in [
        ("def f():\n    for i in xrange(3): pass\n", "py2-xrange"),
        ("x = f(a, raw_input('b')", "py2-raw-input"),
        ("print d.has_key('k')", "dict-has-key"),
        ("if d.has_key(k):\n    ...", "dict-has-key"),
        ("for k, v in d['x'].iteritems(): ...", "dict-iteritems"),
        ("import urllib2", "module-urllib2"),
        (
            "from collections import Iterable, OrderedDict",
            "collections-iterable",
        ),
        (
            "def f():\n    import sys as s\n    return s.maxint",
            "sys-maxint",
        ),
        ("response = urllib2.urlopen(url)", "module-urllib2"),
        ("f = lambda: unicode(x, 'utf-8')", "py2-unicode"),
        ("isinstance(x, (int, long))", "py2-long"),
        ("isinstance(x, unicode)", "py2-unicode"),
        ("map(unicode, names)", "py2-unicode"),
        ("reduce(f, names)", "py2-reduce"),
        ("f = file('x.txt')", "py2-file"),
        ("except StandardError:\n    ...", "py2-standarderror"),
        ("f.func_code.co_names", "function-func-code"),
        ("'abc'.decode('hex')", "str-decode"),
        ("def g():\n    yield 1\nc = g()\nc.next()", "generator-next"),
        ("from os import getcwdu as cwd", "os-getcwdu"),
        ("import parser\nparser.suite('x')", "module-parser"),
        ("x = [\ndef f():\n    return unichr(3)", "py2-unichr"),
        (
            "import unittest\nclass T(unittest.TestCase):\n    def t(self):\n        self.failUnless(1)",
            "unittest-testcase-failunless",
        ),
    ] {
        assert_eq!(rules(source), [rule], "{source}");
    }
}

#[test]
fn what_could_be_anything_else_is_not() {
    for source in [
        "def f(xrange):\n    return xrange(3)",
        "for file in files:\n    pass\nfile('x')",
        "f(file=x, long=3)",
        "self.long = x.file\nself.unicode(3)",
        "'xrange(3)'  # xrange(3)",
        "def reduce(a, b): pass\nreduce(1, 2)",
        "cmp(a)\nreload()\napply(x)\nlong\nfile.read()\nbuffer[0]",
        "{'long': 1, long_name: 2}",
        "from six.moves import xrange\nxrange(3)",
        "from past.builtins import unicode\nunicode(3)",
        "from pylab import *\nxrange(3)",
        "requests.unicode(3)\nimport numpy as np\nnp.unicode(3)",
        "string.split(',')\nstring.upper()",
        "import parser\nparser.parse_args()",
        "import user\n",
        "from . import urllib2\nfrom .commands import getoutput",
        "b'abc'.decode('utf-8')\nx.decode('utf-8')",
        "d.next()\nself.next()",
        "self.has_key(3)\nclass D:\n    def iteritems(self): pass\nd.iteritems()",
        "six.iteritems(d)\niteritems(d)",
        "import pandas as pd\ndf.iteritems()",
        "xrange 与 range 的区别",
        "the xrange function",
        "xrange",
        "x.func_name\nx.message",
        "[\n",
        "",
    ] {
        assert_eq!(rules(source), [""; 0], "{source}");
    }
}

#[test]
fn code_that_takes_care_of_old_pythons_is_right() {
    for source in [
        "try:\n    import urllib2\nexcept ImportError:\n    import urllib.request as urllib2\nurllib2.urlopen('x')",
        "try: import cPickle as pickle\nexcept: import pickle",
        "try:\n    input = raw_input\nexcept NameError:\n    pass",
        "try:\n    import json\nexcept (ImportError, OSError):\n    import commands\n    commands.getoutput('x')",
        "if sys.version_info[0] < 3:\n    text = unicode(x)\nelse:\n    text = str(x)",
        "if six.PY2:\n    def f(): return unichr(3)",
        "if PY3:\n    pass\nelse:\n    x = raw_input()",
        "f = xrange if PY2 else range",
        "if hasattr(d, 'iteritems'):\n    d.iteritems()",
        "with pytest.raises(AttributeError):\n    sys.maxint",
        "# Python 2\nfor i in xrange(3):\n    f(i)\n",
        "x = raw_input()  # Python 2",
        "x = sys.maxint  # 已移除",
    ] {
        assert_eq!(rules(source), [""; 0], "{source}");
    }
    let shebang = "#!/usr/bin/python2\nx = raw_input()\n";
    assert_eq!(rules(shebang), ["py2-raw-input"]);
    assert_eq!(
        rules("# Python 2\nraw_input()\n\nxrange(3)"),
        ["py2-xrange"]
    );
    let wide = "try:\n    a\n    b\n    c = raw_input()\nexcept Exception:\n    pass";
    assert_eq!(rules(wide), ["py2-raw-input"]);
}

#[test]
fn earlier_code_of_the_note_counts() {
    let mut scope = Scope::default();
    let above = "import urllib2, string\nfrom itertools import izip\nxrange = range\n";
    scope.read(&lines::of(above));
    let found = old(
        "urllib2.urlopen('x')\nxrange(3)\nizip(a, b)\nstring.letters",
        5,
        &scope,
        PY311,
    );
    let told: Vec<_> = found
        .iter()
        .map(|old| (old.finding.line, old.finding.rule.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (5, "module-urllib2"),
            (7, "itertools-izip"),
            (8, "string-letters")
        ]
    );
}

#[test]
fn what_goes_later_is_a_warning() {
    let found = find("import imp\n");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].finding.severity, Severity::Warning);
    assert_eq!(found[0].finding.since.as_deref(), Some("3.12"));
    let gone = old("import imp\n", 1, &Scope::default(), Version(3, 12));
    assert_eq!(gone[0].finding.severity, Severity::Error);
}

#[test]
fn the_function_is_named() {
    let functions = |source: &str| -> Vec<Option<String>> {
        find(source).into_iter().map(|old| old.function).collect()
    };
    assert_eq!(
        functions("def f():\n    if x:\n        xrange(3)\nxrange(3)"),
        [Some("f".to_owned()), None]
    );
    assert_eq!(
        functions("f = lambda: xrange(3)"),
        [Some("lambda".to_owned())]
    );
}

#[test]
fn edits_make_it_modern() {
    for (source, wanted) in [
        (
            "for i in xrange(3): f(unichr(i))",
            "for i in range(3): f(chr(i))",
        ),
        ("if not d.has_key('k'): pass", "if not 'k' in d: pass"),
        (
            "x = d[1].get(2).has_key(a or b) == 3",
            "x = ((a or b) in d[1].get(2)) == 3",
        ),
        ("d.iteritems()\nd.viewkeys()", "d.items()\nd.keys()"),
        ("import sys\nsys.maxint", "import sys\nsys.maxsize"),
        (
            "import string as s\ns.letters",
            "import string as s\ns.ascii_letters",
        ),
        (
            "import urllib2\nurllib2.urlopen(x)\nexcept urllib2.URLError: pass",
            "import urllib.error, urllib.request\nurllib.request.urlopen(x)\nexcept urllib.error.URLError: pass",
        ),
        (
            "import ConfigParser, os\nConfigParser.RawConfigParser()",
            "import configparser, os\nconfigparser.RawConfigParser()",
        ),
        (
            "import cPickle as pickle\npickle.dumps(1)",
            "import pickle\npickle.dumps(1)",
        ),
        (
            "from urllib2 import urlopen, URLError",
            "from urllib.request import urlopen\nfrom urllib.error import URLError",
        ),
        (
            "from collections import Iterable, deque",
            "from collections.abc import Iterable\nfrom collections import deque",
        ),
        ("from itertools import izip\nizip(a, b)", "\nzip(a, b)"),
        (
            "import itertools\nitertools.izip(a, b)",
            "import itertools\nzip(a, b)",
        ),
        (
            "'''Doc.'''\nreduce(f, x)",
            "'''Doc.'''\nfrom functools import reduce\nreduce(f, x)",
        ),
        (
            "reload(os)\nreload(re)",
            "import importlib\nimportlib.reload(os)\nimportlib.reload(re)",
        ),
        ("execfile('a.py')", "exec(open('a.py').read())"),
        (
            "c = (x for x in y)\nc.next()",
            "c = (x for x in y)\nnext(c)",
        ),
        ("f.func_code", "f.__code__"),
    ] {
        assert_eq!(modern(source), wanted);
    }
}

#[test]
fn what_takes_more_than_replacing_is_left() {
    for source in [
        "import urllib2\nf(urllib2)",
        "import urllib2 as u\nu.urlopen(x)\nu.URLError",
        "range = 3\nxrange(3)",
        "reload(sys)",
        "cmp(a, b)",
        "import sets",
    ] {
        assert_eq!(modern(source), source);
    }
}

#[test]
fn syntax_is_told_in_what_does_not_parse() {
    let rules = |source: &str| -> Vec<String> {
        let piece = Stretch::new(1, source);
        let found = syntax_in_fragment(&Read::of(&piece)).into_iter();
        found.map(|old| old.finding.rule).collect()
    };
    assert_eq!(rules("if x\n    print 'a'"), ["py2-print-statement"]);
    assert_eq!(rules("except ValueError, e:"), ["py2-except-comma"]);
    assert_eq!(rules("print the value\nprint it\nraise x"), [""; 0]);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s)([a-z '\"#,:;()\\[\\].=\n\\\\]|xrange|import |from |urllib2|\\.has_key\\(|\\.next\\(\\)|def |try:|except |lambda |reduce\\(|execfile\\(|生){0,40}") {
        for old in find(&text) {
            for (range, _) in old.edits {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
