# Three commands: `make demo` (sets up, renders every example, matches a recording), `make test`, `make lint`.
VENV ?= .venv
OUT ?= out
export VENV
PY = $(VENV)/bin/python

.PHONY: demo test slow lint bench peers docs setup clean

demo: setup
	$(VENV)/bin/patchc demo -o $(OUT)

test: setup lint
	$(PY) -m pytest -q -n 2

slow: setup
	$(PY) -m pytest -q -m slow

lint: setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache

bench: setup
	$(PY) benchmarks/check_speed.py
	$(PY) benchmarks/render_speed.py
	$(PY) benchmarks/start_speed.py
	$(PY) benchmarks/loss_speed.py
	$(PY) benchmarks/block_speed.py
	$(PY) benchmarks/inductor_speed.py
	$(PY) benchmarks/scaling.py
	$(PY) benchmarks/alias.py
	$(PY) benchmarks/page.py

peers: setup
	sh benchmarks/peers/setup.sh
	$(PY) benchmarks/peers/compare.py
	$(PY) benchmarks/page.py

docs: setup
	$(PY) tools/references.py

setup: $(VENV)/.stamp

$(VENV)/.stamp: pyproject.toml constraints.txt tools/setup.sh
	sh tools/setup.sh
	@touch $@

clean:
	rm -rf $(VENV) $(OUT) .cache
