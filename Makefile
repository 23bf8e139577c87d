# Needs make and a Python 3.11 or newer with its venv module; everything else goes into .venv.
# To choose the Python: make test PYTHON=python3.13. To choose the number of test processes: WORKERS=4.

PYTHON  :=
VENV    := .venv
EXTRA   := dev
WORKERS ?= auto
MINORS  := 3.11 3.12 3.13
PY      := $(VENV)/bin/python

# Imports are two to three times slower where compiled files may not be kept.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help setup demo test campaign bench lint docs picture constraints clean

help:
	@echo 'make demo         put the claims to the test in two minutes and write demo/index.html'
	@echo 'make test         run the tests'
	@echo 'make campaign     run the long statistical checks against theory'
	@echo 'make bench        measure speed'
	@echo 'make lint         check style, format and types'
	@echo 'make docs         write the generated parts of the documentation'
	@echo 'make picture      draw the picture of a report in the README'
	@echo 'make constraints  choose the pinned versions again'
	@echo 'make clean        remove what the other targets made'
	@echo 'All of them first set up .venv, once.'

# ---- Environment -----------------------------------------------------------------------------------------------------

# Prints the interpreter that the environment is made of: $1 if it is given, or else python3, or else another of the path.
# The one behind a shim or an active environment is meant, hence _base_executable.
define FIND_PYTHON
probe='import ensurepip, os, sys, venv
if sys.version_info < (3, 11): sys.exit(1)
print(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))'
if [ -z "$$1" ]; then
    set -- python3 python3.13 python3.12 python3.11 python3.14 python3.15 python3.16 python3.17 python3.18 python3.19
fi
for name in "$$@"; do
    if found=$$("$$name" -c "$$probe" 2>/dev/null); then echo "$$found"; exit 0; fi
done
echo "Python 3.11 or newer with its venv module is needed; tried: $$*. Name another with make PYTHON=..." >&2
exit 1
endef
export FIND_PYTHON

# Makes the environment $1 of the interpreter $2 with the extra $3, or leaves it when its stamp says that nothing has
# changed. Line 1 of the stamp says what it was made of, line 2 what was put in.
define SETUP
venv=$$1; python=$$2; extra=$$3
minor=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
release=$$("$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
constraints=constraints/py$$(echo "$$minor" | tr -d .).txt
made_of="$$release $$python $$(pwd)"
put_in="$$extra $$(cat pyproject.toml "$$constraints" 2>/dev/null | cksum)"
stamp=$$venv/.stamp
if [ "$$(cat "$$stamp" 2>/dev/null)" = "$$made_of
$$put_in" ]; then exit 0; fi
echo "Setting up $$venv on Python $$release"
if [ -f "$$constraints" ]; then
    set -- --constraint "$$constraints"
else
    echo "There is no $$constraints: the newest versions that fit are installed on Python $$release"
    set --
fi
if [ "$$(head -n 1 "$$stamp" 2>/dev/null)" != "$$made_of" ]; then "$$python" -m venv --clear "$$venv"; fi
rm -f "$$stamp"
if "$$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$$@" uv &&
    "$$venv/bin/python" -m uv pip install --quiet --compile-bytecode --python "$$venv/bin/python" "$$@" \
        --editable ".[$$extra]"; then
    :
else
    echo "uv could not do it; trying pip"
    "$$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$$@" --editable ".[$$extra]"
fi
printf '%s\n%s\n' "$$made_of" "$$put_in" > "$$stamp"
endef
export SETUP

setup:
	@python=$$(sh -euc "$$FIND_PYTHON" find "$(PYTHON)") && sh -euc "$$SETUP" setup "$(VENV)" "$$python" "$(EXTRA)"

# ---- Tests -----------------------------------------------------------------------------------------------------------

test: setup
	@$(PY) -c 'import platform; print(f"==== Tests on Python {platform.python_version()} ====", flush=True)'
	@$(PY) -m sim.engines.ensemble  # write the module once, before two test processes would both do it
	@$(PY) -m tests.report.browsers  # and find or install a browser once
	@$(PY) -m pytest -n $(WORKERS) --maxprocesses 8

campaign: setup
	$(PY) -m tests.campaign

bench: setup
	$(PY) -m benchmarks

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

# ---- Pages -----------------------------------------------------------------------------------------------------------

demo: setup
	@$(PY) -m sim sweep claims --out demo/results --extend replicates=4000 >/dev/null  # what is there is not played again
	@$(PY) -m sim claims demo/results --brief
	@$(PY) -m sim report demo/results --out demo/index.html

docs: setup
	$(PY) -m docs

picture: setup
	$(PY) -m docs.picture

# ---- Upkeep ----------------------------------------------------------------------------------------------------------

constraints: setup
	@for minor in $(MINORS); do \
	    $(PY) -m uv pip compile --quiet --no-header --no-annotate --upgrade --python-version $$minor --extra dev \
	        pyproject.toml --output-file "constraints/py$$(echo $$minor | tr -d .).txt" || exit 1; \
	done

clean:
	rm -rf .venv .venv-3.* build dist demo .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
