# customer_tier: see README.md
#
#	make, make install, make installcheck	as with every PGXS extension
#	make demo								tiers for demo customers, and charts
#	make test								everything that is tested
#	make matrix [MATRIX=trixie/17]			the same on other PostgreSQLs
#	make lint								gcc -Wextra, clang-tidy, cppcheck over src/
#	make coverage							the lines that the suite runs
#	make bench [BENCH=ladder]				speed, as ratios
#	make fuzz [FUZZ=fuzz/ladder_fuzz]		libFuzzer over the core; sqlsmith
#	make dist								build/customer_tier-<version>.zip, for PGXN
#	make indent								sources in PostgreSQL's style
#	make setup								installs what all but fuzz and indent need
#
# A concept has one name and lives in src/core/<concept>.c (the plain core,
# where it has one), src/<concept>.c (its SQL face), sql/<concept>.sql,
# test/sql/<concept>.sql and expected/<concept>.out.  sql/types.sql, digest.sql
# and json.sql have what several concepts share.

EXTENSION = customer_tier
EXTVERSION = 1.0.0
MODULE_big = customer_tier

# of the script, in its order
PARTS = prologue types comparison fused_aggregate digest order_digest payment_digest \
	balance_digest measures scorecard weights ladder upgrade assignment \
	concentration forecast json program program_create program_alter program_statement \
	program_refresh program_run program_touched program_track program_pin program_history \
	program_report program_schedule benefit

CORE = assignment balance_digest balance_gather balance_log calendar \
	concentration decimal fields figure forecast forecast_fit forecast_text groups isodate ladder ladder_draft \
	ladder_parse lexer minimize order_digest payment_digest policy policy_parse \
	population quantile radix reason reserve review scorecard scorecard_calibrate \
	scorecard_parse scorecard_score standing status sum weights wide
FACE = assignment assignment_row balance_digest balance_digest_json bytes \
	concentration customer_tier digest digest_json errors exact figure forecast forecast_fit fused_aggregate \
	fused_aggregate_call fused_aggregate_path fused_aggregate_share fused_aggregate_spill \
	fused_aggregate_stats fused_aggregate_table host ladder \
	ladder_calibrate ladder_place ladder_row measures memo order_digest \
	payment_digest policy program program_track program_via row scorecard scorecard_calibrate scorecard_value \
	tier_path upgrade weights wire

OBJS = $(CORE:%=src/core/%.o) $(FACE:%=src/%.o)

# as given to make: srcdir is known only to PGXS
here := $(dir $(firstword $(MAKEFILE_LIST)))

SCRIPT = sql/$(EXTENSION)--$(EXTVERSION).sql
SCRIPT_PARTS = $(PARTS:%=$(srcdir)/sql/%.sql)
DATA_built = $(SCRIPT)
# scripts of earlier versions, and those that lead from one to the next
DATA = $(filter-out %--$(EXTVERSION).sql,$(wildcard $(here)sql/released/*.sql)) \
	$(wildcard $(here)sql/update/*.sql)

# Their results have a folder of their own: pg_regress prefers files there to
# those in test/, and sql/ and expected/ stand here.  test/expected is a link.
REGRESS = extension order_digest payment_digest fused_aggregate measures figures \
	balance_digest scorecard weights ladder upgrade policy assignment \
	movement concentration forecast digest_json json stored program program_refresh \
	program_touched program_track program_pin program_history \
	program_report program_safety program_hostile program_rights program_view program_random \
	benefit laws
REGRESS_OPTS = --inputdir=$(srcdir)/test --outputdir=build/regress \
	--load-extension=$(EXTENSION)

SPECS := $(basename $(notdir $(wildcard $(here)test/specs/*_concurrency.spec)))
ifneq ($(SPECS),)
ISOLATION = $(sort $(SPECS))
ISOLATION_OPTS = --inputdir=$(srcdir)/test --outputdir=build/isolation \
	--load-extension=$(EXTENSION)
endif

EXTRA_CLEAN = $(SCRIPT) $(OBJS:.o=.d) build

PG_CPPFLAGS = -I$(srcdir)/src
# no fused multiply-add: the same figures on every architecture
PG_CFLAGS = -ffp-contract=off -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -Wno-cast-function-type

ifndef PG_CONFIG
PG_CONFIG := $(shell $(here)test/setup --pg-config)
endif
PGXS := $(if $(PG_CONFIG),$(shell $(PG_CONFIG) --pgxs))
SERVER_INCLUDE := $(if $(PGXS),$(shell $(PG_CONFIG) --includedir-server))

ifneq ($(and $(wildcard $(PGXS)),$(wildcard $(SERVER_INCLUDE)/postgres.h)),)
include $(PGXS)

# Our own rule, so that a changed header rebuilds what includes it, however
# the server was built.
$(OBJS): %.o: %.c
	@$(MKDIR_P) $(@D)
	$(COMPILE.c) -MMD -MP -MT $@ -MT $*.bc -o $@ $<
$(OBJS:.o=.bc): %.bc: | %.o
-include $(OBJS:.o=.d)

$(SCRIPT): $(srcdir)/sql/expand.awk $(SCRIPT_PARTS) $(firstword $(MAKEFILE_LIST))
	@$(MKDIR_P) $(@D)
	awk -f $< $(SCRIPT_PARTS) > $@ || { rm -f $@; exit 1; }

installcheck: build/regress build/isolation
build/regress build/isolation:
	$(MKDIR_P) $@

else							# nothing to build with

all install installcheck uninstall:
	@$(here)test/setup --check server
clean:
	rm -rf $(OBJS) $(OBJS:.o=.bc) $(EXTRA_CLEAN) $(MODULE_big).so
.PHONY: all install installcheck uninstall clean

endif

setup:
	@$(here)test/setup server prove cron plpgsql browser
demo:
	@$(here)test/demo/run
test:
	@$(here)test/run
matrix:
	@$(here)test/matrix $(MATRIX)
lint:
	@$(here)test/lint
coverage:
	@$(here)test/coverage
bench:
	@$(here)test/bench/run $(BENCH)
fuzz:
	@$(here)test/fuzz/run $(FUZZ)
dist:
	@mkdir -p $(here)build
	@git -C $(here) archive --format zip --prefix $(EXTENSION)-$(EXTVERSION)/ \
		-o build/$(EXTENSION)-$(EXTVERSION).zip HEAD
	@echo build/$(EXTENSION)-$(EXTVERSION).zip
indent:
	@$(here)test/setup server indent
	@$(here)test/indent
.PHONY: setup demo test matrix lint coverage bench fuzz dist indent
