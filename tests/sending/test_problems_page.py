from pathlib import Path

from integrations.management.commands.problems_page import problems_page
from integrations.sending.problem_kinds import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "problems.md"


def test_the_page_of_problems_is_the_table():
    said = "run: python manage.py problems_page > docs/problems.md"
    assert PAGE.read_text() == problems_page(), said


def test_every_kind_has_an_example_with_all_its_words():
    page = problems_page()
    assert all(f"### `{code}` · " in page for code in KINDS)
    assert "—" not in page
