"""What of the shared files is about users and their sign-in, after `without_posts`."""

from __future__ import annotations

from start.edits import Cut, Drop, Edit, Lines, Replace

MAIN = "app/main.py"
SETTINGS = "app/settings.py"
DOCTOR = "app/commands/doctor.py"
PROBLEMS = "openapi/problems.yaml"
SETTINGS_TESTS = "tests/platform/test_settings.py"
CI = ".github/workflows/ci.yml"
# What operations with a body, a condition or credentials answer, of which there are none yet.
KEPT_FOR_LATER = """      - not_implemented
      - idempotency_key_in_use
      - idempotency_key_reused
      - unauthorized
      - invalid_token
      - precondition_failed
      - content_too_large
      - unsupported_media_type
      - too_many_requests
      - unavailable
"""
BEARER = """Asks for a bearer token (RFC 6750). With `error="invalid_token"` the token that was sent is
        not valid."""
ANY_SCHEME = """Asks for credentials by the schemes of the document (RFC 9110, section 11.6.1). With
        `error="invalid_token"` the token that was sent is not valid."""
OLD_CAUSES = """    The request carries an `Authorization` header that is not a valid access token. It is refused
    even where sign-in is optional, so that an expired session is noticed.
  when: |
    The token is malformed, forged or expired, was made for another service, belongs to a sign-in
    that has ended (signed out, or the password was changed), or to a user who is disabled or
    deleted.
  remedy: |
    Renew the token with `refresh_token` and repeat the request; if that is refused as well, sign in
    again.
"""
NEW_CAUSES = """    The request carries credentials that are not valid. They are refused even where none are needed,
    so that expired ones are noticed.
  when: |
    The credentials are malformed, forged or expired, or were made for another service.
  remedy: |
    Get new ones and repeat the request.
"""
FOUR = '["ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "PORT"]'
TOKENS = "access_token|refresh_token|secret_key|algorithm"

