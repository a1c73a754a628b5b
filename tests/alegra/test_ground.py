"""The ground floor stands by itself."""

import ast
from pathlib import Path

import integrations.alegra.client

ALLOWED = {"requests", "urllib3"}


def test_nothing_of_django_or_of_the_house_is_imported():
    import sys

    for module in Path(integrations.alegra.client.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 1, module.name
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names | ALLOWED, (module.name, name)
