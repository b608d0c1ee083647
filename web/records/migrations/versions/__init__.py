"""One module a step; each states its tables itself, since the schema moves on and the steps do not."""
