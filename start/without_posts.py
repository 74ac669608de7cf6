"""What of the shared files is about posts, or about this product alone."""

from __future__ import annotations

from start.edits import Cut, Drop, Edit, Lines, Replace

DOCUMENT = "openapi/openapi.yaml"
PROBLEMS = "openapi/problems.yaml"
PROJECT = "pyproject.toml"
PEOPLE = "tests/people.py"
SCENE = "tests/contract/authorization/scene.py"
VIEWERS = "tests/contract/authorization/test_viewers.py"
HOOKS = "tests/contract/hooks.py"
RUN_USERS = "tests/contract/users.py"
MEASURE = "# ---------------------------------------------------------------------------------------------- measure"
KEEP = "# --------------------------------------------------------------------------------------------- keep"
ANOTHER = "# ------------------------------------------------------------------------------------------ start another"
KNOWN = '"app", "codegen", "colophon_sdk", "generated", "sdk", "tests"]\nknown'
# The server that a benchmark compares with.
OTHER_SERVER = """[[tool.mypy.overrides]]
module = ["api.*"]  # the server that a benchmark compares with, made when it runs
ignore_missing_imports = true

"""
FILES = 'files = ["app", "codegen", "generated", "sdk", "tests"]'
NOT_READY = "delay=2.5' http://127.0.0.1:4010/health/ready\n    "
LATE = "curl -H 'Prefer: example=unavailable' http://127.0.0.1:4010/health/ready"
POST_ROW = "INSERT INTO posts (author_id, title, content) SELECT id, 'Note G', 'Text' FROM users;\n"
USER_PATH = 'USER = "/api/v1/users/{user_id}"'

