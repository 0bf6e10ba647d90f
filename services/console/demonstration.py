"""The sandbox's identity provider: invented people, one a role. It cannot run beside a real one.

A small but whole OpenID Connect provider (discovery, keys, code with PKCE), so that the console
signs in here by the same code as in production.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey

from services.console.access import Role
from services.console.cookies import is_loopback, new_secret
from services.console.identity import BACK
from services.console.parts import console_of
from services.console.problems import NotThere
from services.console.rendering import show
from services.runtime.errors import SettingsProblem
from services.runtime.settings import ConsoleSettings

PATH = "/demonstration"
_CODE_LASTS = timedelta(minutes=1)
_TOKEN_LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, in one role."""

    subject: str
    name: str
    role: Role
    does: str
    recipients: tuple[str, ...] = ()


PEOPLE = (
    Invented("carys", "Carys Hill", Role.COORDINATOR, "sees what flows and is stuck, and acts"),
    Invented(
        "mina",
        "Mina Oakley",
        Role.TEAM_MEMBER,
        "midwife: the worklist of Burton maternity",
        ("RJF:midwifery",),
    ),
    Invented("arthur", "Arthur Penn", Role.AUDITOR, "looks who was missed, and who saw what"),
    Invented(
        "rosa", "Rosa Lane", Role.RULE_OWNER, "named nurse: reads changes of rules, and signs"
    ),
    Invented("owen", "Owen Marsh", Role.RULE_OWNER, "named midwife: countersigns"),
    Invented("omar", "Omar Field", Role.OPERATOR, "keeps it running: sees sources and queues"),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A code that was given out: to whom, for which request, and until when."""

    person: Invented
    nonce: str
    challenge: str
    until: datetime


@dataclass(slots=True)
class Demonstration:
    """Who may be signed in as, and codes that were given out and not yet used."""

    settings: ConsoleSettings
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", auto_kid=True))
    _codes: dict[str, _Asked] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """How the provider names itself."""
        return f"{self.settings.address}{PATH}"

    def code_for(self, person: Invented, asked: Mapping[str, str], at: datetime) -> str:
        """A code for one sign-in."""
        self._codes = {code: each for code, each in self._codes.items() if each.until > at}
        code = new_secret()
        nonce, challenge = asked.get("nonce", ""), asked.get("code_challenge", "")
        self._codes[code] = _Asked(person, nonce, challenge, at + _CODE_LASTS)
        return code

    def token_for(self, code: str, verifier: str, at: datetime) -> str | None:
        """The id token for a code, once, if the verifier is that of its request."""
        asked = self._codes.pop(code, None)
        digest = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
        if asked is None or asked.until <= at:
            return None
        if not hmac.compare_digest(digest, asked.challenge.encode()):
            return None
        claims = {
            "iss": self.issuer,
            "sub": asked.person.subject,
            "aud": self.settings.client_id,
            "iat": int(at.timestamp()),
            "exp": int((at + _TOKEN_LASTS).timestamp()),
            "nonce": asked.nonce,
            "name": asked.person.name,
            self.settings.roles_claim: [asked.person.role.value],
            self.settings.recipients_claim: list(asked.person.recipients),
        }
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)


def refuse_beside_a_real_issuer(settings: ConsoleSettings) -> None:
    """Raises `SettingsProblem` unless invented people can harm nobody.

    They may be let in only where no real provider is configured, and where nobody but this machine
    can ask.
    """
    if not settings.demonstration:
        return
    if settings.issuer is not None:
        raise SettingsProblem(
            "settings: FIELDFARE_CONSOLE__DEMONSTRATION: cannot be switched on beside "
            "FIELDFARE_CONSOLE__ISSUER: anybody could sign in as anybody"
        )
    if not is_loopback(settings.address) or not is_loopback(f"http://{settings.host}"):
        raise SettingsProblem(
            "settings: FIELDFARE_CONSOLE__DEMONSTRATION: only for a console that nobody but this "
            "machine can reach (FIELDFARE_CONSOLE__HOST, FIELDFARE_CONSOLE__URL)"
        )


def demonstration_pages(provider: Demonstration) -> APIRouter:
    """The routes of the provider."""
    pages = APIRouter(prefix=PATH)
    back = f"{provider.settings.address}{BACK}"

    @pages.get("/.well-known/openid-configuration")
    async def configuration() -> Response:
        return JSONResponse(
            {
                "issuer": provider.issuer,
                "authorization_endpoint": f"{provider.issuer}/people",
                "token_endpoint": f"{provider.issuer}/token",
                "jwks_uri": f"{provider.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    @pages.get("/keys")
    async def keys() -> Response:
        return JSONResponse({"keys": [provider.key.as_dict(private=False)]})

    @pages.get("/people")
    async def people(request: Request) -> Response:
        asked = urlencode(dict(request.query_params))
        return show(request, "demonstration.html", {"people": PEOPLE, "asked": asked})

    @pages.get("/people/{subject}")
    async def chosen(request: Request, subject: str) -> Response:
        asked = dict(request.query_params)
        person = next((each for each in PEOPLE if each.subject == subject), None)
        is_ours = asked.get("client_id") == provider.settings.client_id
        if person is None or not is_ours or asked.get("redirect_uri") != back:
            raise NotThere("Nobody of that name can be signed in as.")
        code = provider.code_for(person, asked, console_of(request).now())
        told = {"code": code, "state": asked.get("state", "")}
        return RedirectResponse(f"{back}?{urlencode(told)}", 303)

    @pages.post("/token")
    async def token(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        at = console_of(request).now()
        made = provider.token_for(form.get("code", ""), form.get("code_verifier", ""), at)
        if made is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {"access_token": new_secret(), "token_type": "Bearer", "id_token": made}
        )

    return pages
