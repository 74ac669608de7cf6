"""What comes in and goes out, with the bounds that the service's document has."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Title = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Content = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]


class PostCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Title
    content: Content
    published: bool = False


class PostUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    content: Content | None = None
    published: bool | None = None


class PostAuthor(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str
    full_name: str | None


class PostPublic(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    content: str
    published: bool
    author_id: int
    author: PostAuthor
    created_at: datetime
    updated_at: datetime


class PostsPublic(BaseModel):
    posts: list[PostPublic]
    total: int
    page: int
    page_size: int


class Token(BaseModel):
    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of the scheme
    expires_in: int


class Status(BaseModel):
    status: str
