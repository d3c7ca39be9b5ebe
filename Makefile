# Nothing but Python 3.11+ and make is needed: each target sets up what it needs in .venv.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup run test check format bench soak train evaluate contracts pins clean

setup: .venv/ready

# two stamps in one environment: what `make run` needs, and on top of it what developing needs
.venv/run: requirements/runtime.txt requirements/build.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(INSTALL) --require-hashes --requirement requirements/runtime.txt --requirement requirements/build.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready: .venv/run requirements/dev.txt
	@$(INSTALL) --require-hashes --requirement requirements/dev.txt
	@touch $@

run: .venv/run
	@$(BIN)/geosignals run $(ARGS)

# a file's tests stay together, in the order of tests/conftest.py: those that wait for a broker begin first
test: setup
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict schemas streams
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	@$(BIN)/python -m benchmarks $(ARGS)

# what takes too long for every change, an hour and a half: kills, memory, mutated messages
soak: setup
	@$(BIN)/python -W ignore -m tests.soak $(ARGS)

# weights from labelled articles; GOLD and CORPUS are folders beside the project that hold texts of other publishers
GOLD ?= ../shared/gold
CORPUS ?= ../shared/corpus
train: setup
	@$(BIN)/geosignals train $(GOLD)/train.articles.jsonl $(GOLD)/train.labels.jsonl --out seeds/weights \
	  --also $(CORPUS)/articles.jsonl.gz seeds/labels/corpus.labels.jsonl \
	  --judge $(GOLD)/dev.articles.jsonl $(GOLD)/dev.labels.jsonl \
	  --also $(CORPUS)/articles.jsonl.gz seeds/labels/sanctions.labels.jsonl \
	  --also $(CORPUS)/articles.jsonl.gz seeds/labels/second.labels.jsonl \
	  --also $(CORPUS)/articles.jsonl.gz seeds/labels/sentences.labels.jsonl \
	  --also seeds/articles/arms.articles.jsonl seeds/articles/arms.labels.jsonl \
	  --also seeds/sentences/stances.articles.jsonl seeds/sentences/stances.labels.jsonl \
	  --also seeds/articles/sanctions.articles.jsonl seeds/articles/sanctions.labels.jsonl \
	  --also seeds/articles/diplomacy.articles.jsonl seeds/articles/diplomacy.labels.jsonl $(ARGS)

evaluate: setup
	@$(BIN)/geosignals evaluate $(GOLD)/dev.articles.jsonl $(GOLD)/dev.labels.jsonl $(ARGS)

contracts: setup
	@$(BIN)/geosignals schemas export schemas/contracts

# lock files without index addresses, for every supported Python; run-time and build pins are part of the dev pins
PIN := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
pins:
	$(PIN) pyproject.toml --all-extras --group dev --output-file requirements/dev.txt
	$(PIN) pyproject.toml --constraint requirements/dev.txt --output-file requirements/runtime.txt
	$(PIN) --group build --constraint requirements/dev.txt --output-file requirements/build.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache node_modules
