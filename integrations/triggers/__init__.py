"""When a document is created: a rule per payment family, *reached or passed*."""
