# Two commands matter: `make run` and `make test`. See README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
FLASK := $(BIN)/flask --app app
XDIST ?= 2

.PHONY: run test check install bench clean lock
.DELETE_ON_ERROR:

run: install
	$(FLASK) serve

install: $(VENV)/.run $(VENV)/.assets

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# `--require-hashes`: what was locked is what gets installed.
$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.test: requirements-test.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	touch $@

$(VENV)/.assets: package.json package-lock.json views/vendor.py $(VENV)/.run
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	$(BIN)/python -m views.vendor
	touch $@

# The quick part: seconds, no browser, SQLite only.
check: install $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n $(XDIST) --ignore=tests/browser

# Files in their order, not those of many tests first: the browser's are few and long, and stand at the beginning.
test: install $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(XDIST) --dist loadfile --no-loadscope-reorder

bench: install $(VENV)/.test
	$(BIN)/python -m tests.bench

# What runs is what the tests ran with: the smaller list is held to the versions of the larger one.
lock:
	uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet pyproject.toml --group test -o requirements-test.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet pyproject.toml -c requirements-test.txt -o requirements.txt

clean:
	rm -rf $(VENV) node_modules views/static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build
