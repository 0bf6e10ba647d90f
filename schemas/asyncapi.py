"""The AsyncAPI 3.0 document: which topics there are, and which messages go over them."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.dead_letter import DEAD_LETTER_TYPE
from schemas.notification import NOTIFICATION_TYPE
from schemas.receipt import RECEIPT_TYPE
from schemas.reply import REPLY_TYPE
from schemas.source_messages import DAILY_COUNT_TYPE
from schemas.values import EventType, Family, Service

_BINDING = "0.5.0"
_CHECKPOINT = "fieldfare.checkpoint.v1"
_KEYS: Mapping[str, str] = {
    **{event_type.value: "a hash of the occurrence" for event_type in EventType},
    DAILY_COUNT_TYPE: "any",
    NOTIFICATION_TYPE: "the recipient",
    REPLY_TYPE: "the event's id",
    RECEIPT_TYPE: "the notification's id",
    DEAD_LETTER_TYPE: "the dead letter's id",
    _CHECKPOINT: "the ledger's name",
}
"""The key of each message; never an NHS number."""
_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "family": {"description": "Family of events.", "enum": [item.value for item in Family]},
    "publisher": {"description": "The last part of the events' `source`."},
    "service": {"description": "Service that is told.", "enum": [item.value for item in Service]},
    "organisation": {"description": "ODS code of the organisation."},
}
_CHANNELS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "events": (
        "fieldfare.events.{family}.{publisher}",
        "One publisher's events of one family, in either CloudEvents mode.",
        (*(event_type.value for event_type in EventType), DAILY_COUNT_TYPE),
    ),
    "replies": (
        "fieldfare.replies.{publisher}",
        "What became of each event of a publisher; never who was told.",
        (REPLY_TYPE,),
    ),
    "queue": (
        "fieldfare.queue.{service}.{organisation}",
        "Notifications for the teams of one service of an organisation, without gaps.",
        (NOTIFICATION_TYPE,),
    ),
    "practices": (
        "fieldfare.queue.gp.practices",
        "Notifications for practices, read only by Fieldfare's own delivery.",
        (NOTIFICATION_TYPE,),
    ),
    "receipts": (
        "fieldfare.receipts.{organisation}",
        "What an organisation's teams say back.",
        (RECEIPT_TYPE,),
    ),
    "deadLetters": (
        "fieldfare.dead-letters",
        "What could not be read, and why; never its bytes.",
        (DEAD_LETTER_TYPE,),
    ),
    "checkpoints": (
        "fieldfare.checkpoints",
        "Signed statements of the ledger's size and root hash.",
        (_CHECKPOINT,),
    ),
}
_RECEIVED = frozenset({"events", "receipts"})


def asyncapi() -> dict[str, Any]:
    """The document, under the topic prefix `fieldfare`; its schemas are the files beside it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Fieldfare",
            "version": "1.0.0",
            "description": "Routes safeguarding notices to everyone who must be told. "
            "A notification is not a referral.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(*parts) for name, parts in _CHANNELS.items()},
        "operations": {name: _operation(name, parts[2]) for name, parts in _CHANNELS.items()},
        "components": {
            "messages": {_key(name): _message(name) for name in _KEYS},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
        },
    }


def _key(message_type: str) -> str:
    """A message's name within the document, where a dot would end a reference."""
    return message_type.replace(".", "-")


def _channel(address: str, description: str, messages: Iterable[str]) -> dict[str, Any]:
    parameters = {name: told for name, told in _PARAMETERS.items() if f"{{{name}}}" in address}
    return {
        "address": address,
        "description": description,
        "messages": {
            _key(name): {"$ref": f"#/components/messages/{_key(name)}"} for name in messages
        },
        **({"parameters": parameters} if parameters else {}),
        "bindings": {"kafka": {"bindingVersion": _BINDING}},
    }


def _operation(channel: str, messages: Iterable[str]) -> dict[str, Any]:
    return {
        "action": "receive" if channel in _RECEIVED else "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{_key(name)}"} for name in messages],
    }


def _message(name: str) -> dict[str, Any]:
    payload = {"type": "object"} if name == _CHECKPOINT else {"$ref": f"./{name}.json"}
    key = {"type": "string", "description": _KEYS[name]}
    return {
        "name": name,
        "contentType": "application/json",
        "payload": payload,
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "bindings": {"kafka": {"key": key, "bindingVersion": _BINDING}},
    }


def _headers() -> dict[str, Any]:
    """The headers of CloudEvents' binary mode; a structured message has none of them."""
    names = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type")
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}
