"""Signing in by OpenID Connect, and every way in which it must fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from services.console.cookies import cookies_for
from services.console.demonstration import refuse_beside_a_real_issuer
from services.console.identity import IdentityProvider, person_of_claims, real_issuer
from services.console.problems import ProviderAway, SignInRefused
from services.ledger.console_sessions import SignIn
from services.runtime.errors import SettingsProblem
from services.runtime.settings import ConsoleSettings

AT = datetime(2026, 3, 6, 2, tzinfo=UTC)
ISSUER = "https://sign-in.example"
SETTINGS = ConsoleSettings(issuer=ISSUER, url="https://console.example")
SIGN_IN = SignIn("nonce-1", "verifier-1", "/")
KEY = ECKey.generate_key("P-256", auto_kid=True)


@dataclass(slots=True)
class Provider:
    """A provider on the other end of a wire, which may lie or be broken."""

    claims: Mapping[str, Any]
    key: ECKey | OctKey = field(default_factory=lambda: KEY)
    algorithm: str = "ES256"
    configuration: Mapping[str, Any] | None = None
    token_status: int = 200
    is_away: bool = False
    asked: Mapping[str, list[str]] | None = None

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if self.is_away:
            raise httpx2.ConnectError("nobody listens")
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx2.Response(200, json=dict(self.configuration or CONFIGURATION))
            case "/keys":
                return httpx2.Response(200, json={"keys": [KEY.as_dict(private=False)]})
            case _:
                self.asked = parse_qs(request.content.decode())
                if self.token_status != 200:
                    return httpx2.Response(self.token_status, json={"error": "invalid_grant"})
                header = {"alg": self.algorithm, "kid": KEY.kid}
                token = jwt.encode(header, dict(self.claims), self.key, algorithms=[self.algorithm])
                body = {"access_token": "a", "token_type": "Bearer", "id_token": token}
                return httpx2.Response(200, json=body)


CONFIGURATION = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


def claims(**changed: Any) -> dict[str, Any]:
    given = {
        "iss": ISSUER,
        "sub": "s1",
        "aud": "fieldfare-console",
        "iat": int(AT.timestamp()),
        "exp": int((AT + timedelta(minutes=5)).timestamp()),
        "nonce": "nonce-1",
        "name": "Mina  Oakley",
        "fieldfare_roles": ["team_member", "something else"],
        "fieldfare_recipients": ["RJF:midwifery"],
    }
    return {name: value for name, value in (given | changed).items() if value is not ...}


def asked(provider: Provider, settings: ConsoleSettings = SETTINGS) -> IdentityProvider:
    return IdentityProvider(settings, ISSUER, httpx2.MockTransport(provider))


async def test_a_sign_in_asks_for_a_code_with_pkce_state_and_nonce() -> None:
    url, state, sign_in = await asked(Provider(claims())).begin("/missed", at=AT)

    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{ISSUER}/authorize?")
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["state"] == [state]
    assert query["nonce"] == [sign_in.nonce]
    assert query["redirect_uri"] == ["https://console.example/sign-in/back"]
    assert sign_in.verifier not in url
    assert sign_in.return_to == "/missed"


async def test_whoever_comes_back_has_the_name_roles_and_teams_of_the_claims() -> None:
    provider = Provider(claims())

    person = await asked(provider).finish("code-1", SIGN_IN, at=AT)

    assert (person.subject, person.name) == ("s1", "Mina Oakley")
    assert person.roles == {"team_member"}
    assert person.recipients == ("RJF:midwifery",)
    assert provider.asked is not None
    assert provider.asked["code_verifier"] == ["verifier-1"]


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"nonce": ...},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"exp": int((AT - timedelta(minutes=5)).timestamp())},
        {"iat": ...},
        {"sub": ...},
        {"azp": "another-client"},
        {"name": ...},
        {"name": "12345"},
        {"fieldfare_roles": []},
        {"fieldfare_roles": ["administrator"]},
        {"fieldfare_roles": {"coordinator": True}},
    ],
    ids=str,
)
async def test_claims_that_are_wrong_let_nobody_in(changed: dict[str, Any]) -> None:
    with pytest.raises(SignInRefused):
        await asked(Provider(claims(**changed))).finish("code-1", SIGN_IN, at=AT)


async def test_a_token_that_another_key_signed_lets_nobody_in() -> None:
    other = ECKey.generate_key("P-256")

    with pytest.raises(SignInRefused):
        await asked(Provider(claims(), key=other)).finish("code-1", SIGN_IN, at=AT)


async def test_a_token_signed_with_a_shared_secret_lets_nobody_in() -> None:
    secret = OctKey.import_key("a secret of thirty-two characters")

    with pytest.raises(SignInRefused):
        await asked(Provider(claims(), key=secret, algorithm="HS256")).finish(
            "code-1", SIGN_IN, at=AT
        )


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://elsewhere.example"},
        {**CONFIGURATION, "issuer": f"{ISSUER}/"},
        {**CONFIGURATION, "token_endpoint": "http://sign-in.example/token"},
        {**CONFIGURATION, "jwks_uri": None},
    ],
)
async def test_a_provider_that_says_something_strange_of_itself_is_not_used(
    configuration: dict[str, Any],
) -> None:
    with pytest.raises(SignInRefused):
        await asked(Provider(claims(), configuration=configuration)).begin("/", at=AT)


async def test_a_code_that_the_provider_refuses_lets_nobody_in() -> None:
    with pytest.raises(SignInRefused):
        await asked(Provider(claims(), token_status=400)).finish("code-1", SIGN_IN, at=AT)


async def test_a_provider_that_is_away_is_told_apart_from_one_that_refuses() -> None:
    with pytest.raises(ProviderAway):
        await asked(Provider(claims(), is_away=True)).begin("/", at=AT)


async def test_what_a_provider_says_of_itself_is_asked_again_after_an_hour() -> None:
    provider = Provider(claims())
    console = asked(provider)
    await console.begin("/", at=AT)
    provider.is_away = True

    await console.begin("/", at=AT + timedelta(minutes=59))
    with pytest.raises(ProviderAway):
        await console.begin("/", at=AT + timedelta(minutes=61))


def test_roles_may_be_one_text_with_spaces() -> None:
    person = person_of_claims(claims(fieldfare_roles="auditor coordinator"), SETTINGS)

    assert person.roles == {"auditor", "coordinator"}


def test_the_demonstration_cannot_be_switched_on_beside_a_real_issuer() -> None:
    settings = ConsoleSettings(demonstration=True, issuer=ISSUER)

    with pytest.raises(SettingsProblem, match="FIELDFARE_CONSOLE__DEMONSTRATION"):
        refuse_beside_a_real_issuer(settings)


@pytest.mark.parametrize(
    "elsewhere", [{"url": "https://console.example"}, {"host": "192.0.2.1"}], ids=str
)
def test_the_demonstration_is_for_this_machine_alone(elsewhere: dict[str, str]) -> None:
    with pytest.raises(SettingsProblem, match="nobody but this machine"):
        refuse_beside_a_real_issuer(
            ConsoleSettings.model_validate({"demonstration": True, **elsewhere})
        )


def test_without_the_demonstration_any_address_will_do() -> None:
    refuse_beside_a_real_issuer(SETTINGS)


def test_cookies_are_secure_but_by_http_on_this_machine() -> None:
    assert cookies_for(SETTINGS).is_secure
    assert cookies_for(SETTINGS).session == "__Host-fieldfare"
    assert not cookies_for(ConsoleSettings()).is_secure


def test_an_address_by_http_that_others_can_hear_is_refused() -> None:
    with pytest.raises(SettingsProblem, match="https"):
        cookies_for(ConsoleSettings(url="http://console.example"))


def test_a_provider_by_http_that_others_can_hear_is_refused() -> None:
    with pytest.raises(SettingsProblem, match="FIELDFARE_CONSOLE__ISSUER: must begin with https"):
        real_issuer(ConsoleSettings(issuer="http://sign-in.example"))
    with pytest.raises(SettingsProblem, match="names nobody"):
        real_issuer(ConsoleSettings())
    assert real_issuer(ConsoleSettings(issuer="http://localhost:9000")) == "http://localhost:9000"
