"""Makes MiniStack answer only after what it did is written down.

MiniStack saves its state when it is shut down, so that a killed one forgets what it acknowledged. Its request
handlers are wrapped here, not changed: whatever a request did is stored before its answer is sent.
"""

import asyncio
import functools
import json
import logging
import os
import time

import authorization
import ministack.app as ministack
from journal import Journal
from ministack.core import persistence
from ministack.services import s3
from operations import changes_definitions, is_read, operation
from queues import Queues
from tables import Tables

logger = logging.getLogger("durable")

# Written at most once a second and never for more than a twentieth of the time: a lost second of log lines or
# metrics is no lost event, and saving either costs as much as there is of it.
_DEBOUNCED = {"cloudwatch_logs": {"PutLogEvents"}, "cloudwatch": {"PutMetricData"}}
_DEBOUNCE_SECONDS = 1
_DEBOUNCE_SHARE = 20

# Services that put messages into queues: their own operations, S3 notifications, SNS fan-out.
_REACH_QUEUES = {"sqs", "s3", "sns"}
_REACH_TABLES = {"dynamodb", "dynamodb_streams"}

_unwritten = []  # S3's files that could not be written since the last answer


def install() -> None:
    """Wraps MiniStack; to be called once, before it serves."""
    os.makedirs(persistence.STATE_DIR, exist_ok=True)
    tables = Tables(Journal(os.path.join(persistence.STATE_DIR, "tables.journal")))
    queues = Queues(Journal(os.path.join(persistence.STATE_DIR, "queues.journal")))
    saves = _Saves()
    authorization.keep_sessions()
    get_module, load, control = (
        ministack._get_module,
        ministack._load_persisted_state,
        ministack._handle_s3_control_request,
    )

    def wrapped_get_module(name):
        module = get_module(name)
        if not hasattr(module.handle_request, "__wrapped__"):
            module.handle_request = _durable(name, module.handle_request, tables, queues, saves)
        return module

    def wrapped_load():
        load()
        tables.restore()
        queues.restore()

    @functools.wraps(control)
    async def wrapped_control(path, method, *rest):
        answer = await control(path, method, *rest)
        if answer is not None and method not in ("GET", "HEAD"):
            saves.now("s3")
        return answer

    persistence.save_state = save_state
    s3._atomic_write = _noting_failures(s3._atomic_write)
    s3._fire_s3_event_async = _notify
    ministack._get_module = wrapped_get_module
    ministack._load_persisted_state = wrapped_load
    ministack._handle_s3_control_request = wrapped_control


def save_state(service: str, state: dict) -> None:
    """Writes a state file as MiniStack reads it, ten times as fast (it streams through Python's slow encoder), and
    raises what MiniStack would only log: an operation that is not stored must not be acknowledged."""
    path = os.path.join(persistence.STATE_DIR, f"{service}.json")
    content = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
    with open(f"{path}.tmp", "w", encoding="utf-8") as file:
        file.write(json.dumps(content, default=persistence._json_default))
    os.replace(f"{path}.tmp", path)


def _durable(module, handle, tables, queues, saves):
    """The module's request handler, answering once what it did is stored."""

    @functools.wraps(handle)
    async def handle_and_store(method, path, headers, body, query_params):
        answer = await handle(method, path, headers, body, query_params)
        if module == "s3" and _unwritten:
            failures = [_unwritten.pop() for _ in range(len(_unwritten))]
            raise OSError(f"S3 could not store {failures}")
        name = operation(path, headers, body, query_params)
        defines = 200 <= answer[0] < 300 and changes_definitions(module, method, path, name)
        if module in _REACH_TABLES:
            if defines:
                tables.changed()
            tables.flush()
        elif module in _REACH_QUEUES and not is_read(method, name):
            queues.flush()
        if defines:
            authorization.changed(module)
            if name in _DEBOUNCED.get(module, ()):
                saves.soon(module)
            else:
                saves.now(module)
        return answer

    return handle_and_store


def _noting_failures(write):
    """S3 logs that it could not store an object, and acknowledges it."""

    def noting_write(path, data, **options):
        try:
            write(path, data, **options)
        except OSError:
            _unwritten.append(path)
            raise

    return noting_write


def _notify(bucket, key, event, **details):
    """S3 would notify in a thread, after the answer: a kill in between would lose the notification."""
    if bucket in s3._bucket_notifications:
        s3._fire_s3_event(bucket, key, event, sequencer=s3._next_event_sequencer(event), **details)


class _Saves:
    """Saves of whole services."""

    def __init__(self):
        self._keys = {module: key for key, module in ministack._state_map.items()}
        self._due = set()

    def now(self, module: str) -> None:
        """Saves a service before this returns."""
        loaded = ministack._get_module(module)
        if module in self._keys and hasattr(loaded, "get_state"):
            save_state(self._keys[module], loaded.get_state())

    def soon(self, module: str) -> None:
        """Saves a service within a moment, once for all that happens until then."""
        if module not in self._due:
            self._due.add(module)
            asyncio.get_running_loop().call_later(_DEBOUNCE_SECONDS, self._save_due, module)

    def _save_due(self, module: str) -> None:
        started = time.monotonic()
        try:
            self.now(module)
        except OSError:
            logger.exception("Cannot save %s", module)
        pause = (time.monotonic() - started) * _DEBOUNCE_SHARE
        asyncio.get_running_loop().call_later(pause, self._due.discard, module)
