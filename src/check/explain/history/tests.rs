#![allow(clippy::unwrap_used, clippy::panic)]
use std::collections::BTreeMap;

use super::*;

const PY311: Version = Version(3, 11);

/// What is gone, the version it is asked of, the first one without it, and what to use instead.
const GONE: &[(&str, Version, &str, &str)] = &[
    ("unicode", PY311, "3.0", "`str`"),
    ("xrange", PY311, "3.0", "`range`"),
    ("raw_input", PY311, "3.0", "`input`"),
    ("StandardError", PY311, "3.0", "`Exception`"),
    ("unicode.encode", PY311, "3.0", "`str`"),
    ("coerce", PY311, "3.0", ""),
    ("urllib2", PY311, "3.0", "`urllib.request`"),
    ("urllib2.urlopen", PY311, "3.0", "`urllib.request.urlopen`"),
    (
        "urllib2.HTTPError",
        PY311,
        "3.0",
        "`urllib.error.HTTPError`",
    ),
    ("urllib2.nonsense", PY311, "3.0", "`urllib.request`"),
    ("urlparse.urljoin", PY311, "3.0", "`urllib.parse.urljoin`"),
    ("urllib.urlencode", PY311, "3.0", "`urllib.parse.urlencode`"),
    ("urllib.quote", PY311, "3.0", "`urllib.parse.quote`"),
    ("ConfigParser", PY311, "3.0", "`configparser`"),
    ("Queue", PY311, "3.0", "`queue`"),
    ("Queue.Queue", PY311, "3.0", "`queue.Queue`"),
    ("cPickle.dumps", PY311, "3.0", "`pickle.dumps`"),
    ("StringIO", PY311, "3.0", "`io.StringIO`"),
    ("Tkinter.Tk", PY311, "3.0", "`tkinter.Tk`"),
    ("thread", PY311, "3.0", "`threading`"),
    ("email.MIMEText", PY311, "3.0", "`email.mime.text`"),
    ("__builtin__", PY311, "3.0", "`builtins`"),
    (
        "sys.maxint",
        PY311,
        "3.0",
        "`sys.maxsize`; `int` has no limit",
    ),
    ("os.getcwdu", PY311, "3.0", "`os.getcwd`"),
    ("os.errno", PY311, "3.7", "the module `errno`"),
    ("os.errno.ENOENT", PY311, "3.7", "the module `errno`"),
    ("string.letters", PY311, "3.0", "`string.ascii_letters`"),
    ("string.maketrans", PY311, "3.0", "`str.maketrans`"),
    ("itertools.izip", PY311, "3.0", "`zip`"),
    ("types.StringType", PY311, "3.0", "`str`"),
    ("types.UnicodeType", PY311, "3.0", "`str`"),
    ("operator.isCallable", PY311, "3.0", "`callable`"),
    (
        "contextlib.nested",
        PY311,
        "3.2",
        "one `with` and several managers, or `contextlib.ExitStack`",
    ),
    ("dict.has_key", PY311, "3.0", "`key in d`"),
    ("dict.viewitems", PY311, "3.0", "`d.items()`"),
    ("collections.Counter.iteritems", PY311, "3.0", "`d.items()`"),
    ("generator.next", PY311, "3.0", "`next(g)`"),
    (
        "str.decode",
        PY311,
        "3.0",
        "`bytes.decode`: a `str` is text already",
    ),
    ("function.func_name", PY311, "3.0", "`__name__`"),
    ("ValueError.message", PY311, "3.0", "`str(e)`, or `e.args`"),
    ("bool.__nonzero__", PY311, "3.0", "`__bool__`"),
    ("asyncio.async", PY311, "3.7", "`asyncio.ensure_future`"),
    ("time.clock", PY311, "3.8", "`time.perf_counter`"),
    (
        "platform.linux_distribution",
        PY311,
        "3.8",
        "the package `distro`",
    ),
    ("macpath", PY311, "3.8", "`posixpath`"),
    ("fractions.gcd", PY311, "3.9", "`math.gcd`"),
    ("base64.encodestring", PY311, "3.9", "`base64.encodebytes`"),
    ("threading.Thread.isAlive", PY311, "3.9", "`is_alive`"),
    ("array.array.tostring", PY311, "3.9", "`array.tobytes`"),
    (
        "collections.Iterable",
        PY311,
        "3.10",
        "`collections.abc.Iterable`",
    ),
    (
        "collections.MutableMapping",
        PY311,
        "3.10",
        "`collections.abc.MutableMapping`",
    ),
    ("formatter", PY311, "3.10", ""),
    ("asyncio.coroutine", PY311, "3.11", "`async def`"),
    (
        "inspect.getargspec",
        PY311,
        "3.11",
        "`inspect.getfullargspec` or `inspect.signature`",
    ),
    ("binhex", PY311, "3.11", ""),
    ("imp", Version(3, 12), "3.12", "`importlib`"),
    ("imp.reload", Version(3, 12), "3.12", "`importlib.reload`"),
    (
        "distutils.core.setup",
        Version(3, 13),
        "3.12",
        "`setuptools`",
    ),
    (
        "unittest.TestCase.assertEquals",
        Version(3, 12),
        "3.12",
        "`assertEqual`",
    ),
    (
        "cgi.FieldStorage",
        Version(3, 13),
        "3.13",
        "`urllib.parse` and `email.message`",
    ),
    ("cgi.escape", Version(3, 13), "3.13", "`html.escape`"),
    ("ast.Num", Version(3, 14), "3.14", "`ast.Constant`"),
    (
        "typing.ByteString",
        Version(3, 17),
        "3.17",
        "`collections.abc.Buffer`",
    ),
];

