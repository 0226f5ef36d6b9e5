# Every target does its own set-up: a Debian machine with a Rust toolchain is enough.

# Where the toolchain that rust-toolchain.toml names is not there and cannot be fetched, the stable one
# that is there serves; cargo refuses one that is too old.
ifneq ($(shell cargo --version >/dev/null 2>&1 && echo yes),yes)
export RUSTUP_TOOLCHAIN := stable
endif

# Further arguments of the demo server, e.g. make demo ARGS='--listen 127.0.0.1:9000'.
ARGS :=

.PHONY: help setup build demo test bench torture audit

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1  \2/p' Makefile

setup: ## install missing system packages (C compiler, curl, python3)
	@.ci/setup

build: setup ## build the binary: target/release/kontor
	cargo build --release -p kontor

demo: build ## serve the demo catalogue, with a line to try for each protocol
	target/release/kontor serve --demo $(ARGS)

test: setup ## run every check: format, spelling, lints, docs, tests, the commands of README.md and docs, house rules
	cargo xtask ci

bench: setup ## run the benchmarks; docs/benchmarks.md has the results
	cargo bench --workspace --bench '*'

torture: setup ## kill the server at 500 random moments and compare what it acknowledged
	cargo xtask torture

audit: ## check licences, advisories and duplicates of dependencies (needs cargo-deny)
	cargo deny check
