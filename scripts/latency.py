#!/usr/bin/env python3
"""Measures how long `verify watch` takes from a save to what it shows.

    scripts/latency.py [--verify PROGRAM] [--notes N] [--saves N] [WATCH OPTIONS]

In a temporary folder with many notes it saves one of them again and again, as an editor does:
a new file is written beside the old one and put in its place. The time from then to the end of
what `verify watch` writes is taken, and the median, the least and the most are printed.
"""

import argparse
import os
import select
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

SNIPPETS = 100
PATIENCE = 120


def note(count, base=0):
    """A note of so many snippets, of which each third needs the one before."""
    blocks = []
    for at in range(count):
        use = f"value_{at - 1} + " if at % 3 == 2 else ""
        blocks.append(f"```python\nvalue_{at} = {use}{at} + {base}\nprint('is', value_{at})\n```\n")
    return "# A note\n\n" + "\n".join(blocks)


class Watch:
    """A `verify watch` behind a pipe."""

    def __init__(self, program, folder, options):
        command = [program, "watch", *options]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE)
        self.written = b""
        self.report()

    def report(self):
        """Waits for the next report, and says when it was there."""
        begun = time.monotonic()
        while True:
            at = self.written.find(b" run in ")
            end = self.written.find(b"\n\n", at)
            if at >= 0 and end >= 0:
                told = self.written[:at].rsplit(b"\n", 1)[-1].decode()
                self.written = self.written[end:]
                return time.monotonic(), told
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            if ready:
                self.written += os.read(self.process.stdout.fileno(), 1 << 20)
            if self.process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise SystemExit(f"verify watch told nothing more after: {self.written.decode()}")

    def end(self):
        self.process.terminate()
        self.process.wait()


def save(path, text):
    """Replaces a file, and says when."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return time.monotonic()


def measure(watch, path, texts):
    taken, told = [], ""
    for text in texts:
        begun = save(path, text)
        shown, told = watch.report()
        taken.append((shown - begun) * 1000)
        # What else the system tells of this save is past by then.
        time.sleep(0.3)
    return taken, told


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verify", default="target/release/verify")
    parser.add_argument("--notes", type=int, default=500)
    parser.add_argument("--saves", type=int, default=21)
    arguments, options = parser.parse_known_args()
    program = str(Path(arguments.verify).resolve())
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder, "notes")
        notes.mkdir()
        for at in range(arguments.notes - 1):
            Path(notes, f"note-{at:03}.md").write_text(note(1, at), encoding="utf-8")
        small, large = Path(notes, "note-007.md"), Path(notes, "large.md")
        large.write_text(note(SNIPPETS), encoding="utf-8")
        subprocess.run([program, "--update", "-q", *options], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        watch = Watch(program, folder, options)
        saves = range(1, arguments.saves + 1)
        changed = "print('is', value_50)"
        cases = {
            "a note of one snippet, which is changed": (small, [note(1, 1000 + n) for n in saves]),
            f"a note of {SNIPPETS} snippets, one is changed": (
                large,
                [note(SNIPPETS).replace(changed, f"print('is', value_50, {n})") for n in saves],
            ),
            f"a note of {SNIPPETS} snippets, a line comes above all": (
                large,
                [note(SNIPPETS).replace("\n\n", "\n" * (n % 2 + 3), 1) for n in saves],
            ),
        }
        for name, (path, texts) in cases.items():
            taken, told = measure(watch, path, texts)
            median = statistics.median(taken)
            print(f"{name}: median {median:.0f} ms, {min(taken):.0f} to {max(taken):.0f} ({told})")
        watch.end()


if __name__ == "__main__":
    main()
