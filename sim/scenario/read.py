"""Reading scenario files: size, encoding, syntax, and what a file inherits from the one it extends."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import ScenarioError, printable
from sim.parameters import Parameter, World
from sim.scenario.keys import (
    Key,
    Tree,
    declared,
    dotted,
    nearest,
    parameter_at,
    quoted,
    shown,
    split_key,
    suggestion,
)
from sim.scenario.positions import line_of_key_with, lines_of
from sim.shipped import shipped, shipped_names

LARGEST_BYTES = 1_000_000
_DEEPEST = 16
_LONGEST_SYNTAX_ERROR = 200

HEADING = {
    "extends": "the scenario this one inherits from: a shipped name, or a file in the same folder",
    "without": "inherited entries to leave out, as in channels.back",
}


@dataclass(frozen=True, eq=False)
class Document:
    """One TOML file that was read; `label` is how messages call it."""

    path: Path
    label: str
    text: str = field(repr=False)
    tree: Tree = field(repr=False)

    @cached_property
    def lines(self) -> dict[Key, int]:
        """The line of each key, found when first asked for."""
        return lines_of(self.text)


@dataclass(frozen=True, eq=False)
class Place:
    """Where a key stands; as text, file:line."""

    document: Document
    key: Key

    def __str__(self) -> str:
        return f"{self.document.label}:{self.document.lines[self.key]}"


@dataclass(frozen=True)
class Laid:
    """A set of assumptions that was laid over: its name, what messages call its file, and what to know of it there.

    path   its file; None where it was read from a result folder
    """

    name: str
    label: str
    path: Path | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Given:
    """What files and set values say together: the values, where each was said last, and what to call the whole.

    scope   what a file may say
    laid    the sets of assumptions that were laid over, in order
    """

    tree: Tree = field(repr=False)
    places: dict[Key, Place | str] = field(repr=False)
    label: str
    scope: type = World
    laid: tuple[Laid, ...] = ()

    def place(self, key: Key) -> Place | str:
        """Return where a key stands, or the nearest table around it."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.places:
                return self.places[key[:length]]
        return self.label

    def parameter_at(self, key: Key) -> tuple[Parameter | None, str]:
        """Return the parameter that a key addresses, or None and what is wrong with the key."""
        return parameter_at(key, self.tree, self.scope)

    def holds(self, key: Key) -> bool:
        """Return whether the tree has a table or a value at `key`."""
        level: Any = self.tree
        for part in key:
            if not isinstance(level, Mapping) or part not in level:
                return False
            level = level[part]
        return True

    def with_values(self, values: Mapping[Key, tuple[Any, Place | str]]) -> Given:
        """Return the same with some values, each with its place, put over it; tables on the way are made."""
        tree = dict(self.tree)
        for key, (value, _) in values.items():
            level = tree
            for part in key[:-1]:
                level[part] = dict(level.get(part, {}))
                level = level[part]
            level[key[-1]] = value
        places = self.places | {key: place for key, (_, place) in values.items()}
        return replace(self, tree=tree, places=places)

    def with_entry(self, key: Key, source: Key) -> Given:
        """Return the same with the table that stands at `source` repeated at `key`."""
        entry: Any = self.tree
        for part in source:
            entry = entry[part]
        moved = {(*key, *at[len(source) :]): place for at, place in self.places.items() if at[: len(source)] == source}
        given = self.with_values({key: (entry, self.place(source))})
        return replace(given, places=given.places | moved)

    def without(self, keys: Iterable[Key]) -> Given:
        """Return the same without what stands at `keys`, which must be there."""
        gone = set(keys)
        tree = dict(self.tree)
        for key in sorted(gone, key=len, reverse=True):  # what is inside an entry goes before the entry
            level = tree
            for part in key[:-1]:
                level[part] = dict(level[part])
                level = level[part]
            del level[key[-1]]
        places = {
            at: place
            for at, place in self.places.items()
            if not any(at[:length] in gone for length in range(1, len(at) + 1))
        }
        return replace(self, tree=tree, places=places)


def label_of(path: Path) -> str:
    """Return a path as messages show it: relative to the working directory when below it, with / on Windows too."""
    full = os.path.abspath(path)  # noqa: PTH100  (a link keeps the name its reader knows)
    here = os.getcwd() + os.sep  # noqa: PTH109
    shown_path = full.removeprefix(here).replace(os.sep, "/")
    return printable(shown_path)


