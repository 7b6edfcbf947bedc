#!/usr/bin/env bash
# aiohttp 3.14.5: a saved web page (.mht) that a form sends is no file. Chromium 156 gives such a file the type `multipart/related`,
# without a boundary, since it goes by the file's ending. aiohttp's form parser takes every part whose type begins with "multipart/"
# for a form within the form: `request.post()` raises a bare ValueError about a boundary, which the server answers with 500 instead
# of 400; the other fields of the form are lost with it. The same file under any other ending arrives whole. The form parser of
# Starlette (python-multipart) takes both. Fails when the behaviour changes.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q aiohttp==3.14.5 starlette==0.50.0 python-multipart==0.0.20 httpx==0.28.1
cat > "$folder/ask.py" <<'PY'
import asyncio
from importlib.metadata import version

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

PAGE = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=inner\r\n\r\n--inner\r\n\r\nhello\r\n--inner--\r\n"


def form(kind: str) -> tuple[bytes, dict[str, str]]:
    """What a browser sends for a form with a text and a file."""
    body = (
        b'--outer\r\nContent-Disposition: form-data; name="title"\r\n\r\nnotice\r\n'
        b'--outer\r\nContent-Disposition: form-data; name="file"; filename="page.mht"\r\n'
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + PAGE + b"\r\n--outer--\r\n"
    )
    return body, {"Content-Type": "multipart/form-data; boundary=outer"}


async def by_aiohttp(kind: str) -> str:
    why = []

    async def upload(request: web.Request) -> web.Response:
        try:
            posted = await request.post()
        except Exception as error:
            why.append(f"{type(error).__name__}: {error}")
            raise
        return web.Response(text=f"{posted['title']}, file of {len(posted['file'].file.read())} bytes")

    app = web.Application()
    app.router.add_post("/", upload)
    async with TestServer(app) as server, ClientSession() as client:
        body, headers = form(kind)
        async with client.post(server.make_url("/"), data=body, headers=headers) as answer:
            return f"{answer.status} {why[0] if why else await answer.text()}"


async def upload(request):
    posted = await request.form()
    return PlainTextResponse(f"{posted['title']}, file of {len(await posted['file'].read())} bytes")


def by_starlette(kind: str) -> str:
    body, headers = form(kind)
    answer = TestClient(Starlette(routes=[Route("/", upload, methods=["POST"])])).post("/", content=body, headers=headers)
    return f"{answer.status_code} {answer.text}"


import logging

logging.disable(logging.CRITICAL)
print("aiohttp", version("aiohttp"), "starlette", version("starlette"), "python-multipart", version("python-multipart"))
got = {}
for kind in ("application/octet-stream", "multipart/related"):
    got[kind] = asyncio.run(by_aiohttp(kind)), by_starlette(kind)
    print(f"{kind}: aiohttp {got[kind][0]}; starlette {got[kind][1]}")
whole = f"200 notice, file of {len(PAGE)} bytes"
assert got["application/octet-stream"] == (whole, whole)
assert got["multipart/related"][1] == whole
assert got["multipart/related"][0].startswith("500 ValueError: boundary"), "aiohttp takes it now"
PY
"$folder/env/bin/python" "$folder/ask.py"
