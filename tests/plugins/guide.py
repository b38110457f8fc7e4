"""The code of the guide's pages, put together as its readers do it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "plugins"
BLOCK = re.compile(r"^```\{code-block\} (\w+)\n:caption: (\S+)\n(.*?)^```$", re.M | re.S)
BARE = re.compile(r"^```python$", re.M)


def files_of(*pages):
    """Return the files that the blocks of these pages make; later blocks go on with a file."""
    found = {}
    for page in pages:
        for _language, name, code in BLOCK.findall((PAGES / page).read_text()):
            found[name] = found[name] + "\n\n" + code if name in found else code
    return found


def write(folder, *pages):
    """Write the files into a folder and return their names."""
    files = files_of(*pages)
    for name, code in files.items():
        (Path(folder) / name).write_text(code)
    return sorted(files)
