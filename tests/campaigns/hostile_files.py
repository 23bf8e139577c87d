"""Whatever stands in a scenario, an experiment or a result folder's JSON, it is read or refused in lines that name the file.

`size` files are made, a third of each kind: a valid text of which pieces are dropped, doubled, moved, exchanged or given
values that nobody expects, or of which bytes are changed; brackets, quotes, very long and very many keys among them. It is
wrong if one ends in anything but an answer or a complaint, if a complaint names no file, holds a sign that does not print
or more lines than a screen has, or if fewer than a tenth of the files are read or fewer than a tenth refused.
"""

import json
import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.errors import SimError
from sim.scenario.load import load
from sim.shipped import shipped
from sim.study.design.experiments import load_experiment
from sim.study.store.folder import open_folder
from tests.study.sweeping import swept

SIZE, SEED = 20_000, 97
MOST_LINES = 20
LEAST_SHARE = 0.1

EXPERIMENT = """\
title = "Hostile"
question = "What does the channel do?"
replicates = 2
outcomes = ["success", "deal_existed"]
[scenarios.none]
extends = "reference"
[scenarios.secret]
extends = "secret-track-1.5"
set = { "channels.back.cadence_weeks" = 8 }
[factors.spread]
keys = ["front.sd"]
values = [0.01, 0.02]
[contrasts.channel]
a = "none"
b = "secret"
[claims.helps]
claim = "The channel helps"
[claims.helps.rows.success]
points = ["none", "secret"]
outcome = "success"
direction = "higher"
"""
SCENARIO = (shipped("scenarios") / "secret-track-1.5.toml").read_text(encoding="utf-8")
# fmt: off
ODD = [
    "0", "-1", "1e999", "nan", "true", "''", "'x'", "[]", "[[]]", "{}", "{ x = 1 }", "1979-05-27", "9" * 400, "[" * 200,
    f"'{'x' * 5000}'", "'\u202e'", '"""', "", "'reference'", "'../x.toml'", "'a\tb'", "0x1F", "-0.0", "1_000",
]
# fmt: on
ODD_JSON: list[Any] = [None, True, 0, -1, 1.5, 10**30, "", "x", "\udcff", "\n\x1b", [], [[]], {}, {"x": 1}, "x" * 5000]


def run(size: int, seed: int) -> dict[str, Any]:
    """Return how many files of each kind were read and refused, and what went wrong."""
    luck = random.Random(seed)
    counts: Counter[str] = Counter()
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as name, _working_in(Path(name)):
        kinds = [_reads_scenario, _reads_experiment, _folder_reader()]
        for number in range(size):
            read = kinds[number % len(kinds)]
            try:
                read(luck)
                counts["read"] += 1
            except SimError as error:
                counts["refused"] += 1
                problems += [f"{read.__name__} {number}: {fault}" for fault in _faults(str(error))]
            except Exception as error:  # noqa: BLE001  (this is what is looked for)
                problems.append(f"{read.__name__} {number}: {type(error).__name__}: {error}"[:300])
    return {"files": size, **counts, "problems": problems}


def wrong(result: dict[str, Any]) -> list[str]:
    """Return what is not as it must be."""
    rare = [kind for kind in ("read", "refused") if result.get(kind, 0) < LEAST_SHARE * result["files"]]
    return [*result["problems"][:5], *(f"too few files were {kind}" for kind in rare)]


def found(result: dict[str, Any]) -> str:
    """Return a line about the result."""
    return f"{result['read']} read, {result['refused']} refused, {len(result['problems'])} ended otherwise"


def _faults(message: str) -> Iterator[str]:
    """Yield what is wrong with a complaint."""
    lines = message.split("\n")
    if not re.match(r"\S*(hostile|folder)", lines[0]):
        yield f"names no file: {lines[0][:200]}"
    if len(lines) > MOST_LINES or not all(line.isprintable() for line in lines):
        yield f"is not fit to print: {message[:200]!a}"


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Work in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _reads_scenario(luck: random.Random) -> None:
    """Read a hostile scenario."""
    Path("hostile.toml").write_bytes(_damaged(SCENARIO, luck))
    load("hostile.toml")


def _reads_experiment(luck: random.Random) -> None:
    """Read a hostile experiment."""
    Path("hostile.toml").write_bytes(_damaged(EXPERIMENT, luck))
    load_experiment("hostile.toml")


def _folder_reader() -> Callable[[random.Random], None]:
    """Return what reads a result folder of which one JSON file is hostile."""
    Path("whole.toml").write_text(EXPERIMENT, encoding="utf-8")
    swept(Path("whole.toml"), Path("folder"))
    texts = {name: Path("folder", name).read_text(encoding="utf-8") for name in ("manifest.json", "design.json")}

    def reads_folder(luck: random.Random) -> None:
        name = luck.choice(list(texts))
        try:
            Path("folder", name).write_bytes(_damaged_json(texts[name], luck))
            folder = open_folder("folder")
            len(folder.points)
        finally:
            Path("folder", name).write_text(texts[name], encoding="utf-8")

    return reads_folder


def _damaged(text: str, luck: random.Random) -> bytes:
    """Return a TOML text of which something is as nobody expects."""
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    for _ in range(luck.randint(1, 3)):
        at = luck.randrange(len(lines))
        match luck.randrange(9):
            case 0:
                lines.pop(at) if len(lines) > 1 else None
            case 1:
                lines.insert(luck.randrange(len(lines)), lines[at])
            case 2:
                lines[at] = re.sub(r"=.*", lambda _: f"= {luck.choice(ODD)}", lines[at])
            case 3:
                words = re.findall(r"\w+", lines[at]) or ["x"]
                lines[at] = lines[at].replace(luck.choice(words), luck.choice(re.findall(r"\w+", text)))
            case 4:
                lines.insert(at, "".join(f"odd{number} = 1\n" for number in range(luck.choice([1, 30, 2000]))))
            case 5:
                lines.insert(at, ".".join("a" * luck.choice([2, 17, 5000])) + " = 1")
            case _:
                lines[at] += " # a remark"
    return _with_other_bytes("\n".join(lines).encode(), luck)


def _damaged_json(text: str, luck: random.Random) -> bytes:
    """Return a JSON text of which a value, or some bytes, are as nobody expects."""
    tree = json.loads(text)
    match luck.randrange(5):
        case 0:
            return b"[" * luck.choice([3, 100_000]) if luck.random() < 0.5 else b'{"a":' * 100_000
        case 1:
            return _with_other_bytes(text.encode(), luck, always=True)
        case 2:
            return json.dumps(luck.choice(ODD_JSON)).encode()
        case 3:
            return text.replace(" ", luck.choice(["", "  ", "\n"])).encode() if luck.random() < 0.9 else b""
    level = tree
    while True:
        keys = list(level) if isinstance(level, dict) else range(len(level))
        key = luck.choice(list(keys))
        below = level[key]
        if not isinstance(below, dict | list) or not below or luck.random() < 0.3:
            break
        level = below
    if luck.random() < 0.3:
        del level[key]
    else:
        level[key] = luck.choice(ODD_JSON)
    return json.dumps(tree).encode()


def _with_other_bytes(data: bytes, luck: random.Random, always: bool = False) -> bytes:
    """Return bytes of which, now and then, a few are others, or the end is missing."""
    changed = bytearray(data)
    if always or luck.random() < 0.2:
        for _ in range(luck.randint(1, 5)):
            changed[luck.randrange(len(changed))] = luck.randrange(256)
    if luck.random() < 0.05:
        del changed[luck.randrange(len(changed)) :]
    return bytes(changed)
