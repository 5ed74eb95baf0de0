"""Alerts: what is told, to whom, and how it gets there.

`route` says which channels hear of a change and when (pure); `render` and its neighbours make one message of
an alert (pure); `email`, `webhook` and `feed` carry it (edges); `deliver` takes what is due and settles it.
"""
