"""What the engine logs of a failing turn: where and what kind; nothing that was said, no conversation's name."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from bot.components import quiet

SENDER = "web-" + "0a" * 16


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    root, factory = logging.getLogger(), logging.getLogRecordFactory()
    root.addHandler(handler)
    quiet.be_quiet()
    quiet.be_quiet()
    yield out
    logging.captureWarnings(False)
    logging.setLogRecordFactory(factory)
    root.removeHandler(handler)


def test_only_the_place_and_the_kind_are_told(logged: io.StringIO) -> None:
    rasa = logging.getLogger("rasa.core.processor")
    rasa.warning("Circuit breaker tripped for sender %s", SENDER)
    rasa.warning(json.dumps({"sender_id": "wechat-oABC", "event": "processor.predicted", "text": "我叫孔凡英"}))
    rasa.warning(json.dumps({"event": f"said 孔凡英 {SENDER}"}))
    try:
        raise RecursionError(f"孔凡英 {SENDER}" + "x" * 100_000)
    except RecursionError:
        rasa.exception("Exception for %s", SENDER)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(f"no intent for {SENDER}", UserWarning, stacklevel=1)
    told = logged.getvalue()
    for private in (SENDER, "0a0a", "oABC", "孔凡英", "xxx"):
        assert private not in told
    assert "rasa.core.processor" in told
    assert "processor.predicted" in told
    assert "RecursionError" in told
    assert len(told) < 1000


def test_our_own_lines_stay_as_they_are(logged: io.StringIO) -> None:
    logging.getLogger("bot.components.channel").error("hotline.turn_failed %s", "KeyError")
    assert logged.getvalue() == "hotline.turn_failed KeyError\n"
