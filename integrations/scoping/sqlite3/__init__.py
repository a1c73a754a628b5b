"""Django's backend for SQLite, with a fair order among those that wait for its lock."""
