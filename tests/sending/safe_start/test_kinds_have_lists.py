"""Each kind of work says where what a restored database has forgotten of it is found."""

from __future__ import annotations

from integrations.sending.registry import kinds, lists


def test_each_kind_of_work_has_its_lists():
    assert [kind.name for kind in kinds() if not kind.lists] == []


def test_a_list_is_known_by_its_name():
    names = [each.name for each in lists()]
    assert len(names) == len(set(names))
    assert all(each.counted(1).startswith("1 ") for each in lists())
    # A kind is told from another one where it is kept by it.
    assert len({hash(kind) for kind in kinds()}) == len(kinds())
