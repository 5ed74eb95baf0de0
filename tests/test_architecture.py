"""Who may import whom: the rooms of docs/architecture.md, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("watcher", "storage", "config", "seeds")

PURE: dict[str, tuple[str, ...]] = {
    "watcher.extract": ("watcher.extract",),
    "watcher.compare": ("watcher.compare", "watcher.extract.dates", "watcher.kinds"),
    "watcher.part": ("watcher.extract.dates", "watcher.kinds"),
    "watcher.settle": ("watcher.compare", "watcher.extract.dates", "watcher.variants"),
    "watcher.variants": ("watcher.compare",),
    "watcher.intents": ("watcher.health", "watcher.settle", "watcher.variants"),
    "watcher.health": (),
    "watcher.schedule": (),
    "watcher.timetable": ("watcher.schedule",),
    "watcher.kinds": (),
    "watcher.discover": ("watcher.kinds",),
    "watcher.explain": (),
    "watcher.alert.route": (),
    "watcher.alert.render": (
        "watcher.alert.render",
        "watcher.alert.message",
        "watcher.alert.route",
        "watcher.compare",
    ),
    "watcher.alert.redline": ("watcher.alert.redline", "watcher.alert.render", "watcher.compare"),
}
"""Pure modules (and all below them) with what of our own they may import beside the frozen values."""

EDGES = (
    "watcher.fetch",
    "watcher.alert.email",
    "watcher.alert.webhook",
    "watcher.alert.feed",
    "watcher.archives",
)
WIRING = ("watcher.cli", "watcher.daemon", "watcher.house", "watcher.check", "watcher.trial", "watcher.backfill", "watcher.alert.wiring", "watcher.alert.deliver")  # fmt: skip
VALUES = ("storage.records", "storage.change_record")
EFFECTS = {"asyncio", "httpx", "httpcore", "socket", "ssl", "sqlite3", "sqlite_utils", "subprocess", "apscheduler", "smtplib", "aiosmtplib", "structlog", "threading"}  # fmt: skip


def modules() -> Iterator[tuple[str, Path]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(name: str, path: Path) -> Iterator[str]:
    """Every module a file imports, wherever the import stands, with relative ones made absolute."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            target = ".".join([*base, node.module] if node.module else base)
            yield target
            yield from (f"{target}.{alias.name}" for alias in node.names)


def within(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith((f"{room}.", f"{room}_")) for room in rooms)


def ours(module: str) -> bool:
    return module.split(".")[0] in ROOMS


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    return {name: set(imports(name, path)) for name, path in modules()}


def test_storage_never_imports_the_watcher(graph: dict[str, set[str]]) -> None:
    """The store knows nothing of those who use it."""
    back = {
        (n, m) for n, ms in graph.items() if n.startswith("storage") for m in ms if m.startswith("watcher")
    }
    assert back == set()


def test_frozen_values_load_no_database_code(graph: dict[str, set[str]]) -> None:
    """`storage.records` imports the standard library only."""
    found = {n for n in graph if within(n, ("storage.records",))}
    assert found
    assert {m for n in found for m in graph[n] if ours(m) and not within(m, ("storage.records",))} == set()
    assert {m for n in found for m in graph[n]} & {"sqlite3", "sqlite_utils"} == set()


def test_pure_rooms_import_only_what_is_pure(graph: dict[str, set[str]]) -> None:
    """Reading, comparing, judging and rendering take values and give values."""
    bad = set()
    for name, targets in graph.items():
        room = next((r for r in PURE if within(name, (r,))), None)
        if room is None:
            continue
        allowed = (*PURE[room], *VALUES)
        bad |= {
            (name, m)
            for m in targets
            if (ours(m) and m not in ROOMS and m != "watcher.alert" and not within(m, allowed))
            or m.split(".")[0] in EFFECTS
        }
    assert bad == set()


def test_no_edge_imports_another_edge(graph: dict[str, set[str]]) -> None:
    """What touches the network, mail servers or files meets only where the program is put together."""
    bad = {
        (name, m)
        for name, targets in graph.items()
        for edge in EDGES
        if within(name, (edge,))
        for m in targets
        for other in EDGES
        if other != edge and within(m, (other,))
    }
    assert bad == set()


def test_only_the_wiring_imports_edges(graph: dict[str, set[str]]) -> None:
    """Everything else gets the network, the store and the workers handed in."""
    bad = {
        (name, m)
        for name, targets in graph.items()
        if not within(name, (*EDGES, *WIRING))
        for m in targets
        if within(m, EDGES)
    }
    assert bad == set()


def test_apscheduler_and_httpx_live_behind_one_door(graph: dict[str, set[str]]) -> None:
    """The scheduler is the daemon's, HTTP is the gate's, SQLite is the store's."""
    homes = {
        "apscheduler": ("watcher.daemon",),
        "httpx": ("watcher.fetch",),
        "httpcore": ("watcher.fetch",),
        "sqlite3": ("storage",),
        "sqlite_utils": ("storage",),
        "aiosmtplib": ("watcher.alert.email",),
    }
    bad = {
        (name, m)
        for name, targets in graph.items()
        for m in targets
        if m.split(".")[0] in homes and not within(name, homes[m.split(".")[0]])
    }
    assert bad == set()


def test_only_the_command_line_prints() -> None:
    """``print`` and ``click.echo`` stand in `watcher.cli` and in the store's plugin for sqlite-utils alone."""
    bad = []
    for name, path in modules():
        if within(name, ("watcher.cli", "storage.plugin")):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in ("print", "click.echo"):
                    bad.append((name, node.lineno))
    assert bad == []
