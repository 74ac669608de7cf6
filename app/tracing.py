"""Whether traces are wanted, and what sends them: by OTLP over HTTP, where the standard OTEL_*
variables of the environment name a collector. Without them nothing of the SDK is imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.contract import Document
from app.failure import Failure

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from app.spans import Tracing

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
HTTP = "http/protobuf"
EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


class TracingUnfit(Failure):
    """Traces are asked for, and why there can be none."""


def tracing_of(document: Document, *, service: str, version: str) -> Tracing | None:
    """Return what traces, None where the environment asks for no traces. Raises TracingUnfit."""
    if not is_wanted(os.environ):
        return None
    require_possible()
    from app.spans import Tracing  # noqa: PLC0415 - now the packages are known to be there

    base = document.base_path
    routes = {operation.id: base + operation.path for operation in document.operations}
    return Tracing(provider_of(service, version), routes)


def is_wanted(environment: Mapping[str, str]) -> bool:
    """As the specification of OpenTelemetry's variables has it."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return False
    return any(environment.get(name) for name in ENDPOINTS)


def require_possible() -> None:
    """Raises TracingUnfit where traces are wanted and cannot be sent."""
    if not is_wanted(os.environ):
        return
    protocol = next((os.environ[name] for name in PROTOCOLS if os.environ.get(name)), HTTP)
    if protocol != HTTP:
        raise TracingUnfit(
            f"Traces are sent by {HTTP} alone, and {' or '.join(PROTOCOLS)} is {protocol!r}. "
            "Leave it out, and name a collector's port for HTTP."
        )
    try:
        import_module(EXPORTER)
    except ImportError:
        raise TracingUnfit(
            f"{' or '.join(ENDPOINTS)} is set, and the packages that send traces are missing. "
            "Install requirements/tracing.lock, or leave it out."
        ) from None


def provider_of(service: str, version: str) -> TracerProvider:
    """Return the SDK, set up by the OTEL_* variables: sampler, limits, headers, time limits."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - only where it is wanted
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above

    named: dict[str, Any] = {"service.version": version}
    if not os.environ.get("OTEL_SERVICE_NAME"):
        named["service.name"] = service
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(import_module(EXPORTER).OTLPSpanExporter()))
    return provider
