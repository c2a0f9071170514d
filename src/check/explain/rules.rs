//! The catalogue: what Python no longer has, since when, and what to write instead.
//!
//! Data alone. The sources are "What's New in Python 3.0" and its successors, PEP
//! 3100, PEP 3108 (the modules) and PEP 594 (dead batteries).

/// Syntax that Python 3 does not have.
#[derive(Debug)]
pub struct Syntax {
    /// The rule's slug.
    pub slug: &'static str,
    /// What is so, in one sentence.
    pub title: &'static str,
    /// Where it is documented.
    pub url: &'static str,
}

const WHATS_NEW_3_0: &str = "https://docs.python.org/3/whatsnew/3.0.html";

/// All of that syntax.
pub const SYNTAX: [Syntax; 10] = [
    Syntax {
        slug: "py2-print-statement",
        title: "`print` is a function in Python 3, no statement",
        url: "https://peps.python.org/pep-3105/",
    },
    Syntax {
        slug: "py2-exec-statement",
        title: "`exec` is a function in Python 3, no statement",
        url: WHATS_NEW_3_0,
    },
    Syntax {
        slug: "py2-except-comma",
        title: "`except E, e` is written `except E as e`",
        url: "https://peps.python.org/pep-3110/",
    },
    Syntax {
        slug: "py2-raise-comma",
        title: "`raise E, value` is written `raise E(value)`",
        url: "https://peps.python.org/pep-3109/",
    },
    Syntax {
        slug: "py2-tuple-parameter",
        title: "a parameter can't be a tuple any more",
        url: "https://peps.python.org/pep-3113/",
    },
    Syntax {
        slug: "py2-backticks",
        title: "backticks are gone; `repr()` does it",
        url: WHATS_NEW_3_0,
    },
    Syntax {
        slug: "py2-not-equal",
        title: "`<>` is written `!=`",
        url: WHATS_NEW_3_0,
    },
    Syntax {
        slug: "py2-ur-string",
        title: "the prefix `ur` is gone; every string is Unicode",
        url: "https://peps.python.org/pep-0414/",
    },
    Syntax {
        slug: "py2-octal-literal",
        title: "octal numbers begin with `0o`",
        url: "https://peps.python.org/pep-3127/",
    },
    Syntax {
        slug: "py2-long-literal",
        title: "integers have no suffix `L`: `int` has no limit",
        url: "https://peps.python.org/pep-0237/",
    },
];

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    /// The built-in names.
    Builtins,
    /// The modules of the standard library.
    Modules,
    /// A module or a built-in type.
    Of(&'a str),
}

impl Owner<'_> {
    /// True for the same owner, whatever the lifetimes.
    pub(super) fn is(&self, other: Owner<'_>) -> bool {
        match (*self, other) {
            (Self::Builtins, Owner::Builtins) | (Self::Modules, Owner::Modules) => true,
            (Self::Of(a), Owner::Of(b)) => a == b,
            _ => false,
        }
    }
}

/// A name that Python no longer has.
#[derive(Debug)]
pub struct Gone {
    /// What it belonged to.
    pub owner: Owner<'static>,
    /// Its name.
    pub name: &'static str,
    /// The first version without it.
    pub since: &'static str,
    /// What does the same today, as Markdown; empty where nothing in the standard library does.
    pub instead: &'static str,
}

impl Gone {
    /// The rule's slug.
    pub fn slug(&self) -> String {
        let name = self
            .name
            .trim_matches('_')
            .replace(['_', '.'], "-")
            .to_lowercase();
        match self.owner {
            Owner::Builtins => format!("py2-{name}"),
            // `_dummy_thread` of Python 3 is not `dummy_thread` of Python 2.
            Owner::Modules if self.name.starts_with('_') && self.since != "3.0" => {
                format!("module-private-{name}")
            }
            Owner::Modules => format!("module-{name}"),
            Owner::Of(owner) => format!("{}-{name}", owner.replace('.', "-").to_lowercase()),
        }
    }

    /// What is so, in one sentence.
    pub fn message(&self) -> String {
        let verb = if self.since == "3.0" {
            "is only in Python 2"
        } else {
            "was removed"
        };
        match self.owner {
            Owner::Builtins => format!("the built-in `{}` {verb}", self.name),
            Owner::Modules => format!("the module `{}` {verb}", self.name),
            Owner::Of(owner) => format!("`{owner}.{}` {verb}", self.name),
        }
    }

    /// Where it is documented.
    pub fn url(&self) -> String {
        format!("https://docs.python.org/3/whatsnew/{}.html", self.since)
    }
}

const fn builtin(name: &'static str, instead: &'static str) -> Gone {
    Gone {
        owner: Owner::Builtins,
        name,
        since: "3.0",
        instead,
    }
}

