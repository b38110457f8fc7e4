#!/usr/bin/env python3
"""Verifies an exported part of an Atlas audit log without Atlas.

Usage: python3 verify.py [FOLDER]. Needs Python 3.9 or newer; the signatures of the checkpoints need
the package cryptography as well. Exits with 0 when everything fits, and with 1 otherwise.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any


class Broken(Exception):
    """Something does not fit; the text says what."""


def link_after(number: int, digest: bytes, content: list[Any]) -> bytes:
    """The digest of the entry `number`: SHA-256 over the digest before and canonical JSON."""
    text = json.dumps([number, *content], separators=(",", ":"))
    return hashlib.sha256(digest + text.encode()).digest()


def check_chain(folder: Path, start: dict[str, Any]) -> tuple[int, dict[int, str]]:
    """Walk the entries; return the digest by number, with that of the start."""
    number, digest = start["number"], bytes.fromhex(start["digest"])
    digests = {number: digest.hex()}
    with (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["number"] != number + 1:
                raise Broken(f"Number {number + 1} is missing.")
            number += 1
            digest = link_after(number, digest, entry["content"])
            if digest.hex() != entry["digest"]:
                raise Broken(f"Number {number} or its seal was changed.")
            digests[number] = digest.hex()
    return number, digests


def check_signatures(folder: Path) -> list[dict[str, Any]]:
    """Return the checkpoints after checking each signature and that no line is missing."""
    try:
        # Late, so that the reader is told what is missing instead of seeing a traceback.
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - may be missing
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - may be missing
    except ImportError:
        raise Broken(
            "Install the package cryptography to check the signatures of the checkpoints."
        ) from None
    key = ed25519.Ed25519PublicKey.from_public_bytes(
        base64.b64decode((folder / "audit.pub").read_bytes())
    )
    before = ""
    found: list[dict[str, Any]] = []
    for at, line in enumerate((folder / "checkpoints.jsonl").read_text().splitlines(), start=1):
        fields = json.loads(line)
        values = [fields[name] for name in ("number", "digest", "at", "previous")]
        values += ["pruned"] * bool(fields.get("pruned"))
        text = json.dumps(values, separators=(",", ":"))
        try:
            key.verify(base64.b64decode(fields["signature"]), text.encode())
        except (ValueError, InvalidSignature):
            raise Broken(f"The signature of checkpoint {at} is not genuine.") from None
        if fields["previous"] != (hashlib.sha256(before.encode()).hexdigest() if before else ""):
            raise Broken(f"A checkpoint before line {at} was taken out.")
        found.append(fields)
        before = line
    return found


def check_texts(folder: Path) -> int:
    """Return how many names and addresses there are; each must fit the key that entries hold."""
    count = 0
    with (folder / "texts.jsonl").open(encoding="utf-8") as lines:
        for count, line in enumerate(lines, start=1):
            text = json.loads(line)
            content = json.dumps(text["content"], separators=(",", ":"))
            made = hashlib.sha256(bytes.fromhex(text["salt"]) + content.encode()).hexdigest()
            if made != text["key"]:
                raise Broken(f"Line {count} of texts.jsonl was changed.")
    return count


def judge(folder: Path) -> str:
    """Return what is to be said of a genuine export; raises `Broken` for another."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    last, digests = check_chain(folder, about["start"])
    if last != about["last"]:
        raise Broken(f"The export ends at {last}, but {about['last']} was written.")
    check_texts(folder)
    within = [one for one in check_signatures(folder) if one["number"] in digests]
    for checkpoint in within:
        if digests[checkpoint["number"]] != checkpoint["digest"]:
            raise Broken(f"Number {checkpoint['number']} is not what was signed.")
    entries = last - about["start"]["number"]
    signed = f"{len(within)} signed checkpoints lie within them."
    return (
        f"{entries} entries fit their chain; {signed if within else 'nothing in them is signed.'}"
    )


def main(arguments: list[str]) -> int:
    """Say on the standard output whether the export is genuine; returns the exit code."""
    folder = Path(arguments[0] if arguments else Path(__file__).parent)
    code = 1
    try:
        said, code = judge(folder), 0
    except Broken as problem:
        said = f"NOT GENUINE: {problem}"
    except (OSError, ValueError, KeyError, TypeError) as problem:
        said = f"NOT READABLE: {problem}"
    sys.stdout.write(f"{said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
