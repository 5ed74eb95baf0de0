"""Problems in the words of whoever wrote the configuration: the table and key, or the variable."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection
from typing import Any

from pydantic_core import ErrorDetails

from config.schema import Place, is_secret, keys_at, value_at
from config.settings import ENV_PREFIX


class Names:
    """What a place is called by the person who wrote it."""

    def __init__(self, tree: dict[str, Any], variables: dict[str, Any]) -> None:
        self._tree, self._variables = tree, variables

    def of(self, place: Place) -> str:
        """ "[fetch] timeout_s", '[[channel]] 2 ("legal") to' or "CLAUSEWATCH_FETCH__TIMEOUT_S"."""
        if self._from_environment(place):
            return ENV_PREFIX + "__".join(p for p in place if isinstance(p, str)).upper()
        head, rest = place[0], place[1:]
        if head in ("policy", "channel") and rest and isinstance(rest[0], int):
            return f"[[{head}]] {self._which(str(head), rest[0])} {_dotted(rest[1:])}".rstrip()
        return f"[{head}] {_dotted(rest)}".rstrip()

    def _which(self, head: str, number: int) -> str:
        entry = value_at(self._tree, (head, number))
        keys = ("name",) if head == "channel" else ("id", "name", "url")
        said = [entry.get(k) for k in keys] if isinstance(entry, dict) else []
        name = next((s for s in said if isinstance(s, str) and 0 < len(s) < 200), None)
        return f'{number + 1} ("{name}")' if name else f"{number + 1}"

    def _from_environment(self, place: Place) -> bool:
        node: Any = self._variables
        for part in place:
            if not isinstance(node, dict):
                return True
            if part not in node:
                return False
            node = node[part]
        return not isinstance(node, dict)


def place_of(error: ErrorDetails, tree: dict[str, Any]) -> Place:
    """A problem's place as the user sees it: without the channel's type and the arm of a union tried."""
    place: Place = tuple(error["loc"])
    if len(place) > 2 and place[0] == "channel":
        place = (*place[:2], *place[3:])
    while len(place) > 1 and isinstance(value_at(tree, place[:-1]), str | int | float):
        place = place[:-1]
    return place


def problem(error: ErrorDetails, tree: dict[str, Any], hidden: Collection[Place], names: Names) -> str:
    """One line for one finding of the schema; values at ``hidden`` places and secrets are never in it."""
    place = place_of(error, tree)
    where, kind, value = names.of(place), error["type"], value_at(tree, place)
    if kind == "extra_forbidden":
        return f"{where}: is no key that is known{near(str(place[-1]), keys_at(place[:-1], tree))}"
    if kind == "missing":
        return f"{where}: is required"
    if kind in ("union_tag_not_found", "union_tag_invalid") and isinstance(value, dict):
        said = f" (is {value['type']!r:.80})" if "type" in value else ""
        return f"{names.of((*place, 'type'))}: must be 'email', 'webhook' or 'feed'{said}"
    if kind in ("model_type", "model_attributes_type", "union_tag_not_found", "union_tag_invalid"):
        return f"{where}: is a table of keys"
    shown = isinstance(value, str | int | float) and place not in hidden and not is_secret(place, tree)
    if kind == "tuple_type":
        return f"{where}: {_a_list(value, shown, tables=place in (('policy',), ('channel',)))}"
    if kind.startswith("time_"):
        return f'{where}: takes a time of day such as "08:00"' + (f" (is {value!r:.80})" if shown else "")
    return f"{where}: {_message(error['msg'])}" + (f" (is {value!r:.80})" if shown else "")


def _a_list(value: Any, shown: bool, *, tables: bool) -> str:
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        return "is no valid JSON"
    if tables:
        return 'takes a list: [[…]] tables in a file, [{"…": "…"}, …] in a variable'
    example = (
        f", such as [{json.dumps(value, ensure_ascii=False)}]" if shown and isinstance(value, str) else ""
    )
    return f"takes a list{example}"


def near(word: str, known: list[str]) -> str:
    """ "; did you mean every?" or what there is to choose from."""
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known are {', '.join(known)}" if known else ""


def _message(text: str) -> str:
    text = text.removeprefix("Value error, ").replace(", unable to interpret input", "")
    return (text[0].lower() + text[1:]).replace("input should be", "must be", 1)


def _dotted(place: Place) -> str:
    text = ""
    for part in place:
        text += f" {part + 1}" if isinstance(part, int) else f".{part}" if text else part
    return text
