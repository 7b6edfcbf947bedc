"""服务点: the table that the public page and the official account show. Takes effect at once, and is audited."""

from __future__ import annotations

from aiohttp import web

from connectors.console.kit.forms import Form
from connectors.console.kit.session import MEMBER
from connectors.console.kit.view import back_to, render
from knowledge.authoring.versions import NoSuchItem
from knowledge.public.points import COUNTIES, InvalidPoint, NewPoint, ServicePoints

_COUNTIES = {county: county for county in COUNTIES}
_TEXTS = ("name", "county", "address", "phone", "hours")
_NUMBERS = ("latitude", "longitude")


class ServicePointPages:
    """`/console/points`."""

    def __init__(self, points: ServicePoints) -> None:
        self._points = points

    async def index(self, request: web.Request) -> web.StreamResponse:
        return render(request, "points.html", {"points": await self._points.all()})

    async def new(self, request: web.Request) -> web.StreamResponse:
        return self._form(request, Form(), {})

    async def add(self, request: web.Request) -> web.StreamResponse:
        """A new point; what is refused is shown beside its field."""
        form = Form(await request.post())
        if (point := _typed(form)) is not None:
            try:
                await self._points.add(point, who=request[MEMBER].username)
            except InvalidPoint as problem:
                form.errors.update(problem.fields)
            else:
                raise back_to("/points", "point_added")
        return self._form(request, form, dict(form.typed))

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """The form with the point as it is now."""
        found = await self._points.get(_id(request))
        if found is None:
            raise NoSuchItem
        values = {name: getattr(found.point, name) for name in (*_TEXTS, *_NUMBERS)}
        return self._form(request, Form(), values, found.revision)

    async def change(self, request: web.Request) -> web.StreamResponse:
        """The point with every field as typed."""
        form = Form(await request.post())
        revision, who = form.number("revision", 0), request[MEMBER].username
        if (point := _typed(form)) is not None:
            try:
                await self._points.change(_id(request), point, revision=revision, who=who)
            except InvalidPoint as problem:
                form.errors.update(problem.fields)
            else:
                raise back_to("/points", "point_changed")
        return self._form(request, form, dict(form.typed), revision)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        revision = Form(await request.post()).number("revision", 0)
        await self._points.delete(_id(request), revision=revision, who=request[MEMBER].username)
        raise back_to("/points", "point_deleted")

    def _form(self, request: web.Request, form: Form, values: dict[str, object], revision: int = 0) -> web.Response:
        shown = {name: values.get(name, "") for name in (*_TEXTS, *_NUMBERS)}
        context = {"form": form, "values": shown, "revision": revision, "counties": _COUNTIES}
        return render(request, "point_form.html", context, status=200 if form.ok else 422)


def _typed(form: Form) -> NewPoint | None:
    """What stands in the fields; None when a number is none."""
    name, county, address, phone, hours = (form.text(field) for field in _TEXTS)
    latitude, longitude = (_number(form, field) for field in _NUMBERS)
    return NewPoint(name, county, address, phone, hours, latitude, longitude) if form.ok else None


def _number(form: Form, name: str) -> float | None:
    typed = form.text(name)
    try:
        return float(typed) if typed else None
    except ValueError:
        form.errors[name] = "只写数字，比如 35.4147。"
        return None


def _id(request: web.Request) -> int:
    return int(request.match_info["point"])
