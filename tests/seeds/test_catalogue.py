"""The catalogue of seeds and its parse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seeds.loader import CatalogueError, catalogue, parse, policies
from storage.records import PolicyKind

SOURCES = Path(__file__).parents[3] / "shared" / "documents" / "sources.json"
ENTRY = '[[policy]]\nid = "a"\nservice = "A"\nname = "Terms"\nkind = "terms"\nsite = "a.example"\n'


def test_the_catalogue_ships_five_seeds_two_of_them_ready() -> None:
    """Policies whose address is known can be watched; the others name the site to look on."""
    seeds = catalogue()
    assert [s.status for s in seeds] == ["ready", "ready"] + ["to be discovered"] * 3
    assert [p.id for p in policies(seeds)] == ["smartcat-privacy", "smartertools-privacy"]
    assert all(p.kind is PolicyKind.PRIVACY and p.source == "seed" for p in policies(seeds))


def test_the_catalogue_says_what_the_sources_say() -> None:
    """Addresses, archived captures and stated dates are those of the sources, entry by entry."""
    if not SOURCES.exists():
        pytest.skip(f"{SOURCES} is not here")
    for seed, source in zip(catalogue(), json.loads(SOURCES.read_text("utf-8")), strict=True):
        assert seed.site == source["site"]
        assert f"{seed.service} — {seed.name}" == source["policy"]
        assert seed.url == source["url"]
        assert (seed.archive.url if seed.archive else None) == source["archive"]
        at = seed.archive.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ") if seed.archive else None
        assert at == source["archived_at"]
        assert (seed.stated.updated.value if seed.stated.updated else None) == source["stated"]["updated"]
        assert (seed.stated.effective.value if seed.stated.effective else None) == source["stated"][
            "effective"
        ]


def test_a_discovered_page_completes_a_seed() -> None:
    """A seed without an address becomes a policy with the one that was found, and not without."""
    (seed,) = parse(ENTRY)
    assert seed.policy("https://a.example/terms").url == "https://a.example/terms"
    with pytest.raises(ValueError, match=r"found on a\.example"):
        seed.policy()


def test_an_archived_capture_is_read_with_its_time() -> None:
    """The archive's address and moment come as values in UTC."""
    (seed,) = parse(ENTRY + 'archive = "https://w.example/1"\narchived_at = 2020-01-02T05:04:05+02:00\n')
    assert seed.archive is not None
    assert seed.archive.captured_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[policy", "no valid TOML"),
        ('[[policy]]\nid = "a"\n', "entry a: has no service"),
        (ENTRY + 'url = "javascript:x"\n', "no web address"),
        (ENTRY + 'stated = { updated = "2024-13-01" }\n', "entry a"),
        (ENTRY + 'archive = "https://w.example/1"\n', "has no archived_at"),
        (ENTRY + 'urll = "https://a.example"\n', "unknown key urll"),
        (ENTRY + ENTRY, "used twice"),
        (ENTRY.replace("terms", "termz"), "entry a"),
    ],
)
def test_a_wrong_catalogue_names_the_entry_and_the_trouble(text: str, said: str) -> None:
    """Every mistake is one line, never a traceback of another kind."""
    with pytest.raises(CatalogueError, match=said) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
