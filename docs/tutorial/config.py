"""Atlas for the flights database: which plugins run, and which datasource is asked."""

from pathlib import Path

from approvals.policies import Policy
from plugins_app.builtin.postgres import postgres
from plugins_app.builtin.ticket import ticket
from plugins_app.builtin.virtual_shell import virtual_shell

here = Path(__file__).parent
url = (here / "database.url").read_text().strip()

plugins = [virtual_shell(), ticket(), postgres(url=url, id="flights")]
default_datasource = "flights"
semantic_dir = here / "semantic"
approvals = Policy()
