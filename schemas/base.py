"""The common base of all messages, and the kinds of text, day and time that they carry."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Message(BaseModel):
    """A frozen message at the border: unknown fields are not accepted, values never printed.

    pydantic's error text would print the rejected value (an NHS number); `hide_input_in_errors`
    prevents that, and callers read errors with `include_input=False`.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, str_max_length=100_000
    )


@dataclass(frozen=True, slots=True)
class Written:
    """Reads a day or a time from JSON only as it is written in ISO 8601.

    pydantic would also read `"0"`, `"00000000"` or `"20260306"` as seconds since 1970: a child
    whose date of birth is not known would become an adult, an incident fifty years old.
    """

    pattern: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the text first in JSON; Python values are taken as they are."""
        inner = handler(source)
        text = core_schema.str_schema(pattern=self.pattern, strict=True)
        return core_schema.json_or_python_schema(
            json_schema=core_schema.chain_schema([text, inner]), python_schema=inner
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the day or time itself (`format: date`), not the check of its text."""
        described = handler(schema["python_schema"])
        return {**described, "pattern": self.pattern}


WRITTEN_DAY = Written(r"^\d{4}-\d{2}-\d{2}$")
WRITTEN_MOMENT = Written(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")

Text = Annotated[str, StringConstraints(pattern=r"\S")]
"""Text that says something: a blank is not text."""
Day = Annotated[date, WRITTEN_DAY]
"""A calendar day in Europe/London, as `2026-03-06`."""
Moment = Annotated[AwareDatetime, WRITTEN_MOMENT]
"""A time with its zone, as `2026-03-06T22:40:00+00:00`."""
