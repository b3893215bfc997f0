# Everything a target needs, it sets up itself; doing it twice costs a second.
.DEFAULT_GOAL := help
.PHONY: help install demo up test mutants faults check docs lint format types imports quality fuzz peers pywb lock clean

PYTHON ?= python3
BIN := .venv/bin
export UV_NO_PROGRESS := 1

help: ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: .venv/installed ## Make .venv with the newsarchive command and the development tools

# uv is installed by pip with its hash, then installs everything else, each with its hash.
.venv/installed: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "newsarchive needs Python 3.11 to 3.13; this is $$($(PYTHON) -V). Try: make install PYTHON=python3.12"; exit 2; }
	@echo "Setting up .venv: half a minute, once …" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || { sed -n '/^uv==/,/[^\\]$$/p' constraints.txt > .venv/uv.txt && $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt; }
	@# Compiled now, once: the many processes of a run start three times as fast.
	@$(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes -r constraints.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: install ## Archive the made-up newspaper through Airflow and look at it (ONCE=1: end after the first run)
	@$(BIN)/newsarchive demo $(if $(ONCE),--once)

up: install ## The same on the real publisher (needs ARCHIVE_CONTACT and ARCHIVE_PERMITTED=yes)
	@$(BIN)/newsarchive up

test: install ## Run all tests
	@$(BIN)/pytest -q -n auto --dist loadfile $(ARGS)

mutants: install ## Break the code for each quirk of the site, and see its test fail (half an hour; ARGS=P7)
	@$(BIN)/python -m tests.mutants $(ARGS)

faults: install ## Break things for as long as it takes: stores, disks, processes (ARGS='-k store')
	@FAULTS=long $(BIN)/pytest -q -p no:cacheprovider --timeout 3600 tests/faults $(ARGS)

check: lint types imports quality test ## Everything a change must pass

lint: install
	@$(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .

format: install ## Format the code
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

types: install
	@$(BIN)/mypy

imports: install
	@$(BIN)/lint-imports --no-logo

quality: install ## Score the page readers on real pages against their floors
	@$(BIN)/python -m benchmarks.extraction_quality

fuzz: install ## Read 10,000 mutated pages: no crash, no subscriber text (three minutes; ARGS="--pages 3000 --seed 2")
	@$(BIN)/python -m benchmarks.fuzz_pages $(ARGS)

peers: .venv-peers/general/installed .venv-peers/fundus/installed ## Make .venv-peers with the systems that benchmarks compare us with

# Fundus and the others pin different versions of lxml, and both others than ours.
.venv-peers/%/installed: benchmarks/peers/%.txt | install
	@$(BIN)/uv venv -q --clear --python $(BIN)/python $(@D)
	@$(BIN)/uv pip install -q --python $(@D)/bin/python --require-hashes -r $<
	@touch $@

pywb: .venv-pywb/installed ## Make .venv-pywb, with which newsarchive replay shows captures

.venv-pywb/installed: constraints-pywb.txt | install
	@$(BIN)/uv venv -q --clear --python $(BIN)/python $(@D)
	@$(BIN)/uv pip install -q --python $(@D)/bin/python --compile-bytecode --require-hashes -r $<
	@touch $@

docs: install ## Write the generated pages of docs/ anew
	@$(BIN)/python -m docs.generate

lock: install ## Resolve the dependencies anew into constraints.txt (hashes, no host names)
	@$(BIN)/uv pip compile pyproject.toml --extra production --group dev --universal --python-version 3.11 \
	  --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o constraints.txt
	@for name in general fundus; do $(BIN)/uv pip compile benchmarks/peers/$$name.in --universal --python-version 3.11 \
	  --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o benchmarks/peers/$$name.txt; done
	@$(BIN)/uv pip compile constraints-pywb.in --universal --python-version 3.11 \
	  --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o constraints-pywb.txt

clean: ## Remove the environment and caches; var/ (your archive) stays
	@rm -rf .venv .venv-peers .venv-pywb .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build *.egg-info
