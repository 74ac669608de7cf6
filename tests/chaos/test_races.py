"""Requests that meet, over connections to two workers: one of them wins, and nothing is lost."""

from __future__ import annotations

from sqlalchemy import func, select, text

from app.db.tables import posts, refresh_families, users
from tests.chaos.gate import FULL, Figures
from tests.chaos.wire import Answer, Line, at_once, request
from tests.people import People

OK, MADE, GONE, CONFLICT, FAILED, FULL_UP = 200, 201, 204, 409, 412, 503
ROUNDS = 200 if FULL else 10
FEW = 20 if FULL else 1
# Only those whose passwords are hashed first race for an address: one in a few rounds shows it.
ADDRESSES = 20 if FULL else 8
LEFT_OPEN = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")


def statuses(answers: list[Answer]) -> set[int]:
    return {answer.status for answer in answers}


def refreshing(token: str) -> bytes:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return request("POST", "/api/v1/auth/refresh", form=form)


def is_usable(line: Line, answer: Answer) -> bool:
    """Whether either of the tokens that were given out still opens anything."""
    if answer.status != OK:
        return False
    me = line.ask(request("GET", "/api/v1/me", token=answer.body["access_token"]))
    again = line.ask(refreshing(answer.body["refresh_token"]))
    return OK in {me.status, again.status}


