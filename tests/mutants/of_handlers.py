"""Handlers that do not do what the document says, or not to whom."""

from __future__ import annotations

from tests.mutants.checks import IMPORTS, START, TYPES, by, tests
from tests.mutants.mutant import Change, Mutant, Notice

POSTS, USERS = "app/posts/handlers.py", "app/users/handlers.py"
FOUND = "    return GetPostOk(body=present_post(row), etag=etag_of(row))\n"
MATRIX = tests("contract/authorization/test_matrix.py", "test_every_cell")
VIEWERS = tests("contract/authorization/test_viewers.py")
READ = tests("api/posts/test_get_post.py", "test_everybody_reads_a_published_post")
WRITTEN = tests("api/posts/test_create_post.py", "test_a_signed_in_user_writes_a_draft")

MUTANTS = (
    Mutant(
        "an undeclared status",
        "`get_post` answers 201",
        (
            Change(
                POSTS,
                FOUND,
                "    return CreatePostCreated(\n"
                '        body=present_post(row), location=f"{POSTS}/{row.id}", etag=etag_of(row)\n'
                "    )\n",
            ),
        ),
        (
            Notice(TYPES, "Incompatible return value type"),
            Notice(READ, "the status 201 is not declared"),
        ),
    ),
    Mutant(
        "an undeclared problem",
        "`get_post` answers 409 where there is no post",
        (
            Change(
                POSTS,
                "    row = await queries.find_post(context.session, post_id, actor)\n"
                "    if row is None:\n        raise PostNotFound\n",
                "    from generated.problems import LastSuperuser\n\n"
                "    row = await queries.find_post(context.session, post_id, actor)\n"
                "    if row is None:\n        raise LastSuperuser\n",
            ),
        ),
        (
            by(
                "api/posts/test_get_post.py",
                "test_a_draft_and_no_post_are_answered_alike",
                "the problem last_superuser is not declared",
            ),
        ),
    ),
    Mutant(
        "an extra field",
        "`get_post` answers a member that the document does not have",
        (
            Change(
                POSTS,
                FOUND,
                '    body = {**present_post(row), "note": "x"}\n'
                "    return GetPostOk(body=body, etag=etag_of(row))\n",
            ),
        ),
        (
            Notice(TYPES, 'Argument "body" to "GetPostOk" has incompatible type'),
            Notice(READ, "200 body: / does not hold to `additionalProperties`"),
        ),
    ),
    Mutant(
        "a missing ETag",
        "`get_post` sends no ETag",
        (
            Change(
                POSTS,
                FOUND,
                "    return GetPostOk(body=present_post(row), etag=None)\n",
            ),
        ),
        (
            Notice(TYPES, 'Argument "etag" to "GetPostOk" has incompatible type'),
            Notice(READ, "200 lacks its required header ETag"),
        ),
    ),
    Mutant(
        "a missing Location",
        "`create_post` sends no Location",
        (
            Change(
                POSTS,
                'body=present_post(row), location=f"{POSTS}/{row.id}", ',
                "body=present_post(row), location=None, ",
            ),
        ),
        (
            Notice(TYPES, 'Argument "location" to "CreatePostCreated" has incompatible type'),
            Notice(WRITTEN, "201 lacks its required header Location"),
        ),
    ),
    Mutant(
        "a renamed handler",
        "The handler of `get_post` is called `read_post`",
        (Change(POSTS, "async def get_post(", "async def read_post("),),
        (
            Notice(TYPES, "note:     get_post"),
            Notice(START, "get_post: the handler is missing"),
            by(
                "rules/test_homes.py",
                "test_each_operation_has_a_handler_and_a_test_file_of_its_name",
                "assert 'async def get_post(' in",
            ),
        ),
    ),
    Mutant(
        "a parameter of another type",
        "The handler of `get_post` takes `post_id` as a string",
        (Change(POSTS, "post_id: int) -> GetPostOk:", "post_id: str) -> GetPostOk:"),),
        (
            Notice(TYPES, "post_id: int) -> Coroutine"),
            Notice(START, "the parameter post_id should be int"),
        ),
    ),
    Mutant(
        "somebody else's post",
        "Whoever is signed in may change every published post, as far as its handler is concerned",
        (
            Change(
                POSTS,
                "    if not actor.is_superuser and row.author_id != actor.id:\n",
                "    if False:\n",
            ),
        ),
        (
            by(
                "api/posts/test_update_post.py",
                "test_nobody_changes_the_post_of_somebody_else",
                "(200, '') == (403, 'not_the_author')",
            ),
        ),
    ),
    Mutant(
        "somebody else's account",
        "Whoever is signed in may change every account",
        (
            Change(
                "app/users/rules.py",
                "    if not actor.is_superuser and actor.id != user_id:\n",
                "    if False:\n",
            ),
        ),
        (
            by(
                "api/users/test_update_user.py",
                "test_nobody_changes_somebody_else",
                "test_nobody_changes_somebody_else[",
            ),
            Notice(MATRIX, "test_matrix.py::test_every_cell[update_user"),
        ),
    ),
    Mutant(
        "private members for everybody",
        "Everybody sees everybody's email address",
        (
            Change(
                "app/users/present.py",
                "    return present_account(row) if private else present_profile(row)\n",
                "    return present_account(row)\n",
            ),
        ),
        (
            by(
                "api/users/test_get_user.py",
                "test_everybody_sees_the_public_profile",
                "assert dict_keys(",
            ),
            Notice(
                VIEWERS,
                "::test_what_is_read_has_the_members_that_its_viewer_may_see[",
            ),
        ),
    ),
    Mutant(
        "If-Match not checked by a handler",
        "Changing a post does not look at If-Match",
        (
            Change(
                POSTS,
                "        raise NotTheAuthor\n    precondition.check(etag_of(row))\n",
                "        raise NotTheAuthor\n",
            ),
        ),
        (
            by(
                "api/posts/test_update_post.py",
                "test_a_patch_on_a_condition_that_fails_changes_nothing",
                "If-Match came and was not checked",
            ),
        ),
    ),
    Mutant(
        "a commit in a feature",
        "The handler of `create_post` commits by itself",
        (
            Change(
                POSTS,
                "    row = await queries.insert_post(context.session, values)\n",
                "    row = await queries.insert_post(context.session, values)\n"
                "    await context.session.commit()\n",
            ),
        ),
        (
            by(
                "rules/test_homes.py",
                "test_a_feature_neither_commits_nor_rolls_back",
                "assert {'commit'} == set()",
            ),
        ),
    ),
    Mutant(
        "a feature that knows another",
        "The handlers of posts import the statements about users",
        (
            Change(
                POSTS,
                "from app.posts import lists, queries\n",
                "from app.posts import lists, queries\nfrom app.users import rules as _rules\n",
            ),
        ),
        (Notice(IMPORTS, "app.posts is not allowed to import app.users"),),
    ),
)
