"""A kind of work for the engine's own tests: as small as one can be, with tables of its own."""
