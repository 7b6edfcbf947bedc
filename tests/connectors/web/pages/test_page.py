import re
from html.parser import HTMLParser

from connectors.web.pages.office import Office
from tests.connectors.web.scripted import running


class Links(HTMLParser):
    """Every address a page loads; links to other pages are not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag != "a":
            self.found += [value for name, value in attrs if name in ("src", "href")]


async def test_the_page_says_what_it_is_and_the_number_without_javascript():
    async with running() as (client, _):
        html = await (await client.get("/")).text()
    assert "济宁市医疗保障局" in html
    assert 'href="tel:12393"' in html
    assert "可以打字提问，不能在网页里说话" in html
    assert "JavaScript" not in html, "nobody's word"
    for question in Office().quick_questions:
        assert question in html


async def test_everything_the_page_loads_is_here_and_under_200_kb():
    async with running() as (client, _):
        html = await (await client.get("/")).text()
        total = len(html.encode())
        wanted = [link for link in Links(html).found if not link.startswith(("#", "tel:"))]
        seen: set[str] = set()
        while wanted:
            address = wanted.pop()
            assert address.startswith("/assets/web/"), address
            if address in seen:
                continue
            seen.add(address)
            response = await client.get(address)
            assert response.status == 200, address
            body = await response.text()
            total += len(body.encode())
            wanted += [f"/assets/web/{name}" for name in re.findall(r'from "\./(\w+\.js)"', body)]
            wanted += re.findall(r'addModule\("([^"]+)"\)', body)
    assert len(seen) >= 9
    assert total < 200_000


async def test_nothing_but_its_own_files_is_served():
    async with running() as (client, _):
        for name in ("page.py", "..%2Fpage.py", "..%2F..%2F..%2Fpyproject.toml", "nothing.js", "."):
            assert (await client.get(f"/assets/web/{name}")).status in (403, 404)


async def test_every_module_is_announced_so_that_a_slow_line_fetches_them_at_once():
    async with running() as (client, _):
        html = await (await client.get("/")).text()
        announced = set(re.findall(r'rel="modulepreload" href="/assets/web/(\w+\.js)"', html))
        needed, wanted = set[str](), ["page.js"]
        while wanted:
            body = await (await client.get(f"/assets/web/{wanted.pop()}")).text()
            imported = set(re.findall(r'from "\./(\w+\.js)"', body)) - needed
            needed |= imported
            wanted += imported
    assert announced == needed


async def test_files_travel_compressed():
    async with running() as (client, _):
        response = await client.get("/assets/web/page.css", headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response.headers["Vary"]
        plain = await client.get("/assets/web/page.css", headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        assert await plain.text() == await response.text()


async def test_a_file_that_did_not_change_is_not_sent_again():
    async with running() as (client, _):
        first = await client.get("/assets/web/page.css")
        assert first.headers["Content-Type"].startswith("text/css")
        again = await client.get("/assets/web/page.css", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status == 304


async def test_the_browser_is_told_to_load_from_nowhere_else():
    async with running() as (client, _):
        policy = (await client.get("/")).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert f"ws://{client.host}:{client.port}" in policy
        forged = await client.get("/", headers={"Host": "a; script-src *"})
        assert "*" not in forged.headers["Content-Security-Policy"]
