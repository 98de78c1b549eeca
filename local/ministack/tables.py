"""DynamoDB that survives kill -9: MiniStack's items and stream records, journaled change by change.

MiniStack saves tables only when it shuts down, each as a whole, and stream records never. Here the table
definitions are saved whenever one changes, and what is in the tables goes to a journal.
"""

import copy
import threading
import uuid

from ministack.core.arn import parse_arn
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb
from sizes import record_bytes

_LINE_ENTRIES = 500  # of a rewritten journal
_MIN_GARBAGE = 10_000  # superseded entries that are not worth a rewrite


class Tables:
    """Watches MiniStack's own storage functions, so every write path is covered: puts, updates, deletes, batches,
    transactions, PartiQL, imports and expiry.

    A journal line holds what one request changed, so that a transaction is restored whole or not at all:
    `items` [table id, partition key, sort key, item or null], `replaced` ids of tables whose items were swapped,
    `records` [stream record, index of the item that is its new image, or null], `closed` streams, and `sequence`,
    MiniStack's counter. Table ids, not names, so that a deleted table's items do not come back with the next table
    of its name. A rewritten journal also says how many records each stream has lost to age (`trimmed`), because
    shard iterators hold absolute positions.
    """

    def __init__(self, journal):
        self._journal = journal
        self._lock = threading.Lock()  # MiniStack expires items in a thread
        self._touched = {}
        self._replaced = {}
        self._records = []
        self._closed = []
        self._known = set()
        self._watch()

    def definitions(self) -> dict:
        """What MiniStack saves of DynamoDB, without the items: those are the journal's."""
        everything = dynamodb._tables
        bare = AccountRegionScopedDict()
        for (account, region, name), table in everything.all_items():
            bare.set_scoped(account, region, name, {**table, "items": {}})
        with dynamodb._lock:  # keeps the expiry thread from looking at the bare tables
            dynamodb._tables = bare
            try:
                return self._get_state()
            finally:
                dynamodb._tables = everything

    def changed(self) -> None:
        """To be called after an operation on tables: finds those that were created with items in them."""
        for table in dynamodb._tables.all_values():
            if _identity(table) not in self._known:
                self._known.add(_identity(table))
                if table["items"]:
                    self._replaced[_identity(table)] = table

    def flush(self) -> None:
        """Writes what has changed since the last call; nothing may be answered before."""
        with self._lock:
            if not (self._touched or self._replaced or self._records or self._closed):
                return
            line = self._line()
            self._journal.append(line)
            self._touched, self._replaced, self._records, self._closed = {}, {}, [], []

    def restore(self) -> None:
        """Puts back what the journal holds, once MiniStack has loaded the definitions."""
        tables = {_identity(table): table for table in dynamodb._tables.all_values()}
        self._known = set(tables)
        streams = {}
        closed = {}
        entries = 0
        for line in self._journal.read():
            entries += _apply(line, tables, streams, closed)
        for (account, region, name), table in dynamodb._tables.all_items():
            dynamodb._items_replaced(table)
            if (table.get("StreamSpecification") or {}).get("StreamEnabled"):
                stream = streams.get(table["LatestStreamArn"], {"records": [], "trimmed": 0})
                closed.pop(table["LatestStreamArn"], None)
                dynamodb._stream_records.set_scoped(account, region, name, stream["records"])
                dynamodb._stream_trimmed.set_scoped(account, region, name, stream["trimmed"])
                dynamodb._trim_stream_records(name, account_id=account, region=region)
        for arn, description in closed.items():
            spec = parse_arn(arn)
            stream = streams.get(arn, {"records": [], "trimmed": 0})
            dynamodb._closed_streams.set_scoped(spec.account_id, spec.region, arn, {**description, **stream})
        dynamodb._sweep_closed_streams()
        if entries > 2 * _live() + _MIN_GARBAGE:
            self._journal.rewrite(_everything())

    def _line(self) -> dict:
        for table in self._replaced.values():
            for partition, rows in table["items"].items():
                for sort in rows:
                    self._touched[(_identity(table), partition, sort)] = table
        items = []
        places = {}
        for (identity, partition, sort), table in self._touched.items():
            item = table["items"].get(partition, {}).get(sort)  # as it is now, whatever became of it in between
            if item is not None:
                places[id(item)] = len(items)
            items.append([identity, partition, sort, item])
        return {
            "sequence": dynamodb._stream_seq_counter,
            "replaced": list(self._replaced),
            "items": items,
            "records": [_slim(record, places) for record in self._records],
            "closed": self._closed,
        }

    def _watch(self) -> None:
        set_item, remove_item = dynamodb._set_item, dynamodb._remove_item
        items_replaced, emit = dynamodb._items_replaced, dynamodb._emit_stream_event
        drop_stream = dynamodb.drop_stream_records
        self._get_state = dynamodb.get_state

        def watched_set(table, partition, sort, item):
            old = set_item(table, partition, sort, item)
            self._touch(table, partition, sort)
            return old

        def watched_remove(table, partition, sort):
            old = remove_item(table, partition, sort)
            if old is not None:
                self._touch(table, partition, sort)
            return old

        def watched_replace(table):
            items_replaced(table)
            with self._lock:
                self._replaced[_identity(table)] = table

        def watched_emit(name, *change, **options):
            before = _newest(name)
            emit(name, *change, **options)
            record = _newest(name)
            if record is not None and record is not before:
                record["dynamodb"]["SizeBytes"] = record_bytes(record)
                with self._lock:
                    self._records.append(record)

        def watched_drop(name, table=None):
            drop_stream(name, table)
            arn = (table or {}).get("LatestStreamArn")
            stream = dynamodb._closed_streams.get(arn) if arn else None
            if stream is not None:
                with self._lock:
                    self._closed.append([arn, _description(stream)])

        dynamodb._set_item = watched_set
        dynamodb._remove_item = watched_remove
        dynamodb._items_replaced = watched_replace
        dynamodb._emit_stream_event = watched_emit
        dynamodb.drop_stream_records = watched_drop
        dynamodb.get_state = self.definitions

    def _touch(self, table, partition, sort) -> None:
        with self._lock:
            self._touched[(_identity(table), partition, sort)] = table


