import json

import pytest

from connectors.phone.media import Marked, QueueFull, parse_media_event
from voice.line import Digit


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"event": "DTMF_END", "channel_id": "c", "digit": "#"}, Digit("#")),
        ({"event": "MEDIA_MARK_PROCESSED", "correlation_id": "12"}, Marked(12)),
        ({"event": "MEDIA_XOFF"}, QueueFull()),
        ({"event": "MEDIA_START", "format": "slin16"}, None),
        ({"event": "MEDIA_MARK_PROCESSED", "correlation_id": "x"}, None),
        ({}, None),
        ([], None),
    ],
)
def test_what_asterisk_says_is_understood_or_passed_over(message: object, event: object) -> None:
    assert parse_media_event(json.dumps(message)) == event
    assert parse_media_event("MEDIA_XOFF") is None
