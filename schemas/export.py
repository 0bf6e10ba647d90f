"""JSON Schema for every message, and the AsyncAPI document, generated from the models.

They are written to `schemas/generated/` by `fieldfare schemas export`, committed, and checked
for freshness by a test: publishers and receiving systems read them without reading our code.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from schemas.asyncapi import asyncapi
from schemas.dead_letter import DEAD_LETTER_TYPE, DeadLetter
from schemas.notification import (
    DAILY_LIST_TYPE,
    ESCALATION_TYPE,
    GAP_DIGEST_TYPE,
    NOTIFICATION_TYPE,
    DailyListContent,
    EscalationContent,
    GapDigestContent,
    Notification,
)
from schemas.reading import ENVELOPES
from schemas.receipt import RECEIPT_TYPE, Receipt
from schemas.reply import REPLY_TYPE, Reply
from schemas.source_messages import DAILY_COUNT_ENVELOPE, DAILY_COUNT_TYPE

__all__ = ["asyncapi", "json_schemas", "rendered"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BODIES: Mapping[str, type[BaseModel]] = {
    NOTIFICATION_TYPE: Notification,
    REPLY_TYPE: Reply,
    RECEIPT_TYPE: Receipt,
    DEAD_LETTER_TYPE: DeadLetter,
    ESCALATION_TYPE: EscalationContent,
    DAILY_LIST_TYPE: DailyListContent,
    GAP_DIGEST_TYPE: GapDigestContent,
}


class _ForPublishers(GenerateJsonSchema):
    """What is not known is left out, null, or `unknown` (contract, Person)."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """An optional value, or null, or the word `unknown` where that would not be a value."""
        described = super().nullable_schema(schema)
        first = described["anyOf"][0]
        if first.get("type") == "string" and "format" not in first:
            return described
        return {"anyOf": [*described["anyOf"], {"const": "unknown"}]}


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of every message by file name.

    Those of events describe a whole structured CloudEvent; in binary mode the value is its
    `data`. Those of our own messages describe the value, since they go out in binary mode;
    those of escalations, lists and digests describe the `content` of such a notification.
    """
    schemas = {
        event_type.value: envelope.model_json_schema(schema_generator=_ForPublishers)
        for event_type, envelope in ENVELOPES.items()
    }
    schemas[DAILY_COUNT_TYPE] = DAILY_COUNT_ENVELOPE.model_json_schema(
        schema_generator=_ForPublishers
    )
    schemas |= {name: model.model_json_schema() for name, model in _BODIES.items()}
    return {f"{name}.json": _identified(name, schema) for name, schema in schemas.items()}


def rendered() -> Mapping[str, str]:
    """Every generated file's text by its name, for `schemas/generated/`."""
    documents = {**json_schemas(), "asyncapi.json": asyncapi()}
    return {
        name: json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for name, document in documents.items()
    }


def _identified(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": _DIALECT,
        "$id": f"urn:fieldfare:schema:{name}",
        **schema,
        "title": name,
    }
