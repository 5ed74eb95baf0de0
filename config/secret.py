"""Values kept elsewhere: "env:NAME" and "file:/run/secrets/name".

A secret keeps its reference in the settings and is resolved when it is used, so that nothing that prints
settings can print it and a rotated secret file is picked up without a restart.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

_LARGEST = 65_536


class ReferenceProblem(ValueError):
    """A reference that leads nowhere. The message names the reference, never a value."""


def is_reference(text: str) -> bool:
    """Whether a value is a reference rather than the value itself."""
    return text.startswith(("env:", "file:"))


def resolve(text: str, environ: Mapping[str, str]) -> str:
    """The value a reference stands for (a file's without its last line break); any other text as it is.

    Raises ReferenceProblem where the variable is not set or the file cannot be read.
    """
    if text.startswith("env:"):
        name = text[4:].strip()
        if not environ.get(name):
            raise ReferenceProblem(f"the environment has no {name or 'variable of that name'} ({text})")
        return environ[name]
    if text.startswith("file:"):
        return _content(text[5:])
    return text


def reveal(secret: SecretStr, environ: Mapping[str, str] | None = None) -> str:
    """The secret itself, for the moment of its use. Raises ReferenceProblem."""
    return resolve(secret.get_secret_value(), os.environ if environ is None else environ)


def _content(name: str) -> str:
    path = Path(name)
    if name.startswith("//") or not path.is_absolute():
        raise ReferenceProblem(f"takes a path from the root, such as file:/run/secrets/name (file:{name})")
    try:
        if path.stat().st_size > _LARGEST:
            raise ReferenceProblem(f"{name} is too large for a value ({_LARGEST} bytes at most)")
        return path.read_text("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ReferenceProblem(f"{name} is no UTF-8 text") from None
    except OSError as error:
        raise ReferenceProblem(f"{name} cannot be read: {error.strerror}") from None
