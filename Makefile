# Two commands matter: `make demo` and `make test`. The rest is for those who change Rollcall.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
LOCK := uv pip compile --quiet --universal --generate-hashes --no-strip-extras --no-header --python-version 3.11
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: help demo setup setup-dev test check soak bench format lock clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

demo: setup ## start the bot in a local workspace and print the page's address
	@$(BIN)/rollcall demo

setup: .venv/.installed ## make .venv with what the bot needs

setup-dev: .venv/.installed-dev ## make .venv with what changing the bot needs

# The tests start many processes: compiled code is kept, whatever the shell says.
test: setup-dev ## run every test, with coverage
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --cov --cov-report=term -n 3 --dist loadfile --no-loadscope-reorder

soak: setup-dev ## kill the bots two hundred times, on both databases (a quarter of an hour)
	@$(BIN)/python -m pytest tests/soak -o 'norecursedirs=.*' -q

check: setup-dev ## format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

bench: setup-dev ## measure how fast it is, in one table and in bench.json (nine minutes)
	@$(BIN)/python -W ignore:XDG_RUNTIME_DIR -m tests.bench

format: setup-dev ## put the code in shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: setup-dev ## renew the lock files from pyproject.toml
	@$(BIN)/$(LOCK) --upgrade --group build pyproject.toml -o requirements.lock
	@$(BIN)/$(LOCK) --upgrade --group build --group dev pyproject.toml -o requirements-dev.lock

clean: ## remove what was made here
	rm -rf .venv .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage *.egg-info

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rollcall needs Python 3.11 or later; this is " + sys.version.split()[0])'
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the bot needs into .venv (once; about a minute) …"
	@$(BIN)/python tools/install.py requirements.lock
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	@echo "Installing what the tests and checks need (once; about a minute) …"
	@$(BIN)/python tools/install.py requirements-dev.lock
	@touch $@
