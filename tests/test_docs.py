"""The documentation is run: every command it shows works, every command there is stands in it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from tests.cli.command import SETTINGS, Command
from tests.site import Site, page, served
from tests.watches import BASE, LONGER, RETENTION, changed
from watcher.cli import cli

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PAGES = (ROOT / "README.md", ROOT / "docs" / "guide.md")
_BLOCK = re.compile(r"<!-- tested -->\s*```console\n(.*?)```", re.S)


def shown(path: Path) -> list[str]:
    """The commands of a page's tested blocks."""
    blocks = _BLOCK.findall(path.read_text("utf-8"))
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder with a small history of one policy, and what the placeholders of the pages stand for."""
    folder = tmp_path_factory.mktemp("docs")
    captures = folder / "captures"
    captures.mkdir()
    edited = changed(RETENTION, LONGER)
    rows = []
    for n, lines in enumerate((BASE, BASE, edited, edited)):
        (captures / f"{n}.html").write_bytes(page(lines))
        at = datetime(2024, 2 + n, 1, tzinfo=UTC).isoformat()
        rows.append(f'{{"url": "https://shop.example/privacy", "captured_at": "{at}", "file": "{n}.html"}}')
    (captures / "captures.jsonl").write_text("\n".join(rows) + "\n")
    (folder / "page.html").write_bytes(page(BASE))
    with served(Site({"/privacy": BASE})) as site:
        words = {
            "POLICY": "shop-example-privacy",
            "VERSION": "1",
            "CHANGE": "2",
            "FOLDER": "captures",
            "PAGE.html": "page.html",
            "URL": site.url("/privacy"),
        }
        assert run(folder, "clausewatch --db clausewatch.db import captures").returncode == 0
        yield folder, words


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Ours in this process, which saves its start each time; others as they are."""
    words = shlex.split(command)
    if words[0] == "clausewatch":
        done = Command(folder, dict(SETTINGS))(*words[1:])
        return subprocess.CompletedProcess(words, done.code, done.out, done.err)
    environ = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        words,
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_command_shown_works(path: Path, folder: tuple[Path, dict[str, str]]) -> None:
    """Each command of the page ends with exit code 0."""
    where, words = folder
    commands = shown(path)
    assert len(commands) >= 5
    for command in commands:
        for name, value in words.items():
            command = re.sub(rf"\b{re.escape(name)}(?![\w.])", value, command)
        done = run(where, command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def leaves(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


@pytest.mark.parametrize(
    ("name", "command"), list(leaves(cli)), ids=lambda x: x if isinstance(x, str) else ""
)
def test_every_command_is_documented_with_an_example(name: str, command: click.Command) -> None:
    """A command says what it does, shows an example, and stands in the guide or the README."""
    assert command.help
    assert command.epilog, f"{name} shows no example"
    assert f"clausewatch {name}" in re.sub(r"--(?:db|config) \S+ ", "", command.epilog)
    text = " ".join(p.read_text("utf-8") for p in PAGES).replace("--db clausewatch.db ", "")
    spelled = r"\s+".join(name.split())
    assert re.search(rf"clausewatch\s+{spelled}\b", text), f"{name} is not in the docs"


def test_example_configuration_names_every_key() -> None:
    """Every key of the settings stands in the example file."""
    from config.channels import EmailSettings, FeedSettings, WebhookSettings
    from config.settings import PolicySettings, Settings

    text = (ROOT / "config" / "clausewatch.example.toml").read_text("utf-8")
    tables = [f.annotation for n, f in Settings.model_fields.items() if n not in ("policy", "channel")]
    for model in (*tables, PolicySettings, EmailSettings, WebhookSettings, FeedSettings):
        for name, field in model.model_fields.items():  # type: ignore[union-attr]
            assert re.search(rf"^(?:# )?{field.alias or name} *=", text, re.M), f"{name} is missing"


def test_nothing_names_a_place_it_should_not() -> None:
    """No file of the project names a package registry's host or a path of the machine it was written on."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    hosts = [
        "pypi" + ".org",
        "pythonhosted" + ".org",
        "registry.npmjs" + ".org",
        "deb.debian" + ".org",
        "/work" + "/",
    ]
    bad = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.stat().st_size < 5_000_000:
            text = path.read_bytes().decode("utf-8", "replace")
            bad += [(name, host) for host in hosts if host in text]
    assert bad == []
