"""Addresses of election nights."""

from django.urls import URLPattern, path, re_path

from arobase.elections.views import data, desk, entry, journal, live, preparing, sheets, stream

urlpatterns: list[URLPattern] = [
    path("elections", live.nights, name="elections"),
    path("elections/donnees/schema.json", data.schema, name="election_schema"),
    path("elections/preparer", preparing.prepare, name="election_prepare"),
    path("elections/code", entry.code, name="election_code"),
    path("elections/<int:number>/saisie/<str:code>", entry.entry, name="election_entry"),
    path("elections/<int:number>/saisie/<str:code>/envoi", entry.send, name="election_send"),
    path("elections/<int:number>/saisie/<str:code>/etat", entry.standing, name="election_standing"),
    path("elections/<int:number>/saisie/<str:code>/proces-verbal", entry.record_sheet, name="election_record"),
    path("elections/<int:number>/saisie/<str:code>/journal", journal.of_station, name="election_station_journal"),
    path("elections/<int:number>/journal", journal.night, name="election_journal"),
    path("elections/<int:number>/journal.csv", journal.as_csv, name="election_journal_file"),
    path("elections/<int:number>/pupitre", desk.desk, name="election_desk"),
    path("elections/<int:number>/pupitre/<str:code>", desk.act, name="election_desk_act"),
    path("elections/<int:number>/feuilles", sheets.sheets, name="election_sheets"),
    path("elections/<int:number>/preparer", preparing.edit, name="election_edit"),
    path("elections/<int:number>/preparer/second-tour", preparing.prepare_second_round, name="election_second_round"),
    path("elections/<int:number>/preparer/repetition", preparing.rehearse, name="election_rehearse"),
    path("elections/<int:number>/effacer", preparing.wipe_night, name="election_wipe"),
    path("elections/<int:number>", live.night, name="election"),
    path("elections/<int:number>/ecran", live.screen, name="election_screen"),
    path("elections/<int:number>/integrer", live.embed, name="election_embed"),
    path("elections/<int:number>/flux", stream.stream, name="election_stream"),
    re_path(
        r"^elections/(?P<number>[0-9]{1,9})/direct/(?P<name>figures|stations|map)$", live.part, name="election_part"
    ),
    path("elections/<int:number>/bureaux/<str:code>", live.station, name="election_station"),
    path("elections/<int:number>/nist.json", data.nist, name="election_nist"),
    path("elections/<int:number>/ministere.csv", data.ministry, name="election_ministry"),
    path("elections/<int:number>/prefecture.csv", data.prefecture, name="election_prefecture"),
    re_path(
        r"^elections/(?P<number>[0-9]{1,9})/resultats\.(?P<extension>csv|json|parquet)$",
        data.results,
        name="election_data",
    ),
]
