"""Serves MiniStack, the AWS emulator, on 127.0.0.1:$PORT, with durability that it lacks (see durable.py).

Prints READY once it serves. Ends, with everything stored, on SIGTERM and when its standard input closes, so that it
does not outlive the process that started it, even a killed one.

Environment: PORT; STATE_DIR, its own folder; AWS_ENDPOINT_URL, the gateway that clients talk to, which the queue
URLs it hands out must name.
"""

import asyncio
import gc
import importlib.metadata
import os
import signal
import socket
import sys
import threading
from urllib.parse import urlsplit

# What is wrapped are functions inside MiniStack: another version is another program.
MINISTACK_VERSION = "1.5.33"

_BACKLOG = 1024


def main() -> None:
    version = importlib.metadata.version("ministack")
    if version != MINISTACK_VERSION:
        raise SystemExit(f"ministack must be {MINISTACK_VERSION}, found {version}")
    port = int(os.environ["PORT"])
    _configure(os.environ["STATE_DIR"], urlsplit(os.environ["AWS_ENDPOINT_URL"]))
    _allow_many_files()
    gc.set_threshold(50_000, 20, 20)  # items and stream records live long: looking them over again costs a tenth
    asyncio.run(_serve(_listen(port)))


def _configure(state: str, gateway) -> None:
    """Says to MiniStack, which reads its settings when it is imported, where it lives."""
    scratch = os.path.join(state, "tmp")
    os.makedirs(scratch, exist_ok=True)
    os.environ.update(
        {
            "GATEWAY_PORT": str(gateway.port),
            "MINISTACK_HOST": str(gateway.hostname),
            "MINISTACK_REGION": os.environ.get("AWS_REGION", "us-east-1"),
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
            "S3_DATA_DIR": os.path.join(state, "s3"),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "TMPDIR": scratch,
            # At start MiniStack removes every container that any MiniStack of this machine made. None is ours.
            "DOCKER_HOST": f"unix://{os.path.join(scratch, 'no-docker.sock')}",
        }
    )
    os.environ.setdefault("LOG_LEVEL", "WARNING")


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(_BACKLOG)
    return listener


def _allow_many_files() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def _serve(listener: socket.socket) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    import authorization
    import durable
    import ministack.app

    durable.install()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # a terminal's Ctrl-C is for the supervisor to act on
    threading.Thread(target=_await_end_of_input, args=(loop, stop), daemon=True).start()

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.backlog = _BACKLOG
    config.keep_alive_timeout = 75
    config.graceful_timeout = 0.5
    config.loglevel = "WARNING"
    await serve(_announced(authorization.answering(ministack.app.app)), config, shutdown_trigger=stop.wait)


def _announced(app):
    async def announced(scope, receive, send):
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return

        async def announce(message):
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                print("READY", flush=True)

        await app(scope, receive, announce)

    return announced


def _await_end_of_input(loop, stop) -> None:
    # Not through sys.stdin, whose lock this thread would hold while the interpreter shuts down.
    while os.read(0, 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    sys.exit(main())
