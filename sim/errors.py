"""What can go wrong on the reader's side, one class a kind of mistake, and how a message shows what others have named."""

_MOST_LINES = 20
_MOST_COUNTED = 1_000
_LONGEST_LINE = 1_000
_FIRST_BYTE, _LAST_BYTE = "\udc80", "\udcff"  # how Python reads a byte of a file name that is no UTF-8


class SimError(Exception):
    """A question that could not be answered; the message, one line or several, is for the reader, without a traceback."""

    exit_status = 1

    def __str__(self) -> str:
        """Return its lines; whatever a line quotes, it stays one."""
        return "\n".join(one_line(str(line)) for line in self.args)


class ScenarioError(SimError):
    """A scenario, or a value set over one, that says what it may not say; one line for each mistake."""

    exit_status = 2


class OpenEngineWarning(UserWarning):
    """A model class of one's own that the compiled engine can't play: the open engine does, and takes long."""


class Problems:
    """The mistakes found so far, each once, in the order of the search, which ends where there are very many of them."""

    def __init__(self) -> None:
        self._lines: dict[str, None] = {}
        self._more = 0

    def __len__(self) -> int:
        return len(self._lines) + self._more

    def add(self, place: object, message: str) -> None:
        """Note one mistake, or raise if there are too many; `place` is only turned into text if it will be shown."""
        if len(self._lines) >= _MOST_LINES:
            self._more += 1
            if len(self) > _MOST_COUNTED:  # to say what is wrong, and what is meant, costs more than to find it
                self.refuse()
        else:
            self._lines[one_line(f"{place}: {message}")] = None

    def refuse(self) -> None:
        """Raise what was found, if anything was."""
        if not self._lines:
            return
        lines = list(self._lines)
        if self._more:
            least = "at least " if len(self) > _MOST_COUNTED else ""
            lines[_MOST_LINES - 1 :] = [f"and {least}{self._more + 1} more mistakes"]
        raise ScenarioError(*lines)


def printable(thing: object) -> str:
    """Return what a thing is called on one line: letters of any script as they are, all that does not print escaped.

    So no name can move the cursor, turn the direction of writing round or look like two lines. A byte of a name that is
    not UTF-8 is shown as the byte.
    """
    text = str(thing)
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(letter: str) -> str:
    """Return a letter as it is, or escaped where it does not print."""
    if letter.isprintable():
        return letter
    if _FIRST_BYTE <= letter <= _LAST_BYTE:
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return letter.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    """Return a text as one line of a message: what does not print escaped, and cut if it is very long."""
    line = printable(text[:_LONGEST_LINE])
    return line if len(text) <= _LONGEST_LINE else f"{line}…"
