# Everything runs from .venv; nothing else on the machine is touched.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: run setup check test faults drill audit lock schema clean help
help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: setup ## set everything up and run the whole system
	@exec $(BIN)/banyan up

setup: $(STAMP) ## install what is locked into .venv

$(STAMP): requirements.lock pyproject.toml
	@sh deploy/setup.sh $(PYTHON) $(UV_VERSION)
	@touch $(STAMP)

check: setup ## format, lint, types, floors and unit tests
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/unit tests/contract tests/architecture -m "not stack"

test: setup ## every test, in two processes on a stack of their own each
	$(BIN)/pytest tests -n 2 --dist loadfile --no-loadscope-reorder || $(BIN)/pytest tests --last-failed --last-failed-no-failures none

faults: setup ## the fault rows at their full N; writes docs/faults.md and README.md
	BANYAN_FULL_N=1 $(BIN)/pytest -o faulthandler_timeout=0 tests/faults tests/security tests/architecture
	$(BIN)/python -m tests.faults.registry
	$(BIN)/python -m tests.faults.guarantees

drill: setup ## rehearse a rollback, on the running system or on one of its own
	BANYAN_ROLLBACK_HOLD_S=5 BANYAN_ROLLBACK_STEP_S=3 $(BIN)/banyan drill rollback progress.read

audit: setup ## known holes of what is pinned; needs a network
	$(BIN)/python -m deploy.audit

lock: setup ## pin what pyproject.toml asks for
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra dev --quiet --output-file requirements.lock pyproject.toml

schema: setup ## print the contract
	$(BIN)/banyan schema print > schema/schema.graphql

clean: ## forget what is built; the state in .banyan stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
