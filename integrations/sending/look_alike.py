"""What looks like a work's own in Alegra and carries no marker of ours: asked about, once each.

Somebody may have made it by hand, so it is never adopted silently (Alegra reference, "Finding a
document again"); a person who says that it is another is not asked about the same one again.
"""

from __future__ import annotations

from typing import Any

from integrations.sending.about import about
from integrations.sending.models import Work
from integrations.sending.problem_kinds import Found

CODE = "look_alike"


def asked_about(work: Work, alegra_id: str, *, kind: str, name: str, **params: Any) -> Found:
    """The question whether it is this one. `kind`: what it is, as ids are counted apart."""
    return about(work, CODE, name=name, other=alegra_id, kind=kind, **params)


def deny(work: Work) -> list[str]:
    """A person who read the question says that it is not; which they were ("invoice 12")."""
    denied = []
    for problem in work.problems.filter(code=CODE, closed_at=None):
        problem.params = {**problem.params, "denied": True}
        problem.save(update_fields=["params"])
        denied.append(f"{problem.params.get('kind')} {problem.params.get('other')}")
    return denied


def denied(work: Work) -> set[tuple[str, str]]:
    """Kind and id of those that a person said are not this work's."""
    return {
        (str(problem.params.get("kind")), str(problem.params.get("other")))
        for problem in work.problems.filter(code=CODE)
        if problem.params.get("denied")
    }
