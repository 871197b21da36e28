# The verbs of a working day. `make help` lists them; README.md tells when to use which.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# cargo runs jobs in parallel itself, and two cargos would only wait for each other's lock.
.NOTPARALLEL:

# One absolute target folder for every step, so that the tests find the binary from any working folder.
TARGET := $(shell realpath --canonicalize-missing -- "$(or $(CARGO_TARGET_DIR),target)")
export CARGO_TARGET_DIR := $(TARGET)

# Without OpenCV most dependencies have other features: a folder of its own keeps both builds warm.
NO_OPENCV := CARGO_TARGET_DIR="$(TARGET)/no-opencv"
NO_OPENCV_FLAGS := --locked -p caresync-gateway -p vision --no-default-features

# What is run, tested and shipped holds the dashboard; a plain `cargo build` does not, and needs no Node.
WITH_DASHBOARD := --features caresync-gateway/dashboard

# Sets CARESYNC_ASSETS to the folder that holds the footage and models. What is missing is only a warning here,
# because all but the cameras works without; a file with a wrong digest (status 2) ends the verb.
find_assets = footage=ran; \
	assets=$$(scripts/assets --print-folder) || { \
		(($$? == 1)) || exit 1; \
		footage="SKIPPED, footage or models are missing (see make assets)"; \
		echo "make: warning: footage or models are missing: no person detection, no demo camera" >&2; \
	}; \
	export CARESYNC_ASSETS="$$assets"

# Every target of the workspace is built at once, so that the binary under test and the tests agree on features and
# the test run itself builds nothing twice. $(1) is --release or nothing, $(2) the profile's folder.
define run_tests
	@scripts/setup test
	scripts/dashboard build
	@$(find_assets); \
	export GATEWAY_BIN="$(TARGET)/$(2)/caresync-gateway"; \
	set -x; \
	cargo build $(1) --workspace --all-targets --locked $(WITH_DASHBOARD); \
	cargo test $(1) --workspace --locked $(WITH_DASHBOARD); \
	$(NO_OPENCV) cargo test $(1) $(NO_OPENCV_FLAGS); \
	{ set +x; } 2>/dev/null; \
	printf 'make: footage tests: %s\n' "$$footage"
endef

.PHONY: help
help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: ## install the Debian packages that building and testing need
	scripts/setup test

.PHONY: build
build: ## build the release binary with all that is in it, the dashboard too, and the client package
	scripts/client build
	scripts/dashboard build
	cargo build --release --locked -p caresync-gateway $(WITH_DASHBOARD)

.PHONY: run
run: ## build and start the demo clinic in the foreground (configs/demo.toml)
	@scripts/setup run
	scripts/dashboard build
	@$(find_assets); \
	set -x; \
	cargo build --release --locked -p caresync-gateway $(WITH_DASHBOARD); \
	{ set +x; } 2>/dev/null; \
	scripts/try-next "$(TARGET)/release/caresync-gateway"; \
	exec "$(TARGET)/release/caresync-gateway" serve --config configs/demo.toml

.PHONY: test
test: ## run every test, with OpenCV and without
	$(call run_tests,,debug)

# verify-unit looks at a copy of the unit that points to the binary just built; make test builds the same targets.
.PHONY: check
check: ## formatting, lints, types, licences, the unit file, the scripts
	@scripts/setup test
	cargo fmt --all --check
	scripts/dashboard build
	cargo clippy --workspace --all-targets --locked $(WITH_DASHBOARD) -- -D warnings
	$(NO_OPENCV) cargo clippy $(NO_OPENCV_FLAGS) --all-targets -- -D warnings
	scripts/client check
	scripts/dashboard check
	cargo build --workspace --all-targets --locked $(WITH_DASHBOARD)
	scripts/verify-unit "$(TARGET)/debug/caresync-gateway"
	@if command -v cargo-deny >/dev/null; then \
		set -x; cargo deny --log-level error check bans licenses sources; \
	else \
		echo 'make: licences of dependencies: SKIPPED, no cargo-deny (cargo install cargo-deny --locked)'; \
	fi
	@if command -v shellcheck >/dev/null; then \
		set -x; shellcheck scripts/* .ci/run; \
	else \
		echo 'make: shell scripts: SKIPPED, no shellcheck (apt-get install shellcheck)'; \
	fi

.PHONY: prove
prove: export PROVE := 1
prove: ## the long forms of the tests (soaks, many kills), in release: takes hours
	$(call run_tests,--release,release)

.PHONY: bench
bench: ## measure against the budgets and the peers, on a quiet machine
	@scripts/setup test
	@$(find_assets); \
	set -x; \
	cargo build --release --locked -p caresync-gateway; \
	cargo run --release --locked -p benches

.PHONY: assets
assets: ## fetch and check the footage and models of assets.toml
	@scripts/assets

.PHONY: cross
cross: ## build the release binary for arm64 in a container (not run by CI)
	@command -v cross >/dev/null || { echo 'make: cross is not installed: cargo install cross --locked' >&2; exit 1; }
	@command -v docker podman >/dev/null || { echo 'make: cross needs Docker or Podman' >&2; exit 1; }
	scripts/dashboard build
	CROSS_CONFIG=cross.toml cross build --release --locked -p caresync-gateway $(WITH_DASHBOARD) --target aarch64-unknown-linux-gnu

.PHONY: deb
deb: ## build the Debian package (not yet)
	@echo 'make: packaging is not built yet: use make build and the files in systemd/' >&2; exit 1
