"""A stand-in for the web archive: its list of captures and its playback, as the real one answers.

The list is JSON rows under a header row, narrowed and collapsed as asked; the playback under ``id_`` gives the
bytes as captured, the original headers as ``x-archive-orig-…``, and redirects to the nearest capture it has.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.archives.captures import Kept
from tests.site import Answer, Site

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass
class StandIn(Site):
    """``kept``: its captures. ``on_list`` and ``on_capture`` may answer first (None: the ordinary answer)."""

    kept: Sequence[Kept] = ()
    on_list: Callable[[], Answer | None] = lambda: None
    on_capture: Callable[[str], Answer | None] = lambda _: None
    played: list[str] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    def answer(self, path: str, headers: object) -> Answer:
        parts = urlsplit(path)
        if parts.path == "/cdx/search/cdx":
            query = parse_qs(parts.query)
            self.asked.append(query)
            return self.on_list() or self._list(query)
        if found := re.fullmatch(r"/web/(\d+)id_/(.+)", path):
            self.played.append(found[1])
            return self.on_capture(found[1]) or self._play(found[1])
        return 404, {}, b""

    def _list(self, query: dict[str, list[str]]) -> Answer:
        names = query.get("fl", [",".join(FIELDS)])[0].split(",")
        rows = [self._row(k) for k in sorted(self.kept, key=lambda k: k.when)]
        rows = [r for r in rows if r["timestamp"][:8] >= query.get("from", ["0"])[0][:8]]
        rows = [r for r in rows if r["timestamp"][:8] <= query.get("to", ["9"])[0][:8]]
        for wanted in query.get("filter", []):
            name, _, value = wanted.partition(":")
            rows = [r for r in rows if r[name] == value]
        for collapse in query.get("collapse", []):
            name, _, length = collapse.partition(":")
            mark = [r[name][: int(length)] if length else r[name] for r in rows]
            rows = [r for n, r in enumerate(rows) if n == 0 or mark[n] != mark[n - 1]]
        table = [names, *([r[n] for n in names] for r in rows)] if rows else []
        return 200, {"Content-Type": "application/json"}, json.dumps(table).encode()

    def _row(self, kept: Kept) -> dict[str, str]:
        return {
            "urlkey": "example,shop)/privacy",
            "timestamp": f"{kept.when:%Y%m%d%H%M%S}",
            "original": kept.url,
            "mimetype": kept.content_type.partition(";")[0],
            "statuscode": str(kept.status),
            "digest": base64.b32encode(hashlib.sha1(kept.body).digest()).decode(),
            "length": str(len(kept.body)),
        }

    def _play(self, stamp: str) -> Answer:
        times = {f"{k.when:%Y%m%d%H%M%S}": k for k in self.kept}
        if stamp not in times:
            near = min(times, key=lambda t: abs(int(t) - int(stamp)))
            return 302, {"Location": f"/web/{near}id_/{times[near].url}"}, b""
        kept = times[stamp]
        return (
            200,
            {
                "Content-Type": kept.content_type,
                "x-archive-orig-etag": '"of-that-day"',
                "x-archive-orig-server": "lantern/1.0",
                "x-archive-orig-content-length": "7",
                "x-archive-src": "a.warc.gz",
                "Server": "archive",
                "Memento-Datetime": f"{kept.when:%a, %d %b %Y %H:%M:%S GMT}",
            },
            kept.body,
        )