/// What still exists in that version, is not there yet, or is nothing that anybody knows.
const NOT_GONE: &[(&str, Version)] = &[
    ("", PY311),
    (".", PY311),
    ("sys.", PY311),
    ("sys..maxint", PY311),
    ("字典.has_key", PY311),
    ("range", PY311),
    ("print", PY311),
    ("repr", PY311),
    ("input", PY311),
    ("dict.items", PY311),
    ("dict.nonsense", PY311),
    ("str.encode", PY311),
    ("bytes.decode", PY311),
    ("os.path.walk", PY311),
    ("os.path.join", PY311),
    ("os.getcwd", PY311),
    ("os.startfile", PY311),
    ("os.lchmod", PY311),
    ("os.chflags", PY311),
    ("sys.maxsize", PY311),
    ("sys.getwindowsversion", PY311),
    ("winreg", PY311),
    ("msvcrt.getch", PY311),
    ("msilib", Version(3, 12)),
    ("dbm.gnu", Version(3, 14)),
    ("readline", Version(3, 14)),
    ("ssl.SSLContext", Version(3, 14)),
    ("curses.wrapper", Version(3, 14)),
    ("signal.alarm", Version(3, 14)),
    ("socket.AF_NETLINK", Version(3, 14)),
    ("socket.AF_UNIX", Version(3, 14)),
    ("os.fork", Version(3, 14)),
    ("multiprocessing.Pool", Version(3, 14)),
    ("tkinter.Tk", Version(3, 14)),
    ("sqlite3.connect", Version(3, 14)),
    ("collections.abc.Iterable", Version(3, 14)),
    ("collections.OrderedDict", Version(3, 14)),
    ("collections.OrderedDict.items", PY311),
    ("ftplib.FTP.encoding", PY311),
    ("io.TextIOWrapper.mode", PY311),
    ("types.NoneType", PY311),
    ("callable", PY311),
    ("functools.reduce", PY311),
    ("imp", PY311),
    ("imp.reload", PY311),
    ("asyncio.coroutine", Version(3, 10)),
    ("collections.Iterable", Version(3, 9)),
    ("time.clock", Version(3, 7)),
    ("asyncio.run", Version(3, 6)),
    ("unicode", Version(2, 7)),
    ("numpy.float", PY311),
    ("Foo.has_key", PY311),
    ("typing.ByteString", Version(3, 14)),
    ("logging.warn", Version(3, 14)),
    ("this", Version(3, 14)),
    ("json.tool", Version(3, 14)),
    ("xml.etree.cElementTree", Version(3, 14)),
];

