# Uncounted: a few targets. Everything lives in .venv; nothing else on the machine is touched.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT   ?= 8000
BIN    := .venv/bin
READY  := .venv/.ready
# Debian keeps the parts of venv that bring pip in a package of their own; the machine's own pip can stand in.
PIP     = $$($(BIN)/python -c 'import pip' 2>/dev/null && echo $(BIN)/python -m pip || echo $(PYTHON) -m pip --python $(BIN)/python)
PEERS  := .venv/peers
PEERS_PIP = $$($(BIN)/python -c 'import pip' 2>/dev/null && echo $(BIN)/python || echo $(PYTHON)) -m pip --python $(PEERS)/bin/python
COMPILE = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(READY) ## install everything into .venv, pinned and hash-checked

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make setup PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv 2>/dev/null || $(PYTHON) -m venv --clear --without-pip .venv
	@$(PIP) --version >/dev/null || { echo "There is no pip here. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv (about a minute the first time) …"
	@$(PIP) install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(PIP) install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@echo "Compiling search and comparison, once (about half a minute) …"
	@UNCOUNTED_DATA_DIR=$$(mktemp -d) $(BIN)/uncounted demo --no-serve >/dev/null
	@touch $@

demo: $(READY) ## load the samples, verify them, serve API and pages (PORT=8000)
	@$(BIN)/uncounted demo --port $(PORT)

map: ## build the map of the pages, for which Node 18 or newer is needed
	@command -v npm >/dev/null || { echo "Node with npm is needed to build the map. On Debian: apt-get install nodejs npm"; exit 1; }
	@cd service/web/map && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent check && npm run --silent build -- --logLevel warn
	@echo "Built into service/web/static/map; a service that runs shows it at once on its page /map."

test: $(READY) ## run all tests, on SQLite and on a real PostgreSQL, in a browser and with GDAL where they are found
	@$(BIN)/python .ci/programs.py
	@$(BIN)/pytest -n auto --dist loadgroup

crawl: $(READY) ## ask everything as everybody, and search the answers for planted records
	@$(BIN)/python -m tests.crawl

check: $(READY) ## format, lint, types, architecture, spelling
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/validate-pyproject pyproject.toml
	@$(BIN)/codespell

docs: $(READY) ## write the documentation as a site to docs/_build
	@$(BIN)/sphinx-build -q -W --keep-going -b dirhtml docs docs/_build
	@echo "Open docs/_build/index.html, or: $(BIN)/python -m http.server -d docs/_build"

fmt: $(READY) ## format and mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY) $(PEERS)/.ready ## measure accuracy and speed, write bench/results/ (ONLY=matching)
	@$(PIP) install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.txt
	@$(BIN)/python -m bench $(ONLY)

fuzz: $(READY) ## spoil the input of every parser, and the API (ONLY=texts, RUNS=1000)
	@$(PIP) install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	@$(BIN)/python -m fuzz $(ONLY) $(if $(RUNS),--runs $(RUNS))

faults: $(READY) ## kill, fill, restart and slow down the service under load, write docs/faults.md (ONLY=kills)
	@$(BIN)/python -m bench.faults $(ONLY)

load: $(READY) ## find the rate one process holds and keep it up for ten minutes, write docs/load.md
	@$(BIN)/python -m bench.sustained

# What we are compared with asks for an older pandas than ours: an environment within the environment. One package of it
# comes as source only, so pip fetches a setuptools to build it with, which is not pinned.
$(PEERS)/.ready: requirements/peers.txt | $(READY)
	@$(PYTHON) -m venv --clear --without-pip $(PEERS)
	@$(PEERS_PIP) install --quiet --disable-pip-version-check --require-hashes -r requirements/peers.txt
	@touch $@

pins: $(READY) ## compile requirements/ anew from pyproject.toml
	@$(COMPILE) pyproject.toml --extra cluster --extra fast --extra login --extra telemetry --output-file requirements/runtime.txt
	@$(COMPILE) pyproject.toml --group dev --output-file requirements/dev.txt
	@$(COMPILE) --group build --output-file requirements/build.txt
	@$(COMPILE) pyproject.toml --group dev --group bench --output-file requirements/bench.txt
	@$(COMPILE) pyproject.toml --group dev --group fuzz --output-file requirements/fuzz.txt
	@$(COMPILE) --no-config --group peers --output-file requirements/peers.txt

audit: $(READY) ## list what is inside, its licences, and known weaknesses
	@$(BIN)/python .ci/audit.py

serve: $(READY) ## serve what is already in var/ (PORT=8000)
	@$(BIN)/uncounted serve --port $(PORT)

.PHONY: help setup demo map test crawl check docs fmt bench fuzz faults load pins audit serve
