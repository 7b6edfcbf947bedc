#!/usr/bin/env bash
# Rasa 3.6.21: a tracker store of one's own gets only some of its options from endpoints.yml, and a wrong name is no error.
# - `token`, `token_name`, `params`, `headers`, `basic_auth` and `cafile` never arrive: the section is read into an HTTP endpoint first,
#   which keeps these for itself and hands on the rest. A store that takes its key as `token=None` starts without one.
#   Any other name (`secret`, `use_ssl`) is passed on. `url` arrives as `host`.
# - A lock store of one's own in the same file gets none as arguments but one `endpoint_config` with all of them.
# - A class that cannot be found is an error in `lock_store`; in `tracker_store` Rasa only warns, starts, and keeps every
#   conversation in memory, to be lost with the process. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
for python in python3.10 "$HOME"/.pyenv/versions/3.10.*/bin/python3.10; do "$python" -c "" 2>/dev/null && break; done  # what Rasa installs on
"$python" -m venv "$folder/env"
"$folder/env/bin/pip" install -q --no-deps rasa==3.6.21  # the stores alone, without TensorFlow
"$folder/env/bin/pip" install -q SQLAlchemy==1.4.54 aiohttp==3.9.5 aio-pika==8.2.3 attrs==22.1.0 boto3==1.44.5 jsonpickle==3.0.4 numpy==1.23.5 \
  packaging==20.9 pluggy==1.7.0 portalocker==2.10.1 pykwalify==1.8.0 pymongo==4.3.3 randomname==0.1.5 redis==4.6.0 requests==2.34.2 \
  requests-toolbelt==1.0.0 ruamel.yaml==0.17.21 sanic==21.12.2 sanic-routing==0.7.2 setuptools==70.3.0 tarsafe==0.0.4 websockets==10.4 \
  jsonschema==4.17.3 structlog==23.3.0 scipy==1.10.1 terminaltables==3.1.10 colorclass==2.2.2 coloredlogs==15.0.1 typing-utils==0.1.0 \
  2>&1 | grep -v -i -E "requires|conflict|deprecation" || true
cd "$folder"
cat > mine.py <<'PY'
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore

got = {}


class Trackers(InMemoryTrackerStore):
    def __init__(self, domain, event_broker=None, **options):
        got["tracker_store"] = options
        super().__init__(domain, event_broker)


class Locks(InMemoryLockStore):
    def __init__(self, *only, **options):
        got["lock_store"] = options
        super().__init__()
PY
options='url: "redis://a", token: t, token_name: n, params: {p: p}, headers: {h: h}, basic_auth: {username: u, password: p}, cafile: c, secret: s, use_ssl: true'
printf 'tracker_store: {type: mine.Trackers, %s}\nlock_store: {type: mine.Locks, %s}\n' "$options" "$options" > endpoints.yml
printf 'tracker_store: {type: mine.Tracker}\nlock_store: {type: mine.Lock}\n' > misspelt.yml
"$folder/env/bin/python" -W ignore - <<'PY' 2>"$folder/log" || { cat "$folder/log"; exit 1; }
from importlib.metadata import version

import mine
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import read_endpoint_config


def stores(file: str) -> list[str]:
    trackers = TrackerStore.create(read_endpoint_config(file, "tracker_store"), Domain.empty())
    try:
        locks = type(LockStore.create(read_endpoint_config(file, "lock_store"))).__name__
    except Exception as error:
        locks = type(error).__name__
    return [type(getattr(trackers, "_tracker_store", trackers)).__name__, locks]


right, misspelt = stores("endpoints.yml"), stores("misspelt.yml")
print("rasa", version("rasa"), mine.got)
print(right, misspelt)
assert right == ["Trackers", "Locks"]
assert mine.got["tracker_store"] == {"host": "redis://a", "secret": "s", "use_ssl": True}, "other options arrive now"
assert list(mine.got["lock_store"]) == ["endpoint_config"] and mine.got["lock_store"]["endpoint_config"].token == "t"
assert misspelt == ["InMemoryTrackerStore", "Exception"], "a wrong name is an error now"
PY
