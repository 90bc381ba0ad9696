"""Sign-in through an OpenID Connect provider, also one that signs what it tells about people, as ProConnect does."""

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse

from arobase.web.access import ANYONE, open_to

SIGNATURES = ["RS256", "ES256"]


class SignedAnswersAdapter(OpenIDConnectOAuth2Adapter):
    """Reads what the provider tells about someone as JSON or as a signed token (OpenID Connect Core 1.0, 5.3.2)."""

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers=headers)
            answer.raise_for_status()
            if not answer.headers.get("Content-Type", "").startswith("application/jwt"):
                told: dict[str, Any] = answer.json()
            else:
                keys = session.get(self.openid_config["jwks_uri"])
                keys.raise_for_status()
                told = self._verified(answer.text, keys.json())
        told.setdefault("family_name", told.get("usual_name"))
        return told

    def _verified(self, token: str, keys: dict[str, Any]) -> dict[str, Any]:
        """What a signed token says. Raises OAuth2Error when it is not the provider's, or not meant for us."""
        try:
            key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
            audience, issuer = self.get_provider().app.client_id, self.openid_config["issuer"]
            return jwt.decode(token, key, algorithms=SIGNATURES, audience=audience, issuer=issuer)
        except (jwt.PyJWTError, KeyError) as error:
            raise OAuth2Error("The provider's answer about this person is not signed as it should be.") from error


@open_to(ANYONE)
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the visitor to the provider; 404 where none is set."""
    return _view(OAuth2LoginView, request, provider_id)


@open_to(ANYONE)
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The visitor comes back from the provider."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(kind: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = kind.adapter_view(SignedAnswersAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404(provider_id) from error
    return answer
