from __future__ import annotations

from tests.contract.authorization.cells import EXPECTED


def test_the_table_hides_drafts_as_if_they_did_not_exist() -> None:
    drafts = {cell: status for cell, status in EXPECTED.items() if cell.object == "foreign_draft"}
    told_apart = [
        str(cell)
        for cell, status in drafts.items()
        if status != EXPECTED[cell._replace(object="missing")] and cell.actor != "superuser"
    ]

    assert drafts
    assert told_apart == []
