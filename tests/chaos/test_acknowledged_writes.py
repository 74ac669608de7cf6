"""Once 201 has been sent for a write, it survives the sudden death of any process."""

from __future__ import annotations

import time
from random import Random

from app.db.embedded import EmbeddedPostgres
from tests.chaos.gate import FULL, Figures
from tests.chaos.stand import Stand, sql, until
from tests.chaos.wire import Line, request
from tests.chaos.writers import POSTS, Ledger, more_acknowledged, sign_up, writing

ROUNDS = 21 if FULL else 1
VICTIMS = ("worker", "supervisor", "postmaster")
BEFORE, AFTER = (60, 220), 30
COUNT = "SELECT title, count(*) FROM posts GROUP BY title"
SETTINGS = "SELECT name, setting FROM pg_settings WHERE name = ANY('{fsync,full_page_writes}')"


def hurt(stand: Stand, victim: str, chance: Random) -> None:
    """Kill it, and start the service again where that is for the operator to do."""
    if victim == "worker":
        stand.kill_a_worker(chance)
    elif victim == "postmaster":
        stand.kill_the_postmaster()
    else:
        stand.kill_the_supervisor()
        until(lambda: not stand.is_open(), 10, lambda: "workers have outlived their supervisor")
        stand.start()


def one_round(stand: Stand, token: str, ledger: Ledger, victim: str, chance: Random) -> None:
    with writing(stand, token, ledger, f"{victim}.{time.monotonic_ns()}"):
        more_acknowledged(ledger, chance.randint(*BEFORE))
        hurt(stand, victim, chance)
        more_acknowledged(ledger, AFTER)
    until(lambda: len(stand.workers) == 2 and stand.is_ready(), 15)


def stored_by_api(stand: Stand, ledger: Ledger) -> dict[str, int]:
    """What the service itself shows of the acknowledged writes."""
    with Line(stand.port) as line:
        answers = [line.ask(request("GET", f"{POSTS}/{n}")) for n in ledger.acknowledged.values()]
    return {answer.body["title"]: 1 for answer in answers if answer.status == 200}


def test_no_acknowledged_write_is_lost_or_doubled(
    own: Stand, chance: Random, figures: Figures
) -> None:
    token, ledger = sign_up(own), Ledger()
    assert dict(own.sql(SETTINGS)) == {"fsync": "on", "full_page_writes": "on"}
    for _ in range(ROUNDS):
        for victim in VICTIMS:
            one_round(own, token, ledger, victim, chance)

    by_sql, by_api = dict(own.sql(COUNT)), stored_by_api(own, ledger)
    lost, doubled = ledger.faults(by_sql)
    assert not ledger.unexpected
    assert not ledger.refused & by_sql.keys()
    figures.record(
        {
            "rounds with a kill -9": ROUNDS * len(VICTIMS),
            "acknowledged writes": len(ledger.acknowledged),
            "acknowledged writes that were lost": len({*lost, *ledger.faults(by_api)[0]}),
            "acknowledged writes that were doubled": len(doubled),
        }
    )


def test_losing_writes_would_be_seen(own: Stand, chance: Random, figures: Figures) -> None:
    """The server is made to acknowledge before it flushes, which the same rounds must find."""
    token, ledger = sign_up(own, "loser"), Ledger()
    lost: list[str] = []
    with EmbeddedPostgres(own.data) as joined:
        admin = joined.url_of(superuser=True)
    try:
        sql(admin, "ALTER DATABASE colophon SET synchronous_commit = off")
        own.kill_the_postmaster()  # Connections that were made before keep what they began with.
        for _ in range(10):
            until(own.is_ready, 15)
            one_round(own, token, ledger, "postmaster", chance)
            lost, _ = ledger.faults(dict(own.sql(COUNT)))
            if lost:
                break
    finally:
        sql(admin, "ALTER DATABASE colophon RESET synchronous_commit")
    figures.record({"writes lost where the server does not flush": len(lost)})
