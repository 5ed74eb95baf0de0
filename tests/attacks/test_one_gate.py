"""There is no second way to the network."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What opens a connection, or hands out something that does.
_NETWORK = {
    "aiohttp",
    "anyio",
    "ftplib",
    "http.client",
    "httpcore",
    "httpx",
    "requests",
    "socket",
    "ssl",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "xmlrpc",
}
# Mail goes to the server the operator configured, verified by its own module.
_MAIL = {"aiosmtplib", "smtplib"}

_HARMLESS = {"socket.gethostname", "ssl.SSLContext", "ssl.SSLError", "ssl.create_default_context"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _users(modules: set[str]) -> set[str]:
    users = set()
    for room in ("watcher", "storage", "config", "seeds"):
        for path in (ROOT / room).rglob("*.py"):
            names = _imports(path)
            if any(name == m or name.startswith(m + ".") for name in names for m in modules):
                users.add(path.relative_to(ROOT).as_posix())
    return users


def test_only_the_gate_talks_to_the_network() -> None:
    """No module outside watcher/fetch imports anything that opens a connection, mail aside."""
    users = _users(_NETWORK)
    assert "watcher/fetch/transport.py" in users
    outside = _users(_NETWORK - {"socket", "ssl"}) - {u for u in users if u.startswith("watcher/fetch/")}
    assert outside == set()


def test_names_of_socket_and_ssl_are_used_for_other_things_only() -> None:
    """Outside the gate, ``socket`` serves for the machine's own name and ``ssl`` for mail's verified context."""
    for user in _users({"socket", "ssl"}):
        if user.startswith("watcher/fetch/"):
            continue
        used = {
            f"{node.value.id}.{node.attr}"
            for node in ast.walk(ast.parse((ROOT / user).read_text()))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in ("socket", "ssl")
        }
        assert used <= _HARMLESS, user


def test_mail_is_sent_from_one_module() -> None:
    """SMTP is spoken in the email channel only."""
    assert all(user.startswith("watcher/alert/") for user in _users(_MAIL))
