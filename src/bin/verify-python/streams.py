"""The way out of a snippet's process: its result channel, and its standard streams.

Everything that happens goes as frames through the channel; `src/python/channel.rs` reads
them. A frame fits into one atomic write of a pipe (PIPE_BUF, pipe(7)), so that
processes which the snippet forks can report through the same channel. What is
needed later is looked up now, out of the snippet's reach.
"""

import _thread
import bisect
import fcntl
import io
import os
import struct
import sys
import termios
import time

STDOUT, STDERR, VALUE, RAISED, WARNED, REPLAYED, ENDED, WORTH, FIGURE, OPEN = range(1, 11)
HEADER = struct.Struct("<BBIII")
PAYLOAD = 4096 - HEADER.size
DRAIN_SECONDS = 0.5
MOST_WRITERS = 100
# Bytes of the table of lines of code that is long.
LONG = 4096

_write, _getpid, _getframe, _thread_id = os.write, os.getpid, sys._getframe, _thread.get_ident
_behind = bisect.bisect_right
_ioctl, _sleep, _monotonic, _unread = fcntl.ioctl, time.sleep, time.monotonic, termios.FIONREAD


class Channel:
    """The way out of this process."""

    def __init__(self, fd):
        self.fd = fd
        self.path = ""
        self.left = self.dropped = 0
        self.muted = False
        # The coroutine of code with a top-level `await`: what tasks print comes from its line.
        self.awaited = None
        self.lines = {}
        self.quiet_thread = None
        self.owner = self.main = None
        # By its thread, the lines on which another than the main one printed.
        self.writers = {}

    def begin(self, path, keep):
        """This process runs what is at `path`; `keep` bytes of its output are kept."""
        self.path, self.left = path, keep
        self.owner, self.main = _getpid(), _thread_id()

    def frame(self, kind, line, top, text):
        self.send(kind, line, top, text.encode("utf-8", "backslashreplace"))

    def send(self, kind, line, top, data):
        self.drain()
        while True:
            part, data = data[:PAYLOAD], data[PAYLOAD:]
            head = HEADER.pack(kind, 1 if data else 0, line, top, len(part))
            try:
                _write(self.fd, head + part)
            except OSError:
                return
            if not data:
                return

    def drain(self):
        """Waits until what was written to the raw descriptors has been read, to keep the order."""
        until = None
        count = bytearray(4)
        for fd in (1, 2):
            try:
                while _ioctl(fd, _unread, count) == 0 and any(count):
                    until = until or _monotonic() + DRAIN_SECONDS
                    if _monotonic() > until:
                        return
                    _sleep(0.0002)
            except OSError:
                pass

    def quietly(self, function):
        """What `function` returns; None where it raises. Nothing that it prints is reported."""
        self.quiet_thread = _thread_id()
        try:
            return function()
        except BaseException:
            return None
        finally:
            self.quiet_thread = None

    def is_quiet(self):
        return self.muted or self.quiet_thread == _thread_id()

    def output(self, kind, where, text):
        if self.muted or not text:
            return
        thread = _thread_id()
        if thread != self.main and len(self.writers) < MOST_WRITERS:
            self.writers.setdefault(thread, set()).add(where[0])
        size = len(text)
        if size > self.left:
            self.dropped += size - self.left
            text = text[:self.left]
        self.left -= len(text)
        if text:
            self.frame(kind, where[0], where[1], text)

    def where(self, frame):
        """(innermost, outermost) line of the note on the stack of `frame`."""
        inner = top = 0
        name = None
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                top = self.line(frame) or 0
                inner = inner or top
                name = frame.f_code.co_name
            frame = frame.f_back
        waiting = self.awaited and self.awaited.cr_frame
        if waiting and name != "<module>":
            top = self.line(waiting) or top
        return inner, top

    def line(self, frame):
        """`frame.f_lineno`. CPython looks for it from the begin of the code each time, so that of long code
        all lines are looked for once."""
        code = frame.f_code
        if len(getattr(code, "co_linetable", "")) <= LONG or frame.f_lasti < 0:
            return frame.f_lineno
        known = self.lines.get(id(code))
        if known is None:
            spans = [(start, line) for start, _, line in code.co_lines()]
            # Together with the code, so that no other one gets its `id`.
            known = self.lines[id(code)] = [start for start, _ in spans], [line for _, line in spans], code
        starts, lines, _ = known
        return lines[_behind(starts, frame.f_lasti) - 1]


class Stream(io.TextIOWrapper):
    """Standard output or error: text is reported with its line, bytes go to the descriptor."""

    def __init__(self, fd, name, kind, channel, errors):
        raw = io.FileIO(fd, "w", closefd=False)
        raw.name = name
        super().__init__(io.BufferedWriter(raw), encoding="utf-8", errors=errors, newline="\n")
        self.mode = "w"
        self._kind, self._channel = kind, channel
        self._pending, self._place, self._owner = [], (0, 0), None

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not " + type(text).__name__)
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        text.encode("utf-8", self.errors)
        if self._channel.quiet_thread and self._channel.is_quiet():
            return len(text)
        place = self._channel.where(_getframe(1))
        if place != self._place or self._owner != _getpid():
            self._send()
            self._place = place
        self._pending.append(text)
        if "\n" in text:
            self._send()
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        self._send()
        super().flush()

    def _send(self):
        pending, self._pending = self._pending, []
        if self._owner != _getpid():
            self._owner = _getpid()
            return
        if pending:
            io.TextIOWrapper.flush(self)
            self._channel.output(self._kind, self._place, "".join(pending))


def races(writers):
    """What several threads printed, whose order is nobody's."""
    lines = sorted({line for printed in writers.values() for line in printed} - {0})
    return [(line, line, "race", 0) for line in lines]
