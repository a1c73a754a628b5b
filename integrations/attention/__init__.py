"""*Por atender*: the open causes, each with its cure in place."""