#[test]
fn what_is_gone_is_told_with_its_version_and_what_to_use() {
    for (dotted, version, since, instead) in GONE {
        let Some(gone) = resolve(dotted, *version) else {
            panic!("`{dotted}` is not known to be gone in {version}");
        };
        assert_eq!(gone.since.to_string(), *since, "{dotted}");
        assert_eq!(
            gone.instead.map(|text| text.en).unwrap_or_default(),
            *instead,
            "{dotted}"
        );
        assert!(gone.last < gone.since, "{dotted}");
    }
}

#[test]
fn what_exists_or_is_not_known_is_not_called_gone() {
    for (dotted, version) in NOT_GONE {
        assert_eq!(resolve(dotted, *version), None, "{dotted} in {version}");
    }
}

#[test]
fn a_dotted_name_is_gone_from_where_it_ends() {
    let path = |dotted| resolve(dotted, Version(3, 14)).unwrap().path();
    assert_eq!(path("urllib2.urlopen"), "urllib2");
    assert_eq!(path("distutils.core.setup"), "distutils");
    assert_eq!(path("unicode.encode"), "unicode");
    assert_eq!(
        path("collections.Iterable.register"),
        "collections.Iterable"
    );
    assert_eq!(path("KeyError.message"), "BaseException.message");
}

#[test]
fn what_python_did_not_find_is_looked_up_as_it_names_it() {
    let path = |owner: &str, name| missing(&Owner::Of(owner.into()), name).map(|gone| gone.path());
    assert_eq!(
        path("_io.TextIOWrapper", "xreadlines").as_deref(),
        Some("io.TextIOWrapper.xreadlines")
    );
    assert_eq!(
        path("ZeroDivisionError", "message").as_deref(),
        Some("BaseException.message")
    );
    assert_eq!(path("sys", "maxint").as_deref(), Some("sys.maxint"));
    assert_eq!(path("sys", "maxsize"), None);
    assert_eq!(path("Thread", "isAlive"), None);
    let module = |name| missing(&Owner::Modules, name).map(|gone| gone.path());
    assert_eq!(module("distutils.core").as_deref(), Some("distutils"));
    assert_eq!(module("email.MIMEText").as_deref(), Some("email.MIMEText"));
    assert_eq!(module("os.errno"), None);
    assert_eq!(module("字典"), None);
    assert!(missing(&Owner::Builtins, "raw_input").is_some());
    assert!(missing(&Owner::Builtins, "input").is_none());
}

#[test]
fn slugs_messages_and_references_stay_what_they_are() {
    for (dotted, slug, message, url) in [
        (
            "dict.has_key",
            "dict-has-key",
            "`dict.has_key` is only in Python 2",
            "https://docs.python.org/3/whatsnew/3.0.html",
        ),
        (
            "unicode",
            "py2-unicode",
            "the built-in `unicode` is only in Python 2",
            "https://docs.python.org/3/whatsnew/3.0.html",
        ),
        (
            "urllib2",
            "module-urllib2",
            "the module `urllib2` is only in Python 2",
            "https://docs.python.org/3/whatsnew/3.0.html",
        ),
        (
            "collections.Iterable",
            "collections-iterable",
            "`collections.Iterable` was removed",
            "https://docs.python.org/3/whatsnew/3.10.html",
        ),
        (
            "_dummy_thread",
            "module-private-dummy-thread",
            "the module `_dummy_thread` was removed",
            "https://docs.python.org/3/whatsnew/3.9.html",
        ),
        (
            "typing.ByteString",
            "typing-bytestring",
            "`typing.ByteString` is going to be removed",
            "https://docs.python.org/3/deprecations/index.html",
        ),
    ] {
        let gone = resolve(dotted, Version::END).unwrap();
        assert_eq!(gone.slug(), slug);
        assert_eq!(gone.message().en, message);
        assert_eq!(gone.url, url);
    }
}

