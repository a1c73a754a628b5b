"""Who changed what, when, from where: an append-only trail for every organization."""
