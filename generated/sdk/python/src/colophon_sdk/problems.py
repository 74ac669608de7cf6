"""The problems of Colophon as exceptions. Generated; not to be edited."""

from __future__ import annotations

from .problem import Problem


class MalformedRequest(Problem):
    """400: Malformed request.

    The request is not readable as HTTP or as its own media type says: JSON with a syntax error,
    bytes that are not UTF-8, the same member twice in one object, nesting too deep, a wrong
    percent-encoding, a missing or unknown `Host`, or a body where none is declared.
    Repeating the request unchanged cannot succeed.
    """

    code = "malformed_request"


class InvalidRequest(Problem):
    """400: Invalid request.

    RFC 6749's answer for a form that cannot be read or breaks a rule of the document: a required
    field is missing, a field comes twice, a field is unknown or too long, or there is a query
    parameter. `errors`, where present, says which. Correct the form before sending it again.
    """

    code = "invalid_request"


class InvalidGrant(Problem):
    """400: Invalid grant.

    The refresh token cannot be exchanged: it is unknown or has expired, it was replaced by a newer
    one, its sign-in has ended, or its user is disabled or gone. Forget the tokens and sign in
    again.
    """

    code = "invalid_grant"


class UnsupportedGrantType(Problem):
    """400: Unsupported grant type.

    `grant_type` has another value than this address serves: `password` where one signs in,
    `refresh_token` where one renews.
    """

    code = "unsupported_grant_type"


class Unauthorized(Problem):
    """401: Sign-in needed.

    The operation is for signed-in users, and the request carries no credentials. Sign in and send
    `Authorization: Bearer <access token>`.
    """

    code = "unauthorized"


class InvalidToken(Problem):
    """401: Invalid access token.

    The request carries an `Authorization` header that is not a valid access token: it is
    malformed, forged or expired, was made for another service, belongs to a sign-in that has ended
    (signed out, or the password was changed), or to a user who is disabled or deleted. It is
    refused even where sign-in is optional. Renew the token or sign in.
    """

    code = "invalid_token"


class InvalidCredentials(Problem):
    """401: Wrong user name or password.

    There is no active user with this user name (or email address) and this password. The answer is
    the same whether the user is unknown, the password is wrong or the user is disabled.
    """

    code = "invalid_credentials"


class Forbidden(Problem):
    """403: Forbidden.

    The caller is known, and may not do this. Signing in again as the same user changes nothing.
    """

    code = "forbidden"


class NotYourself(Problem):
    """403: Not your own account.

    An account can be changed and deleted by its own user and by superusers. For everybody else the
    answer is this one, whether or not the account exists.
    """

    code = "not_yourself"


class NotTheAuthor(Problem):
    """403: Not the author.

    A published post of somebody else can be read, not changed. A draft of somebody else is
    answered with `post_not_found` instead.
    """

    code = "not_the_author"


class SuperuserRequired(Problem):
    """403: Superuser required.

    The patch contains `is_active` or `is_superuser`, and the caller is not a superuser. It is
    refused even if the value would not change, and nothing else of the patch is applied.
    """

    code = "superuser_required"


class WrongPassword(Problem):
    """403: Wrong current password.

    A new password is only set if `current_password` is the password of the user who makes the
    request. Nothing of the patch is applied.
    """

    code = "wrong_password"


class NotFound(Problem):
    """404: Not found.

    The document declares no operation for this path. A user or a post that does not exist is
    answered with `user_not_found` or `post_not_found` instead.
    """

    code = "not_found"


class UserNotFound(Problem):
    """404: User not found.

    No user has this id: it was never given, or the account was deleted. Ids are not reused.
    """

    code = "user_not_found"


class PostNotFound(Problem):
    """404: Post not found.

    No post has this id, or it is a draft that the caller may not see. Both are answered alike, so
    that drafts stay private.
    """

    code = "post_not_found"


class MethodNotAllowed(Problem):
    """405: Method not allowed.

    The path exists, the method does not. The header `Allow` lists all methods of the path.
    """

    code = "method_not_allowed"


class NotAcceptable(Problem):
    """406: Not acceptable.

    The header `Accept` rules out every media type that the document declares for the answer. Leave
    the header out, or let it include `application/json`.
    """

    code = "not_acceptable"


class Conflict(Problem):
    """409: Conflict.

    The request is valid by itself and cannot be carried out in the present state. Read the
    resource again before repeating it.
    """

    code = "conflict"


class EmailTaken(Problem):
    """409: Email taken.

    Another account has this email address. Addresses are compared without regard to upper and
    lower case.
    """

    code = "email_taken"


class UsernameTaken(Problem):
    """409: User name taken.

    Another account has this user name. User names are compared without regard to upper and lower
    case.
    """

    code = "username_taken"


class LastSuperuser(Problem):
    """409: Last superuser.

    After this change no active superuser would be left: the account would be deleted, disabled or
    lose its rank. Make somebody else a superuser first.
    """

    code = "last_superuser"


class PreconditionFailed(Problem):
    """412: Precondition failed.

    None of the entity tags in `If-Match` is the present one, so nothing was changed. Read the
    resource again, look at the difference, and repeat the request with the new `ETag`.
    """

    code = "precondition_failed"


class ContentTooLarge(Problem):
    """413: Content too large.

    The body has more bytes than the operation reads. Each request body of the document states its
    limit.
    """

    code = "content_too_large"


class UnsupportedMediaType(Problem):
    """415: Unsupported media type.

    The header `Content-Type` is missing or names a media type (or a charset, or a content coding)
    that the operation does not declare.
    """

    code = "unsupported_media_type"


class InvalidInput(Problem):
    """422: Invalid input.

    The request can be read, and a parameter, a header or the body is not what the document says.
    `errors` names each fault and its place. Unknown query parameters and unknown members of a body
    are faults too. The values themselves are never repeated in the answer.
    """

    code = "invalid_input"


class TooManyRequests(Problem):
    """429: Too many requests.

    The caller has sent more than is served in this span of time. Wait as long as `Retry-After`
    says.
    """

    code = "too_many_requests"


class HeaderFieldsTooLarge(Problem):
    """431: Header fields too large.

    Request target and header fields together exceed 16 KiB, or there are too many header fields.
    """

    code = "header_fields_too_large"


class InternalError(Problem):
    """500: Internal error.

    A defect of the service. What the request had begun to write was rolled back. Report the
    `request_id`, by which the failure can be found in the log.
    """

    code = "internal_error"


class NotImplemented(Problem):
    """501: Not implemented.

    The document declares the operation, and the running service has no code for it.
    """

    code = "not_implemented"


class Unavailable(Problem):
    """503: Temporarily unavailable.

    The database cannot be reached, has no connection to spare, or took too long. Wait as long as
    `Retry-After` says and repeat the request. Reads can be repeated freely; before repeating a
    write, read whether it was carried out.
    """

    code = "unavailable"