#[test]
fn what_goes_later_is_known_before() {
    let since = |dotted, version| soon(dotted, version).map(|gone| gone.since.to_string());
    assert_eq!(since("imp", PY311).as_deref(), Some("3.12"));
    assert_eq!(since("imp", Version(3, 12)), None);
    assert_eq!(
        since("asyncio.get_event_loop_policy", Version(3, 14)).as_deref(),
        Some("3.16")
    );
    assert_eq!(since("os.getcwd", PY311), None);
}

#[test]
fn every_kind_of_name_has_its_span() {
    let history = History::get();
    let last = |record: Option<Record>| record.map(|record| record.span.gone_in());
    assert_eq!(last(history.opcode("LOAD_CONST")), Some(None));
    assert_eq!(last(history.opcode("BINARY_ADD")), Some(Some(PY311)));
    assert_eq!(last(history.keyword("exec")), Some(Some(Version(3, 0))));
    assert_eq!(last(history.keyword("print")), Some(Some(Version(3, 0))));
    assert_eq!(last(history.keyword("lambda")), Some(None));
    assert_eq!(last(history.builtin("len")), Some(None));
    assert_eq!(
        last(history.parameter("asyncio.sleep", "loop")),
        Some(Some(Version(3, 10)))
    );
    assert_eq!(
        last(history.parameter("sorted", "cmp")),
        Some(Some(Version(3, 0)))
    );
    assert_eq!(last(history.name("os", "getcwd")), Some(None));
    assert_eq!(last(history.attribute("dict", "items")), Some(None));
    assert_eq!(last(history.builtin("")), None);
    assert_eq!(
        history.name("asyncio", "run").unwrap().span.first,
        Version(3, 7)
    );
    assert_eq!(history.module("tomllib").unwrap().span.first, PY311);
}

#[test]
fn every_line_of_the_data_makes_sense() {
    let mut history = History::default();
    for line in text::generated() {
        assert!(history.take(line), "{line}");
    }
    assert!(history.versions().is_sorted() && history.versions().len() > 8);
    for line in text::by_hand() {
        let (name, _) = line.split_once(" | ").unwrap_or((line, ""));
        assert!(
            history.correct(line).is_some(),
            "`{name}` is not in the history and has no span"
        );
    }
    for ((_, owner), names) in &history.names {
        for (name, record) in &names.changed {
            let in_order = record
                .span
                .last
                .is_none_or(|last| record.span.first <= last);
            assert!(in_order, "{owner} {name}: {record:?}");
        }
    }
}

#[test]
fn what_was_written_by_hand_adds_to_what_was_found() {
    let mut generated = History::default();
    text::generated().for_each(|line| assert!(generated.take(line)));
    for ((kind, owner), names) in &History::get().names {
        for (name, record) in names
            .changed
            .iter()
            .filter(|(_, record)| record.instead.is_some())
        {
            let moved = generated
                .find(*kind, owner, name)
                .and_then(|record| record.moved_to);
            let written = record.instead.map(|instead| instead.trim_matches('`'));
            assert!(
                moved != written,
                "`{owner} {name}` need not be in instead.txt"
            );
        }
    }
}

#[test]
fn names_that_moved_are_there_today() {
    let newest = *History::get().versions().last().unwrap();
    let lost: BTreeMap<String, String> = all()
        .filter_map(|gone| {
            let text = gone.instead.clone()?;
            let path = text.en.strip_prefix('`')?.strip_suffix('`')?;
            resolve(path, newest).map(|lost| (gone.path(), lost.path()))
        })
        .collect();
    assert_eq!(lost, BTreeMap::new());
}

#[test]
fn only_a_whole_word_is_listed() {
    for (word, listed) in [
        ("aa", true),
        ("b", true),
        ("c.d", true),
        ("a", false),
        ("c", false),
        ("aa b", false),
        ("", false),
    ] {
        assert_eq!(is_listed("aaa aa b c.d", word), listed, "{word:?}");
    }
}
