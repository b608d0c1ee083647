"""How a database of an earlier program becomes one of this. Run by ``web.records.migrate``."""
