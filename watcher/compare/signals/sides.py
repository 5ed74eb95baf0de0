"""Which way words that came or went weigh for the reader: denied, narrowed, chosen or forbidden by their sentence."""

from __future__ import annotations

from storage.records import Direction, Op
from watcher.compare.edit import Edit, World
from watcher.compare.signals.leads import forbidden
from watcher.compare.signals.rules import Mention
from watcher.compare.signals.stance import runs
from watcher.compare.signals.voice import Actor, Voice, opposite, voice

Found = dict[str, tuple[int, int]]
"""The words that a rule finds, each with the place of its first finding."""
_DONE_TO_READER = frozenset({"data", "purpose", "recipients", "cookies"})
"""Families whose words tell what is done with the reader's data: not so where the reader is the one who may not."""


def direction(rule: Mention, edit: Edit, *, came: bool) -> Direction:
    """For the reader, when the words come or go and nothing denies them."""
    if not rule.worse or (rule.limits and edit.op is not Op.MODIFIED):
        return Direction.UNCLEAR
    return Direction.WORSE if (rule.worse == "new") == came else Direction.BETTER


def side(rule: Mention, words: Found, edit: Edit, world: World, *, came: bool) -> Direction:
    """Where the sentence denies the words, the direction is the opposite; where it is now so, now so, unclear."""
    plain = direction(rule, edit, came=came)
    if plain is Direction.UNCLEAR:
        return plain
    no = denied(rule, words, edit, world, after=came)
    if no is None or (rule.limits and _with_its_deed(words, edit, world, came=came)):
        return Direction.UNCLEAR
    return opposite(plain) if no else plain


def denied(rule: Mention, words: Found, edit: Edit, world: World, *, after: bool) -> bool | None:
    """Does the sentence deny the words? None where it is now so, now so. A denial of what is good stands close."""
    text = edit.after if after else edit.before
    speech = voice(world.language)
    if rule.blunt or speech is None:
        return False
    bad = rule.worse == "new"
    places = list(words.values())
    if bad:
        places = [at for at in places if not _set_aside(rule, speech, text, *at)]
        if not places or any(speech.narrowed(text, *at) for at in places):
            return None
        listed = rule.family in _DONE_TO_READER and forbidden(edit, world, after=after)
        if listed and not any(speech.actor(text, start) is Actor.COMPANY for start, _ in places):
            return None
    found = {
        speech.denied(text, start, end, far=bad) or (rule.denies and speech.inside(text, start, end))
        for start, end in places
    }
    return found.pop() if len(found) == 1 else None


def _set_aside(rule: Mention, speech: Voice, text: str, start: int, end: int) -> bool:
    """Is what is done with data here the reader's to refuse, or a thing that he may not do himself?"""
    if rule.family not in _DONE_TO_READER:
        return False
    behind = rule.family == "cookies"
    return speech.refusable(text, start, end, behind=behind) or speech.banned(text, start)


def _with_its_deed(words: Found, edit: Edit, world: World, *, came: bool) -> bool:
    """Did the limit come, or go, together with what it limits? Then it narrows nothing that stays."""
    speech = voice(world.language)
    for run in runs(edit):
        text, other, at = (run.new, run.gone, run.to) if came else (run.gone, run.new, run.at)
        for start, end in words.values():
            if speech and at <= start < at + len(text) and not other.strip():
                rest = text[: max(0, start - at)] + " … " + text[end - at :]
                if speech.harm.search(rest):
                    return True
    return False


__all__ = ["Found", "denied", "direction", "side"]
