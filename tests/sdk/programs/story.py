"""What a program does with the Python package, run by a Python without this repository.

Its arguments: the address of the service and a password.
"""

from __future__ import annotations

import asyncio
import sys
from uuid import uuid4

from colophon_sdk import (
    AsyncClient,
    Client,
    InvalidInput,
    NotModified,
    PostNotFound,
    PreconditionFailed,
    aedit,
    edit,
    etag,
)
from colophon_sdk.models import Post

URL, PASSWORD = sys.argv[1:]


def register_and_sign_in(client: Client) -> str:
    username = f"u{uuid4().hex[:12]}"
    email = f"{username}@example.org"
    client.users.register_user(email=email, username=username, password=PASSWORD)
    client.sign_in(username, PASSWORD)
    return username


def write_and_edit(client: Client) -> Post:
    post = client.posts.create_post(title="Note G", content="It can do what we know.")
    first = client.posts.with_response.get_post(post_id=post.id)
    try:
        client.posts.get_post(post_id=post.id, if_none_match=etag(first))
        raise AssertionError("it has not been changed")
    except NotModified as unchanged:
        assert unchanged.etag == etag(first)
    client.posts.update_post(post_id=post.id, title="Note G, revised", if_match=etag(first))
    try:
        client.posts.update_post(post_id=post.id, title="Too late", if_match=etag(first))
        raise AssertionError("the conflict went unnoticed")
    except PreconditionFailed as problem:
        assert problem.code == "precondition_failed"
    return edit(
        lambda: client.posts.with_response.get_post(post_id=post.id),
        lambda found, tag: client.posts.update_post(
            post_id=found.id, title=f"{found.title}, again", published=True, if_match=tag
        ),
    )


def refused(client: Client) -> None:
    try:
        client.posts.create_post(title="", content="Something.")
        raise AssertionError("a title was not needed")
    except InvalidInput as problem:
        assert [(fault.pointer, fault.code) for fault in problem.errors] == [
            ("#/title", "too_short")
        ]
    try:
        client.posts.get_post(post_id=2**63 - 1)
        raise AssertionError("there is such a post")
    except PostNotFound as problem:
        assert problem.status == 404


def page_through(client: Client) -> None:
    titles = [post.title for post in client.pages.list_posts.iterate(page_size=100)]
    assert len({title for title in titles if title.startswith("Note ")}) >= 1000


async def without_blocking(username: str) -> None:
    async with AsyncClient(URL) as client:
        await client.sign_in(username, PASSWORD)
        made = await asyncio.gather(
            *(client.posts.create_post(title=f"{n}", content="…") for n in range(20))
        )
        listed = [post.id async for post in client.pages.list_posts.iterate(published=False)]
        assert set(listed) == {post.id for post in made}
        changed = await aedit(
            lambda: client.posts.with_response.get_post(post_id=made[0].id),
            lambda post, tag: client.posts.update_post(post_id=post.id, content="…!", if_match=tag),
        )
        assert changed.content == "…!"
        await client.posts.delete_post(post_id=changed.id)
        await client.sign_out()


def main() -> None:
    with Client(URL) as client:
        username = register_and_sign_in(client)
        assert write_and_edit(client).title == "Note G, revised, again"
        refused(client)
        page_through(client)
    asyncio.run(without_blocking(username))
    print("told")


if __name__ == "__main__":
    main()
