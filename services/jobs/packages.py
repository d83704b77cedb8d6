"""A package of papers: one ZIP of the DOCX of many records. Each paper is kept as soon as it is made, so that a worker
that takes over goes on where the last one stopped.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.access import Viewer, of_own_agency
from models.cases import Contract, ContractAmendment
from models.exchange import OutgoingLetter, Referral
from models.graduates import Graduate
from models.meetings import Meeting
from models.territory import Agency
from reports.document import BadTemplate, render
from services.errors import Refused, need
from services.jobs.folders import KEPT_PARTS
from services.papers import templates
from services.papers.access import visible_rows
from services.papers.catalogue import PAPERS
from services.papers.declension import Forms, Key
from services.papers.paper import Paper
from services.whole_files import whole_file

MOST = 5_000  # papers in a package
CHUNK = 200
NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
APART = frozenset({"journal-cover", "consent"})  # They ask for more than a record.


@dataclass
class Package:
    """What has come of it."""

    papers: list[tuple[str, Path]] = field(default_factory=list)  # Name in the ZIP, where it lies.
    people: set[int] = field(default_factory=set)
    forms: dict[Key, Forms] = field(default_factory=dict)  # services.papers.declension.keep
    left_out: int = 0  # Records that have no such paper.


def papers_for(model: type[Any]) -> list[Paper]:
    """What can be packed of the records of a table."""
    return [paper for paper in PAPERS.values() if paper.model is model and paper.code not in APART]


def printable(viewer: Viewer, model: type[Any]) -> ColumnElement[bool]:
    """Records whose papers the viewer may print: `services.papers.access.may_print` as SQL."""
    seen = visible_rows(viewer, model)
    if viewer.reads_everybody or model in (Referral, OutgoingLetter, Meeting):
        return seen
    if model is Graduate:
        return seen & of_own_agency(viewer)
    if model is Agency:
        return Agency.id == viewer.agency_id
    if model is ContractAmendment:
        contracts = select(Contract.id).where(Contract.agency_id == viewer.agency_id)
        return seen & ContractAmendment.contract_id.in_(contracts)
    own: ColumnElement[bool] = model.agency_id == viewer.agency_id
    return seen & own


def make_papers(
    session: Session, *, paper: Paper, viewer: Viewer, ids: Sequence[int], folder: Path
) -> Iterator[Package]:
    """Make what is not there yet; the package after each record, so that whoever asks sees how far it has come."""
    parts = folder / KEPT_PARTS
    parts.mkdir(exist_ok=True)
    kept = {int(path.name.split(" ", 1)[0]): path for path in parts.glob("* *.docx")}
    package, template = Package(), templates.current(session, code=paper.code)
    names: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        query = select(paper.model).where(paper.model.id.in_(chunk), visible_rows(viewer, paper.model))
        records = {record.id: record for record in session.scalars(query)}
        for number in chunk:
            record = records.get(number)
            if record is None or not paper.offered(record):
                package.left_out += 1
            else:
                path = kept.get(number) or _make(package, session, paper, viewer, record, template, parts)
                package.papers.append((_single(path.name.split(" ", 1)[1], names), path))
                package.people |= people_of(record)
            yield package


def _make(
    package: Package, session: Session, paper: Paper, viewer: Viewer, record: Any, template: bytes, parts: Path
) -> Path:
    facts, made = paper.context(session, viewer, record)
    path = parts / f"{record.id} {file_stem(paper.name(record))}.docx"
    try:
        data = render(template, facts)
    except BadTemplate as reason:
        raise Refused(f"Документы не напечатаны: {reason} Сообщите администратору: он проверит шаблон.") from None
    with whole_file(path) as unfinished:
        unfinished.write_bytes(data)
    package.forms |= made
    return path


def file_stem(title: str) -> str:
    """A name that every system can keep, in as many bytes as all of them take."""
    clean = " ".join(NOT_IN_NAMES.sub(" ", title).split()).strip(". ")
    return clean.encode()[:200].decode(errors="ignore").strip(". ") or "документ"


def _single(name: str, names: set[str]) -> str:
    """A name that stands once in the ZIP, also for systems that know no case."""
    stem, number = name.removesuffix(".docx"), 1
    while name.lower() in names:
        number += 1
        name = f"{stem} ({number}).docx"
    names.add(name.lower())
    return name


def people_of(record: Any) -> set[int]:
    """Cards that a paper of a record names."""
    if isinstance(record, Graduate):
        return {record.id}
    if isinstance(record, OutgoingLetter):
        record = record.referral
    if isinstance(record, Referral):
        return {person.graduate_id for person in record.people if person.graduate_id is not None}
    owner = record.contract if isinstance(record, ContractAmendment) else record
    number = getattr(owner, "graduate_id", None)
    return {number} if number is not None else set()


def pack(package: Package, path: Path) -> int:
    """All of them in one file; how many. Raises Refused where there are none."""
    need(package.papers, "По этому отбору нет ни одного такого документа.")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as target:  # A DOCX is packed already.
        for name, source in package.papers:
            target.write(source, name)
    return len(package.papers)