async def test_a_refresh_token_has_one_winner(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    alice = await crowd.add("alice")
    contested = 0
    for _ in range(ROUNDS):
        alice = await crowd.again(alice)
        answers = at_once(lines, [refreshing(alice.refresh_token)] * len(lines))
        family = await crowd.family(alice)
        assert family is not None
        assert statuses(answers) == {OK}
        successors = {answer.body["refresh_token"] for answer in answers}
        contested += family["generation"] != 2 or len(successors) != 1
    figures.record(
        {
            "refresh tokens that 50 clients used at once": ROUNDS,
            "refresh tokens with other than one winner": contested,
        }
    )


async def test_a_revocation_ends_what_is_being_refreshed(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    alice, outlived = await crowd.add("alice"), 0
    for number in range(ROUNDS):
        alice = await crowd.again(alice)
        requests = [refreshing(alice.refresh_token)] * 5
        form = {"token": alice.refresh_token}
        requests.insert(number % 6, request("POST", "/api/v1/auth/revoke", form=form))
        answers = at_once(lines[:6], requests)
        revoked = answers.pop(number % 6)
        assert revoked.status == OK
        assert statuses(answers) <= {OK, 400}
        outlived += sum(is_usable(lines[0], answer) for answer in answers)
    figures.record(
        {
            "refreshes beside a revocation": 5 * ROUNDS,
            "tokens that outlived a revocation": outlived,
        }
    )


async def test_one_etag_admits_one_change(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    alice = await crowd.add("alice")
    post, rounds, won = await crowd.post(alice), max(FEW * 5, 5), 0
    target = f"/api/v1/posts/{post}"
    for _ in range(rounds):
        etag = lines[0].ask(request("GET", target, token=alice.access_token)).fields["etag"]
        requests = [
            request(
                "PATCH",
                target,
                token=alice.access_token,
                body={"title": f"of {number}"},
                fields={"If-Match": etag},
            )
            for number in range(20)
        ]
        answers = at_once(lines[:20], requests)
        assert statuses(answers) == {OK, FAILED}
        won += sum(answer.status == OK for answer in answers)
    stored = await crowd.stored_post(post)
    assert stored is not None
    assert won == rounds
    figures.record(
        {
            "changes with one ETag": 20 * rounds,
            "changes that were lost": abs(stored["version"] - 1 - won),
        }
    )


async def test_one_address_has_one_account(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    shared = 0
    for round_ in range(ADDRESSES):
        address = f"ada.{round_}@Example.com"
        spelled = (address, address.upper(), address.lower(), address.title())
        requests = [
            request(
                "POST",
                "/api/v1/users",
                body={
                    "email": spelled[number % 4],
                    "username": f"ada.{round_}.{number}",
                    "password": "analytical-engine-1843",
                },
            )
            for number in range(50)
        ]
        answers = at_once(lines, requests)
        # Beyond 20 passwords that wait in a worker, hashing is refused.
        assert statuses(answers) <= {MADE, CONFLICT, FULL_UP}
        same = select(func.count()).where(func.lower(users.c.email) == address.lower())
        made = sum(answer.status == MADE for answer in answers)
        shared += (made, await crowd.scalar(same)) != (1, 1)
    figures.record(
        {
            "registrations of one address": 50 * ADDRESSES,
            "addresses with more than one account": shared,
        }
    )


async def test_of_two_superusers_one_is_left(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    pairs, nobody = max(FEW * 5, 6), 0
    down = {"is_superuser": False}
    for number in range(pairs):
        await crowd.clear()
        ada, ben = await crowd.superuser("ada"), await crowd.superuser("ben")
        first, second = (ada, ben) if number % 2 else (ben, ada)
        of_second = f"/api/v1/users/{second.id}"
        of_first = f"/api/v1/users/{first.id}"
        if number % 3:
            by_first = request("PATCH", of_second, token=first.access_token, body=down)
            by_second = request("PATCH", of_first, token=second.access_token, body=down)
        else:
            by_first = request("DELETE", of_first, token=first.access_token)
            by_second = request("DELETE", of_second, token=second.access_token)
        answers = at_once(lines[:2], [by_first, by_second])
        assert statuses(answers) <= {OK, GONE, 401, 403, CONFLICT}
        left = select(func.count()).where(users.c.is_superuser, users.c.is_active)
        nobody += await crowd.scalar(left) < 1
    figures.record(
        {"pairs of superusers who removed each other": pairs, "times nobody was left": nobody}
    )


async def test_a_new_password_ends_what_is_being_refreshed(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    rounds, outlived, refreshes = max(FEW * 2, 2), 0, 0
    for number in range(rounds):
        alice = await crowd.add(f"alice.{number}")
        change = {"current_password": alice.password, "password": f"difference-engine-{number}"}
        target = f"/api/v1/users/{alice.id}"
        lines[0].send(request("PATCH", target, token=alice.access_token, body=change))
        token, answers = alice.refresh_token, list[Answer]()
        while not lines[0].is_answered():
            answers.append(lines[len(answers) % 20 + 1].ask(refreshing(token)))
            token = answers[-1].body.get("refresh_token", token)
        assert lines[0].receive().status == OK
        assert statuses(answers) <= {OK, 400}
        outlived += sum(is_usable(lines[0], answer) for answer in answers)
        refreshes += len(answers)
    figures.record(
        {
            "refreshes beside a new password": refreshes,
            "tokens that outlived a new password": outlived,
        }
    )


async def test_what_is_deleted_does_not_come_back(
    crowd: People, lines: list[Line], figures: Figures
) -> None:
    alice, kept = await crowd.add("alice"), 0
    for number in range(ROUNDS):
        post = await crowd.post(alice)
        target = f"/api/v1/posts/{post}"
        change = {"title": "changed"}
        requests = [request("PATCH", target, token=alice.access_token, body=change)] * 3
        requests.insert(number % 4, request("DELETE", target, token=alice.access_token))
        answers = at_once(lines[:4], requests)
        assert answers.pop(number % 4).status == GONE
        assert statuses(answers) <= {OK, 404}
        kept += await crowd.stored_post(post) is not None
    assert await crowd.count(posts) == kept
    assert await crowd.count(refresh_families) == 1
    figures.record(
        {"deletions beside a change": ROUNDS, "posts that outlived their deletion": kept}
    )


async def test_no_race_leaves_a_transaction_open(crowd: People, figures: Figures) -> None:
    figures.record({"transactions left open by races": await crowd.scalar(LEFT_OPEN)})
