"""Signing in through an OpenID Connect provider such as ProConnect."""

import copy
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from accounts.identity_provider import CLIENT, SECRET, IdentityProvider, an_identity_provider
from arobase.accounts.models import Grant, User

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[True, False], ids=["signed", "plain"])
def provider(request, settings):
    with an_identity_provider(is_signed=request.param) as running:
        use(running, settings)
        yield running


def use(provider: IdentityProvider, settings) -> None:
    """Set the provider as AROBASE_OIDC_URL, _CLIENT_ID and _SECRET would."""
    app = copy.deepcopy(settings.OIDC_PROVIDER) | {"client_id": CLIENT, "secret": SECRET}
    app["settings"]["server_url"] = provider.url
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def come_back(client: Client):
    """Go to the provider and back, as a browser does."""
    away = client.post("/comptes/oidc/sso").headers["Location"]
    back = urlsplit(httpx.get(away, follow_redirects=False).headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_a_first_visit_makes_an_account_without_any_role(client, provider):
    answer = come_back(client)

    person = User.objects.get()
    assert answer.headers["Location"] == "/"
    assert (person.email, person.name, Grant.objects.count()) == ("camille@lehavre.exemple.fr", "Camille", 0)
    assert client.get("/comptes/").status_code == 200


def test_the_second_visit_finds_the_same_account(provider):
    come_back(Client()), come_back(Client())

    assert User.objects.count() == 1


def test_an_account_made_before_is_not_taken_over(client, provider):
    User.objects.create_user("camille@lehavre.exemple.fr", "une phrase assez longue")

    come_back(client)

    assert client.get("/comptes/").status_code == 302


def test_an_answer_that_another_signed_is_refused(client, settings):
    with an_identity_provider() as provider:
        use(provider, settings)
        provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

        answer = come_back(client)

    assert "socialaccount/authentication_error.html" in [template.name for template in answer.templates]
    assert not User.objects.exists()


def test_the_button_appears_only_when_a_provider_is_set(client, provider, settings):
    shown = client.get("/comptes/connexion").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    hidden = client.get("/comptes/connexion").content.decode()

    assert ("ProConnect" in shown, "ProConnect" in hidden) == (True, False)


def test_without_a_provider_its_address_is_not_there(client):
    assert client.post("/comptes/oidc/sso").status_code == 404
