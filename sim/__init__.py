"""An agent-based simulator of diplomatic negotiation tracks.

    import sim
    scenario = sim.load("secret-track-1.5")
    result = sim.run(scenario, replicates=1000, seed=1)
    contrast = sim.compare(sim.load("reference"), scenario, replicates=1000, seed=1)
    talks = sim.Talks(scenario, seed=1, replicate=17).run()

Every name is imported when it is first used, so that `import sim` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import shipped as shipped
    from sim.engines.model import Talks as Talks
    from sim.scenario import Scenario as Scenario
    from sim.scenario import load as load
    from sim.study.contrasts import compare as compare
    from sim.study.replicates import follow as follow
    from sim.study.replicates import run as run
    from sim.study.store import open_folder as open_folder
    from sim.version import MODEL_VERSION as MODEL_VERSION

    __version__: str

# Each public name, the module it lives in, and its name there; without one it is the module itself.
PUBLIC = {
    "MODEL_VERSION": ("sim.version", "MODEL_VERSION"),
    "Scenario": ("sim.scenario", "Scenario"),
    "Talks": ("sim.engines.model", "Talks"),
    "compare": ("sim.study.contrasts", "compare"),
    "follow": ("sim.study.replicates", "follow"),
    "load": ("sim.scenario", "load"),
    "open_folder": ("sim.study.store", "open_folder"),
    "run": ("sim.study.replicates", "run"),
    "shipped": ("sim.shipped", ""),
}

__all__ = [  # noqa: PLE0604, RUF100  (a linter that follows no lazy names calls them undefined)
    "MODEL_VERSION",
    "Scenario",
    "Talks",
    "__version__",
    "compare",
    "follow",
    "load",
    "open_folder",
    "run",
    "shipped",
]


def __getattr__(name: str) -> object:
    """Return a public name, imported now."""
    if name == "__version__":
        value: object = import_module("sim.version").package_version()
    elif name in PUBLIC:
        module, attribute = PUBLIC[name]
        value = import_module(module)
        value = getattr(value, attribute) if attribute else value
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return sorted({*globals(), *__all__})
