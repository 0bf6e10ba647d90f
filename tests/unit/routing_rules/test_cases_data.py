import pytest

from routing_rules.cases_data import Defaults, EventReader, Written
from routing_rules.source_text import Entries, Position, Problems
from schemas.events import REGISTER_MODELS
from schemas.values import EventType
from tests.builders import NOW


@pytest.mark.parametrize("event_type", REGISTER_MODELS)
def test_no_case_is_written_of_what_is_for_the_register(event_type: EventType) -> None:
    place = Position("cases/made.yaml", 1, 1)
    written = Written(event_type, Entries((), place), NOW, place)
    with pytest.raises(ValueError, match="no case is written of"):
        EventReader(Defaults(), Problems()).event(written)
