"""An agent-based simulator of diplomatic negotiation tracks.

    import sim
    scenario = sim.load("secret-track-1.5")
    result = sim.run(scenario, replicates=1000, seed=1)
    contrast = sim.compare(sim.load("reference"), scenario, replicates=1000, seed=1)
    talks = sim.War(scenario, seed=1, replicate=17).run()

Every name is imported when it is first used, so that `import sim` is quick.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # type checkers take it to be true; to import it from `typing` would take as long as all the rest
if TYPE_CHECKING:
    from sim import shipped as shipped
    from sim.engines.open import War as War
    from sim.scenario.load import Scenario as Scenario
    from sim.study.design.loading import load as load
    from sim.study.play.contrasts import compare as compare
    from sim.study.play.replicates import follow as follow
    from sim.study.play.replicates import run as run
    from sim.study.store.folder import open_folder as open_folder

    MODEL_VERSION: str
    __version__: str

# Each public name and where it lives: a module, and a name in it; "()" says that it is what a function returns.
PUBLIC = {
    "MODEL_VERSION": "sim.version model_version()",
    "Scenario": "sim.scenario.load Scenario",
    "War": "sim.engines.open War",
    "__version__": "sim.version package_version()",
    "compare": "sim.study.play.contrasts compare",
    "follow": "sim.study.play.replicates follow",
    "load": "sim.study.design.loading load",
    "open_folder": "sim.study.store.folder open_folder",
    "run": "sim.study.play.replicates run",
    "shipped": "sim.shipped",
}

__all__ = list(PUBLIC)


def __getattr__(name: str) -> object:
    """Return a public name, imported now."""
    if name not in PUBLIC:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    module, _, attribute = PUBLIC[name].partition(" ")
    value: object = import_module(module)
    if attribute:
        value = getattr(value, attribute.removesuffix("()"))
    if attribute.endswith("()"):
        value = value()  # type: ignore[operator]
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, imported or not."""
    return sorted({*globals(), *__all__})
