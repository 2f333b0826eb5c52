"""Pages of the files of a subject: add one, open one, take one off. The same three for each kind.

Who finds the subject may see what hangs on it: every address goes through the loader of the
subject, and a file is looked for on that subject alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import flask
from flask import Blueprint

from forms.files import AttachmentForm, RemovalForm
from forms.personal_data import DisclosureForm
from models import Expenditure, Organisation, Pairing, Person, Workday
from portal.access.loading import Loader, Unseen
from portal.files import actions, queries, rules
from portal.files.actions import Content
from portal.files.queries import CABINETS, Cabinet, Found, Peg, Subject
from portal.organisations.queries import ORGANISATION
from portal.pairings.queries import PAIRING
from portal.people.queries import PERSON
from portal.refusals import refuse_if
from portal.spending.queries import EXPENDITURE
from portal.web.downloads import attachment
from portal.web.frame import db, deed, keep, requires
from portal.web.refusals import refusals_shown_in
from portal.workdays.queries import WORKDAY

blueprint = Blueprint("attachments", __name__)


class Doors(NamedTuple):
    """Where the files of a kind of subject stand: its address, its page, and the list it is in."""

    path: str
    loader: Loader
    page: str
    list_page: str
    list_label: str


DOORS: dict[type[Any], Doors] = {
    Person: Doors(
        "/people/<person_id>", PERSON, "people.show_person", "people.list_people", "人员"
    ),
    Organisation: Doors(
        "/organisations/<credit_code>",
        ORGANISATION,
        "organisations.show_organisation",
        "organisations.list_organisations",
        "机构",
    ),
    Pairing: Doors(
        "/pairings/<code>", PAIRING, "pairings.pairing", "pairings.list_pairings", "结对"
    ),
    Workday: Doors(
        "/workdays/<int:workday_id>",
        WORKDAY,
        "workdays.show_workday",
        "workdays.list_workdays",
        "工作日志",
    ),
    Expenditure: Doors(
        "/spending/<expenditure_id>",
        EXPENDITURE,
        "spending.show_expenditure",
        "spending.list_expenditures",
        "支出",
    ),
}


def _lay(cabinet: Cabinet, doors: Doors) -> None:
    """Lay the addresses of the files of one kind of subject."""
    path, word = f"{doors.path}/files", cabinet.word
    is_sensitive = any(shelf.is_sensitive for shelf in cabinet.shelves)

    @blueprint.route(f"{path}/new", methods=["GET", "POST"], endpoint=f"add_to_{word}")
    @requires(cabinet.writes, doors.loader)
    def add(subject: Subject) -> Any:
        return _add(subject, doors)

    @blueprint.route(
        f"{path}/<file_id>",
        methods=["GET", "POST"] if is_sensitive else ["GET"],
        endpoint=f"open_of_{word}",
    )
    @requires(cabinet.opens, doors.loader)
    def open_(subject: Subject, file_id: str) -> Any:
        found = _find(subject, file_id)
        if found.shelf.is_sensitive:
            return _disclose(subject, found, doors)
        return _sent(actions.open_content(db(), found))

    @blueprint.route(
        f"{path}/<file_id>/removal", methods=["GET", "POST"], endpoint=f"remove_from_{word}"
    )
    @requires(cabinet.writes, doors.loader)
    def remove(subject: Subject, file_id: str) -> Any:
        return _remove(subject, _find(subject, file_id), doors)


def _find(subject: Subject, file_id: str) -> Found:
    found = queries.find_file(db(), subject, file_id)
    if found is None:
        raise Unseen("file")
    return found


def _add(subject: Subject, doors: Doors) -> Any:
    form, pegs = AttachmentForm(), queries.pegs_of(db(), subject)
    if len(pegs) == 1:
        del form.peg
    else:
        form.peg.choices = [(peg.key, peg.label) for peg in pegs]
    if pegs[0].shelf not in (rules.PHOTOS, rules.VOUCHER):
        del form.photo
    closed = queries.refusals_for_state(subject)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            refuse_if(closed)
            peg = next(one for one in pegs if len(pegs) == 1 or one.key == form.peg.data)
            _attach(subject, peg, form)
            flask.flash(f"已上传“{peg.label}”。", "success")
            return _back(subject, doors)
    return flask.render_template(
        "attachments/add_file.html",
        form=form,
        closed=closed,
        shelves=CABINETS[type(subject)].shelves,
        kinds_in_words=rules.kinds_in_words,
        most_megabytes=rules.MAX_BYTES // rules.MEGABYTE,
        **_whereabouts(subject, doors),
    )


def _attach(subject: Subject, peg: Peg, form: AttachmentForm) -> None:
    file = form.chosen
    assert file is not None  # required by the form
    content = file.stream.read(rules.MAX_BYTES + 1)
    # Judged while nobody waits for this transaction; the action looks at everything again.
    db().rollback()
    judged = actions.judge_apart(content, peg.shelf)
    actions.attach(deed(), subject, peg, file.filename or "", judged)


def _disclose(subject: Subject, found: Found, doors: Doors) -> Any:
    form = DisclosureForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            reason = form.reason.data
            return keep(_sent(actions.disclose_file(deed(), subject, found, reason)))
    return flask.render_template(
        "attachments/open_file.html", form=form, file=found, **_whereabouts(subject, doors)
    )


def _remove(subject: Subject, found: Found, doors: Doors) -> Any:
    form = RemovalForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            label = found.shelf.label
            actions.detach(deed(), subject, found, form.reason.data or "")
            flask.flash(f"已移除“{label}”中的这份文件。", "success")
            return _back(subject, doors)
    return flask.render_template(
        "attachments/remove_file.html",
        form=form,
        file=found,
        is_decided=queries.is_decided(db(), subject),
        **_whereabouts(subject, doors),
    )


def _sent(content: Content) -> flask.Response:
    return attachment(
        content.pieces,
        name=content.name,
        plain_name=f"qianshou-file{rules.ENDINGS[content.kind][0]}",
        mimetype=rules.MEDIA_TYPES[content.kind],
        size_bytes=content.size_bytes,
    )


def _back(subject: Subject, doors: Doors) -> Any:
    return flask.redirect(_page_of(subject, doors))


def _page_of(subject: Subject, doors: Doors) -> str:
    return flask.url_for(doors.page, **queries.address_of(subject), _anchor="files")


def _whereabouts(subject: Subject, doors: Doors) -> dict[str, Any]:
    """Return what the head of a page says of where it stands."""
    name = queries.name_of(subject)
    back = _page_of(subject, doors)
    return {
        "back": back,
        "subject_name": name,
        "breadcrumbs": [(doors.list_label, flask.url_for(doors.list_page)), (name, back)],
    }


for _model, _doors in DOORS.items():
    _lay(CABINETS[_model], _doors)
