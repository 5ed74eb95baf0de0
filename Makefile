# Two commands set everything up: `make run` and `make test`. They need Python 3.11+ and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DB ?= clausewatch.db
BENCHMARKS ?= reading dates alignment comparing exam not_the_policy throughput memory

.PHONY: run test demo lint types unit install clean bench

run: $(VENV)/.ready
	$(BIN)/clausewatch --db $(DB) seed
	$(BIN)/clausewatch --db $(DB) run

test: lint types unit

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-dev
	$(BIN)/mypy

unit: $(VENV)/.ready-dev
	$(BIN)/pytest -n 2 --dist worksteal

demo: $(VENV)/.ready-dev
	$(BIN)/python -m scripts.demo

bench: $(VENV)/.ready-dev
	$(BIN)/pip install --quiet --disable-pip-version-check ".[bench]"
	for b in $(BENCHMARKS); do $(BIN)/python -m benchmarks.$$b || exit 1; done

install: $(VENV)/.ready

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@ $(VENV)/.ready

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis demo-out
