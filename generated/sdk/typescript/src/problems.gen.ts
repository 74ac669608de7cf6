// Generated; not to be edited.
import { Problem } from './problem.js';

/**
 * 400: Malformed request.
 *
 * The request is not readable as HTTP or as its own media type says: JSON with a syntax error,
 * bytes that are not UTF-8, the same member twice in one object, nesting too deep, a wrong
 * percent-encoding, a missing or unknown `Host`, or a body where none is declared.
 * Repeating the request unchanged cannot succeed.
 */
export class MalformedRequest extends Problem {
  declare readonly code: "malformed_request";
}

/**
 * 400: Invalid request.
 *
 * RFC 6749's answer for a form that cannot be read or breaks a rule of the document: a required
 * field is missing, a field comes twice, a field is unknown or too long, or there is a query
 * parameter. `errors`, where present, says which. Correct the form before sending it again.
 */
export class InvalidRequest extends Problem {
  declare readonly code: "invalid_request";
}

/**
 * 400: Invalid grant.
 *
 * The refresh token cannot be exchanged: it is unknown or has expired, it was replaced by a newer
 * one, its sign-in has ended, or its user is disabled or gone. Forget the tokens and sign in
 * again.
 */
export class InvalidGrant extends Problem {
  declare readonly code: "invalid_grant";
}

/**
 * 400: Unsupported grant type.
 *
 * `grant_type` has another value than this address serves: `password` where one signs in,
 * `refresh_token` where one renews.
 */
export class UnsupportedGrantType extends Problem {
  declare readonly code: "unsupported_grant_type";
}

/**
 * 401: Sign-in needed.
 *
 * The operation is for signed-in users, and the request carries no credentials. Sign in and send
 * `Authorization: Bearer <access token>`.
 */
export class Unauthorized extends Problem {
  declare readonly code: "unauthorized";
}

/**
 * 401: Invalid access token.
 *
 * The request carries an `Authorization` header that is not a valid access token: it is
 * malformed, forged or expired, was made for another service, belongs to a sign-in that has ended
 * (signed out, or the password was changed), or to a user who is disabled or deleted. It is
 * refused even where sign-in is optional. Renew the token or sign in.
 */
export class InvalidToken extends Problem {
  declare readonly code: "invalid_token";
}

/**
 * 401: Wrong user name or password.
 *
 * There is no active user with this user name (or email address) and this password. The answer is
 * the same whether the user is unknown, the password is wrong or the user is disabled.
 */
export class InvalidCredentials extends Problem {
  declare readonly code: "invalid_credentials";
}

/**
 * 403: Forbidden.
 *
 * The caller is known, and may not do this. Signing in again as the same user changes nothing.
 */
export class Forbidden extends Problem {
  declare readonly code: "forbidden";
}

/**
 * 403: Not your own account.
 *
 * An account can be changed and deleted by its own user and by superusers. For everybody else the
 * answer is this one, whether or not the account exists.
 */
export class NotYourself extends Problem {
  declare readonly code: "not_yourself";
}

/**
 * 403: Not the author.
 *
 * A published post of somebody else can be read, not changed. A draft of somebody else is
 * answered with `post_not_found` instead.
 */
export class NotTheAuthor extends Problem {
  declare readonly code: "not_the_author";
}

/**
 * 403: Superuser required.
 *
 * The patch contains `is_active` or `is_superuser`, and the caller is not a superuser. It is
 * refused even if the value would not change, and nothing else of the patch is applied.
 */
export class SuperuserRequired extends Problem {
  declare readonly code: "superuser_required";
}

/**
 * 403: Wrong current password.
 *
 * A new password is only set if `current_password` is the password of the user who makes the
 * request. Nothing of the patch is applied.
 */
export class WrongPassword extends Problem {
  declare readonly code: "wrong_password";
}

/**
 * 404: Not found.
 *
 * The document declares no operation for this path. A user or a post that does not exist is
 * answered with `user_not_found` or `post_not_found` instead.
 */
export class NotFound extends Problem {
  declare readonly code: "not_found";
}

/**
 * 404: User not found.
 *
 * No user has this id: it was never given, or the account was deleted. Ids are not reused.
 */
export class UserNotFound extends Problem {
  declare readonly code: "user_not_found";
}

/**
 * 404: Post not found.
 *
 * No post has this id, or it is a draft that the caller may not see. Both are answered alike, so
 * that drafts stay private.
 */
export class PostNotFound extends Problem {
  declare readonly code: "post_not_found";
}

/**
 * 405: Method not allowed.
 *
 * The path exists, the method does not. The header `Allow` lists all methods of the path.
 */
export class MethodNotAllowed extends Problem {
  declare readonly code: "method_not_allowed";
}

/**
 * 406: Not acceptable.
 *
 * The header `Accept` rules out every media type that the document declares for the answer. Leave
 * the header out, or let it include `application/json`.
 */