const fn renamed(name: &'static str, instead: &'static str) -> Gone {
    Gone {
        owner: Owner::Modules,
        name,
        since: "3.0",
        instead,
    }
}

const fn removed(name: &'static str, since: &'static str, instead: &'static str) -> Gone {
    Gone {
        owner: Owner::Modules,
        name,
        since,
        instead,
    }
}

const fn of(
    owner: &'static str,
    name: &'static str,
    since: &'static str,
    instead: &'static str,
) -> Gone {
    Gone {
        owner: Owner::Of(owner),
        name,
        since,
        instead,
    }
}

/// Every name that the catalogue knows to be gone.
pub const GONE: [Gone; 142] = [
    builtin("apply", "`f(*args, **kwargs)`"),
    builtin("basestring", "`str`"),
    builtin("buffer", "`memoryview`"),
    builtin("cmp", "`(a > b) - (a < b)`, or a `key` function"),
    builtin("coerce", ""),
    builtin("execfile", "`exec(open(name).read())`"),
    builtin("file", "`open`"),
    builtin("intern", "`sys.intern`"),
    builtin("long", "`int`"),
    builtin("raw_input", "`input`"),
    builtin("reduce", "`functools.reduce`"),
    builtin("reload", "`importlib.reload`"),
    builtin("unichr", "`chr`"),
    builtin("unicode", "`str`"),
    builtin("xrange", "`range`"),
    builtin("StandardError", "`Exception`"),
    renamed("BaseHTTPServer", "`http.server`"),
    renamed("CGIHTTPServer", "`http.server`"),
    renamed("ConfigParser", "`configparser`"),
    renamed("Cookie", "`http.cookies`"),
    renamed("HTMLParser", "`html.parser`"),
    renamed("Queue", "`queue`"),
    renamed("SimpleHTTPServer", "`http.server`"),
    renamed("SimpleXMLRPCServer", "`xmlrpc.server`"),
    renamed("SocketServer", "`socketserver`"),
    renamed("StringIO", "`io.StringIO`"),
    renamed("Tkinter", "`tkinter`"),
    renamed("ScrolledText", "`tkinter.scrolledtext`"),
    renamed("tkMessageBox", "`tkinter.messagebox`"),
    renamed("tkFileDialog", "`tkinter.filedialog`"),
    renamed("UserDict", "`collections.UserDict`"),
    renamed("UserList", "`collections.UserList`"),
    renamed("UserString", "`collections.UserString`"),
    renamed("__builtin__", "`builtins`"),
    renamed("anydbm", "`dbm`"),
    renamed("cPickle", "`pickle`"),
    renamed("cStringIO", "`io.StringIO`"),
    renamed("commands", "`subprocess`"),
    renamed("cookielib", "`http.cookiejar`"),
    renamed("copy_reg", "`copyreg`"),
    renamed("dummy_thread", "`threading`"),
    renamed("exceptions", "the built-in exceptions"),
    renamed("future_builtins", "the built-in functions"),
    renamed("htmlentitydefs", "`html.entities`"),
    renamed("httplib", "`http.client`"),
    renamed("md5", "`hashlib.md5`"),
    renamed("new", "`types`"),
    renamed("popen2", "`subprocess`"),
    renamed("repr", "`reprlib`"),
    renamed("robotparser", "`urllib.robotparser`"),
    renamed("rfc822", "`email`"),
    renamed("sets", "`set`"),
    renamed("sha", "`hashlib.sha1`"),
    renamed("sgmllib", "`html.parser`"),
    renamed("thread", "`threading`"),
    renamed("urllib2", "`urllib.request`"),
    renamed("urlparse", "`urllib.parse`"),
    renamed("whichdb", "`dbm.whichdb`"),
    renamed("xmlrpclib", "`xmlrpc.client`"),
    removed("dummy_threading", "3.9", "`threading`"),
    removed("_dummy_thread", "3.9", "`threading`"),
    removed("formatter", "3.10", ""),
    removed("parser", "3.10", "`ast`"),
    removed("symbol", "3.10", "`ast`"),
    removed("macpath", "3.8", "`posixpath`"),
    removed("binhex", "3.11", ""),
    removed("asynchat", "3.12", "`asyncio`"),
    removed("asyncore", "3.12", "`asyncio`"),
    removed("distutils", "3.12", "`setuptools`"),
    removed("imp", "3.12", "`importlib`"),
    removed("smtpd", "3.12", "the package `aiosmtpd`"),
    removed("aifc", "3.13", ""),
    removed("audioop", "3.13", ""),
    removed("cgi", "3.13", "`urllib.parse` and `email.message`"),
    removed("cgitb", "3.13", "`traceback`"),
    removed("chunk", "3.13", ""),
    removed("crypt", "3.13", "`hashlib`"),
    removed("imghdr", "3.13", ""),
    removed("lib2to3", "3.13", ""),
    removed("mailcap", "3.13", "`mimetypes`"),
    removed("msilib", "3.13", ""),
    removed("nis", "3.13", ""),
    removed("nntplib", "3.13", ""),
    removed("ossaudiodev", "3.13", ""),
    removed("pipes", "3.13", "`subprocess`"),
    removed("sndhdr", "3.13", ""),
    removed("spwd", "3.13", ""),
    removed("sunau", "3.13", ""),
    removed("telnetlib", "3.13", ""),
    removed("uu", "3.13", "`base64`"),
    removed("xdrlib", "3.13", ""),
    of("dict", "has_key", "3.0", "`key in d`"),
    of("dict", "iteritems", "3.0", "`d.items()`"),
    of("dict", "iterkeys", "3.0", "`d.keys()`, or `d` itself"),
    of("dict", "itervalues", "3.0", "`d.values()`"),
    of("dict", "viewitems", "3.0", "`d.items()`"),
    of("dict", "viewkeys", "3.0", "`d.keys()`"),
    of("dict", "viewvalues", "3.0", "`d.values()`"),
    of("collections.OrderedDict", "iteritems", "3.0", "`d.items()`"),
    of("collections.defaultdict", "iteritems", "3.0", "`d.items()`"),
    of("generator", "next", "3.0", "`next(g)`"),
    of(
        "str",
        "decode",
        "3.0",
        "`bytes.decode`: a `str` is text already",
    ),
    of(
        "bytes",
        "encode",
        "3.0",
        "`str.encode`: `bytes` are encoded already",
    ),
    of(
        "bytes",
        "format",
        "3.0",
        "`%`, or `str.format` and then `encode`",
    ),
    of("sys", "maxint", "3.0", "`sys.maxsize`; `int` has no limit"),
    of(
        "sys",
        "setdefaultencoding",
        "3.0",
        "nothing: text is Unicode, and files take `encoding=`",
    ),
    of("sys", "exc_clear", "3.0", ""),
    of("sys", "exc_type", "3.0", "`sys.exc_info()`"),
    of("sys", "setcheckinterval", "3.9", "`sys.setswitchinterval`"),
    of("os", "getcwdu", "3.0", "`os.getcwd`"),
    of("os", "popen2", "3.0", "`subprocess`"),
    of("os", "popen3", "3.0", "`subprocess`"),
    of("os", "errno", "3.7", "the module `errno`"),
    of("string", "letters", "3.0", "`string.ascii_letters`"),
    of("string", "lowercase", "3.0", "`string.ascii_lowercase`"),
    of("string", "uppercase", "3.0", "`string.ascii_uppercase`"),
    of("string", "maketrans", "3.0", "`str.maketrans`"),
    of("string", "join", "3.0", "the method `str.join`"),
    of("string", "split", "3.0", "the method `str.split`"),
    of("string", "replace", "3.0", "the method `str.replace`"),
    of("string", "upper", "3.0", "the method `str.upper`"),
    of("string", "lower", "3.0", "the method `str.lower`"),
    of("string", "atoi", "3.0", "`int`"),
    of("itertools", "izip", "3.0", "`zip`"),
    of("itertools", "imap", "3.0", "`map`"),
    of("itertools", "ifilter", "3.0", "`filter`"),
    of(
        "itertools",
        "izip_longest",
        "3.0",
        "`itertools.zip_longest`",
    ),
    of("urllib", "urlopen", "3.0", "`urllib.request.urlopen`"),
    of("urllib", "urlencode", "3.0", "`urllib.parse.urlencode`"),
    of("urllib", "quote", "3.0", "`urllib.parse.quote`"),
    of("urllib", "unquote", "3.0", "`urllib.parse.unquote`"),
    of("time", "clock", "3.8", "`time.perf_counter`"),
    of(
        "inspect",
        "getargspec",
        "3.11",
        "`inspect.getfullargspec` or `inspect.signature`",
    ),
    of("asyncio", "coroutine", "3.11", "`async def`"),
    of("asyncio", "async", "3.7", "`asyncio.ensure_future`"),
    of(
        "collections",
        "Callable",
        "3.10",
        "`collections.abc.Callable`",
    ),
    of(
        "collections",
        "Iterable",
        "3.10",
        "`collections.abc.Iterable`",
    ),
    of(
        "collections",
        "Iterator",
        "3.10",
        "`collections.abc.Iterator`",
    ),
    of(
        "collections",
        "Mapping",
        "3.10",
        "`collections.abc.Mapping`",
    ),
    of(
        "collections",
        "MutableMapping",
        "3.10",
        "`collections.abc.MutableMapping`",
    ),
    of(
        "collections",
        "Sequence",
        "3.10",
        "`collections.abc.Sequence`",
    ),
    of(
        "collections",
        "Hashable",
        "3.10",
        "`collections.abc.Hashable`",
    ),
];
