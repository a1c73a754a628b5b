"""Django's backend for PostgreSQL, with limits on waiting (`database_limits`)."""
