from __future__ import annotations

import argparse
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.contract import Document
from benchmarks.database import Facts
from benchmarks.rounds import Sample
from benchmarks.scale import of_documents, of_posts
from benchmarks.scale.__main__ import number, read_options
from benchmarks.scale.documents import MOST, document
from benchmarks.scale.filled import Author, Filled
from benchmarks.scale.growing import Sized, Took
from benchmarks.scale.plans import Cost, cost_in, execution, median_of
from benchmarks.scale.posts import Measured, Outcome
from benchmarks.scale.reads import READS, Read, requests_of, target_of
from benchmarks.scale.starting import Moments, Start, read
from benchmarks.scene import Scene

ALICE = Author(id=7, published=900, drafts=80)


def plan(node: str, *inner: dict[str, Any], rows: int = 1, **more: Any) -> dict[str, Any]:
    pages = {"Shared Hit Blocks": 2, "Shared Read Blocks": 1}
    return (
        {"Node Type": node, "Actual Rows": rows, "Actual Loops": 1, "Plans": inner} | pages | more
    )


def explained(root: dict[str, Any]) -> dict[str, Any]:
    return {"Plan": root, "Planning Time": 0.5, "Execution Time": 1.5}


def filled(posts: int) -> Filled:
    facts = Facts("alice", ALICE.id, [1, 2], [1], 1, 2)
    return Filled(posts, posts // 50, "postgresql://", facts, [5], ALICE, ALICE)


def outcome(read: Read, *costs: float, suspects: dict[str, int] | None = None) -> Outcome:
    """A read that costs so many microseconds at each size, half of them PostgreSQL's."""
    samples = [[Sample(100, 1, 2, cost / 2, cost / 2, 9)] * 3 for cost in costs]
    return Outcome(read, [Cost(cost / 1000, 5, suspects or {}) for cost in costs], samples)


def measured(*outcomes: Outcome) -> Measured:
    return Measured("18.0", [filled(10_000), filled(100_000)], list(outcomes))


def sized(operations: int, cpu: float, answered: float = 1.0) -> Sized:
    start = Start(Moments(0.1, 0.2, 0.3, answered), 2.0, 80_000_000, 3.0, 50.0)
    return Sized(f"{operations:,}", operations, 1.0, [Took(cpu, cpu)] * 3, [start] * 3)


def test_time_and_pages_of_several_statements_are_added_up() -> None:
    inner = plan("Index Scan")

    assert cost_in([explained(plan("Limit", inner)), explained(inner)]) == Cost(4.0, 6, {})


def test_sorts_and_sequential_scans_are_found_at_any_depth_with_their_rows() -> None:
    scan = plan("Seq Scan", rows=60, **{"Relation Name": "posts"})
    costs = [cost_in([explained(plan("Limit", plan("Sort", scan, rows=rows)))]) for rows in (5, 9)]

    assert median_of(costs).suspects == {"Sort": 9, "Seq Scan on posts": 60}


def test_a_prepared_statement_is_executed_with_its_arguments() -> None:
    assert execution("s", [1, None, False]) == "EXECUTE s(1, NULL, False)"
    assert execution("s", []) == "EXECUTE s"


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        (7, "/api/v1/posts/7"),
        ({}, "/api/v1/posts"),
        ({"author_id": 7, "published": False}, "/api/v1/posts?author_id=7&published=false"),
    ],
)
def test_what_is_asked_of_handlers_is_asked_over_http_too(asked: Any, target: str) -> None:
    assert target_of(asked) == target


def test_only_own_drafts_are_asked_for_with_a_token() -> None:
    scene = cast("Scene", SimpleNamespace(authorization=lambda: {"Authorization": "Bearer x"}))
    requests = {read.name: requests_of(read, filled(10_000), scene)[0] for read in READS}

    assert [name for name, each in requests.items() if each.headers] == ["own_drafts"]


def test_a_promise_about_posts_is_kept_or_not() -> None:
    post, page, *_ = READS
    found = list(of_posts.findings(measured(outcome(post, 100, 110), outcome(page, 100, 130))))

    assert "1.10 times" in found[0]
    assert found[0].endswith("promised are 1.2 at most, kept.")
    assert "1.30 times" in found[1]
    assert found[1].endswith("**not kept**.")
    assert found[2] == "No statement reads a table from end to end, and none sorts."


def test_a_statement_that_sorts_is_named_with_its_rows_at_each_size() -> None:
    (found,) = of_posts.suspects_of([outcome(READS[0], 1, 1, suspects={"Sort": 5_000})])

    assert found == "**a post by its id: Sort** of 5,000 / 5,000 rows."


def test_a_page_that_the_smallest_table_does_not_have_is_compared_with_the_next() -> None:
    deepest = next(read for read in READS if read.at_least)
    (_, *_, growth) = of_posts.cost_row(it := outcome(deepest, 50, 100), measured(it))

    assert growth == "1.0 (1.0 to 1.0), to 100,000"


def test_promises_about_documents_are_kept_or_not() -> None:
    own = sized(18, 1.0)
    good = [sized(20, 1.0), sized(200, 2.8), sized(1_000, 11.0, answered=2.5)]
    bad = [sized(20, 1.0), sized(200, 2.8), sized(1_000, 20.0, answered=5.5)]

    assert [text.rsplit(", ", 1)[1] for text in of_documents.findings(own, good)] == ["kept."] * 3
    assert [text.rsplit(", ", 1)[1] for text in of_documents.findings(own, bad)] == [
        "kept.",
        "**not kept**.",
        "**not kept**.",
    ]


def test_a_report_has_a_row_for_each_read_and_each_document() -> None:
    text = "\n".join(of_posts.section(measured(*(outcome(read, 100, 100) for read in READS))))
    assert all(text.count(f"| {read.title} ") == 2 for read in READS)

    text = "\n".join(of_documents.section([sized(18, 1.0), sized(20, 1.0), sized(200, 2.0)]))
    assert text.count("\n| 200 ") == 2
    assert " 5.6 |\n" in text  # milliseconds for each of 180 further operations


def test_a_start_is_told_in_seconds_since_its_launch() -> None:
    assert read("[[1, 2, 3, 4], 16, 80, 3.5, 50]", launched=10) == Start(
        Moments(1, 2, 3, 4), 6, 80, 3.5, 50
    )


@pytest.mark.parametrize("operations", [5, 25, 200])
def test_an_invented_document_has_as_many_operations_as_it_should(operations: int) -> None:
    found = Document(document(operations)).operations

    assert len(found) == len({each.id for each in found}) == operations


def test_sizes_that_make_no_sense_are_refused_in_a_sentence() -> None:
    parse = number(5, MOST, step=5)

    assert parse("200") == 200
    for wrong in ("7", "0", "2005", "-5", "many"):
        with pytest.raises(argparse.ArgumentTypeError, match="is not a multiple of 5 from 5 to"):
            parse(wrong)


def test_everything_is_measured_unless_less_is_asked_for() -> None:
    options = read_options([])

    assert (options.only, options.posts) == (["posts", "documents"], [10_000, 100_000, 1_000_000])
    assert read_options(["--only", "documents", "--operations", "20"]).operations == [20]
