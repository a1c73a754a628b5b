"""Stand-ins for Alegra and MasterShop, reachable by URL only.

They run as one process of their own (``python -m integrations.simulators``), keep what they
hold in their own SQLite files and import nothing of the house. Nothing of the house imports
them: the portal only ever knows their addresses. They serve *modo de prueba*, the demo, the
tests, the faults and the benchmarks.
"""
