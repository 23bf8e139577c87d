"""What goes wrong on a worker: loaded into a Dask worker (`--preload`), with the name of its fault in SIM_FAULT."""

import json
import os
import threading
import zlib

import numpy as np
import pyarrow

from sim.study.sweep import workers

_SOUND = workers.task_answer


def _changed(change):
    """Return a fault: the sound answer, its head and values changed by a function of both."""

    def fault(task, module):
        head, _, packed = _SOUND(task, module).partition(b"\n")
        told = json.loads(head)
        data = bytearray(pyarrow.input_stream(pyarrow.BufferReader(packed), compression="zstd").read())
        change(told, data)
        packed = pyarrow.compress(bytes(data), codec="zstd", asbytes=True)
        return json.dumps(told | {"sum": zlib.crc32(data)}).encode() + b"\n" + packed

    return fault


def _column(told, data, name):
    """Return the values of a column of the first part, to be changed in place."""
    part, at = told["parts"][0], 0
    rows = part["range"][2] - len(part["failed"])
    for found, kind in part["columns"]:
        if found == name:
            return np.frombuffer(data, kind, rows, at)
        at += rows * np.dtype(kind).itemsize
    raise KeyError(name)


def _putting(name, value):
    """Return a fault that puts a value into a column."""

    def change(told, data):
        _column(told, data, name)[0] = value

    return _changed(change)


def _nudge(told, data):
    """Change the last bit of one number."""
    front = _column(told, data, "front")
    front[0] = np.nextafter(front[0], 0.5)


def _fail_all(told, data):
    """Say that every replicate has failed."""
    for part in told["parts"]:
        first, count = part["range"][1:]
        part["failed"] = [[number, "Error: it failed", ""] for number in range(first, first + count)]
    data.clear()


def _wait(task, module):
    """Never come back, while the worker's heart beats on."""
    threading.Event().wait()


def _exit(task, module):
    """End the process."""
    os._exit(1)


def _of_the_next_seed(job):
    """Return the same job for the next seed."""
    return job._replace(origin=job.origin._replace(seed=job.origin.seed + 1))


def _raise(task, module):
    """Fail as no sound worker does."""
    raise MemoryError("no more")


class _Strange(Exception):  # noqa: N818  (it is strange)
    """An error that cannot be unpickled."""

    def __reduce__(self):
        return _Strange._nowhere, ()

    @staticmethod
    def _nowhere():
        raise ImportError("cannot be unpickled")


def _raise_strange(task, module):
    """Fail with an error that cannot be unpickled."""
    raise _Strange


FAULTS = {
    "fewer rows": _changed(lambda told, data: data.__delitem__(slice(0, 8))),
    "more rows": _changed(lambda told, data: data.extend(bytes(800))),
    "not a number": _putting("front", np.nan),
    "infinite": _putting("misperception.attacker.defender", np.inf),
    "out of range": _putting("front", 1.5),
    "a flag of two": _putting("success", 2),
    "an unknown outcome": _putting("outcome", 99),
    "a negative count": _putting("openings", -1),
    "another replicate": _putting("replicate", 2**40),
    "other columns": _changed(lambda told, data: told["parts"][0]["columns"][1].__setitem__(0, "victory")),
    "other types": _changed(lambda told, data: told["parts"][0]["columns"][1].__setitem__(1, "<f8")),
    "another point": _changed(lambda told, data: told["parts"][0]["range"].__setitem__(0, 7)),
    "no parts": _changed(lambda told, data: told["parts"].clear()),
    "another module": _changed(lambda told, data: told.update(module="0" * 64)),
    "long texts": _changed(lambda told, data: told["parts"][0]["failed"].append([0, "E" * 10**6, ""])),
    "garbage": lambda task, module: os.urandom(10_000),
    "nothing": lambda task, module: b"",
    "giant": lambda task, module: bytes(64_000_000),
    "nested": lambda task, module: b"[" * 100_000,
    "no bytes": lambda task, module: {"parts": [1, 2, 3]},
    "an error": _raise,
    "a strange error": _raise_strange,
    "ends": _exit,
    "half dead": _wait,
    "another seed": lambda task, module: _SOUND([_of_the_next_seed(job) for job in task], module),
    "another point's rows": lambda task, module: _SOUND([job._replace(sets={"front.sd": 0.2}) for job in task], module),
    "the last bit": _changed(_nudge),
    "all failed": _changed(_fail_all),
}
LIES = ("another seed", "another point's rows", "the last bit", "all failed")

if os.environ.get("SIM_FAULT") in FAULTS:
    workers.task_answer = FAULTS[os.environ["SIM_FAULT"]]
