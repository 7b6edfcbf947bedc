#!/usr/bin/env bash
# pytest-xdist 3.8.0 with pytest 9.2.0: `--dist loadgroup` keeps nothing together, and says nothing. xdist appends "@group" to
# `item._nodeid`; pytest 9.2 computes `nodeid` from another attribute, so the scheduler never sees a group. Six tests of one
# group run in two processes: whatever they shared (a server, a port) is started twice. A scheduler of one's own
# (`pytest_xdist_make_scheduler`, subclass of LoadScopeScheduling) still works. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pytest==9.2.0 pytest-xdist==3.8.0
cat > "$folder/test_together.py" <<'PY'
import os
import time

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_where(number: int, record_property) -> None:
    time.sleep(0.3)
    record_property("worker", os.environ["PYTEST_XDIST_WORKER"])
PY
cd "$folder"
"$folder/env/bin/pytest" -q -n 2 --dist loadgroup -p no:cacheprovider --junitxml=ran.xml test_together.py | tail -1
"$folder/env/bin/python" - <<'PY'
import re
from importlib.metadata import version

workers = re.findall(r'name="worker" value="(gw\d)"', open("ran.xml").read())
print("pytest", version("pytest"), "pytest-xdist", version("pytest-xdist"), "ran in", sorted(workers))
assert len(workers) == 6
assert len(set(workers)) == 2, "one group, one process: xdist's groups work again"
PY
