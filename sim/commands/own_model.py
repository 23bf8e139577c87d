"""The model class of one's own that a command line names: imported here, because its reader typed it, and nowhere else."""

from __future__ import annotations

import inspect
import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.errors import SimError
from sim.scenario.keys import suggestion

_EXAMPLE = "as in opinion:PublicOpinion for the class PublicOpinion in opinion.py"


class _ModelOptionError(SimError):
    """A class of one's own that was named and can't be had."""

    exit_status = 2


def class_named(text: str) -> type:
    """Return the class that MODULE:CLASS names; its module is looked for here, then where Python looks."""
    module_name, colon, name = text.partition(":")
    if not (colon and module_name and name) or module_name.startswith(".."):
        raise _ModelOptionError(f"--model {text}: write MODULE:CLASS, {_EXAMPLE}")
    if module_name.endswith(".py") or "/" in module_name or "\\" in module_name:
        named = Path(module_name).stem
        raise _ModelOptionError(
            f"--model {text}: name the module, not its file: {named}:{name}, from the folder it is in"
        )
    found: object = _imported(text, module_name)
    for part in name.split("."):
        if not hasattr(found, part):
            raise _ModelOptionError(
                f"--model {text}: {module_name} has no class '{name}'{suggestion(name, _models_in(found))}"
            )
        found = getattr(found, part)
    return _checked(text, found)


def _imported(text: str, name: str) -> ModuleType:
    """Return a module, looked for in the current folder first, as `python -m` does."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise _ModelOptionError(
                f"--model {text}: there is no module '{error.name}' in {here}, nor among the packages that are installed"
            ) from None
        raise _ModelOptionError(f"--model {text}: {_where(error)}") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  (whatever the reader's file does, they are told where)
        raise _ModelOptionError(f"--model {text}: {_where(error)}") from None


def _where(error: BaseException) -> str:
    """Return the file and line at which a module failed while it was imported, and with what."""
    what = " ".join(f"{type(error).__name__}: {error}".split())
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {what}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<frozen")]
    return f"{frames[-1].filename}:{frames[-1].lineno}: {what} (while it was imported)"


def _models_in(found: object) -> list[str]:
    """Return the names of the classes in a module or class that look like models of one's own."""
    return [name for name, one in vars(found).items() if inspect.isclass(one) and hasattr(one, "class_of")]


def _checked(text: str, found: Any) -> type:
    """Return what was named, if it is a class whose declarations can be kept."""
    from sim.study.design.loading import described

    if not inspect.isclass(found):
        raise _ModelOptionError(f"--model {text}: is a {type(found).__name__}, not a subclass of sim.War")
    try:
        described(found)
    except SimError as error:
        raise _ModelOptionError(f"--model {text}: {error}") from None
    model: type = found
    return model
