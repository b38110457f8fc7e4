"""Runs pages and sockets without answering questions; a worker does that."""

from atlas.management.commands.serve import Command as Serve
from atlas.serving.shutdown import Role


class Command(Serve):
    """Serves pages and sockets only."""

    help = "Serve pages and sockets; needs at least one worker beside it."
    role: Role = "web"
