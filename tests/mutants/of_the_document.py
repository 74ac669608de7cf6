"""The document is changed alone, or with what is generated from it, or what is generated alone."""

from __future__ import annotations

from tests.mutants.checks import (
    CURRENT,
    DEPENDENCIES,
    GOLDEN,
    LINT,
    START,
    STORABLE,
    TYPES,
    by,
    tests,
)
from tests.mutants.mutant import Change, Mutant, Notice

POSTS, SHARED = "openapi/posts.yaml", "openapi/shared.yaml"
LONGER_PAGES = Change(
    SHARED,
    "        minimum: 1\n        maximum: 100\n        default: 50\n",
    "        minimum: 1\n        maximum: 200\n        default: 50\n",
)
NEW_TITLE = (
    "          description: The new title.\n"
    "          type: string\n"
    "          minLength: 1\n"
    "          maxLength: 255\n"
)
DELETES_SIGNED_IN = (
    "      security:\n"
    "        - oauth2: []\n"
    "      parameters:\n"
    "        - $ref: './shared.yaml#/components/parameters/IfMatch'\n"
    "      responses:\n"
    "        '204':\n"
)

MUTANTS = (
    Mutant(
        "a bound in the document only",
        "`page_size` admits 200 in `openapi/`, and nothing is generated",
        (LONGER_PAGES,),
        (Notice(CURRENT, "generated/openapi.json is not what"),),
    ),
    Mutant(
        "a bound in document and bundle",
        "`page_size` admits 200, and everything is generated",
        (LONGER_PAGES,),
        (
            by(
                "api/users/test_list_users.py",
                "test_parameters_beyond_the_document_are_refused",
                "assert (500, 'internal_error') == (422, 'invalid_input')",
            ),
        ),
        is_generated=True,
    ),
    Mutant(
        "an edited model",
        "A sentence is changed by hand in `generated/schemas.py`",
        (
            Change(
                "generated/schemas.py",
                'class Post(BaseModel):\n    """A post with its author."""\n',
                'class Post(BaseModel):\n    """A post and its author."""\n',
            ),
        ),
        (Notice(CURRENT, "generated/schemas.py is not what"),),
    ),
    Mutant(
        "a value longer than its column",
        "A new title may have 256 characters, and everything is generated",
        (Change(POSTS, NEW_TITLE, NEW_TITLE.replace("255", "256")),),
        (Notice(STORABLE, "PostUpdate.title: 256 characters are admitted, 255 fit"),),
        is_generated=True,
    ),
    Mutant(
        "U+0000 in a title",
        "The pattern of a new title no longer forbids U+0000, and everything is generated",
        (
            Change(
                POSTS,
                NEW_TITLE + "          pattern: '^[^\\u0000]*$'\n",
                NEW_TITLE + "          pattern: '^[^\\u0001]*$'\n",
            ),
        ),
        (
            Notice(LINT, "no-u0000"),
            Notice(STORABLE, "PostUpdate.title: U+0000 is admitted"),
        ),
        is_generated=True,
    ),
    Mutant(
        "sign-in taken out of the document",
        "`delete_post` needs no sign-in in the document, and everything is generated",
        (
            Change(
                POSTS,
                DELETES_SIGNED_IN,
                DELETES_SIGNED_IN.replace(":\n        - oauth2: []", ": []"),
            ),
        ),
        (
            Notice(TYPES, "def delete_post(context: Context, *, post_id"),
            Notice(START, "delete_post: the document gives it no parameter actor"),
        ),
        is_generated=True,
    ),
    Mutant(
        "sign-in made optional in the document",
        "`delete_post` may be called without sign-in, and everything is generated",
        (
            Change(
                POSTS,
                DELETES_SIGNED_IN,
                DELETES_SIGNED_IN.replace("        - oauth2", "        - {}\n        - oauth2"),
            ),
        ),
        (
            Notice(TYPES, "def delete_post(context: Context, actor: Actor | None"),
            Notice(START, "the parameter actor should be"),
        ),
        is_generated=True,
    ),
    Mutant(
        "an answer that is not declared",
        "`create_post` no longer declares 413, which the runtime can answer",
        (
            Change(
                POSTS,
                "responses/IdempotencyKeyInUse'}\n"
                "        '413': {$ref: './shared.yaml#/components/responses/ContentTooLarge'}\n",
                "responses/IdempotencyKeyInUse'}\n",
            ),
        ),
        (Notice(CURRENT, "content_too_large"),),
    ),
    Mutant(
        "an example that is wrong",
        "An example of `page_size` is beyond its bound",
        (
            Change(
                SHARED,
                "          summary: Ten at a time\n          value: 10\n",
                "          summary: Ten at a time\n          value: 1000\n",
            ),
        ),
        (Notice(CURRENT, "the value is not one of its schema"),),
    ),
    Mutant(
        "another generator",
        "The generator writes another docstring than before",
        (
            Change(
                "codegen/routers.py",
                "Calls the function of `api` that bears the operation's name.",
                "Calls the function of `api` that has the operation's name.",
            ),
        ),
        (
            Notice(CURRENT, "generated/posts.py is not what"),
            Notice(GOLDEN, "::test_a_case_generates_what_its_folder_shows["),
        ),
    ),
    Mutant(
        "a quick start that does not work",
        "README's quick start signs in with another password than it has registered",
        (Change("README.md", "-d 'password=analytical engine'", "-d 'password=other engine'"),),
        (Notice(tests("docs/test_quick_start.py"), "CalledProcessError: Command"),),
    ),
    Mutant(
        "a package that is not declared",
        "`pyproject.toml` leaves out a package that the service imports",
        (Change("pyproject.toml", '  "pyjwt>=2.15",\n', ""),),
        (Notice(DEPENDENCIES, "DEP00"),),
    ),
)
