"""SQS that survives kill -9: the queues' messages, journaled by what differs from the last line written.

MiniStack keeps a queue's messages in a list that sends, receipts, deletions, redrives, notifications of S3 and
fan-out of SNS change in many places. Comparing the lists after a request finds what any of them did, in the same
time that MiniStack itself takes to walk them.
"""

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import sqs


class Queues:
    """A journal line holds, for every queue that changed, `put` messages (new, or received: they have another
    receipt handle and visibility), `gone` message ids, `dropped` when the queue was deleted since, and the
    counters of a FIFO queue. Queue attributes are saved as a whole whenever an operation sets them.
    """

    def __init__(self, journal):
        self._journal = journal
        self._written = {}  # scoped queue key → (the queue, message id → what of it may change, FIFO state)
        self._get_state = sqs.get_state
        sqs.get_state = self.definitions

    def definitions(self) -> dict:
        """What MiniStack saves of SQS, without the messages: those are the journal's."""
        everything = sqs._queues
        bare = AccountRegionScopedDict()
        for (account, region, url), queue in everything.all_items():
            bare.set_scoped(account, region, url, {**queue, "messages": [], "dedup_cache": {}})
        sqs._queues = bare
        try:
            return self._get_state()
        finally:
            sqs._queues = everything

    def flush(self) -> None:
        """Writes what has changed since the last call; nothing may be answered before."""
        line, written = self._changes()
        if line:
            self._journal.append(line)
        self._written = written

    def restore(self) -> None:
        """Puts back what the journal holds, once MiniStack has loaded the queues."""
        messages, fifo = {}, {}
        for line in self._journal.read():
            for account, region, url, change in line:
                key = (account, region, url)
                if change.get("dropped"):
                    messages.pop(key, None)
                    fifo.pop(key, None)
                known = messages.setdefault(key, {})
                for identity in change.get("gone", []):
                    known.pop(identity, None)
                known.update((message["id"], message) for message in change.get("put", []))
                if "fifo" in change:
                    fifo[key] = change["fifo"]
        for key, queue in sqs._queues.all_items():
            queue["messages"] = list(messages.get(key, {}).values())
            if key in fifo:
                queue["fifo_seq"], queue["dedup_cache"] = fifo[key]
        line, self._written = self._changes()
        self._journal.rewrite([line] if line else [])

    def _changes(self):
        """(the line to write, what is written once it is)."""
        line = []
        written = {}
        for key, queue in sqs._queues.all_items():
            written[key], change = _difference(queue, self._written.get(key))
            if change is not None:
                line.append([*key, change])
        dropped = [[*key, {"dropped": True}] for key in self._written.keys() - written.keys()]
        return dropped + line, written


def _difference(queue, before):
    """(what is written once the change is, the change or None). A queue deleted and made anew is another object."""
    recreated = before is not None and before[0] is not queue
    _queue, known, fifo_before = before if before is not None and not recreated else (queue, {}, None)
    now = {message["id"]: _mutable(message) for message in queue["messages"]}
    change = {}
    if recreated:
        change["dropped"] = True
    if now != known:
        put = [message for message in queue["messages"] if known.get(message["id"]) != now[message["id"]]]
        gone = [identity for identity in known if identity not in now]
        if put:
            change["put"] = put
        if gone:
            change["gone"] = gone
    fifo = None
    if queue.get("is_fifo"):
        fifo = (queue["fifo_seq"], frozenset(queue["dedup_cache"]))
        if fifo != fifo_before:
            change["fifo"] = [queue["fifo_seq"], queue["dedup_cache"]]
    return (queue, now, fifo), change or None


def _mutable(message):
    return (message.get("visible_at"), message.get("receive_count"), message.get("receipt_handle"))
