"""Writing the workbook of a long list in the background."""

from __future__ import annotations

import tempfile
from typing import NamedTuple

from portal.deeds import Deed
from portal.documents.formats_export import FORMATS, IN_MEMORY, sha256_of
from portal.documents.listing_actions import kind_word, record_listing
from portal.documents.listing_export import ListedRows, Listing, names_of, write_listing
from portal.documents.listing_rules import AsAsked, restored
from portal.jobs.kind import ItemAtWork, Kind
from portal.outbox.actions import tell_of_job
from portal.programme.queries import is_demo


class WrittenListing(NamedTuple):
    """What was written, for the record."""

    asked: AsAsked
    rows: int
    sha256: str


def kind_of(listing: Listing) -> Kind:
    """Return the kind of job that writes this list, with the permission of its page."""

    def write(task: ItemAtWork) -> WrittenListing:
        asked = restored(listing.filters, task.asked)
        with task.database.reading() as session, tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            # Nobody knows how many rows there will be: it says how many there are.
            rows = ListedRows(listing, session, task.actor, asked, lambda done: task.tell(done, 0))
            count = write_listing(rows, file, made_at=task.now, is_demo=is_demo(session))
            digest = sha256_of(file)
            names = names_of(listing, asked)
            task.keep_result(
                file,
                file_name=names.name,
                plain_name=names.plain_name,
                media_type=FORMATS["xlsx"].mimetype,
                rows=count,
            )
        return WrittenListing(asked, count, digest)

    def record(deed: Deed, _task: ItemAtWork, written: WrittenListing) -> None:
        record_listing(
            deed,
            word=listing.word,
            asked=written.asked,
            rows=written.rows,
            sha256=written.sha256,
        )

    return Kind(
        kind_word(listing.word),
        f"导出{listing.label}",
        record,
        prepare=write,
        permission=listing.permission,
        closed=tell_of_job,
    )
