# make demo        three nodes on this machine, their state in the terminal; Ctrl-C stops them
# make test        everything: builds, unit tests, rules and dashboards, real processes, 10^7 simulated events; what CI runs
# make test-core   the pure targets' tests
# make scenarios   writes the transcripts in Tests/RaftCoreTests/Scenarios anew; read the diff
# make mutants     plants known bugs one by one and shows which checker of the simulator sees each
# make simulate    many simulated clusters from seeds: EVENTS=1e7 unless said otherwise; STATE=file lets a long run be run in parts
# make bench       failover, detection, commit and memory of three nodes, beside the anchors' figures
# make soak        ten minutes of faults of every kind on real clusters, and 1,000 stores with a flipped bit; needs root
#                  (SOAK_MINUTES, SOAK_SEED)
# make build       the program, optimised, in .build-release

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo test test-core scenarios simulate mutants bench soak build lint rules-tests

# What the build needs, and what the tests need beside it: Debian's packages.
BUILD_PACKAGES := zlib1g-dev libsqlite3-dev
TEST_PACKAGES  := $(BUILD_PACKAGES) prometheus curl openssl iproute2 nftables python3 e2fsprogs mount

# One process each, one after the other: tests that watch deadlines must not wait behind those that compute.
TEST_GROUPS := \
	'RaftCoreTests|ClusterHealthTests|NodeReplicaTests' \
	'ExpositionTests|MetricCatalogTests|StatusDocumentsTests|ZlibTests|ExporterNodeTests' \
	'WireFormatTests|LogStorageTests|FaultyFileSystemTests' \
	'HealthProbesTests|ExporterConfigurationTests|OperatorCommandsTests|ScrapeHistoryTests' \
	'ClusterSimulatorTests|RealStoreSimulationTests' ClusterTransportTests MetricsServerTests TidyTests EndToEndTests

DEMO_OPTIONS ?=
BENCH_OPTIONS ?=
SOAK_MINUTES ?= 10
SOAK_SEED ?= 1
SOAK_OPTIONS ?=

demo:
	@$(call require,$(BUILD_PACKAGES))
	swift build --product quorum-exporter
	.build/debug/quorum-exporter demo $(DEMO_OPTIONS)

test: lint
	@$(call require,$(TEST_PACKAGES))
	swift build --build-tests
	@set -e; for group in $(TEST_GROUPS); do \
		echo "== $$group"; swift test --skip-build --filter "^($$group)\."; \
	done
	$(MAKE) --no-print-directory simulate EVENTS=1e7 STATE=

test-core:
	@$(call require,zlib1g-dev prometheus)
	QUORUM_PURE=1 swift test --scratch-path .build-core --skip TidyTests

# Writes what every node does in each scenario anew; what changed is a diff to be read.
scenarios:
	RECORD_SCENARIOS=1 QUORUM_PURE=1 swift test --scratch-path .build-core --filter ScenarioTests

MUTANTS ?=

# Half an hour and more: each bug is built and run. MUTANTS="01 07" for some.
mutants:
	@$(call require,zlib1g-dev libsqlite3-dev patch)
	nice Tests/Mutants/run $(MUTANTS)

EVENTS ?= 1e7
STATE ?=

# On all cores, with progress and a rate; fails when something is broken, or when too little of a fault was injected to say that nothing is.
simulate:
	@$(call require,$(BUILD_PACKAGES))
	QUORUM_ONLY=quorum-simulator swift build -c release --product quorum-simulator --scratch-path .build-sim
	.build-sim/release/quorum-simulator --events $(EVENTS) $(if $(STATE),--state $(STATE))

# Writes rules/tests anew from the timelines in Tests/TidyTests/Timelines.
rules-tests:
	RECORD_RULES_TESTS=1 QUORUM_ONLY=TidyTests swift test --scratch-path .build-tidy --filter theFilesAreWhatTheTimelinesSay

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

build:
	@$(call require,$(BUILD_PACKAGES))
	swift build -c release --product quorum-exporter --scratch-path .build-release --static-swift-stdlib

bench: build
	QUORUM_ONLY=quorum-bench swift build -c release --product quorum-bench --scratch-path .build-bench
	.build-bench/release/quorum-bench .build-release/release/quorum-exporter $(BENCH_OPTIONS)
	swift build -c release --product quorum-bench-commits --scratch-path .build-release --static-swift-stdlib
	.build-release/release/quorum-bench-commits

soak: build
	@$(call require,iproute2 nftables)
	swift build -c release --product quorum-soak --scratch-path .build-release --static-swift-stdlib
	.build-release/release/quorum-soak .build-release/release/quorum-exporter \
		--minutes $(SOAK_MINUTES) --seed $(SOAK_SEED) $(SOAK_OPTIONS)

# Installs those of the packages that are missing; a plain user is told which.
define require
missing=$$(for package in $(1); do dpkg-query -W -f='$${Status}\n' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
if [ -n "$$missing" ]; then \
	if [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	else \
		echo "missing packages: $$missing" >&2; \
		echo "install them first: sudo apt-get install $$missing" >&2; \
		exit 1; \
	fi; \
fi
endef
