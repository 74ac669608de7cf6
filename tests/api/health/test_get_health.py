from __future__ import annotations

import hashlib

from app import __version__
from tests.client import Api


async def test_health_names_service_version_and_contract(api: Api) -> None:
    reply = await api("get_health")

    assert reply.status == 200
    assert reply.body["status"] == "ok"
    assert reply.body["service"] == "Colophon"
    assert reply.body["version"] == __version__


async def test_the_contract_is_the_document_that_is_served(api: Api) -> None:
    reply = await api("get_health")
    document = await api.http.get("/openapi.json")

    assert reply.body["contract"] == f"sha256:{hashlib.sha256(document.content).hexdigest()}"
    assert document.json()["info"]["version"] == reply.body["version"]
