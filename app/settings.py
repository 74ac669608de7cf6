"""Every setting, read once from the environment or .env, checked, and frozen.
Entry points call `load_settings`; everything else is handed a `Settings`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.database_url import EXAMPLE, normalised, of_one_host
from app.failure import Failure
from app.redis_url import EXAMPLE as REDIS_EXAMPLE
from app.redis_url import checked
from app.secret_key import guessable_fault, kept_key, length_fault

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
TEST_CLIENT_HOST = "testserver"
NEW_KEY = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"

_HOST = re.compile(r"(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]|\*")
_ORIGIN = re.compile(rf"https?://(?:(?!\*)(?:{_HOST.pattern}))(?::[0-9]{{1,5}})?")

CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class SettingsError(Failure):
    """One plain sentence for each setting that is wrong."""


class Settings(BaseSettings):
    """A field's description completes the sentence "NAME must be ..."."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
    )

    app_name: str = Field(
        "Colophon", min_length=1, max_length=100, description="1 to 100 characters long"
    )
    environment: Literal["development", "test", "production"] = Field(
        "development", description="development, test or production"
    )
    debug: bool = Field(default=False, description="true or false")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR"
    )

    host: str = Field("127.0.0.1", description="an address to listen on, such as 0.0.0.0")
    port: int = Field(
        8000, ge=0, le=65535, description="a whole number from 0 (any free port) to 65535"
    )
    web_concurrency: int = Field(1, ge=1, le=256, description="a number of workers from 1 to 256")
    forwarded_allow_ips: str = Field(
        "127.0.0.1", description="addresses of proxies, comma-separated"
    )
    metrics_host: str = Field("127.0.0.1", description="an address to listen on, such as 0.0.0.0")
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="a whole number from 0 (any free port) to 65535"
    )
    log_slow_queries_ms: int = Field(
        500, ge=0, le=60_000, description="0 to 60000 milliseconds, 0 for none"
    )
    shutdown_delay_seconds: int = Field(0, ge=0, le=60, description="0 to 60 seconds")
    data_dir: Path = Field(Path(".data"), description="a folder that can be written")

    database_url: SecretStr | None = Field(None, description=f"a URL like {EXAMPLE}")
    database_replica_url: SecretStr | None = Field(
        None, description=f"a URL with one host like {EXAMPLE}"
    )
    db_pool_size: int = Field(10, ge=1, le=500, description="a whole number from 1 to 500")
    db_max_overflow: int = Field(5, ge=0, le=500, description="a whole number from 0 to 500")
    db_transaction_pooling: bool = Field(default=False, description="true or false")
    db_echo: bool = Field(default=False, description="true or false")
    postgres_bin_dir: Path | None = Field(
        None, description="the folder that holds postgres and initdb of PostgreSQL 15 to 18"
    )

    algorithm: Literal["HS256", "HS384", "HS512"] = Field(
        "HS256", description="HS256, HS384 or HS512"
    )
    secret_key: SecretStr = Field(SecretStr(""), description="32 or more random bytes")
    secret_keys_previous: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        (), description="earlier values of SECRET_KEY, comma-separated"
    )
    access_token_expire_minutes: int = Field(30, ge=1, le=1440, description="1 to 1440 minutes")
    refresh_token_expire_days: int = Field(30, ge=1, le=365, description="1 to 365 days")
    refresh_token_idle_days: int = Field(14, ge=1, le=365, description="1 to 365 days")
    refresh_token_grace_seconds: int = Field(10, ge=0, le=60, description="0 to 60 seconds")

    audit_retention_days: int = Field(365, ge=1, le=3650, description="1 to 3650 days")
    rate_limit_factor: float = Field(
        1, ge=0.01, le=1_000_000, description="a number from 0.01 to 1000000"
    )
    redis_url: SecretStr | None = Field(None, description=f"a URL like {REDIS_EXAMPLE}")

    cors_origins: CommaSeparated = Field(
        (), description="exact origins such as https://app.example.org, comma-separated"
    )
    allowed_hosts: CommaSeparated = Field(
        (), description="host names without port, comma-separated, *.example.org for all below it"
    )

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @field_validator("log_level", "environment", "algorithm", mode="before")
    @classmethod
    def _any_case(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str):
            return value
        return value.lower() if info.field_name == "environment" else value.upper()

    @field_validator("cors_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _parts(value.lower()) if isinstance(value, str) else value

    @field_validator("secret_keys_previous", mode="before")
    @classmethod
    def _split_keys(cls, value: Any) -> Any:
        return _parts(value) if isinstance(value, str) else value

    @field_validator("debug")
    @classmethod
    def _no_debug_in_production(cls, debug: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's order
        if debug and _in_production(info):
            raise ValueError("cannot be true in production. Leave it out")
        return debug

    @field_validator("database_url")
    @classmethod
    def _normalise(cls, url: SecretStr | None) -> SecretStr | None:
        return None if url is None else SecretStr(normalised(url.get_secret_value()))

    @field_validator("database_replica_url")
    @classmethod
    def _one_replica(cls, url: SecretStr | None) -> SecretStr | None:
        return None if url is None else SecretStr(of_one_host(url.get_secret_value()))

    @field_validator("redis_url")
    @classmethod
    def _checked(cls, url: SecretStr | None) -> SecretStr | None:
        return None if url is None else SecretStr(checked(url.get_secret_value()))

    @field_validator("secret_key")
    @classmethod
    def _strong_key(cls, key: SecretStr, info: ValidationInfo) -> SecretStr:
        if not key.get_secret_value():
            if _in_production(info):
                raise ValueError(f"is not set, and production needs one. {NEW_KEY}")
            return key
        _refuse_weak(key, info)
        return key

    @field_validator("secret_keys_previous")
    @classmethod
    def _strong_keys(
        cls, keys: tuple[SecretStr, ...], info: ValidationInfo
    ) -> tuple[SecretStr, ...]:
        for key in keys:
            _refuse_weak(key, info)
        return keys

    @field_validator("cors_origins")
    @classmethod
    def _exact_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return _all_match(_ORIGIN, origins)

    @field_validator("allowed_hosts")
    @classmethod
    def _known_hosts(cls, hosts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Loopback is always let in, for health checks; outside production the test client too."""
        if _in_production(info) and not hosts:
            raise ValueError(
                "is not set, and production needs it. Name the hosts that clients use, without port"
            )
        further = LOOPBACK_HOSTS if _in_production(info) else (*LOOPBACK_HOSTS, TEST_CLIENT_HOST)
        return tuple(dict.fromkeys((*_all_match(_HOST, hosts), *further)))


def load_settings() -> Settings:
    """Read and check all settings; outside production a missing SECRET_KEY is made and kept.
    Raises SettingsError.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        sentences = [_sentence(detail) for detail in error.errors(include_url=False)]
        raise SettingsError(*sentences) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file .env cannot be read: {error}.") from None
    return settings if settings.secret_key.get_secret_value() else _with_kept_key(settings)


def _with_kept_key(settings: Settings) -> Settings:
    try:
        key = kept_key(settings.data_dir)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"No SECRET_KEY can be kept in DATA_DIR: {error}. "
            "Set DATA_DIR to a folder that can be written, or set SECRET_KEY."
        ) from None
    fault = length_fault(key, settings.algorithm)
    if fault:
        raise SettingsError(
            f"The key in {settings.data_dir / 'secret_key'} {fault}. "
            "Delete that file: a new key is made at the next start."
        )
    return settings.model_copy(update={"secret_key": SecretStr(key)})


def _sentence(detail: ErrorDetails) -> str:
    """One error of pydantic in words; the value of a secret is not among them."""
    name = str(detail["loc"][0])
    if detail["type"] == "value_error":
        return f"{name.upper()} {detail['ctx']['error']}."
    field = Settings.model_fields[name]
    wrong = f"{name.upper()} must be {field.description}, but it is {detail['input']!r}."
    return f"{wrong} Correct it, or leave it out for {field.default!r}."


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _in_production(info: ValidationInfo) -> bool:
    return info.data.get("environment") == "production"


def _refuse_weak(key: SecretStr, info: ValidationInfo) -> None:
    """A short key is never taken; one that could be guessed only on a development machine."""
    secret = key.get_secret_value()
    fault = length_fault(secret, info.data.get("algorithm", "HS256"))
    if not fault and info.data.get("environment") != "development":
        fault = guessable_fault(secret)
    if fault:
        raise ValueError(f"{fault}. {NEW_KEY}")


def _all_match(pattern: re.Pattern[str], values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not pattern.fullmatch(value):
            wanted = (
                "an origin such as https://app.example.org"
                if pattern is _ORIGIN
                else "a host name without scheme, port or path"
            )
            raise ValueError(f"holds {value!r}, which is not {wanted}")
    return values
