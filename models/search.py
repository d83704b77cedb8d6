"""Search by fragments over the one normalised column, with the same answers on both databases."""

from sqlalchemy import ColumnElement, and_, column, select, table, text, true

from models.graduates import Graduate
from models.text import search_terms

TRIGRAM = 3  # Shorter fragments cannot use the trigram index.

# SQLite: an FTS5 table over graduate.search_text, kept by triggers of migration 0001.
graduate_search = table("graduate_search", column("rowid"), column("search_text"))


def _like(term: str) -> ColumnElement[bool]:
    return Graduate.search_text.contains(term, autoescape=True)


def matches(query: str, dialect: str) -> ColumnElement[bool]:
    """Every fragment stands somewhere in the search text, in any order."""
    terms = search_terms(query)
    if not terms:
        return true()
    indexed = [term for term in terms if len(term) >= TRIGRAM]
    if dialect != "sqlite" or not indexed:
        return and_(*(_like(term) for term in terms))
    phrase = " AND ".join('"' + term.replace('"', '""') + '"' for term in indexed)
    found = select(graduate_search.c.rowid).where(text("graduate_search MATCH :phrase").bindparams(phrase=phrase))
    return and_(Graduate.id.in_(found), *(_like(term) for term in terms if len(term) < TRIGRAM))