def _apply(line, tables, streams, closed) -> int:
    """Plays one line; answers how many entries it had."""
    items = line.get("items", [])
    for identity in line.get("replaced", []):
        if identity in tables:
            tables[identity]["items"].clear()
    for identity, partition, sort, item in items:
        table = tables.get(identity)
        if table is None:
            continue
        rows = table["items"]
        if item is not None:
            rows[partition][sort] = item
        elif sort in rows.get(partition, {}):
            del rows[partition][sort]
            if not rows[partition]:
                del rows[partition]
    for arn, trimmed in line.get("trimmed", []):
        streams[arn] = {"records": [], "trimmed": trimmed}
    for record, place in line.get("records", []):
        if place is not None:
            record["dynamodb"]["NewImage"] = items[place][3]
        stream = streams.setdefault(record["eventSourceARN"], {"records": [], "trimmed": 0})
        stream["records"].append(record)
    for arn, description in line.get("closed", []):
        closed[arn] = description
    dynamodb._stream_seq_counter = max(dynamodb._stream_seq_counter, line.get("sequence", 0))
    return len(items) + len(line.get("records", []))


def _everything():
    """The lines of a journal that says only what is true now."""
    streams = {}
    for (account, region, name), records in dynamodb._stream_records.all_items():
        table = dynamodb._tables.get_scoped(account, region, name)
        trimmed = dynamodb._stream_trimmed.get_scoped(account, region, name, 0)
        streams[table["LatestStreamArn"]] = (trimmed, records)
    closed = []
    for (_account, _region, arn), stream in dynamodb._closed_streams.all_items():
        streams[arn] = (stream["trimmed"], stream["records"])
        closed.append([arn, _description(stream)])
    yield {
        "sequence": dynamodb._stream_seq_counter,
        "closed": closed,
        "trimmed": [[arn, trimmed] for arn, (trimmed, _records) in streams.items()],
    }
    items = (
        [_identity(table), partition, sort, item]
        for table in dynamodb._tables.all_values()
        for partition, rows in table["items"].items()
        for sort, item in rows.items()
    )
    yield from ({"items": chunk} for chunk in _chunks(items))
    records = ([record, None] for _trimmed, kept in streams.values() for record in kept)
    yield from ({"records": chunk} for chunk in _chunks(records))


def _chunks(entries):
    chunk = []
    for entry in entries:
        chunk.append(entry)
        if len(chunk) == _LINE_ENTRIES:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _live() -> int:
    items = sum(table["ItemCount"] for table in dynamodb._tables.all_values())
    return items + sum(len(records) for records in dynamodb._stream_records.all_values())


def _newest(name):
    records = dynamodb._stream_records.get(name)
    return records[-1] if records else None


def _slim(record, places):
    """A record whose new image is an item of the same line names it instead of repeating it."""
    place = places.get(id(record["dynamodb"].get("NewImage")))
    if place is None:
        return [record, None]
    return [{**record, "dynamodb": {**record["dynamodb"], "NewImage": None}}, place]


def _description(stream) -> dict:
    return copy.deepcopy({name: value for name, value in stream.items() if name not in ("records", "trimmed")})


def _identity(table) -> str:
    return table.get("TableId") or table.setdefault("TableId", str(uuid.uuid4()))
