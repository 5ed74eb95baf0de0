from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import NOW, POLICY, capture, check, version

from storage.bodies import KEYFRAME_EVERY, MOST_STEPS, Bodies
from storage.connection import connect, transaction
from storage.database import Database
from storage.delta import ALIKE, deflate, inflate, sketch
from storage.policies import Policies
from storage.records import Policy


def _bodies(path: Path, *policies: str) -> Bodies:
    conn = connect(path)
    with transaction(conn):
        for name in policies:
            Policies(conn).add(Policy(name, "https://acme.test/" + name, "Acme"), NOW, None)
    return Bodies(conn)


def _sha(body: bytes) -> str:
    import hashlib

    return hashlib.sha256(body).hexdigest()


_piece = st.sampled_from([b"", b"<p>", b"terms ", b"\x00", b"\xff" * 9, b"x" * 4000, "ü".encode()])
_body = st.one_of(st.binary(max_size=300), st.lists(_piece, max_size=12).map(b"".join))


@given(sequence=st.lists(st.tuples(st.sampled_from(["a", "b"]), _body), max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_sequence_of_bodies_comes_back(tmp_path_factory: pytest.TempPathFactory, sequence: list) -> None:
    """Whatever bytes come in whatever order for whichever policy, each is read back as it was."""
    bodies = _bodies(tmp_path_factory.mktemp("bodies") / "s.db", "a", "b")
    ids = [(bodies.add(policy, _sha(body), body), body) for policy, body in sequence]
    bodies.forget()
    for body_id, body in reversed(ids):
        assert bodies.get(body_id) == body
    assert len({i for i, _ in ids}) == len({b for _, b in ids})


def test_reading_a_body_takes_a_bounded_number_of_steps(tmp_path: Path) -> None:
    """After a thousand bodies, no one needs more than the agreed number of others, and all come back."""
    dice = random.Random(7)
    page = [f"<p>clause {i} of the terms, as of {dice.random()}</p>" for i in range(40)]
    bodies = _bodies(tmp_path / "s.db", "a")
    kept = []
    for i in range(KEYFRAME_EVERY * 50):
        page[dice.randrange(len(page))] = f"<p>clause renewed {i} {dice.random()}</p>"
        body = "\n".join(page).encode()
        kept.append((bodies.add("a", _sha(body), body), body))
    bodies.forget()
    steps = [s for (s,) in bodies._conn.execute("select steps from bodies").fetchall()]
    assert max(steps) <= MOST_STEPS
    for body_id, body in kept[::37]:
        bodies.forget()
        assert bodies.get(body_id) == body


def test_a_page_that_barely_changes_costs_little(tmp_path: Path) -> None:
    """A body that differs from the one before in a few bytes costs a small fraction of its size."""
    dice = random.Random(3)
    text = " ".join(f"word{dice.randrange(5000)}" for _ in range(8000))
    bodies = _bodies(tmp_path / "s.db", "a")
    for i in range(12):
        body = f"<html><meta nonce={dice.random()}><p>{text}</p>{i}</html>".encode()
        bodies.add("a", _sha(body), body)
    sizes = [n for (n,) in bodies._conn.execute("select length(data) from bodies order by id").fetchall()]
    assert sizes[0] > 10_000 and max(sizes[1:]) < 400


def test_pages_of_one_site_share_their_frame(tmp_path: Path) -> None:
    """The first body of a second policy leans on a like one of the first policy."""
    dice = random.Random(5)
    frame = "\n".join(f"<div class=c{dice.randrange(10**9)}>menu entry {i}</div>" for i in range(900))
    bodies = _bodies(tmp_path / "s.db", "a", "b")
    for policy in ("a", "b"):
        body = f"{frame}<p>{policy * 50}</p>".encode()
        bodies.add(policy, _sha(body), body)
    first, second = bodies._conn.execute("select length(data), base from bodies order by id").fetchall()
    assert first[0] > 5000 and second[0] < first[0] / 10 and second[1] == 1


def test_sketches_tell_like_from_unlike() -> None:
    """Two editions of a page share marks, two pages with nothing in common share none."""
    page = b"".join(b"<p>paragraph number %d of the page</p>" % i for i in range(300))
    other = b"".join(b"<p>quite another sentence %d here</p>" % (i * 7) for i in range(300))
    assert len(sketch(page) & sketch(page.replace(b"paragraph number 7 ", b"clause seven "))) >= ALIKE
    assert len(sketch(page) & sketch(other)) < ALIKE


def test_damaged_data_is_an_error_not_wrong_bytes() -> None:
    """Data that does not decode raises, with or without the right dictionary."""
    packed = deflate(b"terms " * 100, b"terms and conditions " * 20, 6)
    with pytest.raises(ValueError, match="does not decode"):
        inflate(packed[:-3], b"terms and conditions " * 20)
    with pytest.raises(ValueError, match="does not decode"):
        inflate(b"not zstd", None)


def test_a_body_is_found_by_the_beginning_of_its_sha256(database: Database) -> None:
    """Eight digits name a body; fewer, or what is no hex, name none."""
    one = capture("hello")
    database.call(lambda s: s.record(check(version("a"), capture_=one), NOW))
    assert database.call(lambda s: s.body(one.sha256[:8].upper())) == one.body
    for wrong in ("", one.sha256[:7], "zzzzzzzz", "********", "0" * 64):
        assert database.call(lambda s, w=wrong: s.body(w)) is None
    assert POLICY.id in {r.policy for r in database.call(lambda s: s.captures())}
