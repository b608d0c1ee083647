"""What a kiosk keeps for when the network drops: every screen and the answers to the questions on offer.

One JSON document, keyed by what it was made from. Nothing that anybody wrote is in it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from web import kiosk_wording
from web.kiosk_frame import KIOSK, Screen
from web.kiosk_screens import FIND, TOPICS, WRITE, Screens
from web.rendering import static_addresses

__all__ = ["FILES", "Kept", "KeptAnswers"]

FILES: Final = ("icon.svg", "kiosk.css", "kiosk.js", "speech.js")
"""The static files that the screens need."""
_MOST_ANSWERS: Final = 300
_PLACE_OF_MAIN: Final = "{main}"
_PLACE_OF_TITLE: Final = "{title}"


@dataclass(frozen=True, slots=True)
class Kept:
    """The document as it is sent, its digest, and the version of the corpus it was made from."""

    corpus: str
    digest: str
    body: bytes


class KeptAnswers:
    """Makes the document of the version in force, once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: Kept | None = None

    def of(self, screens: Screens) -> Kept:
        """The document of these screens' version; the same one as long as the version is the same."""
        corpus = screens.engine.corpus
        with self._lock:
            if self._held is None or self._held.corpus != corpus:
                body = _document(screens)
                self._held = Kept(corpus, hashlib.sha256(body).hexdigest(), body)
            return self._held


def _document(screens: Screens) -> bytes:
    addresses = static_addresses()
    document = {
        "corpus": screens.engine.corpus,
        "frame": screens.page(Screen(_PLACE_OF_TITLE, Markup(_PLACE_OF_MAIN))),
        "banner": f'<p class="k-offline" role="status">{escape(kiosk_wording.OFFLINE)}</p>',
        "when": kiosk_wording.OFFLINE_WHEN,
        "back": f'<a href="{{path}}">{escape(kiosk_wording.BACK)}</a>',
        "files": [addresses[name] for name in FILES],
        "screens": {path: _written(screen) for path, screen in _screens(screens).items()},
        "answers": {
            question: _written(screens.answer(screens.engine.ask(question)))
            for question in screens.engine.suggestions[:_MOST_ANSWERS]
        },
        "offline": _written(screens.offline()),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _screens(screens: Screens) -> Mapping[str, Screen]:
    topics = screens.topics
    slugs = (topic.slug for topic in (*topics.subjects, *topics.departments))
    listed = {f"{TOPICS}/{slug}": screens.topic(slug) for slug in slugs}
    return {
        KIOSK: screens.start(),
        TOPICS: screens.all_topics(),
        FIND: screens.find(),
        WRITE: screens.offline(),  # said before anybody has written
        **{path: screen for path, screen in listed.items() if screen is not None},
    }


def _written(screen: Screen) -> dict[str, str]:
    """A screen as the worker puts it into the frame: its title escaped already."""
    return {"title": str(escape(screen.title)), "main": str(screen.main)}
