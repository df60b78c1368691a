# Every target does all of its own set-up: an environment in .venv, Debian's packages where it may.
# PYTHON may name another interpreter (3.11 to 3.13).
PYTHON ?= python3
BIN := .venv/bin
# Half of the tests' time is waiting: for a browser, a kernel, a limit.
JOBS ?= $(shell expr `nproc` + 1)
# Each test goes to the process that is free, in the order of tests/conftest.py.
PARALLEL = -n $(JOBS) --dist loadgroup --no-loadscope-reorder
QUICK := $(addprefix tests/,test_arrows.py reference findings mistakes/test_edits.py mistakes/test_chapters_1_to_3.py $(addprefix test_,$(addsuffix .py,digest es_modules fast quoting recording tasks)))

# Pins hold for the build environment of the package too, which only the variable reaches.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DENO_NO_UPDATE_CHECK := 1
# A container's image may set it; then each of a thousand processes of a run compiles the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help book pdf serve lab lint check test soak browsers grade bench experiments oracle exercises records vectors clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

book: .venv/.book  ## build the site, every notebook executed, and say where index.html is
	$(BIN)/python -m unrolled.book

pdf: .venv/.chromium .venv/.book  ## print the whole course into one PDF, which the site then offers, and say where it is
	$(BIN)/python -m unrolled.book --pdf

serve: book  ## build the site and show it at http://localhost:8000
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

lab: .venv/.all  ## open the exercises in JupyterLab
	$(BIN)/jupyter lab --notebook-dir exercises

lint: .venv/.check
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/oxlint
	$(BIN)/deno check --quiet src/unrolled/widgets src/unrolled/page/desk.js src/unrolled/page/run_here.js

check: lint  ## in a minute, before each commit: the lint, and the tests of what computes; no browser, no sandbox
	$(BIN)/deno test --quiet --no-check tests/widgets
	$(BIN)/python -m pytest -q $(PARALLEL) $(QUICK)

check test soak browsers: export OPENBLAS_NUM_THREADS := 1      # each process of the tests has a core, and no more
test: .venv/.system .venv/.all  ## run all tests
	$(BIN)/python -m pytest $(PARALLEL)

soak: .venv/.system .venv/.browsers .venv/.all .venv/.hub  ## run the long tests too: a thousand submissions, twenty kills, other browsers, a hub
	$(BIN)/python -m pytest $(PARALLEL) -m "soak or not soak"

browsers: .venv/.system .venv/.browsers .venv/.all  ## visit the built site in Firefox and WebKit
	$(BIN)/python -m pytest tests/browsers -m soak

grade: .venv/.bwrap .venv/.all  ## grade a small made-up class, cheats and broken notebooks among it
	$(BIN)/unrolled demo

bench: .venv/.system .venv/.oracle  ## measure, side by side with PyTorch, stock nbgrader and the clock
	$(BIN)/python -m benchmarks

experiments: .venv/.all  ## measure what pages cannot afford; what is measured already is kept
	$(BIN)/python -m experiments

oracle: .venv/.oracle  ## hold the committed vectors to a live PyTorch, and a language model to PyTorch and Keras
	$(BIN)/python -m tests.oracle.witness
	$(BIN)/python -m tests.oracle.language_model

vectors: .venv/.oracle  ## compute the committed vectors anew
	$(BIN)/python -m tests.oracle.witness --write

exercises: .venv/.all  ## generate the students' notebooks from solutions/
	$(BIN)/unrolled release

records: .venv/.check  ## record what `check` needs at home of functions that nobody has printed
	$(BIN)/python -m unrolled.unprinted

clean:  ## remove what was built; the environment stays
	rm -rf _build

.venv/bin/python:
	@tools/require python3-venv:$(PYTHON)
	@$(PYTHON) -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit("Python %d.%d? Name one of 3.11 to 3.13: make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv

.venv/.check: EXTRAS = check
.venv/.book: EXTRAS = book
.venv/.all: EXTRAS = book,grading,cluster,postgres,test
.venv/.oracle: EXTRAS = book,grading,cluster,postgres,test,oracle
.venv/.hub: EXTRAS = book,grading,cluster,postgres,test,hub
.venv/.check .venv/.book .venv/.all .venv/.oracle .venv/.hub: pyproject.toml constraints.txt | .venv/bin/python
	$(BIN)/pip install --quiet --editable '.[$(EXTRAS)]'
	@touch $@

# The hub finds its proxy in .venv/bin. 5.1.0 is the last one that runs on the Node of Debian 12.
.venv/.hub: .venv/.proxy
.venv/.proxy: .venv/.node
	npm install --global --prefix .venv --no-fund --no-audit --loglevel=error configurable-http-proxy@5.1.0
	@touch $@

.venv/.bwrap: NEEDS = bwrap
.venv/.chromium: NEEDS = chromium
.venv/.system: NEEDS = bwrap chromium
.venv/.browsers: NEEDS = firefox-esr WebKitWebDriver Xvfb
.venv/.node: NEEDS = node:18 npm
.venv/.bwrap .venv/.chromium .venv/.system .venv/.browsers .venv/.node: tools/require | .venv/bin/python
	@tools/require $(NEEDS)
	@touch $@
