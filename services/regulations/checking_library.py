"""Documents and forms that a pack names: kinds of the library, of the resource directory, papers, pages."""

from __future__ import annotations

from collections.abc import Iterator

from models.library import LibraryKind, ResourceKind
from reports.catalogue import REPORTS
from services.regulations.faults import Fault
from services.regulations.pack import Element, Pack

KINDS = frozenset(kind.value for kind in LibraryKind)
# Codes of documents that are lines of the resource directory, with the kinds that they show.
DIRECTORY: dict[str, tuple[str, ...]] = {
    "resources": tuple(kind.value for kind in ResourceKind),
    "clubs": tuple(kind.value for kind in (ResourceKind.CLUB, ResourceKind.CAMP, ResourceKind.TRIP)),
}
DOCUMENT_PAGES = {"file-nomenclature": "file_index"}  # Documents that are registers of their own.
FORM_PAGES = {"file-inventory": "personal_file", "readiness-assessment": "readiness_assessment"}


def documents_and_forms(pack: Pack) -> Iterator[Fault]:
    """What is built names something that is there; what is planned names what is still to be built."""
    for element in pack.elements:
        if element.is_planned:
            continue
        known = element.code in KINDS or element.code in DIRECTORY or element.code in DOCUMENT_PAGES
        if element.section == "documents" and not known:
            told = f"вида документов «{element.code}» нет ни в библиотеке, ни в справочнике ресурсов."
            yield pack.fault((*element.path, "code"), told)
        if element.section == "forms":
            yield from _form(pack, element)


def _form(pack: Pack, element: Element) -> Iterator[Fault]:
    from services.papers.catalogue import PAPERS  # It reads packs itself.

    for place, name in enumerate(element.binds):
        if name not in PAPERS and name not in KINDS:
            told = f"документа «{name}» нет ни среди печатных, ни среди видов библиотеки."
            yield pack.fault((*element.path, "binds", place), told)
    is_there = element.binds or element.code in REPORTS or element.code in FORM_PAGES
    if not is_there:
        told = f"для формы «{element.code}» нет страницы: укажите binds или planned: true."
        yield pack.fault((*element.path, "code"), told)
