# Everything a developer or an operator types. `make demo` needs only Python 3.11 or newer.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Processes that run tests; each has a PostgreSQL of its own.
JOBS ?= 2
KILLS ?= 1000
ARGS ?=
RUN = .venv/bin/python
TESTS = $(RUN) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

.PHONY: demo test test-long faults coverage corpus check fmt bench docs clean

demo:
	@$(PYTHON) .ci/install.py demo
	@exec $(RUN) manage.py demo --host $(HOST) --port $(PORT) $(ARGS)

test:
	@$(PYTHON) .ci/install.py dev
	@$(TESTS) $(ARGS)

test-long:
	@$(PYTHON) .ci/install.py long
	@ATLAS_TEST_LONG=1 $(TESTS) $(ARGS)

# Worker, web and Postgres are killed a thousand times while people approve and undo; about half an hour.
# KILLS=... for another number, ATLAS_TEST_SEED=... for the moments of an earlier run.
faults:
	@$(PYTHON) .ci/install.py dev
	@ATLAS_TEST_KILLS=$(KILLS) $(RUN) -m pytest -s tests/faults/test_approvals.py $(ARGS)

# The tests take about twice as long when they are measured.
coverage:
	@$(PYTHON) .ci/install.py dev
	$(TESTS) --cov --cov-branch --cov-report=json:coverage.json $(ARGS)
	$(RUN) .ci/coverage.py coverage.json

# TPC-H and TPC-DS for tests/sql/test_tpc.py, which is skipped without them; git ignores them.
corpus:
	@$(PYTHON) .ci/corpus.py

check:
	@$(PYTHON) .ci/install.py dev
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy atlas approvals plugins_app tests manage.py
	.venv/bin/lint-imports
	.venv/bin/djlint --check --lint templates
	$(RUN) manage.py makemigrations --check --dry-run

fmt:
	@$(PYTHON) .ci/install.py dev
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	-.venv/bin/djlint --reformat --quiet templates

bench:
	@$(PYTHON) .ci/install.py dev
	@$(RUN) -m tests.bench $(ARGS)

docs:
	@$(PYTHON) .ci/install.py dev
	$(RUN) -m sphinx -W --keep-going -b html docs docs/_build/html

# The data folder .data stays: it holds the database and its keys.
clean:
	rm -rf .venv build dist htmlcov docs/_build docs/generated .coverage .coverage.* coverage.json
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
