"""Every reader of bytes of a stranger, or of a disk that may be damaged, in the product."""

from tests.fuzz import audited, coded, kept, logged, people, sealed, served, written
from tests.fuzz.parser import Parser

PARSERS: tuple[Parser, ...] = (
    *sealed.PARSERS,
    *people.PARSERS,
    *coded.PARSERS,
    *logged.PARSERS,
    *served.PARSERS,
    *audited.PARSERS,
    *written.PARSERS,
    *kept.PARSERS,
)
BY_NAME = {parser.name: parser for parser in PARSERS}