SERVICE: list[Edit] = [
    Lines("app/server.py", r"security import memory|memory\.keep_large_blocks\(\)"),
    Lines(MAIN, r"(Auth|Users)Router\("),
    Replace(MAIN, '{"oauth2": authenticate}', "{}"),
    Lines(MAIN, r"passwords = Passwords\(|passwords\.close\(\)"),
    Replace(MAIN, "    tokens = Tokens(settings)\n\n"),
    Replace(
        MAIN,
        "settings, passwords, tokens, database, limits, now)",
        "settings, database, limits, now)",
    ),
    Replace(
        MAIN,
        "context_opener(settings, database, limits, passwords),",
        "context_opener(settings, database, limits),",
    ),
    Replace(
        MAIN,
        "limits: KeptLimits, passwords: Passwords\n) -> OpenContext",
        "limits: KeptLimits\n) -> OpenContext",
    ),
    Replace(MAIN, ", passwords.readings()"),
    Replace(
        MAIN,
        "lifespan_of(settings, database, limits, passwords)",
        "lifespan_of(settings, database, limits)",
    ),
    Replace(
        MAIN,
        "limits: KeptLimits, passwords: Passwords\n) -> Lifespan",
        "limits: KeptLimits\n) -> Lifespan",
    ),
    Drop("app/metrics/families.py", "PASSWORDS"),
    Lines("app/metrics/families.py", r"\*PASSWORDS,"),
    Lines("app/context.py", "^    (passwords|tokens|is_superuser|sign_in_id): "),
    *(Drop("app/db/tables.py", name) for name in ("owner", "users", "refresh_families")),
    *(
        Drop("app/db/tables.py", name)
        for name in ("uq_users_email", "uq_users_username", "ix_users_superusers")
    ),
    Lines("app/db/errors.py", r'"(uq|fk)_\w*users'),
    Lines("app/db/sweep.py", r'^    "refresh_families"'),
    Replace("app/db/sweep.py", "rate_limits, refresh_families", "rate_limits"),
    Drop("app/commands/line.py", "create_superuser"),
    Drop(SETTINGS, "NEW_KEY"),
    *(
        Drop(SETTINGS, f"Settings.{name}")
        for name in (
            "algorithm",
            "secret_key",
            "secret_keys_previous",
            "access_token_expire_minutes",
            "refresh_token_expire_days",
            "refresh_token_idle_days",
            "refresh_token_grace_seconds",
            "_split_keys",
            "_strong_key",
            "_strong_keys",
        )
    ),
    Drop(SETTINGS, "_with_kept_key"),
    Drop(SETTINGS, "_refuse_weak"),
    Replace(SETTINGS, '"environment", "algorithm", mode', '"environment", mode'),
    Replace(SETTINGS, "        settings = Settings()\n", "        return Settings()\n"),
    Lines(SETTINGS, "return settings if settings.secret_key"),
    Replace(
        SETTINGS,
        "all settings; outside production a missing SECRET_KEY is made and kept.\n"
        "    Raises SettingsError.\n    ",
        "all settings. Raises SettingsError.",
    ),
    Replace(DOCTOR, "; SECRET_KEY is strong enough"),
    Replace(DOCTOR, "DATABASE_URL and SECRET_KEY are set", "DATABASE_URL is set"),
]
DOCUMENTS: list[Edit] = [
    *(
        Cut(PROBLEMS, first, until)
        for first, until in (
            ("invalid_request:", "unauthorized:"),
            ("invalid_credentials:", "forbidden:"),
            ("not_yourself:", "not_found:"),
            ("user_not_found:", "method_not_allowed:"),
            ("email_taken:", "precondition_failed:"),
            ("password_too_common:", "too_many_requests:"),
        )
    ),
    Replace(
        PROBLEMS,
        " A user who does not exist is\n    answered with `user_not_found` instead.",
    ),
    Replace(
        PROBLEMS,
        "The request carries no `Authorization` header.",
        "The request carries no credentials.",
    ),
    Replace(
        PROBLEMS,
        "Sign in with `log_in` and send the access token as `Authorization: Bearer <access token>`.",
        "Send credentials as the document says.",
    ),
    Replace(PROBLEMS, OLD_CAUSES, NEW_CAUSES),
    Replace("openapi/rules.yaml", "      - not_implemented\n", KEPT_FOR_LATER),
    Replace("openapi/shared.yaml", BEARER, ANY_SCHEME),
    Replace("openapi/shared.yaml", "'^Bearer(?: [!-~]+)*$'", "'^[A-Za-z]+(?:[ -~]*[!-~])?$'"),
    Replace("openapi/shared.yaml", "</api/v1/users?cursor=", "</api/v1/things?cursor="),
]
TOOLS: list[Edit] = [
    Lines("pyproject.toml", r'"(libpass\[.*|pyjwt>.*)",$|^(libpass|pyjwt) = '),
    Replace(
        "pyproject.toml",
        '  "app.users | app.auth | app.health",\n  "app.security.guard",\n',
        '  "app.health",\n',
    ),
    Replace("pyproject.toml", " | app.security.passwords | app.security.tokens"),
    Replace(
        "pyproject.toml",
        '"app.database_url | app.draining | app.failure | app.redis_url | app.secret_key"',
        '"app.database_url | app.draining | app.failure | app.redis_url"',
    ),
    Replace("pyproject.toml", '  "app.auth", "app.commands"', '  "app.commands"'),
    Replace(
        "pyproject.toml",
        '  "app.security", "app.server", "app.settings", "app.spans", "app.tracing", "app.users",',
        '  "app.server", "app.settings", "app.spans", "app.tracing",',
    ),
    Replace(
        "pyproject.toml",
        '["asyncpg.*", "passlib.*"]  # neither ships',
        '["asyncpg.*"]  # it ships no',
    ),
    Cut("schemathesis.toml", "# Values from the examples", "[checks.response"),
    Cut("schemathesis.toml", "# A run is alice's", ""),
    Cut(
        ".env.example",
        "# ----------------------------------------------------------------------------------------- tokens",
        "",
    ),
    Replace(
        ".env.example",
        "documentation, health answers and tokens (as their issuer)",
        "documentation and health answers",
    ),
    Replace(
        ".env.example", "Production refuses missing or weak keys, and needs", "Production needs"
    ),
    Replace(
        ".env.example",
        "database and, outside production, the key that is made at the first start.",
        "database.",
    ),
    Replace(
        "docs/sdk.md",
        """and tells stories from each against
the running service: register, sign in, renew an expired token, revoke it, meet the typed
errors.""",
        "and asks from each the health of\nthe running service, and meets a typed error.",
    ),
    Replace("docs/sdk.md", " and is held to the same tests (`tests/sdk/test_behaviour.py`):", ":"),
    Lines("docker-compose.yml", f"(?i){TOKENS}"),
    Replace("docker-compose.yml", "put three lines into", "put two lines into"),
    Lines(CI, "SECRET_KEY="),
    Cut(CI, "      - name: It refuses to start with a weak key", "      - name: It stops"),
]
TESTS: list[Edit] = [
    Replace("tests/platform/test_http_protocol.py", "POST /api/v1/users", "POST /api/v1/things"),
    Lines("tests/platform/test_http_protocol.py", "Content-Length: 99999999"),
    *(Drop("tests/conftest.py", name) for name in ("KEY", "context", "people")),
    Lines("tests/conftest.py", "secret_key="),
    Replace(
        "tests/platform/test_image.py",
        'for name in ("SECRET_KEY", "ALLOWED_HOSTS"):',
        'for name in ("ALLOWED_HOSTS",):',
    ),
    Cut("tests/mock/schemathesis.toml", "# A drawn tag is that of no state", ""),
    Replace("tests/sdk/conftest.py", "import KEY, Databases", "import Databases"),
    Replace("tests/sdk/conftest.py", ', "SECRET_KEY": KEY}', "}"),
    Lines("tests/platform/test_packaging.py", '^    "(libpass|pyjwt)": '),
    Replace(
        "tests/platform/test_packaging.py",
        ' and name not in {"SECRET_KEY", "SECRET_KEYS_PREVIOUS"}',
    ),
    Replace(SETTINGS_TESTS, '"SECRET_KEY": STRONG, '),
    Replace(
        SETTINGS_TESTS, '["ALLOWED_HOSTS", "DATABASE_URL", "DEBUG", "PORT", "SECRET_KEY"]', FOUR
    ),
    Lines(SETTINGS_TESTS, 'secret_key|SECRET_KEYS?_|"SECRET_KEY"|ALGORITHM|_TOKEN_'),
    Replace(SETTINGS_TESTS, ' SECRET_KEY="y",'),
    Replace(SETTINGS_TESTS, 'SECRET_KEY=STRONG, DATABASE_URL="postgres', 'DATABASE_URL="postgres'),
    Lines(SETTINGS_TESTS, "STRONG"),
    Drop("tests/platform/conftest.py", "KEY"),
    Replace("tests/platform/conftest.py", ', "SECRET_KEY": KEY'),
    Drop("tests/platform/test_logs.py", "KEY"),
    Replace(
        "tests/platform/test_logs.py",
        'environment="test", secret_key=KEY)\n',
        'environment="test")\n',
    ),
    Replace("tests/platform/test_logs.py", ", secret_key=KEY, log", ", log"),
    Drop("tests/platform/test_server.py", "KEY"),
    Replace("tests/platform/test_server.py", ", SECRET_KEY=KEY"),
    *(
        Drop(SETTINGS_TESTS, name)
        for name in (
            "test_production_needs_a_key_and_its_hosts",
            "test_a_key_that_can_be_guessed_is_for_development_only",
            "test_random_keys_are_never_called_guessable",
            "test_a_longer_hash_needs_a_longer_key",
            "test_the_key_of_a_development_machine_is_made_once_and_private",
            "test_a_kept_key_that_was_damaged_stops_the_start",
            "test_a_data_folder_that_cannot_be_made_is_told",
        )
    ),
]
EDITS = (*SERVICE, *DOCUMENTS, *TOOLS, *TESTS)
