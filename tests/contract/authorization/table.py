"""Who may do what: the status of every operation, for every object, as asked by every actor.
`cells` says which lines the table must have, `scene` who and what the names stand for.
"""

# One line for each operation and object, `-` where an operation has no object; a `.` stands where
# the actor has no such object.
TABLE = """
operation      object          nobody  bad_token  expired  wrong_audience  disabled_user  deleted_user  other_user  owner  superuser

get_index      -                  200        200      200             200            200           200         200    200        200
get_health     -                  200        200      200             200            200           200         200    200        200
get_readiness  -                  200        200      200             200            200           200         200    200        200
get_liveness   -                  200        200      200             200            200           200         200    200        200

log_in         -                  200        200      200             200            401           401         200    200        200
refresh_token  -                  200        200      200             200            400           400         200    200        200
revoke_token   -                  200        200      200             200            200           200         200    200        200

register_user  -                  201        201      201             201            201           201         201    201        201
list_users     -                  200        401      401             401            401           401         200    200        200
get_me         -                  401        401      401             401            401           401         200    200        200
get_user       own                  .        401      401             401            401           401         200    200        200
get_user       foreign_public     200        401      401             401            401           401         200    200        200
get_user       missing            404        401      401             401            401           401         404    404        404
update_user    own                  .        401      401             401            401           401         200    200        200
update_user    foreign_public     401        401      401             401            401           401         403    403        200
update_user    missing            401        401      401             401            401           401         403    403        404
delete_user    own                  .        401      401             401            401           401         204    204        204
delete_user    foreign_public     401        401      401             401            401           401         403    403        204
delete_user    missing            401        401      401             401            401           401         403    403        404

list_posts     -                  200        401      401             401            401           401         200    200        200
create_post    -                  401        401      401             401            401           401         201    201        201
get_post       own                  .        401      401             401            401           401         200    200        200
get_post       foreign_public     200        401      401             401            401           401         200    200        200
get_post       foreign_draft      404        401      401             401            401           401         404    404        200
get_post       missing            404        401      401             401            401           401         404    404        404
update_post    own                  .        401      401             401            401           401         200    200        200
update_post    foreign_public     401        401      401             401            401           401         403    403        200
update_post    foreign_draft      401        401      401             401            401           401         404    404        200
update_post    missing            401        401      401             401            401           401         404    404        404
delete_post    own                  .        401      401             401            401           401         204    204        204
delete_post    foreign_public     401        401      401             401            401           401         403    403        204
delete_post    foreign_draft      401        401      401             401            401           401         404    404        204
delete_post    missing            401        401      401             401            401           401         404    404        404
"""  # noqa: E501 - a table that is wrapped is none
