"""Is this the policy at all? The facts of the raw page, and the reading of them."""

from watcher.extract.quality.assess import assess
from watcher.extract.quality.marks import PageMarks, marks

__all__ = ["PageMarks", "assess", "marks"]
