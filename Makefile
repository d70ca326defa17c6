# Every task of this project. `make` lists them.
PIP_COMPILE = .fairway/tools/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.PHONY: help setup python demo down clean test lint bench bench-quick bench-live bench-long bench-questions soak noisy-day sanitize fuzz definitions docs schema lock

help: ## list these tasks
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22

setup: ## install what is missing: RabbitMQ, PostgreSQL with PostGIS, .venv
	@deploy/local/setup.sh

python: ## only .venv, as the tasks that need no server do
	@deploy/local/setup.sh python

demo: setup ## start a private local stack, play traffic through it, and say what to try next
	@.venv/bin/fairway demo

down: ## stop exactly what the local stack started; data are kept
	@if [ -x .venv/bin/fairway ]; then .venv/bin/fairway down; \
	elif [ -d .fairway/run ]; then echo "There is no .venv to stop the local stack with; run 'make python' first, then 'make down'."; exit 1; \
	else echo "Nothing runs: the local stack was never started here."; fi

clean: down ## stop the local stack and delete its data, passwords and logs
	@if [ -x .venv/bin/python ]; then \
		.venv/bin/python -c "from fairway.stack.local import LocalStack; LocalStack().clean()"; fi
	@rm -rf .fairway

# Compiled once, not by each of the hundreds of processes that the tests start, whatever the environment says.
test: export PYTHONDONTWRITEBYTECODE =
test: setup ## run all tests
	@.venv/bin/pytest -n auto tests/unit tests/conformance
	@.venv/bin/pytest -n 2 --no-loadscope-reorder tests/integration tests/system

COMPILED = $(shell find fairway services -name '*.[ch]')

lint: python ## check style, formatting, types and the walls between packages
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/clang-format --dry-run --Werror $(COMPILED)

bench: setup ## measure each stage and the whole flow beside others, a quarter of an hour; writes benchmarks/RESULTS.md
	@.venv/bin/python -m benchmarks --results benchmarks/RESULTS.md

bench-quick: setup ## a little of the same in two minutes, on the screen alone
	@.venv/bin/python -m benchmarks --quick

bench-live: setup ## five minutes of a live feed at the highest rate at which nothing grows
	@.venv/bin/python -m benchmarks --only flow live --minutes 5

bench-long: setup ## archives of ten million rows, and the curve of costs up to twenty million messages
	@.venv/bin/python -m benchmarks --only archives curves --archive-rows 10000000 --curve

bench-questions: setup ## a month of 100 million positions, and how long questions of analysts take; an hour, 60 GB of disk
	@.venv/bin/python -m benchmarks.questions

soak: setup ## what idle services cost, and whether anything grows in ten minutes of traffic
	@.venv/bin/python -m benchmarks.soak

noisy-day: python ## a day of a noisy national feed through framing and decoding; the account must close
	@.venv/bin/python -m tests.soak.noisy_day

sanitize: python ## run the tests of the compiled parts with the address and undefined-behaviour sanitizers
	@deploy/local/sanitize.sh

FUZZ_LINES ?= 10000000
FUZZ_SECONDS ?= 600
fuzz: python ## spoil ten million lines, hold lines made to fill memory, then ten minutes of coverage-guided fuzzing
	@.venv/bin/python -m tests.fuzz.mutate $(FUZZ_LINES)
	@.venv/bin/python -m tests.fuzz.hostile
	@[ -x .fairway/fuzz/bin/python ] || python3 -m venv .fairway/fuzz
	@.fairway/fuzz/bin/pip install --quiet --require-hashes -r requirements-fuzz.lock
	@.fairway/fuzz/bin/python -m tests.fuzz.guided .fairway/fuzz/corpus -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=2048

definitions: python ## write deploy/rabbitmq/definitions.json from fairway/topics.py
	@.venv/bin/fairway definitions --filter-partitions 1 > deploy/rabbitmq/definitions.json

docs: python ## write the tables of docs/messages.md from the code
	@.venv/bin/python -m fairway.reference docs/messages.md
	@.venv/bin/python -m services.filter.reference docs/filtering.md

schema: setup ## write docs/schema.md, its picture and docs/schema.sql from the migrations, and note their checksums
	@.venv/bin/python -m fairway.schema

lock: python ## pin all Python packages anew, with hashes
	@.venv/bin/python -m venv .fairway/tools && .fairway/tools/bin/pip install --quiet pip-tools
	@$(PIP_COMPILE) --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	@$(PIP_COMPILE) --extra fuzz --constraint requirements.lock --output-file requirements-fuzz.lock pyproject.toml
