"""The configured rhythm: when a policy is looked at next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.records import Policy
from watcher.schedule import catch_up, next_due, retry_due


@dataclass(frozen=True, slots=True)
class Timetable:
    """``every_s`` between checks where the policy names no interval of its own; ``confirm_after_s`` before the
    second look at a difference. Both in seconds."""

    every_s: float = 12 * 3600.0
    confirm_after_s: float = 600.0

    def next_check(
        self,
        policy: Policy,
        now: datetime,
        *,
        unsettled: bool,
        failures: int,
        retry_at: datetime | None,
        permanent: bool = False,
    ) -> datetime:
        """Soon after a difference or a failure, else at the policy's next place in its interval."""
        every_s = policy.every_s or self.every_s
        if failures:
            return retry_due(
                now, policy.id, every_s, failures=failures, retry_at=retry_at, permanent=permanent
            )
        if unsettled:
            return now + timedelta(seconds=min(self.confirm_after_s, every_s))
        return next_due(now, policy.id, every_s)

    def after_a_stop(self, policy: Policy, now: datetime, due_at: datetime) -> datetime:
        """When an overdue check is taken up: spread, so that a restart is no stampede."""
        return catch_up(now, due_at, policy.id, policy.every_s or self.every_s)
