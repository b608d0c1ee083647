"""Finding passages: what is indexed, how it is ranked, how an index is kept."""
