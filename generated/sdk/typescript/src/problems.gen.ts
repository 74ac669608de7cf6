// Generated; not to be edited.
import { Problem } from './problem.js';

/**
 * 400: Malformed request.
 *
 * The request is not readable as HTTP, or not as what its own media type says. Nothing was done.
 */
export class MalformedRequest extends Problem {
  declare readonly code: "malformed_request";
}

/**
 * 400: Invalid request.
 *
 * RFC 6749's answer for a form that cannot be read or breaks a rule of the document. Nothing was
 * done.
 */
export class InvalidRequest extends Problem {
  declare readonly code: "invalid_request";
}

/**
 * 400: Invalid grant.
 *
 * The refresh token cannot be exchanged for new tokens.
 */
export class InvalidGrant extends Problem {
  declare readonly code: "invalid_grant";
}

/**
 * 400: Unsupported grant type.
 *
 * The address does not serve the grant that the form asks for.
 */
export class UnsupportedGrantType extends Problem {
  declare readonly code: "unsupported_grant_type";
}

/**
 * 401: Sign-in needed.
 *
 * The operation is for signed-in users, and the request says nothing about who makes it.
 */
export class Unauthorized extends Problem {
  declare readonly code: "unauthorized";
}

/**
 * 401: Invalid access token.
 *
 * The request carries an `Authorization` header that is not a valid access token. It is refused
 * even where sign-in is optional, so that an expired session is noticed.
 */
export class InvalidToken extends Problem {
  declare readonly code: "invalid_token";
}

/**
 * 401: Wrong user name or password.
 *
 * The sign-in failed.
 */
export class InvalidCredentials extends Problem {
  declare readonly code: "invalid_credentials";
}

/**
 * 403: Forbidden.
 *
 * The caller is known, and may not do this.
 */
export class Forbidden extends Problem {
  declare readonly code: "forbidden";
}

/**
 * 403: Not your own account.
 *
 * An account can be changed and deleted by its own user and by superusers only. Nothing was
 * changed.
 */
export class NotYourself extends Problem {
  declare readonly code: "not_yourself";
}

/**
 * 403: Not the author.
 *
 * A published post of somebody else can be read, not changed. Nothing was changed.
 */
export class NotTheAuthor extends Problem {
  declare readonly code: "not_the_author";
}

/**
 * 403: Superuser required.
 *
 * Rank and state of an account are set by superusers only. Nothing of the patch was applied.
 */
export class SuperuserRequired extends Problem {
  declare readonly code: "superuser_required";
}

/**
 * 403: Wrong current password.
 *
 * A new password is set only for somebody who knows the present one. Nothing of the patch was
 * applied.
 */
export class WrongPassword extends Problem {
  declare readonly code: "wrong_password";
}

/**
 * 404: Not found.
 *
 * There is nothing at this address.
 */
export class NotFound extends Problem {
  declare readonly code: "not_found";
}

/**
 * 404: User not found.
 *
 * No user has this id.
 */
export class UserNotFound extends Problem {
  declare readonly code: "user_not_found";
}

/**
 * 404: Post not found.
 *
 * No post has this id, as far as the caller may know.
 */
export class PostNotFound extends Problem {
  declare readonly code: "post_not_found";
}

/**
 * 405: Method not allowed.
 *
 * The path exists, the method does not.
 */
export class MethodNotAllowed extends Problem {
  declare readonly code: "method_not_allowed";
}

/**
 * 406: Not acceptable.
 *
 * The service has no form of the answer that the client accepts. Nothing was done.
 */
export class NotAcceptable extends Problem {
  declare readonly code: "not_acceptable";
}

/**
 * 409: Conflict.
 *
 * The request is valid by itself and cannot be carried out in the present state. Nothing was
 * changed.
 */
export class Conflict extends Problem {
  declare readonly code: "conflict";
}

/**
 * 409: Idempotency key in use.
 *
 * An earlier request with this `Idempotency-Key` has not ended yet, so that it is not known what
 * its answer will be. This request was not carried out.
 */
export class IdempotencyKeyInUse extends Problem {
  declare readonly code: "idempotency_key_in_use";
}

/**
 * 409: Email taken.
 *
 * Another account has this email address. Nothing was changed.
 */
export class EmailTaken extends Problem {
  declare readonly code: "email_taken";
}

/**
 * 409: User name taken.
 *
 * Another account has this user name. Nothing was changed.
 */
export class UsernameTaken extends Problem {
  declare readonly code: "username_taken";
}