def read_document(path: Path, label: str = "") -> Document:
    """Return a TOML file, or raise a ScenarioError that says why it cannot be read."""
    label = label or label_of(path)
    return parse_document(path, label, _text(_bytes(path, label), label))


def parse_document(path: Path, label: str, text: str) -> Document:
    """Return the document that a text makes, or raise a ScenarioError that says why it is none."""
    deepest = line_of_key_with(_DEEPEST + 1, text)
    if deepest:  # tomllib's time and memory grow with the square of the parts of a key
        raise ScenarioError(f"{label}:{deepest}: is nested more than {_DEEPEST} deep")
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(f"{label}: is nested too deeply") from None
    except ValueError as error:
        raise ScenarioError(_syntax_message(label, text, str(error))) from None
    return Document(path, label, text, check_depth(tree, label))


def check_depth(tree: Tree, label: str) -> Tree:
    """Return `tree` if its tables and lists are not nested deeper than any scenario needs."""
    level: list[Any] = [tree]
    for _ in range(_DEEPEST):
        below = [child for parent in level for child in (parent.values() if isinstance(parent, dict) else parent)]
        level = [child for child in below if isinstance(child, dict | list)]
        if not level:
            return tree
    raise ScenarioError(f"{label}: is nested more than {_DEEPEST} deep")


def _bytes(path: Path, label: str) -> bytes:
    """Return the content of a regular file of reasonable size."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ScenarioError(f"{label}: is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise ScenarioError(f"{label}: is not a regular file")
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ScenarioError(f"{label}: cannot be read ({error.strerror or type(error).__name__})") from None
    except ValueError:
        raise ScenarioError(f"{label}: is not the name of a file") from None
    if len(data) > LARGEST_BYTES:
        raise ScenarioError(f"{label}: is larger than {LARGEST_BYTES // 1000} kB, the most a scenario may be")
    return data


def _text(data: bytes, label: str) -> str:
    """Return the text of a file; a byte order mark, which some editors write, is left out."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"{label}:{line}: is not UTF-8 text (byte 0x{data[error.start]:02x})") from None


def _syntax_message(label: str, text: str, reason: str) -> str:
    """Return tomllib's complaint with its line in front."""
    at = re.search(r" \(at line (\d+), column (\d+)\)$", reason)
    if at:
        reason, line = f"{reason[: at.start()]} (column {at[2]})", int(at[1])
    else:
        line = text.rstrip("\n").count("\n") + 1
    reason = reason if len(reason) <= _LONGEST_SYNTAX_ERROR else reason[:_LONGEST_SYNTAX_ERROR] + "…"
    cause = _usual_cause(reason, text.split("\n")[line - 1])
    return f"{label}:{line}: is not TOML: {printable(reason)}{cause}"


def _usual_cause(reason: str, line: str) -> str:
    """Return what most likely is wrong with a line of which tomllib complains, and the remedy; nothing if nobody knows."""
    key, equals, value = line.partition("=")
    if "overwrite" in reason or "twice" in reason:
        return f"; {quoted(key.strip())} is given twice here: keep one of the two" if equals else ""
    if set(line) & set("“”„‟‘’"):
        return "; curly quotes are no quotes here: write straight ones"
    if re.fullmatch(r"\s*[-+]?\d+,\d+\s*(#.*)?", value):
        return "; a number has a decimal point, as in 0.5"
    return ""


def find_file(source: str | os.PathLike[str], kind: str, noun: str) -> tuple[Path, str]:
    """Return the path and the label of a file: a shipped name, else a path.

    kind, noun   which shipped files are meant, and what one of them is called: "scenarios", "scenario"
    """
    name, known = os.fsdecode(source), shipped_names(kind)
    if isinstance(source, str) and name in known:
        return _shipped_file(name, kind)
    path = Path(name)
    if not os.path.lexists(name):
        raise ScenarioError(f"{quoted(name)} is neither a shipped {noun} nor a file{suggestion(name, known, kind)}")
    return path, label_of(path)


def _shipped_file(name: str, kind: str) -> tuple[Path, str]:
    """Return the path and the label of a shipped file."""
    return shipped(kind) / f"{name}.toml", f"{kind}/{name}.toml"


