# Everything a person needs: `make run` and `make test` set up what is missing and go on.
# Optional: PORT=8080 make run     PYTHON=/path/to/python3 make run

.DEFAULT_GOAL := help
SHELL := /bin/sh
# hundreds of processes read our code in the tests: what they compile is kept
unexport PYTHONDONTWRITEBYTECODE
PORT ?= 5000
BIN := .venv/bin
# runs of a target with many tests share both cores
WORKERS ?= 2
# some tests wait for a browser, a server or a worker, and leave a core to others meanwhile: one more than there are cores. Each process
# reads all tests, starts a PostgreSQL and publishes the banks: about forty CPU seconds
SUITE_WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n + 1)))

# how many examples the sweeps of `make test-long` have
EXAMPLES ?= 500

# databases of tests live in memory where there are 6 GB of it for that: a commit costs milliseconds on a disk, next to nothing there
IN_MEMORY = $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 6000000 && system("test -w /dev/shm") == 0 {print "TMPDIR=/dev/shm"}')

.PHONY: help run test test-long quick coverage golden cpu planted bench words components format system system-test style types imports engine-tests engine-counted suite sbom audit

help: ## say what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: system .venv/run.stamp ## set up what is missing and serve the site on http://localhost:5000 (PORT= changes it)
	@ASSESS_ENV=development $(BIN)/assess serve --port $(PORT)

test: system system-test .venv/test.stamp ## set up what is missing and run every check and test
	@$(MAKE) -s -j3 --output-sync=target types style imports engine-counted
	@$(MAKE) -s suite

test-long: system system-test .venv/test.stamp ## the same with every pair, both databases for all, and EXAMPLES= (500) of each sweep: hours
	@$(MAKE) -s -j3 --output-sync=target types style imports
	@ASSESS_LONG=1 ASSESS_TEST_EXAMPLES=$(EXAMPLES) $(IN_MEMORY) $(BIN)/python -m pytest -n $(SUITE_WORKERS) --dist loadscope tests

quick: .venv/test.stamp ## format, lint, types, import contract and engine tests, in seconds
	@$(MAKE) -s -j2 --output-sync=target types style-and-engine

coverage: system system-test .venv/test.stamp ## count which lines the tests run (takes longer than test)
	@$(BIN)/python -m coverage erase
	@$(IN_MEMORY) $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --cov --cov-report= tests
	@$(BIN)/python -m coverage report --fail-under=95 --skip-covered
	@$(BIN)/python -m coverage report --include='assess/engine/*' --fail-under=100 > .cache/coverage.txt

golden: system .venv/test.stamp ## write the golden lists in tests/access anew; their difference is for a person to read
	@$(IN_MEMORY) $(BIN)/python -m pytest -q -n 0 --update-golden tests/identity/test_access_matrix.py

cpu: system system-test .venv/test.stamp ## measure the CPU seconds of each file of tests, into .cache/cpu.txt
	@$(IN_MEMORY) $(BIN)/python -m pytest -q -n $(WORKERS) --dist loadscope --cpu-seconds .cache/cpu.json tests

planted: system system-test .venv/test.stamp ## plant 200 small faults in a copy of HEAD and see which the tests notice
	@$(IN_MEMORY) $(BIN)/python -m tests.planted.run --types

bench: system .venv/test.stamp ## measure speed as ratios, all in one run
	@for script in benchmarks/bench_*.py; do $(BIN)/python -m "benchmarks.$$(basename "$$script" .py)" || exit 1; done

words: system system-test .venv/test.stamp ## count words, reading grade and phone screens of every page and file of three firms
	@$(IN_MEMORY) $(BIN)/python -m tests.words

sbom: ## write sbom.json, what a release is made of, from the pinned lists
	@$(BIN)/python .ci/sbom > sbom.json

audit: ## look the pinned packages up in the list of known faults (needs pip-audit and a network)
	@PATH="$(BIN):$$PATH" sh .ci/audit

components: .venv/python.stamp ## write the web components anew, after another release in package.json (needs npm)
	@npm install --ignore-scripts
	@$(BIN)/python .ci/components node_modules/govuk-frontend assess/core/static/vendor

format: .venv/test.stamp ## format the code and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# --- set-up ---------------------------------------------------------------------------------------

system:
	@sh .ci/system-packages run

system-test:
	@sh .ci/system-packages test

.venv/python.stamp:
	@sh .ci/make-venv
	@touch $@

.venv/run.stamp: .venv/python.stamp requirements.txt pyproject.toml
	@sh .ci/install requirements.txt
	@touch $@

.venv/test.stamp: .venv/python.stamp requirements-dev.txt pyproject.toml
	@sh .ci/install requirements-dev.txt
	@touch $@ .venv/run.stamp

# --- the parts of test and quick ------------------------------------------------------------------

.PHONY: style-and-engine
style-and-engine: style imports engine-tests

style:
	@$(BIN)/ruff format --check -q . || { echo "Run: make format"; exit 1; }
	@$(BIN)/ruff check -q .
	@$(BIN)/djlint --lint --quiet templates

types:
	@$(BIN)/mypy --no-error-summary

imports:
	@mkdir -p .cache
	@$(BIN)/lint-imports --no-cache > .cache/imports.txt 2>&1 || { cat .cache/imports.txt; exit 1; }

engine-tests:
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m 'not thorough' tests/engine

# Counting lines more than doubles the time of a test, so the run of all tests counts those of the engine alone, and by the tests that
# are no long properties (`thorough` and `no_cover`); `make coverage` counts all.
engine-counted:
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m pytest -q -n $(WORKERS) --cov=assess/engine --cov-report= tests/engine
	@$(BIN)/python -m coverage report --include='assess/engine/*' --fail-under=100 --skip-covered

suite:
	@$(IN_MEMORY) $(BIN)/python -m pytest -n $(SUITE_WORKERS) --dist loadscope --ignore=tests/engine tests