/**
 * 409: Last superuser.
 *
 * The service would be left without an active superuser. Nothing was changed.
 */
export class LastSuperuser extends Problem {
  declare readonly code: "last_superuser";
}

/**
 * 412: Precondition failed.
 *
 * The resource is not in the state that the request names. Nothing was changed.
 */
export class PreconditionFailed extends Problem {
  declare readonly code: "precondition_failed";
}

/**
 * 413: Content too large.
 *
 * The body has more bytes than the operation reads. Nothing was done.
 */
export class ContentTooLarge extends Problem {
  declare readonly code: "content_too_large";
}

/**
 * 415: Unsupported media type.
 *
 * The operation does not read bodies of this kind. Nothing was done.
 */
export class UnsupportedMediaType extends Problem {
  declare readonly code: "unsupported_media_type";
}

/**
 * 422: Invalid input.
 *
 * The request can be read, and a parameter, a header or the body is not what the document says.
 * Nothing was done.
 */
export class InvalidInput extends Problem {
  declare readonly code: "invalid_input";
}

/**
 * 422: Idempotency key reused.
 *
 * The key names another request of yours, which was carried out in the last 24 hours. This one was
 * not carried out.
 */
export class IdempotencyKeyReused extends Problem {
  declare readonly code: "idempotency_key_reused";
}

/**
 * 422: Password too common.
 *
 * The password can be guessed, however long it is. Nothing of the request was carried out.
 */
export class PasswordTooCommon extends Problem {
  declare readonly code: "password_too_common";
}

/**
 * 429: Too many requests.
 *
 * The caller has sent more requests than are served in this span of time. This one was not looked
 * at.
 */
export class TooManyRequests extends Problem {
  declare readonly code: "too_many_requests";
}

/**
 * 431: Header fields too large.
 *
 * The request line and the header fields are longer than the service reads. Nothing was done.
 */
export class HeaderFieldsTooLarge extends Problem {
  declare readonly code: "header_fields_too_large";
}

/**
 * 500: Internal error.
 *
 * A defect of the service. What the request had begun to write was rolled back.
 */
export class InternalError extends Problem {
  declare readonly code: "internal_error";
}

/**
 * 501: Not implemented.
 *
 * The operation is part of the document and not yet of the service.
 */
export class NotImplemented extends Problem {
  declare readonly code: "not_implemented";
}

/**
 * 503: Temporarily unavailable.
 *
 * The service cannot do its work at the moment.
 */
export class Unavailable extends Problem {
  declare readonly code: "unavailable";
}

/**
 * 503: Database unreachable.
 *
 * The service runs and is not ready: its database does not answer in time, or refuses.
 */
export class DatabaseUnreachable extends Problem {
  declare readonly code: "database_unreachable";
}

/**
 * 503: Database not migrated.
 *
 * The service runs and is not ready: its database answers, and lacks tables that this version needs.
 */
export class DatabaseNotMigrated extends Problem {
  declare readonly code: "database_not_migrated";
}

/**
 * 503: Connections exhausted.
 *
 * The service runs and is not ready: all connections that it may open are in use.
 */
export class PoolExhausted extends Problem {
  declare readonly code: "pool_exhausted";
}

/**
 * 503: Shutting down.
 *
 * The service was told to stop: it finishes the requests that it has and should get no new ones.
 */
export class ShuttingDown extends Problem {
  declare readonly code: "shutting_down";
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
  "idempotency_key_in_use": IdempotencyKeyInUse,
  "email_taken": EmailTaken,
  "username_taken": UsernameTaken,
  "last_superuser": LastSuperuser,
  "precondition_failed": PreconditionFailed,
  "content_too_large": ContentTooLarge,
  "unsupported_media_type": UnsupportedMediaType,
  "invalid_input": InvalidInput,
  "idempotency_key_reused": IdempotencyKeyReused,
  "password_too_common": PasswordTooCommon,
  "too_many_requests": TooManyRequests,
  "header_fields_too_large": HeaderFieldsTooLarge,
  "internal_error": InternalError,
  "not_implemented": NotImplemented,
  "unavailable": Unavailable,
  "database_unreachable": DatabaseUnreachable,
  "database_not_migrated": DatabaseNotMigrated,
  "pool_exhausted": PoolExhausted,
  "shutting_down": ShuttingDown,
} as const;

/** The codes that this version knows; expect others. */
export type ProblemCode = keyof typeof KNOWN;
