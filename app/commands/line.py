"""The command line: which commands and options there are. Each is loaded when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.failures import plain_failures

cli = typer.Typer(
    help="Runs and looks after Colophon. Settings come from the environment and .env.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@cli.command()
def serve(
    *,
    no_migrate: Annotated[
        bool, typer.Option("--no-migrate", help="Refuse to start instead of migrating.")
    ] = False,
) -> None:
    """Start the service, and a database of its own where DATABASE_URL is not set."""
    with plain_failures():
        from app.server import serve
        from app.settings import load_settings

        if not serve(load_settings(), migrating=not no_migrate):
            raise typer.Exit(1)


@cli.command()
def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether migrations and tables agree.")
    ] = False,
    sql: Annotated[bool, typer.Option("--sql", help="Only print the migrations as SQL.")] = False,
) -> None:
    """Bring the database to the newest revision."""
    with plain_failures():
        from app.commands import migrate as it

        if sql:
            it.print_sql()
        elif check:
            it.check()
        else:
            it.migrate()


@cli.command()
def create_superuser(
    email: Annotated[str, typer.Option(prompt=True)],
    username: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[
        str,
        typer.Option(
            prompt=True, hide_input=True, confirmation_prompt=True, envvar="SUPERUSER_PASSWORD"
        ),
    ],
) -> None:
    """Create a user who may do everything, or give an existing one that right."""
    with plain_failures():
        from app.commands import superuser

        typer.echo(superuser.create(email, username, password))


@cli.command()
def seed(
    users: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many users.")] = 200,
    posts: Annotated[int, typer.Option(min=0, max=100_000_000, help="How many posts.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same number gives the same data.")] = 1,
) -> None:
    """Fill the database with invented users and posts."""
    with plain_failures():
        from app.commands import seed as it

        it.seed(users, posts, seed)


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to make.")],
    *,
    snapshot: Annotated[
        str | None, typer.Option(help="What pg_export_snapshot() has answered.")
    ] = None,
) -> None:
    """Write the whole database to a file, while the service goes on."""
    with plain_failures():
        from app.commands import backup as it

        it.backup(file, snapshot)


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` has made.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete what is in the database.")
    ] = False,
) -> None:
    """Put a backup into an empty database: all of it, or nothing."""
    with plain_failures():
        from app.commands import backup as it

        it.restore(file, replace=replace)


@cli.command()
def sweep() -> None:
    """Delete what has served its time, as the service itself does every hour."""
    with plain_failures():
        from app.commands import sweep as it

        typer.echo(it.sweep())


@cli.command()
def openapi(
    *, yaml: Annotated[bool, typer.Option("--yaml", help="As YAML instead of JSON.")] = False
) -> None:
    """Print the document that the service serves, byte for byte."""
    with plain_failures():
        from app.commands import openapi as it

        it.print_document(as_yaml=yaml)


@cli.command()
def doctor() -> None:
    """Say what is wrong with this machine's set-up, and what to do."""
    from app.commands import doctor as it

    if not it.examine():
        raise typer.Exit(1)
