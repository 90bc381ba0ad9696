"""Every address of the product with example arguments. House and browser tests, and `make screenshots`, walk this list.

A new address is added here; a house test fails until it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import resolve, reverse


@dataclass(frozen=True)
class Page:
    """An address to visit.

    name        URL name, or a path where it begins with a slash
    arguments   example arguments
    query       query string, without the question mark
    answers     statuses that someone of the audience may get
    is_post     whether it answers to POST only; nobody looks at it then
    is_html     whether a person looks at it
    seen_by     who looks at it in the browser, where someone of the audience at large sees nothing
    """

    name: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)
    query: str = ""
    answers: tuple[int, ...] = (200,)
    is_post: bool = False
    is_html: bool = True
    seen_by: str = ""

    @property
    def path(self) -> str:
        """Address below the host, with its query."""
        path = self.name if self.name.startswith("/") else reverse(self.name, kwargs=dict(self.arguments))
        return f"{path}?{self.query}" if self.query else path

    @property
    def audience(self) -> str:
        """Name of the audience the view is open to."""
        if self.name.startswith("/"):
            return "anyone"
        return str(resolve(self.path.partition("?")[0]).func.audience.name)

    @property
    def visitor(self) -> str:
        """Name of the audience whose person looks at it in the browser."""
        return self.seen_by or self.audience

    @property
    def is_looked_at(self) -> bool:
        """Whether the browser tests and screenshots open it: pages that are there, and the one for what is not."""
        return self.is_html and not self.is_post and (self.answers[0] in {200, 401} or self.name.startswith("/"))

    def __str__(self) -> str:
        return self.path


REDIRECTS = (302,)

PAGES = [
    # The shell
    Page("health", is_html=False),
    Page("favicon", answers=(301,), is_html=False),
    Page("set_language", answers=REDIRECTS, is_html=False),
    Page("accessibility"),
    Page("privacy"),
    Page("/cette-page-nexiste-pas", answers=(404,)),
    # The first page
    Page("home"),
    # Territories
    Page("search"),
    Page("search", query="q=le+havre"),
    Page("search", query="q=zzzzzz"),
    Page("suggestions", query="q=le+havre", is_html=False),
    Page("territories"),
    Page("territory", {"kind": "commune", "code": "76351"}),
    Page("territory", {"kind": "departement", "code": "76"}, query="tri=population"),
    Page("territory", {"kind": "region", "code": "28"}),
    Page("territory", {"kind": "epci", "code": "200084952"}),
    Page("territory", {"kind": "commune", "code": "2A004"}),
    Page("territory", {"kind": "commune-deleguee", "code": "76476"}, answers=(200, 301, 302, 404)),
    Page("territory", {"kind": "commune", "code": "76701"}),
    Page("territory", {"kind": "commune", "code": "inconnue"}, answers=(404,)),
    Page("territory_map", {"kind": "commune", "code": "76351"}, is_html=False),
    Page("territory_contour", {"kind": "commune", "code": "76351"}, is_html=False),
    Page("territories_ground", is_html=False),
    Page("data"),
    Page("data_document", is_html=False),
    Page("sitemap", is_html=False),
    Page("sitemap_page", {"kind": "departement", "page": 1}, is_html=False),
    Page("robots", is_html=False),
    Page("geo_api"),
    Page("geo_openapi", is_html=False),
    Page("geo", {"path": "/communes/76351"}, is_html=False),
    Page("observatory_api"),
    Page("observatory_openapi", is_html=False),
    Page("observatory_api_commune", {"code": "76351"}, is_html=False),
    Page("observatory_api_site", {"domain": "aubeville.test"}, "jeu=essai", answers=(200, 404), is_html=False),
    Page("observatory_api_concentration", is_html=False),
    Page("observatory_api_providers", is_html=False),
    Page("observatory_api_provider", {"slug": "microsoft"}, answers=(200, 404), is_html=False),
    Page("observatory_api_outage", query="tombe=microsoft", answers=(200, 400), is_html=False),
    # Label
    Page("imports"),
    Page("import", {"import_id": 1}, answers=(200, 404)),
    Page("confirm_import", {"import_id": 1}, is_post=True),
    Page("discard_import", {"import_id": 1}, is_post=True),
    Page("label_line", {"line_id": 1}, answers=(200, 404)),
    Page("campaigns"),
    Page("campaign", {"year": 2027}, answers=(200, 404)),
    Page("campaign_state", {"year": 2027}, is_post=True),
    Page("invite_territories", {"year": 2027}, is_post=True),
    Page("configuration", {"year": 2027}, answers=(200, 404)),
    Page("configuration_file", {"year": 2027}, answers=(200, 404), is_html=False),
    Page("configuration_revision", {"year": 2027, "number": 1}, answers=(200, 404)),
    Page("letters", {"year": 2027}, answers=(200, 404)),
    Page("campaign_dossier", {"dossier_id": 1}, answers=(200, 404)),
    Page("jury", {"year": 2027}, answers=(200, 404)),
    Page("assign_jury", {"year": 2027}, is_post=True),
    Page("set_conflict", {"year": 2027}, is_post=True),
    Page("readings", {"year": 2027}, answers=(200, 404)),
    Page("calibration", {"year": 2027}, answers=(200, 404)),
    Page("deliberation", {"year": 2027}, answers=(200, 404)),
    Page("propose_decisions", {"year": 2027}, is_post=True),
    Page("attendance", {"year": 2027}, is_post=True),
    Page("minutes", {"year": 2027}, answers=(200, 404), is_html=False),
    Page("publish_campaign", {"year": 2027}, is_post=True),
    Page("decide", {"decision_id": 1}, is_post=True),
    Page("edition_statistics", {"year": 2027}, answers=(404, 200)),
    Page("statistics_file", {"year": 2027}, answers=(404, 200), is_html=False),
    Page("appeals", {"year": 2027}),
    Page("answer_appeal", {"appeal_id": 1}, answers=(404,), is_post=True),
    Page("appeal", {"dossier_id": 1}, is_post=True),
    Page("say_of_review", {"dossier_id": 1, "review_id": 1}, answers=(404,), is_post=True),
    Page("report_initiative", {"initiative_id": 1}),
    Page("answer_report", {"report_id": 1}, answers=(404,), is_post=True),
    Page("set_loads", {"year": 2027}, is_post=True),
    Page("verify_badge"),
    Page("badge_status", is_html=False),
    Page("did_document", is_html=False),
    Page("achievement", {"year": 2027, "level": 3}, answers=(404, 200), is_html=False),
    Page("badge_credential", {"uid": "00000000-0000-4000-8000-000000000000"}, answers=(404,), is_html=False),
    Page("open_badge", {"year": 2027, "kind": "commune", "code": "76351"}, answers=(404, 200), is_html=False),
    Page("baked_badge", {"year": 2027, "kind": "commune", "code": "76351"}, answers=(404, 200), is_html=False),
    Page("revoke_badge", {"uid": "00000000-0000-4000-8000-000000000000"}, answers=(404,), is_post=True),
    Page("laureate", {"year": 2027, "kind": "commune", "code": "76351"}, answers=(404, 200)),
    Page("certificate", {"year": 2027, "kind": "commune", "code": "76351"}, answers=(404, 200), is_html=False),
    Page("entry_sign", {"year": 2027, "kind": "commune", "code": "76351"}, answers=(404, 200), is_html=False),
    Page("site_badge", {"year": 2027, "kind": "commune", "code": "76351"}, answers=(404, 200), is_html=False),
    Page("jury_home"),
    Page("review", {"review_id": 1}, answers=(200, 404)),
    Page("save_mark", {"review_id": 1}, is_post=True),
    Page("review_state", {"review_id": 1}, is_post=True),
    Page("silence", {"token": "inconnu"}, answers=(404,)),
    Page("participation"),
    Page("join_team"),
    Page("decide_request", {"request_id": 1}, is_post=True),
    Page("team_member", {"territory_id": "commune:76351"}, is_post=True),
    Page("dossier", {"dossier_id": 1}, answers=(200, 404)),
    Page("save_field", {"dossier_id": 1}, is_post=True),
    Page("dossier_progress", {"dossier_id": 1}, answers=(200, 404), is_html=False),
    Page("dossier_state", {"dossier_id": 1}, is_post=True),
    Page("receipt", {"dossier_id": 1}, answers=(200, 404), is_html=False),
    Page("dossier_record", {"dossier_id": 1}, answers=(200, 404), is_html=False),
    Page("send_document", {"dossier_id": 1}, is_post=True),
    Page("document", {"document_id": 1}, answers=(200, 404), is_html=False),
    # Initiatives
    Page("library"),
    Page("library", query="q=conseil+filme"),
    Page("library", query="q=zzzz"),
    Page("initiatives_feed", is_html=False),
    Page("initiatives_download", {"extension": "csv"}, is_html=False),
    Page("initiatives_schema"),
    Page("initiative", {"initiative_id": 1}, answers=(200, 404)),
    Page("initiative_history", {"initiative_id": 1}, answers=(200, 404)),
    Page("followed"),
    Page("follow_initiative", {"initiative_id": 1}, is_post=True),
    Page("same_initiative", {"initiative_id": 1}, is_post=True),
    Page("picture", {"sha256": "0" * 64}, answers=(200, 404), is_html=False),
    Page("desk"),
    Page("new_initiative"),
    Page("bulk_import"),
    Page("edit_initiative", {"initiative_id": 1}, answers=(200, 404)),
    Page("initiative_state", {"initiative_id": 1}, is_post=True),
    Page("send_picture", {"initiative_id": 1}, is_post=True),
    Page("remove_picture", {"picture_id": 1}, is_post=True),
    Page("moderation"),
    Page("decide_initiative", {"initiative_id": 1}, is_post=True),
    # Atlas
    Page("atlas"),
    Page("atlas", query="annee=2017&niveau=5"),
    Page("atlas", query="q=zzzz"),
    Page("atlas_results", is_html=False),
    Page("atlas_picture", is_html=False),
    Page("atlas_places", is_html=False),
    Page("atlas_embed"),
    Page("tiles", {"name": "france-0"}, answers=(200, 404), is_html=False),
    Page("dynamics"),
    Page("dynamics_area", {"kind": "region", "code": "28"}),
    Page("dynamics_area", {"kind": "departement", "code": "76"}),
    Page("areas_download", {"family": "region", "extension": "csv"}, is_html=False),
    Page("laureates_download", {"extension": "json"}, is_html=False),
    Page("schema"),
    Page("schema_document", is_html=False),
    # Election nights
    Page("elections"),
    Page("election", {"number": 1}),
    Page("election", {"number": 999}, answers=(404,)),
    Page("election_screen", {"number": 1}),
    Page("election_embed", {"number": 1}),
    Page("election_station", {"number": 1, "code": "0001"}),
    Page("election_station", {"number": 1, "code": "9999"}, answers=(404,)),
    Page("election_stream", {"number": 999}, answers=(404,), is_html=False),
    Page("election_part", {"number": 1, "name": "figures"}, is_html=False),
    Page("election_data", {"number": 1, "extension": "csv"}, is_html=False),
    Page("election_schema", is_html=False),
    Page("election_nist", {"number": 1}, is_html=False),
    Page("election_ministry", {"number": 1}, is_html=False),
    Page("election_prefecture", {"number": 1}, is_html=False),
    Page("election_code"),
    Page("election_entry", {"number": 1, "code": "0001"}),
    Page("election_send", {"number": 1, "code": "0001"}, is_post=True),
    Page("election_standing", {"number": 1, "code": "0001"}, is_html=False),
    Page("election_record", {"number": 1, "code": "0001"}, answers=REDIRECTS),
    Page("election_station_journal", {"number": 1, "code": "0001"}),
    Page("election_journal", {"number": 1}),
    Page("election_journal_file", {"number": 1}, is_html=False),
    Page("election_desk", {"number": 1}),
    Page("election_sheets", {"number": 1}),
    Page("election_desk_act", {"number": 1, "code": "0001"}, is_post=True),
    Page("election_prepare"),
    Page("election_edit", {"number": 1}),
    Page("election_second_round", {"number": 1}, is_post=True),
    Page("election_rehearse", {"number": 1}, is_post=True),
    Page("election_wipe", {"number": 1}, is_post=True),
    # The observatory
    Page("observatory"),
    Page("observatory", query="jeu=sites-publics"),
    Page("observatory", query="jeu=inconnu", answers=(404,)),
    Page("observatory_commune", {"code": "76351"}),
    Page("observatory_commune", {"code": "inconnue"}, answers=(404,)),
    Page("observatory_subject", {"domain": "chantemerle.test"}, query="jeu=essai", answers=(200, 404)),
    Page("letter_to_mayor", {"code": "76351"}, answers=(404, 200), is_html=False),
    Page("november_outage"),
    Page("observatory_evolution"),
    Page("observatory_evolution", query="jeu=essai"),
    Page("observatory_concentration"),
    Page("observatory_concentration", query="jeu=essai&couche=dns"),
    Page("observatory_concentration", query="jeu=europe"),
    Page("concentration_download", {"extension": "csv"}, is_html=False),
    Page("concentration_schema", is_html=False),
    Page("standings_download", {"extension": "csv"}, query="jeu=essai", answers=(200, 404), is_html=False),
    Page("standings_schema", is_html=False),
    Page("outage", query="jeu=essai&tombe=cloudflare", answers=(200, 404)),
    Page("outage", query="tombe=orange&tombe=country:US"),
    Page("outage", query="tombe=personne", answers=(404,)),
    Page("outage", query="tombe=orange&nom=Orenge&service=mail", answers=(404,)),
    Page("outage", query="nom=France"),
    Page("outage_schema", is_html=False),
    Page("standings_download", {"extension": "csv"}, is_html=False),
    Page("outage_download", {"extension": "csv"}, query="tombe=orange", answers=(200, 400), is_html=False),
    Page("observatory_changes"),
    Page("observatory_changes_feed", is_html=False),
    Page("observatory_changes_download", {"extension": "csv"}, is_html=False),
    Page("observatory_changes_download", {"extension": "json"}, query="couche=mail", is_html=False),
    Page("observatory_changes_schema", is_html=False),
    Page("observatory_certificates"),
    Page("observatory_certificates_download", {"extension": "csv"}, is_html=False),
    Page("observatory_certificates_schema", is_html=False),
    Page("observatory_watches"),
    Page("observatory_stop", {"token": "x"}, answers=(404,)),
    Page("observatory_waiting"),
    Page("observatory_reports"),
    Page("observatory_report", {"code": "76351"}),
    Page("observatory_correct", {"code": "76351"}),
    Page("observatory_act_for", {"code": "76351"}),
    Page("observatory_opt_out", {"code": "76351"}, is_post=True),
    Page("observatory_town_feed", {"code": "76351"}, is_html=False),
    # Accounts
    Page("account"),
    Page("account_login"),
    Page("account_logout", answers=(200, 302), seen_by="signed in"),
    Page("account_signup"),
    Page("account_inactive"),
    Page("account_reauthenticate"),
    Page("account_email", answers=(200, 302)),
    Page("account_email_verification_sent"),
    Page("account_confirm_email", {"key": "inconnue"}),
    Page("account_change_password", answers=(200, 302)),
    Page("account_set_password", answers=REDIRECTS),
    Page("account_reset_password"),
    Page("account_reset_password_done"),
    Page("account_reset_password_from_key_done"),
    Page("account_reset_password_from_key", {"uidb36": "1", "key": "inconnue"}),
    Page("mfa_index", answers=(200, 302)),
    Page("mfa_authenticate", answers=REDIRECTS),
    Page("mfa_reauthenticate", answers=REDIRECTS),
    Page("mfa_activate_totp", answers=(200, 302)),
    Page("mfa_deactivate_totp", answers=(404, 302)),
    Page("mfa_view_recovery_codes", answers=(404, 302)),
    Page("mfa_generate_recovery_codes", answers=(200, 302)),
    Page("mfa_download_recovery_codes", answers=(404, 302), is_html=False),
    Page("mfa_list_webauthn", answers=(200, 302)),
    Page("mfa_add_webauthn", answers=(200, 302)),
    Page("mfa_reauthenticate_webauthn", answers=REDIRECTS),
    Page("mfa_login_webauthn", is_html=False),
    Page("mfa_edit_webauthn", {"pk": 1}, answers=(404,)),
    Page("mfa_remove_webauthn", {"pk": 1}, answers=(404,)),
    Page("socialaccount_connections", answers=(200, 302)),
    Page("socialaccount_signup", answers=REDIRECTS),
    Page("socialaccount_login_cancelled"),
    Page("socialaccount_login_error", answers=(401,)),
    Page("openid_connect_login", {"provider_id": "sso"}, answers=(404,)),
    Page("openid_connect_callback", {"provider_id": "sso"}, answers=(404,)),
]
