"""Which AWS operation a request is, and whether it may change anything."""

import re
from urllib.parse import parse_qs

# Smithy's RPC protocol names the operation in the path: /service/<service>/operation/<operation>.
_RPC_PATH = re.compile(r"/operation/(\w+)$")

_READS = re.compile(
    r"^(Get|List|Describe|Head|BatchGet|Query|Scan|Search|Select|Lookup|Filter|Simulate|Test|Validate|Verify"
    r"|Estimate|Preview|Check|TransactGet|Download|View)"
)

# KMS computes with its keys; only its other operations change them.
_COMPUTATIONS = re.compile(r"^(Encrypt|Decrypt|ReEncrypt|Generate|Sign|DeriveSharedSecret)")

# The operations of STS that hand out a session, which is known until it expires.
_SESSIONS = re.compile(r"^(AssumeRole|GetSessionToken$|GetFederationToken$)")

# DynamoDB operations on items, stored by the journal. They leave the table definitions as they are.
_ON_ITEMS = re.compile(
    r"^((Put|Update|Delete)Item|BatchWriteItem|TransactWriteItems|ExecuteStatement|BatchExecuteStatement"
    r"|ExecuteTransaction)$"
)

# SQS operations on messages, stored by the journal.
_ON_MESSAGES = re.compile(r"^((Send|Receive|Delete)Message|ChangeMessageVisibility)(Batch)?$|^PurgeQueue$")


def operation(path: str, headers: dict, body: bytes, query: dict) -> str | None:
    """The operation that a request of an AWS JSON, Query or RPC protocol names; None for a REST request."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2]
    if action := query.get("Action"):
        return action[0]
    if match := _RPC_PATH.search(path):
        return match[1]
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(body.decode("utf-8", errors="replace")).get("Action")
        return action[0] if action else None
    return None


def is_read(method: str, name: str | None) -> bool:
    """Whether the operation surely changes nothing."""
    return bool(_READS.match(name)) if name else method in ("GET", "HEAD", "OPTIONS")


def changes_definitions(service: str, method: str, path: str, name: str | None) -> bool:
    """Whether the operation may have changed what MiniStack saves of the service, journals aside.

    S3 keeps objects in files of its own, so only requests on a bucket itself count.
    """
    if service == "s3":
        return method not in ("GET", "HEAD", "OPTIONS") and "/" not in path.strip("/")
    if service == "sts":
        return bool(_SESSIONS.match(name or ""))
    if is_read(method, name) or (service == "kms" and _COMPUTATIONS.match(name or "")):
        return False
    if name is None:
        return True
    if service == "dynamodb":
        return not _ON_ITEMS.match(name)
    if service == "sqs":
        return not _ON_MESSAGES.match(name)
    return True
