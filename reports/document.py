"""Papers as DOCX: a template with `{{ fields }}`, and plain facts put into it.

A template is somebody's file, so its language is small: fields, loops over lists, conditions and a few filters. It can
call nothing and reach nothing but the texts it is given; what stands in those texts stays text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError, fromstring
from markupsafe import Markup

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EMPTY = "____"  # What an empty fact prints: room for a hand to write in.
DEEPEST_LOOP = 2
# Signs that XML cannot hold, and those that docxtpl would take for breaks of paragraphs and pages.
UNPRINTABLE = re.compile("[^\n\t\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

TORN = (
    "Заполненный шаблон не открывается: начало и конец цикла или условия должны стоять каждое в своём абзаце "
    "(«{%p for … %}») или в своей строке таблицы («{%tr for … %}»)."
)
REFUSED = {
    "unspoken": "В шаблоне можно только печатать поля, повторять строки циклом «for» и ставить условия «if»: "
    "уберите вызовы, вычисления и присваивания.",
    "too deep": f"Циклы в шаблоне вложены глубже, чем {DEEPEST_LOOP} один в другой: уберите лишние.",
}

Facts = Mapping[str, Any]

SPOKEN: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter, nodes.Keyword),
    *(nodes.Getattr, nodes.Getitem, nodes.For, nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or),
    *(nodes.Compare, nodes.Operand, nodes.Test, nodes.Concat),
)


class BadTemplate(ValueError):
    """A template cannot be filled in; the message is one Russian sentence."""


def blank(value: object) -> Any:
    """An empty cell of a table stays empty."""
    return value or Markup("")


def upfirst(value: object) -> str:
    """A capital letter at the beginning; the rest as it is."""
    text = str(value)
    return text[:1].upper() + text[1:]


FILTERS: dict[str, Callable[..., Any]] = {
    name: SandboxedEnvironment().filters[name] for name in ("upper", "lower", "capitalize", "trim", "join", "length")
} | {"blank": blank, "upfirst": upfirst}


class PaperEnvironment(SandboxedEnvironment):
    """The language of templates: no calls, no globals, and of a fact only what it was given."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_printed)
        self.globals.clear()
        self.filters = dict(FILTERS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, list) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj, name=str(argument))
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name="[]")

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        for node in parsed.find_all(nodes.Node):
            if not isinstance(node, SPOKEN):
                raise TemplateSyntaxError("unspoken", node.lineno or 1)
        if _depth(parsed) > DEEPEST_LOOP:
            raise TemplateSyntaxError("too deep", 1)
        return parsed


def _printed(value: Any) -> Any:
    return EMPTY if value == "" and not isinstance(value, Markup) else value


def _depth(node: nodes.Node) -> int:
    inside = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inside + isinstance(node, nodes.For)


class _Template(DocxTemplate):  # type: ignore[misc]
    """docxtpl mends XML that a tag has torn; we say so instead."""

    def build_xml(self, context: Any, jinja_env: Any = None) -> Any:
        made = super().build_xml(context, jinja_env)
        fromstring(made.encode())
        return made


def plain(value: Any) -> Any:
    """A copy made of nothing but texts, lists and dictionaries; anything else is a programming error."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", str.__str__(value).replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    raise TypeError(f"a paper prints texts, not {type(value).__name__}")


def render(template: bytes, facts: Facts) -> bytes:
    """The paper with its fields filled in; raises BadTemplate."""
    texts, made = plain(facts), io.BytesIO()
    try:
        document = _Template(io.BytesIO(template))
        document.render(texts, jinja_env=PaperEnvironment(), autoescape=True)
        document.save(made)
        Document(io.BytesIO(made.getvalue()))
    except TemplateError as error:
        raise BadTemplate(told(error)) from None
    except XMLSyntaxError:
        raise BadTemplate(TORN) from None
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError, RecursionError):
        raise BadTemplate("В шаблоне есть действие, которое нельзя выполнить: проверьте циклы и фильтры.") from None
    return made.getvalue()


def told(error: TemplateError) -> str:
    """What jinja refuses, as one Russian sentence."""
    text = error.message or ""
    if isinstance(error, UndefinedError):
        found = re.search(r"'([^']*)'(?: is undefined|$)", text)
        return f"В шаблоне есть неизвестные поля: {{{{ {found[1] if found else '?'} }}}}."
    if (found := re.search(r"No (filter|test) named '([^']*)'", text)) is not None:
        kind = "фильтр" if found[1] == "filter" else "проверка"
        known = f" Можно: {', '.join(sorted(FILTERS))}." if found[1] == "filter" else ""
        return (
            f"В шаблоне есть неизвестный {kind} «{found[2]}».{known}"
            if known
            else f"Неизвестная проверка «{found[2]}»."
        )
    if text in REFUSED:
        return REFUSED[text]
    return (
        "Метки шаблона не читаются: проверьте, что у каждого «{% for %}» и «{% if %}» есть «{% endfor %}» и "
        "«{% endif %}», а фигурные скобки закрыты."
    )
