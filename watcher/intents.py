"""What one visit leaves behind, as the value the store takes (pure).

`Visit` holds what the visit knew when it began; its methods turn an outcome into a `CheckIntent`: the next
due time, the health of the watch, the alerts and the deliveries that follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from storage.records import (
    AlertIntent,
    AlertType,
    Brief,
    Capture,
    ChangeIntent,
    CheckIntent,
    Foreign,
    Health,
    Outcome,
    Policy,
    Validators,
    Variant,
)
from watcher.health import Patience, next_health
from watcher.settle import Settled
from watcher.variants import looks_needed


class Routes(Protocol):
    """Which channels hear of what, and when: from the configuration."""

    def change(
        self, policy: Policy, change: ChangeIntent, now: datetime
    ) -> tuple[tuple[str, datetime], ...]: ...

    def effective_notice_at(self, change: ChangeIntent, now: datetime) -> datetime | None: ...

    def watch(self, policy: Policy, type_: AlertType, now: datetime) -> tuple[tuple[str, datetime], ...]: ...


class Timetable(Protocol):
    """When a policy is looked at next: from the configuration."""

    def next_check(
        self,
        policy: Policy,
        now: datetime,
        *,
        unsettled: bool,
        failures: int,
        retry_at: datetime | None,
        permanent: bool = False,
    ) -> datetime: ...

    def after_a_stop(self, policy: Policy, now: datetime, due_at: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit that began at ``started_at`` and is being concluded at ``now``."""

    policy: Policy
    brief: Brief
    started_at: datetime
    now: datetime
    routes: Routes
    timetable: Timetable
    patience: Patience

    def steady(self, came: Capture | None) -> CheckIntent:
        """The very bytes of last time, or 304."""
        outcome = Outcome.UNCHANGED if came else Outcome.NOT_MODIFIED
        last = self.brief.sighting
        sighting = replace(last, seen_at=self.started_at) if last else None
        return replace(self._healthy(outcome, "", unsettled=False, came=came), sighting=sighting)

    def read(self, came: Capture | None, settled: Settled) -> CheckIntent:
        """A reading of the policy and what it means; ``came`` is None where nothing new came."""
        outcome = settled.outcome
        if came is None and outcome is Outcome.UNCHANGED:
            outcome = Outcome.NOT_MODIFIED
        intent = self._healthy(outcome, settled.reason, unsettled=waits(settled.variants), came=came)
        notice = variants_notice(settled)
        return replace(
            intent,
            capture=came,
            version=settled.version,
            variants=settled.variants,
            changes=tuple(self._routed(change) for change in settled.changes),
            alerts=(*intent.alerts, *(self._alerts(AlertType.VARIANTS, notice) if notice else ())),
            sighting=settled.sighting,
        )

    def trouble(
        self,
        outcome: Outcome,
        reason: str,
        capture: Capture | None = None,
        *,
        retry_at: datetime | None = None,
        permanent: bool = False,
    ) -> CheckIntent:
        """No reading of the policy: what came, if anything, is kept as evidence. ``permanent``: asking again
        soon will not help."""
        health, alert = next_health(self.brief.health, outcome, reason, self.now, self.patience)
        due = self.timetable.next_check(
            self.policy,
            self.now,
            unsettled=False,
            failures=health.failures,
            retry_at=retry_at,
            permanent=permanent,
        )
        alerts = self._alerts(alert, reason, health) if alert else ()
        return replace(self._bare(outcome, reason, health, alerts, due), capture=capture)

    def _healthy(
        self, outcome: Outcome, reason: str, *, unsettled: bool, came: Capture | None
    ) -> CheckIntent:
        health, alert = next_health(self.brief.health, outcome, reason, self.now, self.patience)
        due = self.timetable.next_check(self.policy, self.now, unsettled=unsettled, failures=0, retry_at=None)
        words = "the policy can be read again"
        alerts = self._alerts(alert, words, self.brief.health) if alert else ()
        bare = self._bare(outcome, reason, health, alerts, due)
        return replace(bare, validators=_validators(came) if came else None)

    def _bare(
        self, outcome: Outcome, reason: str, health: Health, alerts: tuple[AlertIntent, ...], due: datetime
    ) -> CheckIntent:
        """What every visit leaves; what it brought is added by the caller."""
        return CheckIntent(
            policy=self.policy.id,
            started_at=self.started_at,
            duration_ms=self._duration_ms,
            outcome=outcome,
            reason=reason,
            capture=None,
            version=None,
            variants=None,
            alerts=alerts,
            health=health,
            next_due_at=due,
        )

    def _routed(self, change: ChangeIntent) -> ChangeIntent:
        return replace(
            change,
            channels=self.routes.change(self.policy, change, self.now),
            effective_notice_at=self.routes.effective_notice_at(change, self.now),
        )

    def _alerts(self, type_: AlertType, reason: str, health: Health | None = None) -> tuple[AlertIntent, ...]:
        payload = {
            "policy": self.policy.id,
            "url": self.policy.url,
            "service": self.policy.service,
            "reason": reason,
            "since": health.since.isoformat().replace("+00:00", "Z") if health and health.since else None,
            "failures": health.failures if health else 0,
            "read": bool(self.brief.extractor),  # has any text of it been read yet?
        }
        channels = self.routes.watch(self.policy, type_, self.now)
        return tuple(AlertIntent(channel, type_, payload, due) for channel, due in channels)

    @property
    def _duration_ms(self) -> int:
        return round((self.now - self.started_at).total_seconds() * 1000)


def waits(variants: Sequence[Variant]) -> bool:
    """Does a second look decide something: a pending text, or a newly met other text of the page?"""
    return any(v.streak and (v.pending or (v.number > 1 and v.streak < looks_needed(v))) for v in variants)


def variants_notice(settled: Settled) -> str:
    """The one line about a page that serves several texts, at the look that shows it; "" otherwise."""
    own = settled.variants[0].standing.document
    if settled.moved_to is Foreign.LANGUAGE:
        return f"the page now shows its text in another language ({own.language}); followed from here on"
    if settled.moved_to is Foreign.DOCUMENT:
        return f"the page now shows another document ({own.title[:120]}); followed from here on"
    if settled.alternating:
        return f"this page serves {settled.alternating} variants of its text; turns are counted, not told"
    return ""


def _validators(capture: Capture) -> Validators:
    return Validators(capture.headers.get("etag", ""), capture.headers.get("last-modified", ""))
