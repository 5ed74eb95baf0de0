"""File and environment into settings, with every problem told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import EnvSettingsSource

from config.policies import policy_id
from config.problems import Names, near, place_of, problem
from config.schema import Place, is_secret
from config.secret import ReferenceProblem, is_reference, resolve
from config.settings import ENV_PREFIX, ConfigError, Settings

COMMAND_LINE = frozenset(
    {"CLAUSEWATCH_CONFIG", "CLAUSEWATCH_DB", "CLAUSEWATCH_LOG_FORMAT", "CLAUSEWATCH_TRACEBACK"}
)
"""Variables of the command line's own options: no settings, but no mistakes either."""


def load(path: Path | None, environ: Mapping[str, str], *, secrets: bool = True) -> Settings:
    """See `Settings.load`."""
    problems: list[str] = []
    written = _file(path, problems) if path is not None else {}
    variables = _Environ(environ)()
    tree = _merge(written, variables)
    problems += _unknown_variables(environ, tree)
    names, resolved = Names(tree, variables), _Resolved(tree, environ)
    problems += [
        f"{names.of(place)}: {reason}"
        for place, reason in resolved.missing.items()
        if secrets or not is_secret(place, tree)
    ]
    try:
        Settings.model_validate(resolved.tree)
    except ValidationError as error:
        problems += [
            problem(finding, resolved.tree, resolved.hidden, names)
            for finding in error.errors(include_url=False)
            if place_of(finding, resolved.tree) not in resolved.missing
        ]
    problems += _across(resolved.tree, names)
    if problems:
        raise ConfigError(tuple(dict.fromkeys(problems)), path)
    return Settings.model_validate(resolved.kept)


def _file(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path}: no valid TOML: {error}")
    except UnicodeDecodeError:
        problems.append(f"{path}: no UTF-8 text")
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
    return {}


class _Environ(EnvSettingsSource):
    """The variables of one mapping, nested by ``__``; what is no JSON stays text for the schema to judge."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


class _Resolved:
    """The tree twice: with every reference resolved, to judge; with channels' secrets still references, to keep."""

    def __init__(self, tree: dict[str, Any], environ: Mapping[str, str]) -> None:
        self._environ, self._written = environ, tree
        self.hidden: set[Place] = set()  # places whose value came from elsewhere and must not be shown
        self.missing: dict[Place, str] = {}  # places whose reference leads nowhere, with the reason
        self.tree: dict[str, Any]
        self.kept: dict[str, Any]
        self.tree, self.kept = self._walk(tree, ())

    def _walk(self, value: Any, place: Place) -> tuple[Any, Any]:
        if isinstance(value, dict):
            pairs = {k: self._walk(v, (*place, k)) for k, v in value.items()}
            return {k: p[0] for k, p in pairs.items()}, {k: p[1] for k, p in pairs.items()}
        if isinstance(value, list):
            items = [self._walk(v, (*place, i)) for i, v in enumerate(value)]
            return [p[0] for p in items], [p[1] for p in items]
        if not isinstance(value, str) or not is_reference(value):
            return value, value
        self.hidden.add(place)
        try:
            real = resolve(value, self._environ)
        except ReferenceProblem as reason:
            self.missing[place] = str(reason)
            return value, value
        late = place[0] == "channel" and is_secret(place, self._written)
        return real, value if late else real


def _unknown_variables(environ: Mapping[str, str], tree: dict[str, Any]) -> list[str]:
    known = list(Settings.model_fields)
    expected = COMMAND_LINE | {text[4:].strip() for text in _texts(tree) if text.startswith("env:")}
    problems = []
    for name in environ:
        head = name.upper().removeprefix(ENV_PREFIX).split("__")[0].lower()
        if name.upper().startswith(ENV_PREFIX) and head not in known and name not in expected:
            problems.append(f"{name}: is no setting that is known{near(head, known)}")
    return problems


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from _texts(value)


def _across(tree: dict[str, Any], names: Names) -> list[str]:
    """What no single table can know: names used twice, channels that do not exist."""
    problems: list[str] = []
    channels = [c.get("name") for c in _tables(tree, "channel")]
    ids = [p.get("id") or policy_id(str(p.get("url", ""))) for p in _tables(tree, "policy")]
    for head, key, said in (("channel", "name", channels), ("policy", "id", ids)):
        for number, name in enumerate(said):
            if name and name in said[:number]:
                problems.append(f"{names.of((head, number, key))}: {name!r} is used twice")
    for number, policy in enumerate(_tables(tree, "policy")):
        wanted = policy.get("channels")
        for name in wanted if isinstance(wanted, list) else ():
            if name not in channels:
                where = names.of(("policy", number, "channels"))
                choice = near(str(name), [c for c in channels if isinstance(c, str)])
                problems.append(f"{where}: there is no channel {name!r}{choice}")
    return problems


def _tables(tree: dict[str, Any], head: str) -> list[dict[str, Any]]:
    entries = tree.get(head)
    return [e if isinstance(e, dict) else {} for e in entries] if isinstance(entries, list) else []
