"""What a program does with the Python package while there is no service yet, only a mock.

Its argument is the address of a mock that keeps what is created.
"""

from __future__ import annotations

import sys

from colophon_sdk import Client, InvalidInput, PostNotFound, PreconditionFailed, Unauthorized, etag


def sign_in(client: Client) -> None:
    try:
        client.users.get_me()
        raise AssertionError("nobody was somebody")
    except Unauthorized as problem:
        assert problem.status == 401
    client.sign_in("ada", "analytical engine")
    assert client.users.get_me().username


def write_and_edit(client: Client) -> int:
    post = client.posts.create_post(title="Note G", content="It can do what we know.")
    first = client.posts.with_response.get_post(post_id=post.id)
    assert client.posts.get_post(post_id=post.id).title == "Note G"
    client.posts.update_post(post_id=post.id, title="Note H", if_match=etag(first))
    try:
        client.posts.update_post(post_id=post.id, title="Too late", if_match=etag(first))
        raise AssertionError("the conflict went unnoticed")
    except PreconditionFailed as problem:
        assert problem.code == "precondition_failed"
    return post.id


def be_refused(client: Client, post_id: int) -> None:
    try:
        client.posts.create_post(title="", content="Something.")
        raise AssertionError("a title was not needed")
    except InvalidInput as problem:
        assert [fault.pointer for fault in problem.errors] == ["#/title"]
    assert post_id in [post.id for post in client.pages.list_posts.iterate(page_size=1)]
    client.posts.delete_post(post_id=post_id)
    try:
        client.posts.get_post(post_id=post_id)
        raise AssertionError("a deleted post is there")
    except PostNotFound as problem:
        assert problem.request_id


with Client(sys.argv[1]) as client:
    sign_in(client)
    be_refused(client, write_and_edit(client))
print("told")
