"""The problems of Colophon as exceptions. Generated; not to be edited."""

from __future__ import annotations

from .problem import Problem


class MalformedRequest(Problem):
    """400: Malformed request.

    The request is not readable as HTTP, or not as what its own media type says. Nothing was done.
    """

    code = "malformed_request"


class InvalidRequest(Problem):
    """400: Invalid request.

    RFC 6749's answer for a form that cannot be read or breaks a rule of the document. Nothing was
    done.
    """

    code = "invalid_request"


class InvalidGrant(Problem):
    """400: Invalid grant.

    The refresh token cannot be exchanged for new tokens.
    """

    code = "invalid_grant"


class UnsupportedGrantType(Problem):
    """400: Unsupported grant type.

    The address does not serve the grant that the form asks for.
    """

    code = "unsupported_grant_type"


class Unauthorized(Problem):
    """401: Sign-in needed.

    The operation is for signed-in users, and the request says nothing about who makes it.
    """

    code = "unauthorized"


class InvalidToken(Problem):
    """401: Invalid access token.

    The request carries an `Authorization` header that is not a valid access token. It is refused
    even where sign-in is optional, so that an expired session is noticed.
    """

    code = "invalid_token"


class InvalidCredentials(Problem):
    """401: Wrong user name or password.

    The sign-in failed.
    """

    code = "invalid_credentials"


class Forbidden(Problem):
    """403: Forbidden.

    The caller is known, and may not do this.
    """

    code = "forbidden"


class NotYourself(Problem):
    """403: Not your own account.

    An account can be changed and deleted by its own user and by superusers only. Nothing was
    changed.
    """

    code = "not_yourself"


class NotTheAuthor(Problem):
    """403: Not the author.

    A published post of somebody else can be read, not changed. Nothing was changed.
    """

    code = "not_the_author"


class SuperuserRequired(Problem):
    """403: Superuser required.

    Rank and state of an account are set by superusers only. Nothing of the patch was applied.
    """

    code = "superuser_required"


class WrongPassword(Problem):
    """403: Wrong current password.

    A new password is set only for somebody who knows the present one. Nothing of the patch was
    applied.
    """

    code = "wrong_password"


class NotFound(Problem):
    """404: Not found.

    There is nothing at this address.
    """

    code = "not_found"


class UserNotFound(Problem):
    """404: User not found.

    No user has this id.
    """

    code = "user_not_found"


class PostNotFound(Problem):
    """404: Post not found.

    No post has this id, as far as the caller may know.
    """

    code = "post_not_found"


class MethodNotAllowed(Problem):
    """405: Method not allowed.

    The path exists, the method does not.
    """

    code = "method_not_allowed"


class NotAcceptable(Problem):
    """406: Not acceptable.

    The service has no form of the answer that the client accepts. Nothing was done.
    """

    code = "not_acceptable"


class Conflict(Problem):
    """409: Conflict.

    The request is valid by itself and cannot be carried out in the present state. Nothing was
    changed.
    """

    code = "conflict"


class IdempotencyKeyInUse(Problem):
    """409: Idempotency key in use.

    An earlier request with this `Idempotency-Key` has not ended yet, so that it is not known what
    its answer will be. This request was not carried out.
    """

    code = "idempotency_key_in_use"


class EmailTaken(Problem):
    """409: Email taken.

    Another account has this email address. Nothing was changed.
    """

    code = "email_taken"


class UsernameTaken(Problem):
    """409: User name taken.

    Another account has this user name. Nothing was changed.
    """

    code = "username_taken"


class LastSuperuser(Problem):
    """409: Last superuser.

    The service would be left without an active superuser. Nothing was changed.
    """

    code = "last_superuser"


class PreconditionFailed(Problem):
    """412: Precondition failed.

    The resource is not in the state that the request names. Nothing was changed.
    """

    code = "precondition_failed"


class ContentTooLarge(Problem):
    """413: Content too large.

    The body has more bytes than the operation reads. Nothing was done.
    """

    code = "content_too_large"


class UnsupportedMediaType(Problem):
    """415: Unsupported media type.

    The operation does not read bodies of this kind. Nothing was done.
    """

    code = "unsupported_media_type"


class InvalidInput(Problem):
    """422: Invalid input.

    The request can be read, and a parameter, a header or the body is not what the document says.
    Nothing was done.
    """

    code = "invalid_input"


class IdempotencyKeyReused(Problem):
    """422: Idempotency key reused.

    The key names another request of yours, which was carried out in the last 24 hours. This one was
    not carried out.
    """

    code = "idempotency_key_reused"


class PasswordTooCommon(Problem):
    """422: Password too common.

    The password can be guessed, however long it is. Nothing of the request was carried out.
    """

    code = "password_too_common"


class TooManyRequests(Problem):
    """429: Too many requests.

    The caller has sent more requests than are served in this span of time. This one was not looked
    at.
    """

    code = "too_many_requests"


class HeaderFieldsTooLarge(Problem):
    """431: Header fields too large.

    The request line and the header fields are longer than the service reads. Nothing was done.
    """

    code = "header_fields_too_large"


class InternalError(Problem):
    """500: Internal error.

    A defect of the service. What the request had begun to write was rolled back.
    """

    code = "internal_error"


class NotImplemented(Problem):
    """501: Not implemented.

    The operation is part of the document and not yet of the service.
    """

    code = "not_implemented"


class Unavailable(Problem):
    """503: Temporarily unavailable.

    The service cannot do its work at the moment.
    """

    code = "unavailable"


class DatabaseUnreachable(Problem):
    """503: Database unreachable.

    The service runs and is not ready: its database does not answer in time, or refuses.
    """

    code = "database_unreachable"


class DatabaseNotMigrated(Problem):
    """503: Database not migrated.

    The service runs and is not ready: its database answers, and lacks tables that this version needs.
    """

    code = "database_not_migrated"


class PoolExhausted(Problem):
    """503: Connections exhausted.

    The service runs and is not ready: all connections that it may open are in use.
    """

    code = "pool_exhausted"


class ShuttingDown(Problem):
    """503: Shutting down.

    The service was told to stop: it finishes the requests that it has and should get no new ones.
    """

    code = "shutting_down"
