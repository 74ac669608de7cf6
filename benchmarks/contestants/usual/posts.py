"""Posts: a session dependency, ORM models, `selectinload` for the author, `response_model`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import selectinload

from benchmarks.contestants.usual.database import SessionDep
from benchmarks.contestants.usual.models import Post, User
from benchmarks.contestants.usual.schemas import PostCreate, PostPublic, PostsPublic, PostUpdate
from benchmarks.contestants.usual.security import CurrentUser, OptionalUser

router = APIRouter(prefix="/api/v1/posts", tags=["posts"])
PostId = Annotated[int, Path(ge=1, le=2**63 - 1)]


def visible_to(user: User | None) -> ColumnElement[bool]:
    if user is None:
        return Post.published.is_(True)
    if user.is_superuser:
        return true()
    return or_(Post.published.is_(True), Post.author_id == user.id)


@router.get("", response_model=PostsPublic)
async def list_posts(
    session: SessionDep,
    user: OptionalUser,
    page: Annotated[int, Query(ge=1, le=100)] = 1,
    page_size: Annotated[int, Query(ge=1, le=100)] = 50,
    author_id: Annotated[int | None, Query(ge=1)] = None,
) -> Any:
    visible = visible_to(user)
    if author_id is not None:
        visible &= Post.author_id == author_id
    total = await session.scalar(select(func.count()).select_from(Post).where(visible))
    statement = (
        select(Post)
        .where(visible)
        .options(selectinload(Post.author))
        .order_by(Post.id.desc())
        .offset((page - 1) * page_size)
        .limit(page_size)
    )
    posts = (await session.scalars(statement)).all()
    return {"posts": posts, "total": total, "page": page, "page_size": page_size}


@router.get("/{post_id}", response_model=PostPublic)
async def get_post(session: SessionDep, user: OptionalUser, post_id: PostId) -> Any:
    statement = (
        select(Post).where(Post.id == post_id, visible_to(user)).options(selectinload(Post.author))
    )
    post = (await session.scalars(statement)).one_or_none()
    if post is None:
        raise HTTPException(status_code=404, detail="Post not found")
    return post


@router.post("", response_model=PostPublic, status_code=201)
async def create_post(session: SessionDep, user: CurrentUser, body: PostCreate) -> Any:
    post = Post(**body.model_dump(), author=user)
    session.add(post)
    await session.commit()
    await session.refresh(post)
    return post


@router.patch("/{post_id}", response_model=PostPublic)
async def update_post(
    session: SessionDep, user: CurrentUser, post_id: PostId, body: PostUpdate
) -> Any:
    post = await session.get(Post, post_id, options=[selectinload(Post.author)])
    if post is None:
        raise HTTPException(status_code=404, detail="Post not found")
    if post.author_id != user.id and not user.is_superuser:
        raise HTTPException(status_code=403, detail="Not enough permissions")
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(post, name, value)
    await session.commit()
    await session.refresh(post)
    return post
