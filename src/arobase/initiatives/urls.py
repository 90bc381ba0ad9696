"""Addresses of `initiatives`."""

from django.urls import path, re_path

from arobase.initiatives.views import bulk, desk, library, moderation, reports, sheets

urlpatterns = [
    path("initiatives", library.library, name="library"),
    path("initiatives/flux.atom", library.feed, name="initiatives_feed"),
    path("initiatives/schema", library.schema, name="initiatives_schema"),
    re_path(
        r"^initiatives/initiatives\.(?P<extension>csv|json|geojson|parquet)$",
        library.files,
        name="initiatives_download",
    ),
    path("initiatives/suivies", sheets.followed, name="followed"),
    path("initiatives/moderation", moderation.moderation, name="moderation"),
    path("initiatives/bureau", desk.desk, name="desk"),
    path("initiatives/importer", bulk.bulk, name="bulk_import"),
    path("initiatives/nouvelle", desk.new, name="new_initiative"),
    re_path(
        r"^initiatives/images/(?P<sha256>[0-9a-f]{64})(?:-(?P<size>petite))?\.webp$", sheets.picture, name="picture"
    ),
    path("initiatives/images/<int:picture_id>/retirer", desk.remove_picture, name="remove_picture"),
    path("initiatives/<int:initiative_id>", sheets.initiative, name="initiative"),
    path("initiatives/<int:initiative_id>/signaler", reports.report_initiative, name="report_initiative"),
    path("initiatives/signalements/<int:report_id>", reports.answer_report, name="answer_report"),
    path("initiatives/<int:initiative_id>/historique", sheets.history, name="initiative_history"),
    path("initiatives/<int:initiative_id>/suivre", sheets.follow_it, name="follow_initiative"),
    path("initiatives/<int:initiative_id>/meme", sheets.same, name="same_initiative"),
    path("initiatives/<int:initiative_id>/modifier", desk.edit, name="edit_initiative"),
    path("initiatives/<int:initiative_id>/etat", desk.state, name="initiative_state"),
    path("initiatives/<int:initiative_id>/images", desk.send_picture, name="send_picture"),
    path("initiatives/<int:initiative_id>/decider", moderation.decide, name="decide_initiative"),
]
