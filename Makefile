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
CONCEPTS = ladder upgrade policy assignment

CORE = assignment calendar decimal ladder ladder_form lexer policy population \
	reason standing status sum wide
FACE = assignment assignment_row errors exact host ladder ladder_calibrate \
	ladder_json ladder_place ladder_row policy row tier_path upgrade wire

OBJS = $(CORE:%=src/core/%.o) $(FACE:%=src/%.o)

SCRIPT = sql/$(EXTENSION)--$(EXTVERSION).sql
SCRIPT_PARTS = $(addprefix $(srcdir)/sql/,prologue.sql $(CONCEPTS:%=%.sql))
DATA_built = $(SCRIPT)

REGRESS = $(CONCEPTS)
REGRESS_OPTS = --inputdir=$(srcdir)/test --load-extension=$(EXTENSION)

EXTRA_CLEAN = $(SCRIPT)

PG_CONFIG ?= pg_config
PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -Wno-cast-function-type
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(SCRIPT): $(SCRIPT_PARTS)
	@mkdir -p sql
	cat $^ > $@
