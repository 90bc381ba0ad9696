"""Cookies that follow a visitor, by their names: whose they are, from each vendor's own documentation."""

# (name, whose). What ends with `*` is how a name begins. A cookie of Matomo or Piano
# may be exempt from consent where the tool is set up as the CNIL describes, which a name cannot tell: not listed.
# Nor are names that mean something else elsewhere (`fr`, `uid`).
_COOKIES = (
    ("_ga*", "Google Analytics"),
    ("_gid", "Google Analytics"),
    ("_gat*", "Google Analytics"),
    ("__utma", "Google Analytics"),
    ("__utmz", "Google Analytics"),
    ("_gcl_*", "Google Ads"),
    ("_gac_*", "Google Ads"),
    ("IDE", "Google Ads"),
    ("test_cookie", "Google Ads"),
    ("NID", "Google"),
    ("VISITOR_INFO1_LIVE", "YouTube"),
    ("YSC", "YouTube"),
    ("_fbp", "Meta"),
    ("_fbc", "Meta"),
    ("_uet*", "Microsoft Advertising"),
    ("MUID*", "Microsoft"),
    ("_clck", "Microsoft Clarity"),
    ("_clsk", "Microsoft Clarity"),
    ("_hj*", "Hotjar"),
    ("_ttp", "TikTok"),
    ("li_sugr", "LinkedIn"),
    ("bcookie", "LinkedIn"),
    ("UserMatchHistory", "LinkedIn"),
    ("personalization_id", "X"),
    ("guest_id*", "X"),
    ("__qca", "Quantcast"),
    ("_pin_unauth", "Pinterest"),
    ("hubspotutk", "HubSpot"),
    ("__hstc", "HubSpot"),
    ("vuid", "Vimeo"),
    ("__atuvc", "AddThis"),
)


def tracker_of(name: str) -> str:
    """Whose tracking cookie a name is; empty where it is none that is known.

    >>> tracker_of("_ga_ABC123"), tracker_of("PHPSESSID"), tracker_of("_pk_id.1.1fff")
    ('Google Analytics', '', '')
    """
    for pattern, whose in _COOKIES:
        if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1])):
            return whose
    return ""
