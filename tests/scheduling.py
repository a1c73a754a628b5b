"""Which tests of a parallel run one worker tells one after the other: those of one portal."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# They leave much behind: killed workers, hundreds of orders, odd buyers. See flows/conftest.py.
_ROUGH = (
    *("tests/flows/test_canaries.py", "tests/flows/test_emit_all.py", "tests/flows/test_kill.py"),
)
_ALONE = ("test_an_empty_portal_",)


class ByPortal(LoadScopeScheduling):
    """The longest groups first; a test that needs no portal is a group of its own."""

    def _split_scope(self, nodeid: str) -> str:
        if not nodeid.startswith("tests/flows/") or any(name in nodeid for name in _ALONE):
            return nodeid
        return "rough portal" if nodeid.startswith(_ROUGH) else "portal"
