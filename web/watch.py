"""What is said of where answers come from: for whoever watches over the service, and on every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from web import api_wording
from web.bundles import BundleEngine
from web.live import LiveEngine

__all__ = ["Watch", "watch_bundle", "watch_live"]


@dataclass(frozen=True, slots=True)
class Watch:
    """``checks`` stand in ``/api/v1/health/ready``; ``notice`` on every page, None where there is none."""

    checks: Callable[[], Mapping[str, str]] = dict
    notice: Callable[[], str | None] = lambda: None


def watch_live(live: LiveEngine) -> Watch:
    """What is said of versions that are followed."""

    def checks() -> Mapping[str, str]:
        status = live.status
        return {"publication": status.problem or ("loading" if status.loading else "ok")}

    return Watch(checks)


def watch_bundle(bundles: BundleEngine) -> Watch:
    """What is said of a bundle: why a newer one was refused, and how old the data is once it is too old."""

    def checks() -> Mapping[str, str]:
        status = bundles.status
        told = {"bundle": status.problem or "ok", "bundle_created": status.created.isoformat()}
        return {**told, "bundle_age": "stale" if status.stale else "ok"}

    def notice() -> str | None:
        status = bundles.status
        return api_wording.data_as_of(status.created) if status.stale else None

    return Watch(checks, notice)
