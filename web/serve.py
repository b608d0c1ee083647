"""``minsheng-web``: starts the site and the API."""

from __future__ import annotations

import errno
import os
import socket
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from qa.bundle import read_public_key
from qa.commands.shared import read_settings
from qa.engine import build_engine
from qa.errors import MinshengError
from qa.settings import Settings
from qa.versions.serving import open_engine
from web import api_wording, wording
from web.api.rates import SharedCounts
from web.app import create_app
from web.bundles import BundleEngine
from web.live import LiveEngine
from web.memory import settle
from web.metrics import MULTIPROCESS_FOLDER
from web.ports import EngineSource, FixedEngine
from web.records.store import open_records
from web.settings import WebSettings
from web.site import site_of
from web.watch import Watch, watch_bundle, watch_live

__all__ = ["main", "open_socket", "serve"]

_FAILED: Final = 1
_STARTING_SECONDS: Final = 60
"""How long a process may take to begin: one that is still importing does not answer its supervisor."""
_SWITCH_SECONDS: Final = 0.0003
"""How long answering may keep the interpreter from whoever else has something to do, such as refusing."""


class StartError(MinshengError):
    """The server cannot start where it was told to."""

    default_code = "start_failed"


def main() -> None:
    """The console command."""
    typer.run(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="监听的地址。")] = None,
    port: Annotated[int | None, typer.Option(help="监听的端口。")] = None,
    corpus: Annotated[Path | None, typer.Option(help="实录文件夹，或 .jsonl 文件。")] = None,
    data: Annotated[Path | None, typer.Option(help="数据目录：发布的版本在里面。")] = None,
    workers: Annotated[int | None, typer.Option(help="服务进程数。")] = None,
    bundle: Annotated[str | None, typer.Option(help="签名数据包的网址或文件，代替实录。")] = None,
    bundle_key: Annotated[Path | None, typer.Option(help="核对数据包签名的公钥文件。")] = None,
) -> None:
    """启动民生问答的网站和接口。例：minsheng-web --port 8000"""
    given = {"host": host, "port": port, "corpus": corpus, "data": data, "workers": workers}
    try:
        settings = read_settings(
            Settings, **{name: value for name, value in given.items() if value is not None}
        )
        # Every server process reads its settings for itself.
        if bundle is not None:
            os.environ["MINSHENG_BUNDLE"] = bundle
        if bundle_key is not None:
            os.environ["MINSHENG_BUNDLE_KEY"] = str(bundle_key)
        listening = open_socket(settings.host, settings.port)
        with listening:
            _run(settings, listening)
    except MinshengError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(_FAILED) from None


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at ``host`` and ``port``.

    Raises:
        StartError: if the port is taken or not allowed, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise StartError(_why(error, host, port), detail=str(error)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return wording.PORT_TAKEN.format(port=port, other=port + 1 if port < 65535 else 8000)
    if error.errno == errno.EACCES:
        return wording.PORT_FORBIDDEN.format(port=port)
    return wording.ADDRESS_BAD.format(host=host)


def build_app(settings: Settings, counts: Path | None = None) -> FastAPI:
    """The application of ``settings``; every server process calls it for itself.

    What is named is served for good; otherwise whatever is published is followed. Several processes count
    how often everybody comes in the file ``counts``.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    web_settings = read_settings(WebSettings)
    records = open_records(web_settings, settings.data)
    engines, watch = _engines(settings, web_settings)
    service = replace(web_settings.service(), counts=counts)
    application = create_app(engines, site_of(web_settings), records, service, watch)
    settle()
    return application


def _engines(settings: Settings, web_settings: WebSettings) -> tuple[EngineSource, Watch]:
    if web_settings.bundle is not None:
        bundles = _bundles(web_settings.bundle, settings, web_settings).watching()
        return bundles, watch_bundle(bundles)
    if settings.corpus is not None or settings.index is not None:
        return FixedEngine(build_engine(settings)), Watch()
    live = LiveEngine(settings).watching()
    return live, watch_live(live)


def _bundles(source: str, settings: Settings, web_settings: WebSettings) -> BundleEngine:
    if web_settings.bundle_key is None:
        raise StartError(api_wording.BUNDLE_WITHOUT_KEY)
    key = read_public_key(web_settings.bundle_key)
    age = timedelta(days=web_settings.bundle_days)
    return BundleEngine(source, key, settings, age, web_settings.bundle_seconds)


def _try(settings: Settings) -> None:
    """Opens what several processes will each open: what cannot be used is told once."""
    web_settings = read_settings(WebSettings)
    if web_settings.bundle is not None:
        _bundles(web_settings.bundle, settings, web_settings).close()
    else:
        open_engine(settings)


def _run(settings: Settings, listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    started = wording.WEB_STARTED.format(url=f"http://{shown}:{port}/")
    if settings.workers == 1:
        application = build_app(settings)
        typer.echo(started, err=True)
        uvicorn.Server(_config(application, settings)).run(sockets=[listening])
        return
    _try(settings)
    typer.echo(started, err=True)
    with TemporaryDirectory(prefix="minsheng-counts-") as folder:
        os.environ[MULTIPROCESS_FOLDER] = folder  # for the processes to be started, which count together
        counts = Path(folder) / "rates.sqlite"
        SharedCounts(counts).check()  # made here, so that they do not all make it at once
        config = _config(partial(build_app, settings, counts), settings, factory=True)
        Multiprocess(config, sockets=[listening]).run()


def _config(application: Any, settings: Settings, *, factory: bool = False) -> uvicorn.Config:
    proxies = read_settings(WebSettings).trusted_proxies
    return uvicorn.Config(
        application,
        factory=factory,
        workers=settings.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_worker_healthcheck=_STARTING_SECONDS,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
