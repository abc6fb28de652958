# Two commands are enough: `make run` plays the bot in a sandbox, `make test` proves it. Needs Python 3.11+, pip, make.

PYTHON ?= python3
# One more than a machine of two cores has: some tests wait for processes most of the time.
TEST_WORKERS ?= 3
TESTS ?= tests
PY := .venv/bin/python

# Empty when .venv is missing or its Python has gone; the stamps are then made again whatever their age.
VENV_WORKS := $(shell $(PY) -c 'print("yes")' 2>/dev/null)
AGAIN := $(if $(VENV_WORKS),,again)

.PHONY: help run env dev test lint format bench soak browser lock clean again
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: env ## run everything; without tokens a sandbox opens at /sandbox
	$(PY) run_bot.py serve

env: .venv/.run ## only the environment; after it `.venv/bin/python run_bot.py …` works

dev: .venv/.dev ## the environment with all that working on the program needs

test: dev browser lint ## lint and every test (make test TESTS=tests/workflows for some)
	$(PY) -m pytest -n $(TEST_WORKERS) --dist worksteal -m "not soak" $(TESTS)

lint: dev ## ruff, mypy and the import contracts
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo --no-cache

format: dev ## put the code in order
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

bench: dev ## measure speed and memory against limits taken in the same run
	$(PY) -m benchmarks

soak: dev browser ## the long fault runs, then every test in its long form
	$(PY) -m pytest --long -m soak -s $(TESTS)
	$(PY) -m pytest --long -n $(TEST_WORKERS) --dist worksteal -m "not soak" $(TESTS)

browser: dev
	@$(PY) -m tests.browser

lock: ## write the lock files anew from requirements.in and requirements-dev.in
	@PYTHON=$(PYTHON) .ci/environment lock

clean: ## remove what make made, but not the state in ./var
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.run: requirements.txt .ci/environment $(AGAIN)
	@PYTHON=$(PYTHON) .ci/environment run
	@touch $@

.venv/.dev: requirements-dev.txt .ci/environment $(AGAIN)
	@PYTHON=$(PYTHON) .ci/environment dev
	@touch $@ .venv/.run