export class NotAcceptable extends Problem {
  declare readonly code: "not_acceptable";
}

/**
 * 409: Conflict.
 *
 * The request is valid by itself and cannot be carried out in the present state. Read the
 * resource again before repeating it.
 */
export class Conflict extends Problem {
  declare readonly code: "conflict";
}

/**
 * 409: Email taken.
 *
 * Another account has this email address. Addresses are compared without regard to upper and
 * lower case.
 */
export class EmailTaken extends Problem {
  declare readonly code: "email_taken";
}

/**
 * 409: User name taken.
 *
 * Another account has this user name. User names are compared without regard to upper and lower
 * case.
 */
export class UsernameTaken extends Problem {
  declare readonly code: "username_taken";
}

/**
 * 409: Last superuser.
 *
 * After this change no active superuser would be left: the account would be deleted, disabled or
 * lose its rank. Make somebody else a superuser first.
 */
export class LastSuperuser extends Problem {
  declare readonly code: "last_superuser";
}

/**
 * 412: Precondition failed.
 *
 * None of the entity tags in `If-Match` is the present one, so nothing was changed. Read the
 * resource again, look at the difference, and repeat the request with the new `ETag`.
 */
export class PreconditionFailed extends Problem {
  declare readonly code: "precondition_failed";
}

/**
 * 413: Content too large.
 *
 * The body has more bytes than the operation reads. Each request body of the document states its
 * limit.
 */
export class ContentTooLarge extends Problem {
  declare readonly code: "content_too_large";
}

/**
 * 415: Unsupported media type.
 *
 * The header `Content-Type` is missing or names a media type (or a charset, or a content coding)
 * that the operation does not declare.
 */
export class UnsupportedMediaType extends Problem {
  declare readonly code: "unsupported_media_type";
}

/**
 * 422: Invalid input.
 *
 * The request can be read, and a parameter, a header or the body is not what the document says.
 * `errors` names each fault and its place. Unknown query parameters and unknown members of a body
 * are faults too. The values themselves are never repeated in the answer.
 */
export class InvalidInput extends Problem {
  declare readonly code: "invalid_input";
}

/**
 * 429: Too many requests.
 *
 * The caller has sent more than is served in this span of time. Wait as long as `Retry-After`
 * says.
 */
export class TooManyRequests extends Problem {
  declare readonly code: "too_many_requests";
}

/**
 * 431: Header fields too large.
 *
 * Request target and header fields together exceed 16 KiB, or there are too many header fields.
 */
export class HeaderFieldsTooLarge extends Problem {
  declare readonly code: "header_fields_too_large";
}

/**
 * 500: Internal error.
 *
 * A defect of the service. What the request had begun to write was rolled back. Report the
 * `request_id`, by which the failure can be found in the log.
 */
export class InternalError extends Problem {
  declare readonly code: "internal_error";
}

/**
 * 501: Not implemented.
 *
 * The document declares the operation, and the running service has no code for it.
 */
export class NotImplemented extends Problem {
  declare readonly code: "not_implemented";
}

/**
 * 503: Temporarily unavailable.
 *
 * The database cannot be reached, has no connection to spare, or took too long. Wait as long as
 * `Retry-After` says and repeat the request. Reads can be repeated freely; before repeating a
 * write, read whether it was carried out.
 */
export class Unavailable extends Problem {
  declare readonly code: "unavailable";
}

export const KNOWN = {
  "malformed_request": MalformedRequest,
  "invalid_request": InvalidRequest,
  "invalid_grant": InvalidGrant,
  "unsupported_grant_type": UnsupportedGrantType,
  "unauthorized": Unauthorized,
  "invalid_token": InvalidToken,
  "invalid_credentials": InvalidCredentials,
  "forbidden": Forbidden,
  "not_yourself": NotYourself,
  "not_the_author": NotTheAuthor,
  "superuser_required": SuperuserRequired,
  "wrong_password": WrongPassword,
  "not_found": NotFound,
  "user_not_found": UserNotFound,
  "post_not_found": PostNotFound,
  "method_not_allowed": MethodNotAllowed,
  "not_acceptable": NotAcceptable,
  "conflict": Conflict,
  "email_taken": EmailTaken,
  "username_taken": UsernameTaken,
  "last_superuser": LastSuperuser,
  "precondition_failed": PreconditionFailed,
  "content_too_large": ContentTooLarge,
  "unsupported_media_type": UnsupportedMediaType,
  "invalid_input": InvalidInput,
  "too_many_requests": TooManyRequests,
  "header_fields_too_large": HeaderFieldsTooLarge,
  "internal_error": InternalError,
  "not_implemented": NotImplemented,
  "unavailable": Unavailable,
} as const;

/** The codes that this version knows; expect others. */
export type ProblemCode = keyof typeof KNOWN;
