"""A person is found by what somebody copies from the card: a telephone, a СНИЛС, a passport."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from models.graduates import Graduate
from models.people import Contact, IdentityDocument
from models.search import matches
from models.text import search_terms
from tests.factories import Cast

WAYS = [
    "+7 975 306-37-10", "9753063710", "306-37-10", "(975) 306",
    "112-233-445 95", "11223344595", "00 26 658972", "0026 658972", "658972",
    "14.08.2005", "2005", "елк дар", "дар ёлк 2005", "ИГОРЕВНА", "ёлкина  дарья",
]  # fmt: skip


@pytest.mark.parametrize("query", WAYS)
def test_a_card_is_found_by_whatever_is_copied_from_it(
    session: scoped_session[Session], cast: Cast, query: str
) -> None:
    cast.own.snils = "11223344595"
    cast.own.contacts = [Contact(kind_code="phone", value="+7 975 306-37-10")]
    cast.own.documents = [IdentityDocument(kind_code="passport", series="00 26", number="658972")]
    session.flush()
    dialect = session.get_bind().dialect.name
    assert session.scalars(select(Graduate.id).where(matches(query, dialect))).all() == [cast.own.id]


@pytest.mark.parametrize("query", ["", "   ", "+", "()"])
def test_a_query_of_nothing_asks_for_everybody(query: str) -> None:
    assert search_terms(query) == []
