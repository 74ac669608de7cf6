"""The composition root: the one module that knows every part and puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import orjson
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.telemetry import TelemetryConfig

import generated
from app import auth, health, logs, posts, users
from app.context import Actor, Context
from app.contract import (
    Contract,
    Document,
    Guard,
    Idempotency,
    Operation,
    Router,
    ServedDocument,
    install,
)
from app.db.engine import Database
from app.db.errors import problem_of
from app.db.idempotency import KeptAnswers
from app.db.replica import database_of
from app.db.sweep import sweep_for_ever
from app.limits import KeptLimits, limits_of
from app.pages import Pages
from app.security.guard import authenticate
from app.security.passwords import Passwords, threads_of
from app.security.tokens import Tokens
from app.settings import Settings, SettingsError, load_settings
from app.watch import Lifespan, Watch
from generated.auth import AuthRouter
from generated.health import HealthRouter
from generated.posts import PostsRouter
from generated.users import UsersRouter

# FastAPI would look at each request whether somebody has set up OpenTelemetry meanwhile.
UNUSED_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False)
OpenContext = Callable[[Operation], Context]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the service. Without `settings` they are read from the environment and `.env`.

    Raises SettingsError for a wrong or missing setting, and ContractIncomplete where handlers and
    document do not fit.
    """
    settings = settings or load_settings()
    logs.configure(settings)
    database = database_of(settings, database_url_of(settings))
    passwords = Passwords(settings.app_name, threads=threads_of(settings.web_concurrency))
    limits = limits_of(settings)
    contract = Contract(
        Document(orjson.loads(generated.DOCUMENT.read_bytes())),
        routers(),
        open_context=context_opener(settings, database, limits, passwords),
        guards=guards(),
        problem_of=problem_of,
        idempotency=idempotency(),
        limits=limits,
    )
    watch = Watch(settings, contract.document, database, passwords.readings())
    app = bare(settings, watch.during(lifespan_of(settings, database, limits, passwords)))
    app.router.routes.append(Pages(settings.app_name, contract.document))
    allow_origins(app, settings.cors_origins)
    install(
        app,
        contract,
        documents=documents(),
        allowed_hosts=settings.allowed_hosts,
        record=logs.request_log(settings),
        observers=watch.observers,
    )
    return app


def bare(settings: Settings, lifespan: Lifespan) -> FastAPI:
    """Return an application of FastAPI without the pages and documents that it has of its own."""
    return FastAPI(
        title=settings.app_name,
        debug=settings.debug,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=UNUSED_TELEMETRY,
    )


def documents() -> list[ServedDocument]:
    """Return the document in the forms in which it is served."""
    return [ServedDocument.read(generated.DOCUMENT.with_suffix(s)) for s in (".json", ".yaml")]


def database_url_of(settings: Settings) -> str:
    """Return the address of the database, which `python -m app serve` sees to where none is set."""
    if settings.database_url is None:
        raise SettingsError(
            "DATABASE_URL is not set: start the service by `python -m app serve`, which brings up "
            "a database of its own, or name a server."
        )
    return settings.database_url.get_secret_value()


def routers() -> Sequence[Router[Context, Actor]]:
    """Bind each tag of the document to the module that implements it; mypy checks each one here."""
    return [
        AuthRouter(auth.handlers),
        HealthRouter(health.handlers),
        PostsRouter(posts.handlers),
        UsersRouter(users.handlers),
    ]


def guards() -> Mapping[str, Guard[Context, Actor]]:
    """Bind each security scheme of the document to what judges its credentials."""
    return {"oauth2": authenticate}


def idempotency() -> Idempotency[Context, Actor]:
    """Return what keeps answers for those who repeat a request, each user's apart."""
    return Idempotency(KeptAnswers(), caller_of=lambda actor: actor.id)


def context_opener(
    settings: Settings, database: Database, limits: KeptLimits, passwords: Passwords
) -> OpenContext:
    """Return what opens a request's context, which is committed when the request succeeds."""
    tokens = Tokens(settings)

    def open_context(operation: Operation) -> Context:
        session = database.session(
            read_only=operation.is_safe, max_staleness=operation.max_staleness
        )
        now = datetime.now(UTC)
        return Context(session, settings, passwords, tokens, database, limits, now)

    return open_context


def lifespan_of(
    settings: Settings, database: Database, limits: KeptLimits, passwords: Passwords
) -> Lifespan:
    """Return the application's lifespan: what was opened is closed when the service stops."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(sweep_for_ever(database, settings))
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            passwords.close()
            await limits.close()
            await database.dispose()

    return lifespan


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let browsers of exactly these origins call the service and read its headers."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=[
                *("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"),
                *("traceparent", "tracestate"),
            ],
            expose_headers=[
                *(
                    "Deprecation",
                    "ETag",
                    "Idempotent-Replayed",
                    "Link",
                    "Location",
                    "RateLimit",
                    "RateLimit-Policy",
                    "Retry-After",
                    "Sunset",
                    "X-Request-Id",
                    "traceparent",
                )
            ],
            max_age=600,
        )
