"""The processes of the program: all in one (`serve`), or each alone on as many machines as wanted."""

from __future__ import annotations

import click

from bot import settings as all_settings
from bot.cli.out import Trouble


@click.command()
def serve() -> None:
    """Chạy tất cả trên một máy. / Run everything on one machine; without tokens a sandbox opens."""
    from bot import processes, supervisor  # loads the database and the web server: only where they run
    from bot.embedded.valkey import ValkeyError

    try:
        supervisor.serve(all_settings.load())
    except (supervisor.AlreadyServing, processes.CannotListen) as why:
        raise Trouble(*str(why).splitlines()) from None
    except ValkeyError as why:
        raise Trouble(str(why), str(why)) from None


@click.command()
def web() -> None:
    """Chỉ máy chủ web. / Only the web server: webhooks, health, sandbox."""
    from bot import processes

    try:
        processes.web(all_settings.load())
    except processes.CannotListen as why:
        raise Trouble(*str(why).splitlines()) from None


@click.command()
def worker() -> None:
    """Chỉ một tiến trình xử lý. / Only one worker: decides and sends."""
    from bot import processes
    from bot.wiring import NoRedis

    try:
        processes.worker(all_settings.load())
    except NoRedis as missing:
        raise Trouble(*str(missing).splitlines()) from None


@click.command()
def tick() -> None:
    """Chỉ nhịp quét định kỳ. / Only the sweep: what falls due, what is stuck."""
    from bot import processes

    processes.tick(all_settings.load())


@click.command()
def poll() -> None:
    """Chỉ việc hỏi tin mới. / Only fetching updates, where there is no webhook."""
    from bot import processes

    processes.poll(all_settings.load())
