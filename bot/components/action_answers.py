"""What comes back from the action server is checked as Rasa checks it, but what it is checked against only once.

Rasa 3.6 proves at every action that its own JSON schema is a schema (`jsonschema.validate`): 50 to 70 ms, four fifths
of what a message costs the engine (`python -m bench.chat_latency`).

Runs in the Rasa engine (Python 3.10).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, Text

from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL


def check_schema_once() -> None:
    """From now on, for every action of this process."""
    _validator()
    RemoteAction._validate_action_result = _validate  # type: ignore[method-assign]


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate(action: RemoteAction, result: Dict[Text, Any]) -> bool:
    """True, or a ValidationError that says what is wrong."""
    error = best_match(_validator().iter_errors(result))
    if error is None:
        return True
    error.message += f". Not what an action server answers: {DOCS_BASE_URL}/custom-actions"
    raise error
