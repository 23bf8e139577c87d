"""What commands print: text of at most 80 columns, one JSON object, and a progress bar on a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from sim.errors import one_line, printable

WIDTH = 80
# Signs that turn the direction of writing, end a line or move a cursor, and halves of letters; JSON itself escapes the rest.
_NOT_PRINTING = re.compile(r"[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_BAR = 20
_SECONDS_BETWEEN = 0.1


def say(lines: Iterable[str]) -> None:
    """Print lines; whatever a line quotes, it stays one."""
    for line in lines:
        print(printable(line))


def say_json(data: dict[str, Any]) -> None:
    """Print one JSON object; where the output is not UTF-8, as in a pipe on Windows, other letters as numbers."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(data, allow_nan=False, ensure_ascii=not is_unicode, indent=2)
    print(_NOT_PRINTING.sub(lambda found: json.dumps(found[0])[1:-1], text) if not text.isascii() else text)


def warn(text: str) -> None:
    """Print a line beside the output, where that can be done."""
    with contextlib.suppress(OSError):
        print(one_line(text), file=sys.stderr)


def width() -> int:
    """Return how wide a line may be: the terminal's width up to 110 columns, 80 where there is none."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(40, min(110, shutil.get_terminal_size((WIDTH, 24)).columns))


class Bar:
    """A progress bar on standard error, with rate and time left; where that is not a terminal silent, or a line a tenth.

    noun        what it counts
    by_tenths   whether it says a line at each tenth where there is no terminal
    """

    def __init__(self, noun: str, by_tenths: bool = False) -> None:
        """Prepare a bar."""
        self.noun = noun
        self.by_tenths = by_tenths
        self.tenths = 0
        self.shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.started = time.monotonic()
        self.drawn = 0.0

    def __enter__(self) -> Bar:
        """Start the clock."""
        self.started = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self.shown and self.drawn:
            print(f"\r{' ' * (WIDTH - 1)}\r", end="", file=sys.stderr, flush=True)

    def __call__(self, done: int, asked: int) -> None:
        """Draw the bar, unless it has just been drawn."""
        now = time.monotonic()
        if self.by_tenths and not self.shown and 10 * done // max(asked, 1) > self.tenths:
            self.tenths = 10 * done // asked
            warn(progress_line(done, asked, now - self.started, self.noun))
        if self.shown and (now - self.drawn >= _SECONDS_BETWEEN or done == asked):
            self.drawn = now
            text = progress_line(done, asked, now - self.started, self.noun)
            print(f"\r{text:<{WIDTH - 1}}", end="", file=sys.stderr, flush=True)


def progress_line(done: int, asked: int, seconds: float, noun: str) -> str:
    """Return how far a run is, at which rate, and how long it will still take at that rate."""
    filled = _BAR * done // max(asked, 1)
    line = f"[{'#' * filled}{'.' * (_BAR - filled)}] {done:,}/{asked:,} {noun}"
    if done == 0 or seconds <= 0.0:
        return line
    rate = done / seconds
    return f"{line}, {rate:,.1f} a second, {duration((asked - done) / rate)} left"[: WIDTH - 1]


def duration(seconds: float) -> str:
    """Return a time in words."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
