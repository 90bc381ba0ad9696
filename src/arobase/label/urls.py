"""Addresses of `label`."""

from django.urls import path

from arobase.label.views import campaigns, configuration, documents, dossiers, imports, letters, lines, teams

urlpatterns = [
    path("campagnes", campaigns.all_campaigns, name="campaigns"),
    path("campagnes/<int:year>", campaigns.campaign, name="campaign"),
    path("campagnes/<int:year>/etat", campaigns.campaign_state, name="campaign_state"),
    path("campagnes/<int:year>/inviter", campaigns.invite_territories, name="invite_territories"),
    path("campagnes/<int:year>/configuration", configuration.configuration, name="configuration"),
    path("campagnes/<int:year>/configuration.yaml", configuration.configuration_file, name="configuration_file"),
    path(
        "campagnes/<int:year>/configuration/<int:number>",
        configuration.configuration_revision,
        name="configuration_revision",
    ),
    path("campagnes/<int:year>/courriels", letters.letters, name="letters"),
    path("campagnes/dossiers/<int:dossier_id>", campaigns.campaign_dossier, name="campaign_dossier"),
    path("courriels/stop/<str:token>", letters.silence, name="silence"),
    path("participer", dossiers.participation, name="participation"),
    path("participer/rejoindre", teams.join_team, name="join_team"),
    path("participer/demandes/<int:request_id>", teams.decide_request, name="decide_request"),
    path("participer/equipes/<str:territory_id>", teams.team_member, name="team_member"),
    path("dossiers/<int:dossier_id>", dossiers.dossier, name="dossier"),
    path("dossiers/<int:dossier_id>/champ", dossiers.save_field, name="save_field"),
    path("dossiers/<int:dossier_id>/avancement", dossiers.dossier_progress, name="dossier_progress"),
    path("dossiers/<int:dossier_id>/etat", dossiers.dossier_state, name="dossier_state"),
    path("dossiers/<int:dossier_id>/recu.pdf", dossiers.receipt, name="receipt"),
    path("dossiers/<int:dossier_id>/depot.json", dossiers.record, name="dossier_record"),
    path("dossiers/<int:dossier_id>/documents", documents.send_document, name="send_document"),
    path("documents/<int:document_id>", documents.document, name="document"),
    path("label/imports", imports.all_imports, name="imports"),
    path("label/imports/<int:import_id>", imports.one_import, name="import"),
    path("label/imports/<int:import_id>/confirmer", imports.confirm_import, name="confirm_import"),
    path("label/imports/<int:import_id>/abandonner", imports.discard_import, name="discard_import"),
    path("label/lignes/<int:line_id>", lines.line, name="label_line"),
]
