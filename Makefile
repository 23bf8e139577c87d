# Needs make and a Python 3.11 or newer with its venv module; everything else goes into .venv.
# To choose the Python: make test PYTHON=python3.13. To choose the number of test processes: WORKERS=4.

PYTHON  :=
WORKERS ?= auto
MINORS  := 3.11 3.12 3.13
PY      := .venv/bin/python
PYTEST  := -m pytest -n $(WORKERS) --maxprocesses 8

# Imports are two to three times slower where compiled files may not be kept.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help setup demo test campaign bench lint docs picture constraints clean

help:
	@echo 'make demo         put the claims to the test in two minutes and write demo/index.html'
	@echo 'make test         run the tests, then the portable ones on a second Python if there is one'
	@echo 'make campaign     run the long statistical checks against theory'
	@echo 'make bench        measure speed'
	@echo 'make lint         check style, format and types'
	@echo 'make docs         write the generated parts of the documentation'
	@echo 'make picture      draw the picture of a report in the README'
	@echo 'make constraints  choose the pinned versions again'
	@echo 'make clean        remove what the other targets made'
	@echo 'All of them first set up .venv, once.'

# ---- Environments ----------------------------------------------------------------------------------------------------

# Prints the interpreter that .venv is made of: $1 if it is given, or else python3, or else another of the path. The one
# behind a shim or an active environment is meant, hence _base_executable.
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

# Prints the finished releases of Python from 3.11 other than the minor version $1, newest first, one path a line:
# those of the path, and those that pyenv keeps.
define FIND_OTHERS
probe='import os, sys
try:
    import ensurepip, venv
except ImportError:
    sys.exit(1)
v = sys.version_info
if v < (3, 11) or v.releaselevel != "final" or "%d.%d" % v[:2] == sys.argv[1]: sys.exit(1)
print("%d %d %s" % (v[1], v[2], os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)))'
pyenv=$$(pyenv root 2>/dev/null || echo "$${PYENV_ROOT:-$$HOME/.pyenv}")
{
    echo "$$PATH" | tr : '\n'
    ls -d "$$pyenv"/versions/3.*/bin 2>/dev/null || true
} | while IFS= read -r folder; do
    for minor in 11 12 13 14 15 16 17 18 19; do
        if [ -x "$$folder/python3.$$minor" ]; then
            "$$folder/python3.$$minor" -c "$$probe" "$$1" </dev/null 2>/dev/null || true
        fi
    done
done | sort -k1,1nr -k2,2nr -u | cut -d ' ' -f 3-
endef
export FIND_OTHERS

# Makes the environment $1 of the interpreter $2 with the extra $3, or leaves it when its stamp says that nothing has
# changed. Line 1 of the stamp says what it was made of, line 2 what was put in.
define SETUP
venv=$$1; python=$$2; extra=$$3
minor=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
release=$$("$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')
constraints=constraints/py$$(echo "$$minor" | tr -d .).txt
made_of="$$release $$python $$(pwd)"
if [ -f "$$constraints" ]; then
    put_in="$$extra $$(cat pyproject.toml "$$constraints" | cksum)"
else
    put_in="$$extra $$(cksum < pyproject.toml) unconstrained"
fi
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
	@python=$$(sh -euc "$$FIND_PYTHON" find "$(PYTHON)") && sh -euc "$$SETUP" setup .venv "$$python" dev

# ---- Tests -----------------------------------------------------------------------------------------------------------

# A newest Python without pinned versions, on which the dependencies do not install yet, gives way to the next one.
define TEST_OTHER
version='import platform; print(platform.python_version())'
main=$$($(PY) -c "$$version")
others=$$(sh -euc "$$FIND_OTHERS" find "$${main%.*}")
other=
IFS='
'
for python in $$others; do
    release=$$("$$python" -c "$$version")
    minor=$${release%.*}
    if sh -euc "$$SETUP" setup ".venv-$$minor" "$$python" test; then other=$$python; break; fi
    if [ -f "constraints/py$$(echo "$$minor" | tr -d .).txt" ]; then exit 1; fi
    echo "The dependencies do not install on Python $$release; it is passed over"
done
unset IFS
if [ -z "$$other" ]; then
    echo "==== Tested on Python $$main; no other Python from 3.11 on was found for the portable tests ===="
    exit 0
fi
echo "==== Portable tests on Python $$release ===="
".venv-$$minor/bin/python" $(PYTEST) -m "portable and not campaign" --ignore=tests/report --ignore=tests/test_notebook.py
echo "==== Tested on Python $$main, and the portable tests on Python $$release ===="
endef
export TEST_OTHER

test: setup
	@$(PY) -c 'import platform; print(f"==== Tests on Python {platform.python_version()} ====", flush=True)'
	@$(PY) -m sim.engines.ensemble  # compile once, before two test processes would both do it
	@$(PY) -m tests.report.browsers  # and find or install a browser once
	@$(PY) $(PYTEST)
	@sh -euc "$$TEST_OTHER" test

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
	@$(PY) -m sim sweep claims --out demo/results --extend replicates=6000 >/dev/null  # what is there is not played again
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
