"""What a datasource's login may do that it should not, as known problems that admins see."""

import logging

from django.utils.translation import gettext as _

from atlas.common.errors import AtlasError
from atlas.semantic.layer import SemanticLayer
from plugins_app.host.facets import connections
from plugins_app.host.upkeep import repairs
from plugins_app.host.upkeep.repairs import LOGIN, Repair
from plugins_app.sdk import AccountReport

logger = logging.getLogger(__name__)

MOST_NAMED = 20


async def note_rights(datasource: str, layer: SemanticLayer) -> None:
    """Look at the login's rights beside what `layer` lists; what is in order again disappears.

    A datasource that cannot be asked leaves what was known, and says so elsewhere.
    """
    listed = [table.full_name for table in layer.catalog().tables]
    try:
        report = await connections.inspect_account(datasource, listed)
    except AtlasError as error:
        logger.warning("The login of %s was not looked at: %s", datasource, error.user_message)
        return
    if report is not None:
        await repairs.note(datasource, LOGIN, _problems(datasource, report))


def _problems(datasource: str, report: AccountReport) -> list[Repair]:
    cure = _(
        "Give the login of this datasource the right to read what is listed, and no other. Of a"
        " file, keep what nobody may ask about in another one."
    )
    command = f"manage.py datasource check {datasource}"
    texts = {
        "superuser": _("The login is a superuser.") if report.superuser else "",
        "writable": _named(_("The login may write to: %s."), report.writable),
        "unlisted": _named(
            _("The login may read tables that no entity lists: %s."), report.unlisted
        ),
    }
    texts |= {warning: warning for warning in report.warnings}
    return [
        Repair(subject, f"{datasource}: {text}", cure, command)
        for subject, text in texts.items()
        if text
    ]


def _named(text: str, names: tuple[str, ...]) -> str:
    more = ", …" if len(names) > MOST_NAMED else ""
    return text % (", ".join(names[:MOST_NAMED]) + more) if names else ""
