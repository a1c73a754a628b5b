"""What takes too long for `./run test`: one package a check, run by `./run check NAME`.

The first line of a package's docstring is its line in the list: what it checks and how long it
takes. A package with a `__main__.py` runs as a program, another one as a folder of pytest. Inside
of a check `kept.folder()` is where its raw output goes, and `machine.figure()` prints a figure.
"""