def read_chain(path: Path, label: str) -> list[Document]:
    """Return a scenario file and all it inherits from, the oldest ancestor first."""
    documents = [read_document(path, label)]
    seen = [_identity(path)]
    while "extends" in documents[-1].tree:
        child = documents[-1]
        parent, parent_label = _parent(child)
        if _identity(parent) in seen:
            circle = " -> ".join([*(document.label for document in documents), parent_label])
            raise ScenarioError(f"{Place(child, ('extends',))}: extends goes in a circle: {circle}")
        documents.append(read_document(parent, parent_label))
        seen.append(_identity(parent))
    return documents[::-1]


def _identity(path: Path) -> str:
    """Return what two paths of one file have in common."""
    return os.path.realpath(path)


def _parent(child: Document) -> tuple[Path, str]:
    """Return the path and the label of the file that `child` extends."""
    place, name = Place(child, ("extends",)), child.tree["extends"]
    if not isinstance(name, str):
        raise ScenarioError(f"{place}: extends = {shown(name)} is not text (one parent: {HEADING['extends']})")
    if name in shipped_names("scenarios"):
        return _shipped_file(name, "scenarios")
    if not name.endswith(".toml"):
        hint = suggestion(name, shipped_names("scenarios"), "scenarios")
        raise ScenarioError(f"{place}: extends = {quoted(name)} is not a shipped scenario (a file ends in .toml){hint}")
    folder = child.path.parent
    path = folder / name
    if "\0" in name or Path(name).name != name or "\\" in name:
        raise ScenarioError(f"{place}: extends = {quoted(name)} must be a file in the same folder, without a path")
    if os.path.dirname(_identity(path)) != _identity(folder):  # noqa: PTH120
        raise ScenarioError(f"{place}: extends = {quoted(name)} leads out of the folder")
    if not path.exists():
        close = nearest(name, (sibling.name for sibling in folder.glob("*.toml")))
        hint = f"; did you mean '{printable(close)}'?" if close else ""
        raise ScenarioError(f"{place}: extends = {quoted(name)}: no such file in the same folder{hint}")
    return path, Path(child.label).with_name(name).as_posix()


def merge_documents(documents: Iterable[Document]) -> Given:
    """Return what a chain of files says together: tables merge, everything else is replaced by the child's."""
    given = Given({}, {}, "")
    for document in documents:
        given = _without_listed(Given(given.tree, given.places, document.label), document)
        content = {name: value for name, value in document.tree.items() if name not in HEADING}
        places = dict(given.places)
        tree = _merge(given.tree, content, document, (), places)
        given = Given(tree, places, document.label)
    return given


def _merge(old: Tree, new: Tree, document: Document, key: Key, places: dict[Key, Place | str]) -> Tree:
    """Return `old` with `new` over it, and note the place of everything new."""
    tree = dict(old)
    for name, value in new.items():
        here = (*key, name)
        places[here] = Place(document, here)
        if isinstance(value, dict):
            inherited = tree.get(name)
            tree[name] = _merge(inherited if isinstance(inherited, dict) else {}, value, document, here, places)
        else:
            tree[name] = value
    return tree


def _without_listed(given: Given, document: Document) -> Given:
    """Return what is inherited without the entries the file lists under `without`."""
    names = document.tree.get("without", [])
    place = Place(document, ("without",))
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ScenarioError(f"{place}: without = {shown(names)} is not a list of names ({HEADING['without']})")
    if names and "extends" not in document.tree:
        raise ScenarioError(f"{place}: without needs extends: nothing is inherited here")
    keys: list[Key] = []
    for name in dict.fromkeys(names):
        key = split_key(name)
        if not given.holds(key):
            known = (".".join(at) for at in given.places if _names_entry(at))
            raise ScenarioError(
                f"{place}: without: nothing inherited is called '{dotted(key)}'{suggestion(name, known)}"
            )
        if not _names_entry(key):
            raise ScenarioError(f"{place}: without: '{dotted(key)}' is not an entry such as channels.back")
        keys.append(key)
    return given.without(keys)


def _names_entry(key: Key) -> bool:
    """Return whether a key has the form TABLE.NAME or TABLE.NAME.TABLE.NAME."""
    tables = declared(World).tables
    if len(key) == 4:
        return key[0] in tables and key[2] in declared(tables[key[0]][0]).tables
    return len(key) == 2 and (key[0] in tables or key[0] == "interventions")
