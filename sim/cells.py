"""Text in tables that a spreadsheet opens: told as UTF-8 by its first bytes, and nothing in it reckoned."""

from __future__ import annotations

from typing import Final

# What a spreadsheet knows UTF-8 by; it reads letters in the script of its machine otherwise.
MARK: Final = "\ufeff"
_QUOTE = "'"
# A spreadsheet reckons what begins so; where it is set to Japanese, with the wide forms of the signs too.
_REASONS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", _QUOTE)


def guarded(text: str) -> str:
    """Return a text as a cell of CSV that no spreadsheet reckons; less a first apostrophe, it is the text again."""
    return f"{_QUOTE}{text}" if text.lstrip(" ").startswith(_REASONS) else text
