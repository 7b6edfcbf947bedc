"""The files that a bureau installs: programs that read them accept them, and what they name exists."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from base.settings import ROOT, Settings
from service.wiring.engine import EngineSettings

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("yibao*"))
_CODE = ("base", "bot", "casework", "connectors", "knowledge", "language", "service", "staff", "voice")
_EXPORTED_BY_LIBRARY = {"process_resident_memory_bytes"}


def run(*argv: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in argv], cwd=cwd, capture_output=True, text=True, check=False)


def the_program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """In a root of its own, with stand-ins for the programs they start, and a unit for the drop-in to change."""
    analyze = the_program("systemd-analyze")
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    for unit in UNITS:
        text = unit.read_text()
        for program in re.findall(r"^Exec\w+=\+?(/\S+)", text, re.MULTILINE):
            text = text.replace(f"={program} ", "=/bin/true ").replace(f"=+{program} ", "=+/bin/true ")
        (units / unit.name).write_text(text)
    (units / "asterisk.service").write_text("[Service]\nExecStart=/bin/true\n")
    shutil.copytree(DEPLOY / "systemd" / "asterisk.service.d", units / "asterisk.service.d")
    done = run(
        analyze,
        "verify",
        "--man=no",
        "--recursive-errors=one",
        *sorted(path for path in units.iterdir() if path.is_file()),
    )
    ours = [line for line in done.stderr.splitlines() if "yibao" in line or "asterisk" in line]
    assert done.returncode == 0, done.stderr
    assert ours == []


def test_a_unit_starts_what_exists() -> None:
    for unit in UNITS:
        for command in re.findall(r"^ExecStart=(.+)$", unit.read_text(), re.MULTILINE):
            if "-m service" in command:
                name = re.search(r"-m service (\w+)", command)
                assert name
                assert run(ROOT / ".venv/bin/python", "-m", "service", name[1], "--help").returncode == 0


def test_the_engine_is_given_its_two_tokens_and_nothing_of_citizens() -> None:
    unit = (DEPLOY / "systemd" / "yibao-engine.service").read_text()
    given = {
        assignment.partition("=")[0]
        for line in re.findall(r"^Environment=(.+)$", unit, re.MULTILINE)
        for assignment in shlex.split(line)
    }
    known = {f"YIBAO_{name.upper()}" for name in EngineSettings.model_fields}
    assert {name for name in given if name.startswith("YIBAO_")} <= known
    assert "YIBAO_DATA_KEY" not in unit
    for hidden in ("/srv/yibao/var", "/srv/yibao/app/.env"):
        assert re.search(rf"^InaccessiblePaths=.*-{re.escape(hidden)}( |$)", unit, re.MULTILINE)
    assert "IPAddressDeny=any" in unit
    assert not re.search(r"^User=(root|yibao)$", unit, re.MULTILINE)


@pytest.fixture
def nginx_conf(tmp_path: Path) -> Path:
    """The shipped file below a main configuration, with a certificate made for it and free ports."""
    (tmp_path / "tls").mkdir()
    run(
        *(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=12393.example.gov.cn",
        ),
        *("-keyout", tmp_path / "tls" / "yibao.key", "-out", tmp_path / "tls" / "yibao.crt"),
    )
    site = (DEPLOY / "nginx" / "yibao.conf").read_text()
    site = site.replace("/etc/nginx/tls", str(tmp_path / "tls")).replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "site.conf").write_text(site)
    main = tmp_path / "nginx.conf"
    main.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n"
    )
    return main


def test_nginx_accepts_its_configuration(nginx_conf: Path) -> None:
    engines = (DEPLOY / "nginx" / "yibao-engines.conf").read_text()
    tls = nginx_conf.parent / "tls"
    for ours in ("engine.crt", "engines-ca.crt"):
        shutil.copyfile(tls / "yibao.crt", tls / ours)
    shutil.copyfile(tls / "yibao.key", tls / "engine.key")
    (nginx_conf.parent / "engines.conf").write_text(
        engines.replace("/etc/nginx/tls", str(tls)).replace("10.0.0.11:", "127.0.0.1:")
    )
    nginx_conf.write_text(
        nginx_conf.read_text().replace("site.conf;", f"site.conf; include {nginx_conf.parent}/engines.conf;")
    )
    done = run(the_program("nginx"), "-t", "-q", "-c", nginx_conf, "-p", nginx_conf.parent)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_hides_what_is_for_this_machine_and_keeps_links_out_of_its_log() -> None:
    site = (DEPLOY / "nginx" / "yibao.conf").read_text()
    hidden = re.search(r"location ~ \^/\(([\w|]+)\)\(/\|\$\) \{ return 404; \}", site)
    assert hidden
    assert set(hidden[1].split("|")) == {"actions", "metrics", "dev"}
    form = re.search(r"log_format yibao '(.+)';", site)
    assert form
    assert not {"$request", "$request_uri", "$args", "$http_referer", "$uri"} & set(form[1].split())
    for path in ("/chat/news", "/ws/call", "^/(dictation|speech)(/|$)"):
        block = site[site.index(path) :]
        assert "proxy_buffering off" in block[: block.index("}")]


def test_logrotate_accepts_its_configuration(tmp_path: Path) -> None:
    state = tmp_path / "state"
    file = tmp_path / "yibao"
    shutil.copyfile(DEPLOY / "logrotate" / "yibao", file)
    file.chmod(0o644)
    done = run(the_program("logrotate"), "--debug", "--state", state, file)
    assert done.returncode == 0, done.stderr
    assert "error:" not in done.stderr


def test_compose_names_settings_that_exist() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    known = {f"YIBAO_{name.upper()}" for name in (*Settings.model_fields, *EngineSettings.model_fields)}
    for name, service in compose["services"].items():
        given = {key for key in service.get("environment", {}) if key.startswith("YIBAO_")}
        assert given <= known, name
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in compose["volumes"] or source in ("./asterisk", "./tls") or (DEPLOY / source).exists()
    assert compose["services"]["engine"]["network_mode"] == "service:service"
    assert {"service", "engine", "postgres", "redis", "asterisk", "nginx"} == set(compose["services"])


def test_the_images_user_may_write_where_it_installs() -> None:
    """WORKDIR and COPY leave a new folder to root, whatever --chown says of what is in it."""
    steps = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ").splitlines()
    beginnings = [step.split(" ", 1)[0] for step in steps]
    workdir = steps[beginnings.index("WORKDIR")].split()[1]
    owned = [number for number, step in enumerate(steps) if f"install -d -o yibao -g yibao {workdir}" in step]
    assert owned
    assert owned[0] < beginnings.index("WORKDIR") < beginnings.index("USER")


def exported() -> set[str]:
    """The series that the code has: a counter ends in _total, a histogram has three."""
    found: set[str] = set()
    for folder in _CODE:
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args:
                    first = call.args[0]
                    if not (isinstance(first, ast.Constant) and str(first.value).startswith("yibao_")):
                        continue
                    name = str(first.value)
                    if call.func.id == "Gauge":
                        found.add(name)
                    elif call.func.id == "Counter":
                        found.add(f"{name.removesuffix('_total')}_total")
                    elif call.func.id == "Histogram":
                        found |= {f"{name}_{part}" for part in ("bucket", "sum", "count")}
    return found


def asked() -> dict[str, str]:
    """Expression by title, of the alerts and of the dashboard."""
    rules = yaml.safe_load((DEPLOY / "prometheus" / "yibao.rules.yml").read_text())
    alerts = {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}
    board = json.loads((DEPLOY / "grafana" / "yibao.json").read_text())
    return alerts | {panel["title"]: " ".join(one["expr"] for one in panel["targets"]) for panel in board["panels"]}


def test_every_metric_that_is_watched_exists_and_every_one_is_watched() -> None:
    named = {title: set(re.findall(r"\b(?:yibao|process)_\w+", expression)) for title, expression in asked().items()}
    known = exported()
    for title, metrics in named.items():
        assert metrics - known - _EXPORTED_BY_LIBRARY == set(), title
    watched = set().union(*named.values())
    unseen = {name for name in known if not name.endswith(("_sum", "_count"))} - watched
    assert unseen == set()


def test_promtool_accepts_the_rules() -> None:
    done = run(the_program("promtool"), "check", "rules", DEPLOY / "prometheus" / "yibao.rules.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_is_explained() -> None:
    told = (ROOT / "docs" / "deploy.md").read_text()
    names = {re.sub("_(bucket|sum|count)$", "", name) for name in exported()}
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []
