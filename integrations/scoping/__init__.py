"""Whose rows are we looking at?

Every tenant row belongs to an organization. Outside a scope a query on such rows is an
error, inside one it sees and writes only the organization's own rows; `unscoped(reason)`
is the one way round, and it is logged. On PostgreSQL row-level security says it again.
"""
