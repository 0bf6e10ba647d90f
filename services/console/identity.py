"""Signing in by OpenID Connect: authorization code with PKCE, state and nonce, by Authlib."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.console.access import Role
from services.console.cookies import is_loopback, new_secret
from services.console.problems import ProviderAway, SignInRefused
from services.ledger.console_sessions import Person, SignIn
from services.runtime.errors import SettingsProblem
from services.runtime.settings import ConsoleSettings

BACK = "/sign-in/back"
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Only with a key that the provider alone has: `none` and shared secrets are no proof."""
_SCOPE = "openid profile"
_LEEWAY = 60
_SECONDS = 10.0
_KEPT = timedelta(hours=1)
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def real_issuer(settings: ConsoleSettings) -> str:
    """The provider that is configured.

    Raises `SettingsProblem` if there is none, or one by http that is not this machine's own:
    whoever listens on the way could sign in as anybody.
    """
    if settings.issuer is None:
        raise SettingsProblem("settings: FIELDFARE_CONSOLE__ISSUER: names nobody to sign in by")
    if urlsplit(settings.issuer).scheme != "https" and not is_loopback(settings.issuer):
        raise SettingsProblem("settings: FIELDFARE_CONSOLE__ISSUER: must begin with https://")
    return settings.issuer


@dataclass(frozen=True, slots=True)
class Discovered:
    """What the provider says of itself, and when it was asked."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    at: datetime


@dataclass(slots=True)
class IdentityProvider:
    """Whoever says who somebody is. Nothing is asked of it before the first sign-in.

    `transport` is for tests; else it is asked over the network.
    """

    settings: ConsoleSettings
    issuer: str
    transport: httpx2.AsyncBaseTransport | None = None
    _discovered: Discovered | None = field(default=None, init=False)

    async def begin(self, return_to: str, *, at: datetime) -> tuple[str, str, SignIn]:
        """Where to send the browser, the state it must come back with, and what else must hold.

        Raises `ProviderAway` and `SignInRefused`.
        """
        known = await self._discover(at)
        state, sign_in = new_secret(), SignIn(new_secret(), new_secret() + new_secret(), return_to)
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                known.authorization_endpoint,
                state=state,
                nonce=sign_in.nonce,
                code_verifier=sign_in.verifier,
            )
        return str(url), state, sign_in

    async def finish(self, code: str, sign_in: SignIn, *, at: datetime) -> Person:
        """Who came back with that code. Raises `ProviderAway` and `SignInRefused`."""
        known = await self._discover(at)
        token = await self._token(known, code, sign_in)
        keys = await self._get(known.jwks_uri)
        try:
            decoded = jwt.decode(
                str(token["id_token"]),
                KeySet.import_key_set(keys),  # type: ignore[arg-type] # as the provider sent it
                algorithms=_ALGORITHMS,
            )
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self.settings.client_id},
                },
                {
                    "nonce": sign_in.nonce,
                    "client_id": self.settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(at.timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignInRefused("the id token cannot be trusted") from error
        return person_of_claims(claims, self.settings)

    async def _token(self, known: Discovered, code: str, sign_in: SignIn) -> Mapping[str, Any]:
        try:
            async with self._client() as client:
                token: Mapping[str, Any] = await client.fetch_token(
                    known.token_endpoint, code=code, code_verifier=sign_in.verifier
                )
        except OAuthError as error:
            raise SignInRefused("the provider refuses the code") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway("the provider does not answer") from error
        if not isinstance(token.get("id_token"), str):
            raise SignInRefused("the provider sent no id token")
        return token

    async def _discover(self, at: datetime) -> Discovered:
        """What the provider says of itself, asked again after an hour."""
        if self._discovered is not None and at - self._discovered.at < _KEPT:
            return self._discovered
        told = await self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != self.issuer:
            raise SignInRefused("the provider says that it is another")
        places = {name: told.get(name) for name in _ENDPOINTS}
        if not all(isinstance(place, str) and self._is_safe(place) for place in places.values()):
            raise SignInRefused("the provider names an address that cannot be used")
        self._discovered = Discovered(**places, at=at)  # type: ignore[arg-type] # all are text
        return self._discovered

    def _is_safe(self, place: str) -> bool:
        return urlsplit(place).scheme == "https" or is_loopback(place)

    async def _get(self, address: str) -> dict[str, Any]:
        try:
            async with httpx2.AsyncClient(**self._how()) as client:
                answer = await client.get(address)
                answer.raise_for_status()
                told = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderAway("the provider does not answer") from error
        if not isinstance(told, dict):
            raise SignInRefused("the provider's answer cannot be read")
        return told

    def _client(self) -> Any:
        secret = self.settings.client_secret
        return AsyncOAuth2Client(
            self.settings.client_id,
            None if secret is None else secret.get_secret_value(),
            token_endpoint_auth_method="none" if secret is None else "client_secret_basic",
            scope=_SCOPE,
            redirect_uri=f"{self.settings.address}{BACK}",
            code_challenge_method="S256",
            **self._how(),
        )

    def _how(self) -> dict[str, Any]:
        how: dict[str, Any] = {"timeout": _SECONDS, "trust_env": not is_loopback(self.issuer)}
        return how if self.transport is None else how | {"transport": self.transport}


def person_of_claims(claims: Mapping[str, Any], settings: ConsoleSettings) -> Person:
    """The person that claims name, with the roles that we know.

    Raises `SignInRefused` for somebody without a name or without any role of ours.
    """
    name = claims.get("name") or claims.get("preferred_username")
    if not isinstance(name, str) or not any(sign.isalpha() for sign in name):
        raise SignInRefused("the provider gives no name")
    roles = frozenset(_texts(claims.get(settings.roles_claim))) & frozenset(Role)
    if not roles:
        raise SignInRefused("no role")
    recipients = tuple(dict.fromkeys(_texts(claims.get(settings.recipients_claim))))
    return Person(str(claims["sub"]), " ".join(name.split()), frozenset(roles), recipients)


def _texts(claim: object) -> list[str]:
    if isinstance(claim, str):
        return claim.split()
    return [each for each in claim if isinstance(each, str)] if isinstance(claim, list) else []