DOCUMENTS: list[Edit] = [
    Replace(
        DOCUMENT,
        "A publishing API of users, posts, sign-in and health.",
        "The API of @TITLE@, with @SUMMARY@.",
    ),
    Cut(DOCUMENT, "    People register, sign in, write posts", "    This document is"),
    Cut(DOCUMENT, "    ## Drafts", "    ## Changes to"),
    Replace(DOCUMENT, "Answers of users and posts carry", "Answers of users carry"),
    Cut(DOCUMENT, "  - name: posts", "  - name: auth"),
    Cut(DOCUMENT, "  /api/v1/posts:", "components:"),
    Cut(PROBLEMS, "not_the_author:", "superuser_required:"),
    Cut(PROBLEMS, "post_not_found:", "method_not_allowed:"),
    Replace(
        PROBLEMS,
        "A user or a post that does not exist is\n"
        "    answered with `user_not_found` or `post_not_found` instead.",
        "A user who does not exist is\n    answered with `user_not_found` instead.",
    ),
    Replace("openapi/shared.yaml", "</api/v1/posts?cursor=", "</api/v1/users?cursor="),
    Replace("openapi/shared.yaml", "[invalid_input, post_not_found]", "[invalid_input, not_found]"),
    Replace(
        "openapi/shared.yaml",
        """        - type: /problems/post-not-found
          title: Post not found
          status: 404
          detail: There is no such post.
          code: post_not_found
""",
        """        - type: /problems/not-found
          title: Not found
          status: 404
          detail: There is nothing at this address.
          code: not_found
""",
    ),
    Replace(
        "openapi/users.yaml",
        """          links:
            list_posts:
              operationId: list_posts
              description: The posts of this user.
              parameters:
                author_id: $response.body#/id
""",
    ),
    Replace("openapi/users.yaml", "with all its posts and sign-ins", "with all its sign-ins"),
]
SERVICE: list[Edit] = [
    Lines("app/main.py", r"PostsRouter\(posts\.handlers\)"),
    Drop("app/db/tables.py", "posts"),
    Lines("app/db/audit.py", '"post_deleted"'),
    Lines("app/db/errors.py", "fk_posts_author_id_users|after the token, or the password"),
    Drop("app/commands/line.py", "seed"),
    Lines("app/users/queries.py", "writing a post of this user"),
    Replace("app/users/queries.py", "Posts and sign-ins go", "Sign-ins go"),
]
TOOLS: list[Edit] = [
    Lines("Makefile", r"^(USERS|POSTS) \?="),
    Cut("Makefile", "seed: ", "doctor: "),
    Replace("Makefile", "migrate seed doctor", "migrate doctor"),
    Cut("Makefile", "mutants: ", "# ----"),
    Replace("Makefile", "cover contract mutants browser chaos\n", "cover contract\n"),
    Replace("Makefile", "test: tools check ", "test: check "),
    Replace("Makefile", " (MISSING=skip: without the programs that are missing)", ""),
    Lines("Makefile", "scripts/tools.sh --left-out"),
    Replace(
        "Makefile", "cover: $(VENV)/dev.stamp browser proxies older ", "cover: $(VENV)/dev.stamp "
    ),
    Replace("Makefile", "--ignore=tests/browser ", ""),
    Lines("Makefile", "^# The browser's tests have|if \\[ -d tests/browser \\]"),
    Cut("Makefile", "# Debian's package recommends", "contract: "),
    Cut("Makefile", MEASURE, KEEP),
    Cut("Makefile", ANOTHER, "# A virtual environment"),
    Lines(PROJECT, r'^  "\^(tests/)?start/'),
    Cut(PROJECT, "description = ", "readme"),
    Replace(PROJECT, "app.users | app.posts | app.auth", "app.users | app.auth"),
    Replace(PROJECT, '"app.pages", "app.posts",', '"app.pages",'),
    Replace(
        PROJECT,
        '"app", "benchmarks", "codegen", "colophon_sdk", "generated", "sdk", "start", "tests"]\nknown',
        KNOWN,
    ),
    Replace(
        PROJECT,
        'files = ["app", "benchmarks", "codegen", "generated", "sdk", "start", "tests"]',
        FILES,
    ),
    Replace(PROJECT, OTHER_SERVER),
    Lines(PROJECT, r'^"(benchmarks|start)/\*\*" = '),
    Replace(PROJECT, ', "start/files", "tests/start/lending_library"]', "]"),
    Replace(PROJECT, '["tests", "benchmarks", "start", "alembic"', '["tests", "alembic"'),
    Replace(
        "tests/rules/test_size.py",
        '"sdk", "benchmarks", "scripts", "start"',
        '"sdk", "scripts"',
    ),
    Replace("schemathesis.toml", ', "update_post", "delete_post"'),
    Replace("tests/mock/schemathesis.toml", ', "update_post", "delete_post"'),
    Replace(
        "schemathesis.toml",
        "alice and bob must never see each other's drafts",
        "Neither is the other",
    ),
    Replace("docs/codegen.md", " `tests/codegen/test_lint.py` breaks each rule once."),
    Replace(
        "docs/sdk.md",
        ", write, edit with a conflict, page through\n1,000 posts, meet the typed errors.",
        ", meet the typed\nerrors.",
    ),
    Cut("docs/codegen.md", "## Speed", ""),
    Cut("docs/mock.md", "    curl -H 'Prefer: code=404'", "    curl -H 'Prefer: code=503"),
    Replace("docs/mock.md", "delay=2.5' http://127.0.0.1:4010/api/v1/posts", f"{NOT_READY}{LATE}"),
]
TESTS: list[Edit] = [
    # The generator comes without those of its tests that break a publishing API's document.
    Replace(PROJECT, 'source = ["app", "codegen", "generated"]', 'source = ["app", "generated"]'),
    Replace("tests/samples.py", POST_ROW),
    Replace("tests/samples.py", ', "post_id": await people.post(alice)}', "}"),
    Replace(PEOPLE, "Users and posts for tests", "Users for tests"),
    Drop(PEOPLE, "People.post"),
    Drop(PEOPLE, "People.drafts"),
    Drop(PEOPLE, "People.stored_post"),
    Replace("tests/db/landing.py", '    "PostCreate": posts,\n    "PostUpdate": posts,\n'),
    Replace("tests/db/landing.py", ', "Post": posts}', "}"),
    Replace("tests/db/landing.py", '"id", "author_id", "password_hash"', '"id", "password_hash"'),
    Replace("tests/db/landing.py", '{"author"}', "set()"),
    Lines("tests/db/test_constraints.py", "INSERT INTO posts"),
    Cut("tests/contract/database.py", "# Something to find, and for each", "def fill"),
    Replace("tests/contract/database.py", "Make users and posts", "Make users"),
    Lines("tests/contract/database.py", "connection.execute\\(WRITE"),
    Replace(HOOKS, 'USER, POST = "/api/v1/users/{user_id}", "/api/v1/posts/{post_id}"', USER_PATH),
    Drop(HOOKS, "find_a_post_of_ones_own"),
    Lines(HOOKS, "find_a_post_of_ones_own"),
    Replace(RUN_USERS, "USERS, LOG_IN, POSTS =", "USERS, LOG_IN ="),
    Replace(RUN_USERS, ', "/api/v1/posts"'),
    Drop(RUN_USERS, "write"),
    Lines(SCENE, r'^    \("post_id",\)'),
    Cut(SCENE, '        "post_id": {', "    }"),
    Replace(SCENE, "Every user is public, and one's own post is a draft.", "Every user is public."),
    Lines("tests/contract/authorization/table.py", r"^\w+_posts?  "),
    Replace("tests/contract/authorization/test_mass_assignment.py", '"author", "author_id", '),
    Replace(VIEWERS, "a user or a post", "a user"),
    Lines(VIEWERS, '^(POST|AUTHOR) = |PostAuthor|"Post", POST'),
    Cut(VIEWERS, '    if "title" in shown', '    if "username" in shown and'),
    Cut(VIEWERS, '    if "username" in shown:', "    return SIGN_IN"),
]
EDITS = (*DOCUMENTS, *SERVICE, *TOOLS, *TESTS)
