"""Gathered changes: the deliveries of one channel that are due together, as one (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from storage.records import AlertType, Delivery


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent in one go: a delivery as the channel sees it, and the rows it settles."""

    delivery: Delivery
    rows: tuple[Delivery, ...]


def parcels(deliveries: Iterable[Delivery], digest_channels: Collection[str]) -> list[Parcel]:
    """One parcel for each delivery; the changes of a channel that wants digests share one."""
    found: list[Parcel] = []
    gathered: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        if delivery.type is AlertType.CHANGED and delivery.channel in digest_channels:
            gathered.setdefault(delivery.channel, []).append(delivery)
        else:
            found.append(Parcel(delivery, (delivery,)))
    return found + [Parcel(gather(rows), tuple(rows)) for rows in gathered.values()]


def gather(rows: Sequence[Delivery]) -> Delivery:
    """The digest of some deliveries. The same rows give the same event id, whatever their order."""
    ordered = sorted(rows, key=lambda row: row.id)
    ids = "\n".join(row.event_id for row in ordered)
    return Delivery(
        id=ordered[0].id,
        event_id=f"msg_{hashlib.sha256(ids.encode()).hexdigest()[:32]}",
        channel=ordered[0].channel,
        type=AlertType.DIGEST,
        payload={"changes": [row.payload for row in ordered]},
        created_at=max(row.created_at for row in ordered),
        attempts=max(row.attempts for row in ordered),
    )
