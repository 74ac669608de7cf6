"""Where the values of the document land in the tables: what `storable` cannot know by itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from app.db.tables import posts, users

# Where the members of a schema land; every schema of a request body stands here or in NOT_STORED.
WRITTEN: Mapping[str, Table] = {
    "UserCreate": users,
    "UserUpdate": users,
    "PostCreate": posts,
    "PostUpdate": posts,
}
SHOWN: Mapping[str, Table] = {"User": users, "Post": posts}
# Sign-in forms are compared with what is stored, by parameters of type text.
NOT_STORED: set[str] = {"LogInForm", "RefreshForm", "RevokeForm"}
# Only the hash of a password is stored, and its length does not depend on the password.
HASHED: set[str] = {"password", "current_password"}
# Columns that no client sets.
OWN: set[str] = {"id", "author_id", "password_hash"}
JOINED: set[str] = {"author"}
