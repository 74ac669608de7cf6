"""Statements, tables, migrations and connections."""

from __future__ import annotations

from tests.mutants.checks import SCHEMA, STORABLE, by, tests
from tests.mutants.mutant import Change, Mutant, Notice

QUERIES, ENGINE = "app/posts/queries.py", "app/db/engine.py"
MIGRATED = tests("db/test_migrations.py", "test_migrations_make_the_tables_that_the_service_knows")
MATRIX = tests("contract/authorization/test_matrix.py", "test_every_cell")
LISTS = tests("contract/authorization/test_lists.py")
JOINED = "users.c.id == posts.c.author_id"

MUTANTS = (
    Mutant(
        "drafts for everybody",
        "Reading a post does not ask who may see it",
        (
            Change(
                QUERIES,
                '    .where(posts.c.id == bindparam("post_id"), IS_VISIBLE)\n',
                '    .where(posts.c.id == bindparam("post_id"))\n',
            ),
        ),
        (
            by(
                "api/posts/test_get_post.py",
                "test_a_draft_exists_for_its_author_and_superusers_only",
                "assert [200, 200, 200, 200] == [200, 200, 404, 404]",
            ),
            Notice(MATRIX, "test_matrix.py::test_every_cell[get_post"),
        ),
    ),
    Mutant(
        "drafts in the list",
        "The drafts of any author are listed for whoever is signed in",
        (
            Change(
                "app/posts/lists.py",
                "    is_own = author_id in (None, actor.id)\n"
                "    return Range(published=False, author_id=actor.id) if is_own else None\n",
                "    return Range(published=False, author_id=author_id)\n",
            ),
        ),
        (
            by(
                "api/posts/test_list_posts.py",
                "test_drafts_are_listed_for_their_author_and_superusers",
                "assert [3, 2, 1] == [2, 1]",
            ),
            Notice(LISTS, "::test_a_list_of_posts_never_contains_a_foreign_draft["),
        ),
    ),
    Mutant(
        "an UPDATE without its owner",
        "The UPDATE of a post does not ask whose it is",
        (Change(QUERIES, f"{JOINED}, MAY_CHANGE)", f"{JOINED})"),),
        (Notice(tests("api/posts/test_ownership.py"), "author_full_name=None) is None"),),
    ),
    Mutant(
        "a post that is not locked",
        "A post is read and changed without a lock between",
        (Change(QUERIES, "FIND_POST.with_for_update(of=posts)", "FIND_POST"),),
        (
            by(
                "api/posts/test_update_post.py",
                "test_of_many_who_saw_the_same_state_one_changes_it",
                "== [200, 412, 41",
            ),
        ),
    ),
    Mutant(
        "a name that is taken, untold",
        "The constraint on user names is in nobody's map",
        (Change("app/db/errors.py", '    "uq_users_username": UsernameTaken,\n', ""),),
        (
            by(
                "api/users/test_register_user.py",
                "test_a_user_name_is_taken_in_any_case",
                "(500, 'internal_error') == (409, 'username_taken')",
            ),
        ),
    ),
    Mutant(
        "a commit after the answer, by the database",
        "A transaction is committed a moment after its exit, when the answer has gone",
        (
            Change(
                "app/db/session.py",
                "                await self._finish()\n",
                "                async def later() -> None:\n"
                "                    await asyncio.sleep(0.1)\n"
                "                    await self._finish()\n\n"
                "                asyncio.ensure_future(later())\n",
            ),
        ),
        (
            by(
                "platform/test_engine.py",
                "test_a_normal_exit_commits_and_an_exception_rolls_back",
                'relation "kept" does not exist',
            ),
        ),
    ),
    Mutant(
        "statements without a limit",
        "A statement may take for ever",
        (Change(ENGINE, "SET statement_timeout = '2s'; ", ""),),
        (
            by(
                "platform/test_engine.py",
                "test_each_connection_has_the_limits_of_a_request",
                "assert '0' == '2s'",
            ),
        ),
    ),
    Mutant(
        "a column shorter than the document",
        "The table has room for 200 characters of a title",
        (
            Change(
                "app/db/tables.py",
                '    string("title", 255, shortest=1),\n',
                '    string("title", 200, shortest=1),\n',
            ),
        ),
        (
            Notice(STORABLE, "PostCreate.title: 255 characters are admitted, 200 fit"),
            Notice(MIGRATED, "char_length(title) <= 200"),
        ),
    ),
    Mutant(
        "a migration that makes another table",
        "The migration has room for 250 characters of a title",
        (
            Change(
                "alembic/versions/20261123_first_tables.py",
                '        length("posts", "title", 1, 255),\n',
                '        length("posts", "title", 1, 250),\n',
            ),
        ),
        (Notice(MIGRATED, "char_length(title) <= 250"),),
    ),
    Mutant(
        "a DELETE without its owner",
        "The DELETE of a post does not ask whose it is",
        (
            Change(
                QUERIES,
                'delete(posts).where(posts.c.id == bindparam("post_id"), MAY_CHANGE)',
                'delete(posts).where(posts.c.id == bindparam("post_id"))',
            ),
        ),
        (Notice(tests("api/posts/test_ownership.py"), "== True"),),
    ),
    Mutant(
        "an index that no migration makes",
        "A migration leaves out an index that the table has",
        (
            Change(
                "alembic/versions/20261123_first_tables.py",
                '    op.create_index("ix_posts_published_id", "posts", ["published", "id"])\n',
                "",
            ),
        ),
        (Notice(SCHEMA, "ix_posts_published_id"), Notice(MIGRATED, "ix_posts_published_id")),
    ),
)
