"""The sale document: built by a pure function, made step by step, followed to its end."""
