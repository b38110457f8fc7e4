"""Plugins: the SDK they are written against, the host that runs them, and their rooms.

`builtin` comes with every installation, `reference` holds worked examples of each type, and
`local` is the place for plugins of this installation.
"""
