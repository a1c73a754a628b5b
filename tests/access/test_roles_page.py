from pathlib import Path

from integrations.management.commands.roles_page import roles_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_the_page_of_roles_is_true():
    assert PAGE.read_text() == roles_page(), "run: python manage.py roles_page > docs/roles.md"
