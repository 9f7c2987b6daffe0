# customer_tier: see README.md
#
#	make, make install, make installcheck	as with every PGXS extension
#	make demo								tiers for demo customers
#	make test								everything that is tested
#	make bench								speed, as ratios
#
# A concept has one name and lives in src/core/<concept>.c (the plain core,
# where it has one), src/<concept>.c (its SQL face), sql/<concept>.sql,
# test/sql/<concept>.sql and expected/<concept>.out.

EXTENSION = customer_tier
EXTVERSION = 1.0.0
MODULE_big = customer_tier

# in the order in which the script creates them
CONCEPTS = order_digest payment_digest measures ladder upgrade

CORE = decimal fields isodate ladder ladder_form lexer order_digest payment_digest population \
	status sum wide
FACE = digest errors exact host ladder ladder_calibrate ladder_json ladder_place ladder_row \
	measures order_digest payment_digest row upgrade wire

OBJS = $(CORE:%=src/core/%.o) $(FACE:%=src/%.o)

SCRIPT = sql/$(EXTENSION)--$(EXTVERSION).sql
SCRIPT_PARTS = $(addprefix $(srcdir)/sql/,prologue.sql $(CONCEPTS:%=%.sql))
DATA_built = $(SCRIPT)

REGRESS = $(CONCEPTS)
# pg_regress looks for sql/ and expected/ in its output directory first: in
# ours it would take sql/<concept>.sql, which is not a test.
REGRESS_OUT = build/regress
REGRESS_OPTS = --inputdir=$(srcdir)/test --outputdir=$(REGRESS_OUT) \
	--load-extension=$(EXTENSION)

EXTRA_CLEAN = $(SCRIPT) build

PG_CONFIG ?= pg_config
PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -Wno-cast-function-type
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

installcheck: $(REGRESS_OUT)
$(REGRESS_OUT):
	mkdir -p $@
	ln -sfn $(abspath $(srcdir))/expected $@/expected

$(SCRIPT): $(SCRIPT_PARTS)
	@mkdir -p sql
	cat $^ > $@
