"""On which line of a TOML file each key stands.

tomllib gives no lines, and the parsers that do are larger than this file or need a compiled grammar. The text is known
to be valid here (tomllib read it), so it is enough to find keys: strings and comments must not be taken for them.
"""

from __future__ import annotations

import re
import tomllib

Key = tuple[str, ...]

_TOKEN = re.compile(
    r"""
      (?P<blank> [ \t\r]+ | \#[^\n]* )
    | (?P<word> \"{3} (?: \\. | (?!\"{3})[^\\] )* \"{3,5}
              | '{3} (?: (?!'{3}). )* '{3,5}
              | " (?: \\. | [^"\\] )* "
              | ' [^']* '
              | [^][\s{}=,."'\#]+ )
    | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)


# In any text, valid or not: what is opened and never closed goes on to the end, so that nothing is read twice.
_STRINGS_AND_COMMENTS = r"""
      \#[^\n]*+
    | \"{3} (?: \\. | (?!\"{3})[^\\] )*+ (?: \"{3,5} | \\? \Z )
    | '{3} (?: (?!'{3}). )*+ (?: '{3,5} | \Z )
"""
_PART = r"""(?: [\w-]++ | " (?: \\. | [^"\\\n] )*+ (?: "|(?=\n)|\\?\Z ) | '[^'\n]*+ (?: '|(?=\n)|\Z ) )"""
_DOT = r"""[ \t]*+ \. [ \t]*+"""


def line_of_key_with(parts: int, text: str) -> int:
    """Return the line of the first key of so many parts in a text that need not be valid TOML, 0 if there is none."""
    long = rf"(?P<long> {_PART} (?: {_DOT} {_PART} ){{{parts - 1}}} )"
    any_other = rf"{_PART} (?: {_DOT} {_PART} )*+ | ."
    for match in re.finditer(f"{_STRINGS_AND_COMMENTS} | {long} | {any_other}", text, re.VERBOSE | re.DOTALL):
        if match["long"]:
            return text.count("\n", 0, match.start()) + 1
    return 0


def lines_of(text: str) -> dict[Key, int]:
    """Return the line of each key and of each table's first mention in a valid TOML text; lists are not entered."""
    return _Reader(text).read()


class _Reader:
    """A walk over the tokens of a valid TOML text, one token ahead."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.finditer(text)
        self._line = 1
        self._token = ""
        self._next_line = 1
        self._lines: dict[Key, int] = {}
        self._advance()

    def read(self) -> dict[Key, int]:
        """Return the line of each key."""
        table: Key = ()
        while self._token:
            if self._token == "\n":
                self._advance()
            elif self._token == "[":
                while self._token == "[":
                    self._advance()
                table = self._key(())
                while self._token == "]":
                    self._advance()
            else:
                self._pair(table)
        return self._lines

    def _advance(self) -> None:
        """Go to the next token that is neither blank nor a comment; none is left where it is empty."""
        self._line = self._next_line
        for match in self._tokens:
            if match.lastgroup != "blank":
                self._token = match.group()
                self._next_line += self._token.count("\n")
                return
        self._token = ""

    def _key(self, table: Key) -> Key:
        """Read a dotted key that stands in `table`, and note its line and those of the tables it implies."""
        key = table
        while True:
            key = (*key, _plain(self._token))
            self._lines.setdefault(key, self._line)
            self._advance()
            if self._token != ".":
                return key
            self._advance()

    def _pair(self, table: Key) -> None:
        """Read a key and its value."""
        key = self._key(table)
        self._advance()
        if self._token == "{":
            self._inline(key)
            return
        depth = 0
        while self._token and (depth or self._token not in ("\n", ",", "}")):
            depth += (self._token in ("[", "{")) - (self._token in ("]", "}"))
            self._advance()

    def _inline(self, table: Key) -> None:
        """Read an inline table."""
        self._advance()
        while self._token != "}":
            if self._token in (",", "\n"):
                self._advance()
            else:
                self._pair(table)
        self._advance()


def _plain(token: str) -> str:
    """Return the name that a bare or quoted part of a key stands for."""
    if token[0] not in "\"'":
        return token
    return next(iter(tomllib.loads(f"{token} = 0")))
