"""Django's backend for SQLite, with a fair chance for those who wait for its lock."""
