from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from app.spans import parts_of
from app.tracing import is_wanted
from tests.conftest import Databases
from tests.platform.test_server import refused
from tests.processes import ROOT, Served, serve
from tests.tracing.collector import Collector, attributes_of, collecting

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
SECRET = "zqx9-canary"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
async def traced_url(databases: Databases) -> str:
    return await databases.create()


@pytest.fixture(scope="module")
def traced(
    anyio_backend: str,
    traced_url: str,
    collector: Collector,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    settings = {
        "DATABASE_URL": traced_url,
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    with serve(tmp_path_factory.mktemp("traced"), settings) as served:
        yield served


class Answer(NamedTuple):
    status: int
    traceparent: str
    body: Any


def ask(served: Served, path: str, *, request_id: str, **headers: str) -> int:
    return answer_to(served, path, request_id=request_id, **headers).status


def answer_to(served: Served, path: str, *, request_id: str, **headers: str) -> Answer:
    sent = {"X-Request-Id": request_id, **headers}
    request = urllib.request.Request(served.url + path, headers=sent)  # noqa: S310 - loopback
    try:
        answer = urllib.request.urlopen(request, timeout=10)  # noqa: S310 - loopback
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return Answer(answer.status, answer.headers["traceparent"], json.load(answer))


def span_of(collector: Collector, request_id: str) -> Span:
    return collector.wait(lambda span: attributes_of(span).get("app.request_id") == request_id)


def line_of(served: Served, request_id: str) -> dict[str, Any]:
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line[0] == "{"]
    (line,) = [x for x in lines if x.get("request_id") == request_id and x["event"] == "request"]
    return dict(line)


def test_a_request_is_a_span_that_is_named_by_its_operation(
    traced: Served, collector: Collector
) -> None:
    assert ask(traced, f"/health/ready?{SECRET}=1", request_id="unknown-query") == 422
    assert ask(traced, "/health/ready", request_id="ready-request") == 200

    span = span_of(collector, "ready-request")
    assert (span.name, span.kind) == ("get_readiness", Span.SPAN_KIND_SERVER)
    assert span.parent_span_id == b""
    found = attributes_of(span)
    assert found["http.request.method"] == "GET"
    assert found["http.route"] == "/health/ready"
    assert found["http.response.status_code"] == 200
    assert "error.type" not in found
    assert 0 < span.end_time_unix_nano - span.start_time_unix_nano < 10e9
    refused_span = span_of(collector, "unknown-query")
    assert refused_span.status.code == Status.STATUS_CODE_UNSET
    assert SECRET not in str(refused_span)
    assert {"service.name": "Colophon"}.items() <= collector.resources[0].items()


def test_each_statement_is_a_span_below_it(traced: Served, collector: Collector) -> None:
    ask(traced, "/health/ready", request_id="with-statement")
    span = span_of(collector, "with-statement")

    (statement,) = collector.below(span)
    assert statement.name == "SELECT alembic_version"
    assert statement.kind == Span.SPAN_KIND_CLIENT
    found = attributes_of(statement)
    assert found["db.system.name"] == "postgresql"
    assert found["db.query.text"].startswith("SELECT current_setting(")
    assert statement.trace_id == span.trace_id
    assert span.start_time_unix_nano <= statement.start_time_unix_nano
    assert statement.end_time_unix_nano <= span.end_time_unix_nano


def test_a_client_s_trace_goes_on_here_and_in_the_log(traced: Served, collector: Collector) -> None:
    ask(traced, "/health", request_id="has-a-parent", traceparent=f"00-{TRACE}-{PARENT}-01")

    span = span_of(collector, "has-a-parent")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert line_of(traced, "has-a-parent")["trace_id"] == TRACE


@pytest.mark.parametrize(("flags", "path"), [("01", "/health"), ("00", "/nowhere")])
def test_an_answer_names_the_client_s_trace_and_the_service_s_own_span(
    traced: Served, collector: Collector, flags: str, path: str
) -> None:
    sent, request_id = f"00-{TRACE}-{PARENT}-{flags}", f"told-in-{flags}"
    answer = answer_to(traced, path, request_id=request_id, traceparent=sent)
    version, trace_id, span_id, sampled = answer.traceparent.split("-")

    assert (version, trace_id, sampled) == ("00", TRACE, flags)
    assert span_id != PARENT
    assert answer.body.get("trace_id", TRACE) == TRACE
    if flags == "01":
        assert span_of(collector, request_id).span_id.hex() == span_id


def test_an_answer_names_the_trace_that_begins_here(traced: Served, collector: Collector) -> None:
    answer = answer_to(traced, "/health/ready?no=1", request_id="begins-here")
    span = span_of(collector, "begins-here")

    # The trace is sampled; whether its id is called random is for the SDK to say (level 2).
    assert answer.traceparent[:-2] == f"00-{span.trace_id.hex()}-{span.span_id.hex()}-"
    assert answer.traceparent[-2:] in {"01", "03"}
    assert answer.body["trace_id"] == span.trace_id.hex()


def test_a_trace_that_the_client_does_not_sample_is_not_sent(
    traced: Served, collector: Collector
) -> None:
    ask(traced, "/health", request_id="not-sampled", traceparent=f"00-{TRACE}-{PARENT}-00")
    ask(traced, "/health", request_id="the-next-one")
    span_of(collector, "the-next-one")

    assert all(attributes_of(s).get("app.request_id") != "not-sampled" for s in collector.spans)
    assert line_of(traced, "not-sampled")["trace_id"] == TRACE


@pytest.mark.parametrize(
    ("number", "traceparent"),
    list(
        enumerate(
            [
                "",
                "x",
                f"ff-{TRACE}-{PARENT}-01",
                f"00-{'0' * 32}-{PARENT}-01",
                f"00-{TRACE}-{'0' * 16}-01",
                f"00-{TRACE.upper()}-{PARENT}-01",
                f"00-{TRACE}-{PARENT}",
                f"00-{TRACE}-{PARENT}-01-more",
                f"00-{TRACE}-{PARENT}-01, 00-{TRACE}-{PARENT}-01",
                "00-" + "a" * 5000,
            ]
        )
    ),
)
def test_a_traceparent_that_is_not_valid_begins_a_new_trace(
    traced: Served, collector: Collector, number: int, traceparent: str
) -> None:
    request_id = f"malformed-{number}"
    assert ask(traced, "/health", request_id=request_id, traceparent=traceparent) == 200

    span = span_of(collector, request_id)
    assert span.parent_span_id == b""
    assert span.trace_id.hex() != TRACE
    assert line_of(traced, request_id)["trace_id"] == span.trace_id.hex()


def test_what_means_no_operation_is_named_by_its_method(
    traced: Served, collector: Collector
) -> None:
    assert ask(traced, "/nowhere", request_id="nowhere-at-all") == 404

    span = span_of(collector, "nowhere-at-all")
    assert span.name == "GET"
    assert "http.route" not in attributes_of(span)


@pytest.mark.usefixtures("anyio_backend")
def test_what_is_not_sent_yet_is_sent_at_the_end_and_failures_are_marked(
    tmp_path: Path, migrated_url: str
) -> None:
    with collecting() as collector:
        settings = {
            "DATABASE_URL": migrated_url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "60000",
            "SHUTDOWN_DELAY_SECONDS": "1",
        }
        with serve(tmp_path, settings) as served:
            served.process.terminate()
            while ask(served, "/health/ready", request_id="at-the-end") == 200:
                pass
            assert served.process.wait(20) == 0
        span = collector.wait(lambda span: span.status.code == Status.STATUS_CODE_ERROR)
    assert attributes_of(span)["error.type"] == "shutting_down"
    assert attributes_of(span)["http.response.status_code"] == 503


@pytest.mark.usefixtures("anyio_backend")
def test_a_collector_that_is_away_harms_nobody(tmp_path: Path, migrated_url: str) -> None:
    settings = {
        "DATABASE_URL": migrated_url,
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
        "OTEL_BSP_SCHEDULE_DELAY": "50",
    }
    with serve(tmp_path, settings) as served:
        assert ask(served, "/health", request_id="without-collector") == 200
        served.process.terminate()
        assert served.process.wait(10) == 0


@pytest.mark.usefixtures("anyio_backend")
def test_a_protocol_that_is_not_spoken_stops_the_start(tmp_path: Path, migrated_url: str) -> None:
    said = refused(
        tmp_path,
        DATABASE_URL=migrated_url,
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4317",
        OTEL_EXPORTER_OTLP_PROTOCOL="grpc",
    )
    assert said.startswith("Traces are sent by http/protobuf alone")


def test_without_a_collector_nothing_of_the_sdk_is_imported() -> None:
    code = (
        "import sys, app.main; print([m for m in sys.modules if m.startswith('opentelemetry.sdk')])"
    )
    environment = {name: v for name, v in os.environ.items() if not name.startswith("OTEL_")}
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "TRUE"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_the_environment_decides(environment: dict[str, str], *, wanted: bool) -> None:
    assert is_wanted(environment) is wanted


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("SELECT a FROM things WHERE b = $1", ("SELECT", "things")),
        ("\nINSERT INTO parts (a) VALUES ($1)", ("INSERT", "parts")),
        ("UPDATE things SET a = $1", ("UPDATE", "things")),
        ("COMMIT", ("COMMIT", "")),
        ("(SELECT 1)", ("SQL", "")),
    ],
)
def test_a_statement_is_named_by_what_it_does(sql: str, parts: tuple[str, str]) -> None:
    assert parts_of(sql) == parts
