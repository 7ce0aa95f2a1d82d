# The only entry point. Scripts are in scripts/; what they make is rebuilt only when its sources have changed.
PORT ?= 6380
WEB ?= 8080
NODE := node
MODULE := pkg/build/core.wasm
PACKAGE := pkg/dist/.built
UI := pkg/dist/ui/.built
SITE := www/dist/.built
API := www/dist/api/.built
COMPONENT := pkg/build/component/wakey.component.wasm
DOCS := www/dist/docs/.built
MODULES := node_modules/.package-lock.json
OF_PAGES := www/docs/node_modules/.package-lock.json
CRATES := target/.crates
RUST := $(shell find src lua tools -type f) build.rs Cargo.toml $(wildcard Cargo.lock) .cargo/config.toml rust-toolchain.toml
TYPESCRIPT := $(shell find pkg/src -name '*.ts') pkg/package.json pkg/tsconfig.json pkg/tsconfig.build.json README.md $(wildcard LICENSE-*)
PLAYGROUND := $(shell find www -type f -not -path 'www/dist/*' -not -path 'www/test/*' -not -path 'www/bench/*' -not -path 'www/docs/*')
PAGES := $(shell find www/docs -type f -not -path '*/node_modules/*') $(wildcard *.md)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Two at a time: what is fetched, and what is compiled. Not said to programs that are run, such as cargo, which decide for themselves.
MAKEFLAGS += -j2
unexport MAKEFLAGS MFLAGS

run: $(UI) $(SITE) $(DOCS) ## build, serve RESP on 127.0.0.1:6380 (PORT=) and the playground on :8080 (WEB=); PASSWORD= is asked for
	@exec $(NODE) scripts/run.mjs $(PORT) $(WEB)

build: $(UI) ## the WebAssembly module and the npm package

site: $(API) $(DOCS) ## the playground, the documentation and the API reference as a static site: www/dist

docs: $(API) ## the API reference: www/dist/api

# Parts that need neither the package nor the site do not wait for them.
test: $(if $(filter-out redis rust binding,$(or $(PART),all)),$(UI)) $(if $(filter playground all,$(or $(PART),all)),$(SITE) $(DOCS)) ## all tests, or PART="redis rust binding types node playground projects", some of these; REDIS=host:port compares with a real server
	$(NODE) scripts/test.mjs $(PART)

check: $(UI) ## formatting, lints, types, generated files
	$(NODE) scripts/check.mjs

component: $(COMPONENT) ## the engine as a WebAssembly component, for hosts that are not JavaScript: pkg/build/component

gen: $(PACKAGE) ## write what follows from the command table: types, COMPAT.md, examples; the licences of others, the module's digest
	$(NODE) scripts/gen.mjs
	$(NODE) scripts/scenes.mjs
	$(NODE) scripts/licences.mjs
	$(NODE) scripts/size.mjs --write > /dev/null

bench: $(PACKAGE) ## speed and memory against peers; REDIS_BIN=dir with redis-server and redis-benchmark; PART="bytes tcp ..." some of it
	$(NODE) scripts/bench.mjs $(PART)

lighthouse: $(SITE) $(DOCS) ## what Lighthouse says of the playground and the documentation
	$(NODE) scripts/lighthouse.mjs

size: $(PACKAGE) ## what the module and the entries weigh, and what it was spent on; fails over budget
	$(NODE) scripts/size.mjs

weights: $(MODULE) ## what each group of commands weighs in the module: some twenty builds of it
	$(NODE) scripts/weights.mjs

fuzz: $(PACKAGE) ## garbage, damaged folders, simulated browsers, both engines (ROUNDS=, FOLDERS=, BROWSERS=, ENGINES=, SEED=)
	$(NODE) scripts/fuzz.mjs

fuzz-redis: ## random sessions and scripts against a real server: REDIS=host:port COMMANDS=1000000 SCRIPTS=200000
	$(NODE) scripts/fuzz.mjs redis

ci: ## what CI runs: check, size and test
	.ci/run

clean: ## remove what was built
	rm -rf www/dist pkg/dist pkg/build target node_modules pkg/node_modules pkg/bench/node_modules www/bench/node_modules docs/api/node_modules www/docs/node_modules examples/recipes/node_modules

$(MODULES): package-lock.json package.json pkg/package.json
	@$(NODE) -e 'parseInt(process.versions.node) >= 20 || (console.error("Wakey is built with Node 20 or later; this is " + process.version), process.exit(1))'
	npm ci --no-audit --no-fund
	@touch $@

$(OF_PAGES): www/docs/package-lock.json www/docs/package.json | $(MODULES)
	@npm ci --prefix www/docs --no-audit --no-fund --loglevel error
	@touch $@

# Once in a folder; after that cargo knows what has changed.
$(CRATES):
	@$(NODE) scripts/crates.mjs
	@mkdir -p $(@D)
	@touch $@

$(MODULE): $(RUST) $(addprefix scripts/,build.mjs cache.mjs common.mjs module.mjs shrink.mjs) $(MODULES) | $(CRATES)
	$(NODE) scripts/build.mjs core

$(COMPONENT): $(RUST) $(shell find component wit -type f) pkg/src/core/docs.gen.ts $(addprefix scripts/,component.mjs common.mjs module.mjs shrink.mjs) $(MODULES)
	$(NODE) scripts/component.mjs
	@touch $@

$(PACKAGE): $(MODULE) $(TYPESCRIPT)
	$(NODE) scripts/build.mjs js
	@touch $@

# In the package's folder, which a build of the package empties.
$(UI): $(PACKAGE) $(PLAYGROUND)
	$(NODE) node_modules/vite/bin/vite.js build -c www/vite.config.ts --mode live --logLevel warn
	@touch $@

$(SITE): $(PACKAGE) $(PLAYGROUND)
	$(NODE) node_modules/vite/bin/vite.js build -c www/vite.config.ts --logLevel warn
	@touch $@

# In the site's folder, which a build of the site empties.
$(API): $(SITE) $(wildcard docs/api/*.json) scripts/docs.mjs
	$(NODE) scripts/docs.mjs
	@touch $@

$(DOCS): $(SITE) $(PAGES) $(OF_PAGES) scripts/site-docs.mjs scripts/scenes.mjs
	$(NODE) scripts/site-docs.mjs
	@touch $@

.PHONY: help run build component site docs test check gen bench lighthouse size weights fuzz fuzz-redis ci clean
.DEFAULT_GOAL := help
