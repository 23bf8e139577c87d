"""How the package is built: imports go round in no circle, and rooms import in one direction."""

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Floors of the house, from the ground up. A module imports from its own room, from the others of its floor, and from the
# floors below. Where a name stands for a package, it stands for all in it.
ROOMS = (
    ("errors", "words", "parameters", "shipped", "extras", "plain", "cells"),
    # Rules are made of numerics, and all three are marked as rules are.
    ("numerics", "chance", "rules"),
    ("search",),
    ("scenario",),
    ("steps",),
    # The model's version is that of what the engines play; what is compiled is kept under it.
    ("engines", "version"),
    ("own",),
    ("study.statistics",),
    ("study.design",),
    ("study.play",),
    ("study.store",),
    ("study.claims",),
    ("study.sweep",),
    ("report", "schema", "starting"),
    ("commands",),
    ("cli",),
    ("__init__", "__main__"),
)


class Import(NamedTuple):
    """That one module imports another: when it is loaded, in a function, or for annotations alone."""

    importer: str
    imported: str
    kind: str


def module_name(path, package):
    """Return the name of a module below the package: report/page.py as report.page."""
    return ".".join(path.relative_to(package).with_suffix("").parts)


def imports_of(package, modules):
    """Yield each import of a module of a package by another, once for each kind."""
    for name, path in modules.items():
        for line in statements(ast.parse(path.read_text(encoding="utf-8")), "loaded"):
            for target in targets(*line):
                found = nearest(target.removeprefix(f"{package.name}."), modules)
                if target.startswith(f"{package.name}.") and found:
                    yield Import(name, found, line[1])


def statements(node, kind):
    """Yield each import below a node with its kind: loaded, late or typing."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, kind
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from statements(child, "late")
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from statements(child, "typing")
        else:
            yield from statements(child, kind)


def targets(statement, _):
    """Return the full names that a statement imports."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    assert statement.level == 0, "imports are absolute, so that one can search for them"
    return [f"{statement.module}.{alias.name}" for alias in statement.names]


def nearest(name, modules):
    """Return the module that a name is, or stands in; None where it is neither."""
    return next((found for found in (name, name.rpartition(".")[0]) if found in modules), None)


def house(package):
    """Return the modules of a package, and what they import of each other; a package itself is no module of the house."""
    paths = [path for path in package.rglob("*.py") if path.name != "__init__.py" or path.parent == package]
    modules = {module_name(path, package): path for path in sorted(paths)}
    return modules, list(imports_of(package, modules))


def circles(imports):
    """Return the sets of modules that import one another, by whatever way round."""
    reached = {name: {name} for one in imports for name in (one.importer, one.imported)}
    for one in imports:
        reached[one.importer].add(one.imported)
    growing = True
    while growing:
        growing = False
        for beyond in reached.values():
            more = set().union(*(reached[name] for name in beyond))
            growing |= not more <= beyond
            beyond.update(more)
    found = {frozenset(other for other in beyond if name in reached[other]) for name, beyond in reached.items()}
    return [sorted(circle) for circle in found if len(circle) > 1]


def floor_of(module):
    """Return the number of the floor on which a module stands."""
    return next(number for number, rooms in enumerate(ROOMS) if any(stands_in(module, room) for room in rooms))


def stands_in(module, room):
    """Return whether a module is a room, or one of those in it."""
    return f"{module}.".startswith(f"{room}.")


def is_annotation_of_the_engines(found):
    """Return whether an import is for annotations alone, between the parts of the open engine.

    Agents know their model and the model its agents, so that each names the other's class. Nothing is imported that way
    when the model runs.
    """
    return found.kind == "typing" and all(stands_in(name, "engines") for name in (found.importer, found.imported))


@pytest.fixture(scope="module")
def sim_house():
    return house(ROOT / "sim")


def test_imports_go_round_in_no_circle(sim_house):
    _, imports = sim_house
    assert circles([one for one in imports if not is_annotation_of_the_engines(one)]) == []


def test_every_module_stands_in_one_room(sim_house):
    modules, _ = sim_house
    rooms = [room for floor in ROOMS for room in floor]
    assert [module for module in modules if sum(stands_in(module, room) for room in rooms) != 1] == []


def test_rooms_import_from_below(sim_house):
    _, imports = sim_house
    upward = [one for one in imports if floor_of(one.imported) > floor_of(one.importer)]
    assert upward == []


@pytest.mark.parametrize("import_it", ["import sim.b", "from sim import b", "from sim.b import x"])
@pytest.mark.parametrize("where", ["{}", "def f():\n    {}", "if TYPE_CHECKING:\n    {}"])
def test_a_circle_is_found_however_it_is_closed(tmp_path, import_it, where):
    package = tmp_path / "sim"
    package.mkdir()
    (package / "a.py").write_text(where.format(import_it), encoding="utf-8")
    (package / "b.py").write_text("from sim.c import x\n", encoding="utf-8")
    (package / "c.py").write_text("from sim.a import x\n", encoding="utf-8")
    (package / "d.py").write_text("from sim.a import x\n", encoding="utf-8")
    assert circles(house(package)[1]) == [["a", "b", "c"]]


MOST_PUBLIC_NAMES = 906  # as many as stand now: every one of them is used by another module, by a test or in a page
COUNTED_APART = ("chance", "engines", "numerics", "rules", "search", "steps")


def public_names(tree):
    """Yield the functions, classes and methods of a module that others may use: no leading underscore."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
            if isinstance(node, ast.ClassDef):
                yield from (f"{node.name}.{name}" for name in public_names(node))


def test_what_is_inner_is_private(sim_house):
    modules, _ = sim_house
    counted = {
        f"{module}.{name}"
        for module, path in modules.items()
        if not any(stands_in(module, room) for room in COUNTED_APART)
        for name in public_names(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len(counted) <= MOST_PUBLIC_NAMES


def test_public_names_are_functions_classes_and_methods():
    lines = [
        "def f():",
        "    def inner(): ...",
        "def _g(): ...",
        "class A:",
        "    def b(self): ...",
        "    def _c(self): ...",
        "    def __len__(self): ...",
        "class _B:",
        "    def d(self): ...",
    ]
    assert [*public_names(ast.parse("\n".join(lines)))] == ["f", "A", "A.b"]
