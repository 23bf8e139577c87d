"""The examples in the pages: found, run, and filled with the output they give.

Fenced blocks of three kinds are examples. Those of one page belong together: they run in the order of the page, in one
folder that is empty at first.

    console   lines that start with `$ ` are commands; those of `sim` are run, other programs are not. Lines below a
              command are its output, `...` standing for any number of lines. A command without output may print
              anything. `# exit status 2` behind a command says how it ends, if not with 0.
    python    run as one script a page; with a first line `# NAME.py` it is kept under that name instead
    toml      a scenario, a set of assumptions or an experiment; with a first line `# NAME.toml` it is kept under that
              name, otherwise it is checked as an addition to PARENT, or as it stands if it says what it extends
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.cli import main
from sim.scenario.assumptions import read_assumptions
from sim.scenario.load import load
from sim.study.design.experiments import load_experiment

PARENT = "secret-track-1.5"
FENCE = re.compile(r"^```(?P<language>console|python|toml)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"[-+]?\d+(,\d{3})*(\.\d+)?")
FILE_LINE = re.compile(r"# (?P<name>[\w.-]+\.(?:toml|py))$")
STATUS = re.compile(r"# exit status (?P<status>\d+)")
ANY = "..."


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text, and where the text starts in the page."""

    language: str
    text: str
    start: int

    @property
    def file(self) -> str:
        """Return the name of the file that the block is kept as, or nothing."""
        named = FILE_LINE.match(self.text.split("\n")[0])
        return named["name"] if named else ""

    @property
    def is_kept(self) -> bool:
        """Return whether the block is a file that commands of the page may read."""
        return self.language == "toml" or (self.language == "python" and bool(self.file))


@dataclass(frozen=True)
class Command:
    """One command of a console block, with the output shown below it."""

    line: str
    shown: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """Return the words of the command."""
        return shlex.split(self.line, comments=True)

    @property
    def is_ours(self) -> bool:
        """Return whether the command is one of `sim`, which is run."""
        return self.words[:1] == ["sim"]

    @property
    def status(self) -> int:
        """Return how the command is said to end."""
        said = STATUS.search(self.line)
        return int(said["status"]) if said else 0


def blocks(page: str) -> list[Block]:
    """Return the examples of a page in their order."""
    return [Block(found["language"], found["text"], found.start("text")) for found in FENCE.finditer(page)]


def commands(block: Block) -> list[Command]:
    """Return the commands of a console block."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError(f"a console block starts with {line!r} instead of a command")
    return [Command(line, tuple(shown)) for line, shown in found]


def run(command: Command) -> tuple[int, list[str]]:
    """Return the exit status of a command of `sim` and the lines it prints; complaints only where it fails."""
    said, complained = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
        status = main(command.words[1:])
    return status, (said.getvalue() + (complained.getvalue() if status else "")).splitlines()


def keep(block: Block, folder: Path) -> None:
    """Keep a block as the file it names; check it if it is TOML."""
    if block.language == "python":
        (folder / block.file).write_text(block.text, encoding="utf-8")
        return
    named, text = block.file, block.text
    asks = "\nquestion = " in text
    assumes = "\nsentence = " in text
    if not named and not asks and "extends = " not in text:
        text = f'extends = "{PARENT}"\n{text}'
    path = folder / (named or "fragment.toml")
    path.write_text(text, encoding="utf-8")
    if asks:
        load_experiment(path)
    elif assumes:
        read_assumptions(path)
    else:
        load(path)


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Work in an empty folder for a while."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)
            for name, module in list(sys.modules.items()):  # the next page may have a file of the same name
                if str(getattr(module, "__file__", "")).startswith(folder):
                    del sys.modules[name]


def differs(shown: tuple[str, ...], printed: list[str]) -> str:
    """Return the first shown line that was not printed where it should have been, or nothing."""
    at, free = 0, False
    for line in shown:
        if line == ANY:
            free = True
            continue
        places = range(at, len(printed)) if free else range(at, min(at + 1, len(printed)))
        found = next((place for place in places if printed[place].rstrip() == line.rstrip()), None)
        if found is None:
            return line
        at, free = found + 1, False
    return "" if not shown or free or at == len(printed) else printed[at] or "(an empty line)"


def masked(line: str) -> str:
    """Return a line with its numbers taken out and its spaces made one."""
    return " ".join(NUMBER.sub("#", line).split())


def refilled(shown: tuple[str, ...], printed: list[str]) -> list[str]:
    """Return the shown lines with the numbers of the printed lines that are else the same."""
    rest = list(printed)
    lines = []
    for line in shown:
        place = next((at for at, other in enumerate(rest) if line != ANY and masked(other) == masked(line)), None)
        lines.append(line if place is None else rest[place].rstrip())
        rest = rest if place is None else rest[place + 1 :]
    return lines


def with_outputs(page: str) -> str:
    """Return a page with the numbers its commands print now."""
    found = blocks(page)
    if not any(
        command.is_ours and command.shown for one in found if one.language == "console" for command in commands(one)
    ):
        return page
    pieces, at = [], 0
    with workplace() as folder:
        for block in found:
            if block.is_kept:
                keep(block, folder)
            elif block.language == "console":
                pieces += [page[at : block.start], console_with_outputs(block)]
                at = block.start + len(block.text)
    return "".join([*pieces, page[at:]])


def console_with_outputs(block: Block) -> str:
    """Return the text of a console block with the numbers its commands print now."""
    lines = []
    for command in commands(block):
        lines.append(f"$ {command.line}")
        lines += refilled(command.shown, run(command)[1]) if command.is_ours else command.shown
    return "".join(f"{line}\n" for line in lines)
