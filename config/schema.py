"""The schema walked by place: which field stands where, and what else could stand there."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.settings import Settings

Place = tuple[str | int, ...]
"""Keys and list positions, from the top: ("channel", 0, "to", 1)."""


def value_at(tree: Any, place: Place) -> Any:
    """What stands at a place; None where nothing does."""
    for part in place:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def keys_at(place: Place, tree: dict[str, Any]) -> list[str]:
    """The keys the table at a place may have; none where the schema has no table there."""
    if not place:
        return list(Settings.model_fields)
    field = _field(place, tree)
    return list(_fields(_model(field.annotation, value_at(tree, place)))) if field else []


def is_secret(place: Place, tree: dict[str, Any]) -> bool:
    """Whether the value at a place must never be shown."""
    field = _field(place, tree)
    return field is not None and any(arm is SecretStr for arm in _arms(field.annotation))


def _field(place: Place, tree: dict[str, Any]) -> FieldInfo | None:
    model: type[BaseModel] | None = Settings
    field: FieldInfo | None = None
    for depth, part in enumerate(place):
        if isinstance(part, str):
            field = _fields(model).get(part)
            if field is None:
                return None
        if field is not None:
            model = _model(field.annotation, value_at(tree, place[: depth + 1]))
    return field


def _fields(model: type[BaseModel] | None) -> dict[str, FieldInfo]:
    return {f.alias or n: f for n, f in model.model_fields.items()} if model else {}


def _model(annotation: Any, node: Any) -> type[BaseModel] | None:
    """The table class behind an annotation; of several channel types, the one the table names."""
    found = [a for a in _arms(annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
    if len(found) > 1 and isinstance(node, dict):
        found = [m for m in found if node.get("type") in get_args(m.model_fields["type"].annotation)]
    return found[0] if found else None


def _arms(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Annotated, Union, UnionType, tuple):
        for arm in get_args(annotation):
            yield from _arms(arm)
    else:
        yield annotation
