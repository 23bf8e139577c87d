"""What can go wrong on the reader's side, one class a kind of mistake."""

_MOST_LINES = 20


class SimError(Exception):
    """A question that could not be answered; the message is for the reader, without a traceback."""

    exit_status = 1


class ScenarioError(SimError):
    """A scenario, or a value set over one, that says what it may not say; one line for each mistake."""

    exit_status = 2


class OpenEngineWarning(UserWarning):
    """A model class of one's own that the compiled engine can't play: the open engine does, and takes long."""


class Problems:
    """The mistakes found so far, each once, in the order of the search."""

    def __init__(self) -> None:
        self._lines: dict[str, None] = {}
        self._more = 0

    def __len__(self) -> int:
        return len(self._lines) + self._more

    @property
    def full(self) -> bool:
        """Whether further mistakes are only counted, so that nobody need look for their line or a suggestion."""
        return len(self._lines) >= _MOST_LINES

    def add(self, place: object, message: str) -> None:
        """Note one mistake; `place` is only turned into text if it will be shown."""
        if self.full:
            self._more += 1
        else:
            self._lines[f"{place}: {message}"] = None

    def refuse(self) -> None:
        """Raise what was found, if anything was."""
        if not self._lines:
            return
        lines = list(self._lines)
        if self._more:
            lines[_MOST_LINES - 1 :] = [f"and {self._more + 1} more mistakes"]
        raise ScenarioError("\n".join(lines))
