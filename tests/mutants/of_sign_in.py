"""Passwords, tokens and sign-ins that are trusted too easily."""

from __future__ import annotations

from tests.mutants.checks import by, tests
from tests.mutants.mutant import Change, Mutant, Notice

TOKENS, QUERIES = "app/security/tokens.py", "app/auth/queries.py"
ATTACKS = tests("security/test_tokens.py", "test_a_forged_or_mistyped_token_is_refused")
BLOCKLIST, GUESSES = "app/security/blocklist.py", "security/test_blocklist.py"
RENEWAL = "api/auth/test_refresh_token.py"

MUTANTS = (
    Mutant(
        "claims not required",
        "A token without `jti` is good",
        (Change(TOKENS, '"require": REQUIRED_CLAIMS,', '"require": [],'),),
        (Notice(ATTACKS, "[jti missing] - Failed: DID NOT RAISE"),),
    ),
    Mutant(
        "typ not checked",
        "A token of any `typ` is taken for an access token",
        (Change(TOKENS, '        if header.get("typ") != TYPE:\n', "        if False:\n"),),
        (Notice(ATTACKS, "[typ JWT] - Failed: DID NOT RAISE"),),
    ),
    Mutant(
        "expiry not checked",
        "A token never expires",
        (
            Change(
                TOKENS,
                "    if now - LEEWAY >= expires or now + LEEWAY < max(begins):\n",
                "    if now + LEEWAY < max(begins):\n",
            ),
        ),
        (Notice(ATTACKS, "[exp past] - Failed: DID NOT RAISE"),),
    ),
    Mutant(
        "audience not checked",
        "A token for another service is good",
        (
            Change(
                TOKENS,
                '                "strict_aud": True,\n',
                '                "strict_aud": True,\n                "verify_aud": False,\n',
            ),
        ),
        (Notice(ATTACKS, "[aud another] - Failed: DID NOT RAISE"),),
    ),
    Mutant(
        "sign-ins that never end",
        "The guard does not look whether a sign-in was revoked",
        (Change("app/security/guard.py", "    refresh_families.c.revoked_at.is_(None),\n", ""),),
        (
            by(
                "api/auth/test_revoke_token.py",
                "test_either_token_ends_the_sign_in_whatever_the_hint",
                "assert '' == 'invalid_token'",
            ),
        ),
    ),
    Mutant(
        "passwords that end no sign-in",
        "The guard does not look whether the password was changed",
        (
            Change(
                "app/security/guard.py",
                "    refresh_families.c.token_epoch == users.c.token_epoch,\n",
                "",
            ),
        ),
        (
            by(
                "api/users/test_update_user.py",
                "test_a_new_password_needs_the_current_one_and_ends_all_sign_ins",
                "assert '' == 'invalid_token'",
            ),
        ),
    ),
    Mutant(
        "rotation by looking first",
        "A refresh token is looked up first and exchanged then, without a condition",
        (
            Change(
                QUERIES,
                '        families.generation == bindparam("presented"),\n',
                '        families.generation >= bindparam("presented"),\n',
            ),
            Change(
                QUERIES,
                "    row = (await session.execute(ROTATE, parameters)).one_or_none()\n",
                "    family = await find_family(session, presented.family_id, now)\n"
                "    if family is None or family.generation != presented.generation:\n"
                "        return None\n"
                "    row = (await session.execute(ROTATE, parameters)).one_or_none()\n",
            ),
        ),
        (
            by(
                RENEWAL,
                "test_of_many_who_present_it_at_once_one_wins_and_all_get_the_same",
                "assert {200, 400} == {200}",
            ),
        ),
    ),
    Mutant(
        "a revocation that is rolled back",
        "A stolen sign-in is revoked in the transaction that the refusal rolls back",
        (
            Change(
                "app/auth/handlers.py",
                "        await queries.revoke_family(session, family.id, context.now)\n",
                "        await queries.revoke_family(context.session, family.id, context.now)\n",
            ),
        ),
        (by(RENEWAL, "test_an_older_one_ends_the_sign_in_at_once", "assert None is not None"),),
    ),
    Mutant(
        "an unknown user in no time",
        "No password is compared where there is no such user",
        (Change("app/security/passwords.py", '        CRYPT.verify("", DUMMY_HASH)\n', ""),),
        (
            by(
                "security/test_passwords.py",
                "test_an_unknown_user_takes_as_long_as_a_wrong_password",
                "comparison failed",
            ),
        ),
    ),
    Mutant(
        "a disabled user signs in",
        "Signing in does not look whether the user was disabled",
        (
            Change(
                "app/auth/handlers.py",
                "    if account is None or not verdict.matches or not account.is_active:\n",
                "    if account is None or not verdict.matches:\n",
            ),
        ),
        (
            by(
                "api/auth/test_log_in.py",
                "test_unknown_wrong_and_disabled_cannot_be_told_apart",
                "told_apart - AssertionError",
            ),
        ),
    ),
    Mutant(
        "a list that nobody looks at",
        "Passwords are not compared with those that very many people have",
        (
            Change(
                BLOCKLIST,
                "    return text in common_passwords() or is_made_of(",
                "    return is_made_of(",
            ),
        ),
        (by(GUESSES, "test_what_is_tried_first_is_guessable", "assert False"),),
    ),
    Mutant(
        "a name as a password",
        "Passwords are not compared with the names of the account",
        (
            Change(
                BLOCKLIST,
                " or is_made_of(text, set(words_of(known)))",
                "",
            ),
        ),
        (by(GUESSES, "test_what_is_tried_first_is_guessable", "assert False"),),
    ),
    Mutant(
        "a guessable password is hashed",
        "What can be guessed is found and let in all the same",
        (
            Change(
                "app/security/passwords.py",
                "            raise PasswordTooCommon(errors=[TOO_COMMON])\n",
                "            pass\n",
            ),
        ),
        (by(GUESSES, "test_nothing_is_hashed_that_can_be_guessed", "DID NOT RAISE"),),
    ),
)
