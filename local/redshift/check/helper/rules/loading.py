"""COPY and UNLOAD."""

from collections.abc import Iterator

from refusal import Refusal
from statement import Statement
from tree import Node

# Parameters that COPY takes with a columnar format:
# https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
_COLUMNAR = {
    "acceptinvchars", "fillrecord", "iam_role", "credentials", "with", "statupdate", "manifest",
    "access_key_id", "explicit_ids", "serializetojson", "format", "parquet", "orc", "region", "using",
}  # fmt: skip
_NOT_WITH_CSV = {"fixedwidth", "removequotes", "escape"}
_NOT_WITH_PARQUET = {
    "delimiter",
    "fixedwidth",
    "addquotes",
    "escape",
    "null",
    "header",
    "gzip",
    "bzip2",
    "zstd",
}
_COPY_FORMATS = {"csv", "avro", "json", "parquet", "orc", "rcfile", "sequencefile", "shapefile"}


def _copy(statement: Statement, copy: Node) -> Iterator[Refusal]:
    source = copy.child("copy_source")
    if source is None:
        return
    address = statement.value(source)
    if not address.startswith(("s3://", "dynamodb://", "emr://")):
        yield Refusal(
            "copy",
            f"COPY reads s3://, dynamodb:// or emr:// (and SSH by an s3:// manifest), not {address}.",
            source.start,
            "copy-parameters-data-source",
        )
    options = [(statement.key(node.start), node) for node in copy.own("copy_parameter")]
    words = {word for word, _ in options}
    for node in copy.all("copy_format_name"):
        words.add(statement.key(node.start))
    if not words & {"iam_role", "credentials", "with", "access_key_id", "using"}:
        yield Refusal(
            "copy",
            "COPY needs an authorization: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID.",
            copy.end - 1,
            "copy-parameters-authorization",
            "IAM_ROLE default",
        )
    seen: set[str] = set()
    for word, node in options:
        if word in seen:
            yield Refusal("copy", f"{word.upper()} is given once.", node.start, "r_COPY")
        seen.add(word)
    formats = list(copy.all("copy_format_name"))
    if len(formats) > 1:
        yield Refusal("copy", "COPY reads one format.", formats[1].start, "copy-parameters-data-format")
    if words & {"parquet", "orc"}:
        for word, node in options:
            if word not in _COLUMNAR:
                yield Refusal(
                    "copy",
                    f"{word.upper()} does not go with a columnar format.",
                    node.start,
                    "copy-usage_notes-copy-from-columnar",
                )
    if "csv" in words or "shapefile" in words:
        for word, node in options:
            if word in _NOT_WITH_CSV:
                yield Refusal(
                    "copy",
                    f"{word.upper()} does not go with CSV or SHAPEFILE.",
                    node.start,
                    "copy-parameters-data-format",
                )
    if address.startswith("dynamodb://"):
        if words & _COPY_FORMATS:
            yield Refusal(
                "copy",
                "COPY from DynamoDB takes no format.",
                source.start,
                "copy-parameters-data-source-dynamodb",
            )


def _unload(statement: Statement, unload: Node) -> Iterator[Refusal]:
    target = unload.child("unload_target")
    if not statement.value(target).startswith("s3://"):
        yield Refusal(
            "unload", f"UNLOAD writes to s3://, not {statement.value(target)}.", target.start, "r_UNLOAD"
        )
    options = [(statement.key(node.start), node) for node in unload.own("unload_option")]
    words = {word for word, _ in options}
    if "format" in words:
        node = next(node for word, node in options if word == "format")
        words.add(statement.key(node.end - 1))
    if not words & {"iam_role", "credentials", "with", "access_key_id"}:
        yield Refusal(
            "unload",
            "UNLOAD needs an authorization: IAM_ROLE, CREDENTIALS or ACCESS_KEY_ID.",
            unload.end - 1,
            "r_UNLOAD",
            "IAM_ROLE default",
        )
    if "parquet" in words:
        for word, node in options:
            if word in _NOT_WITH_PARQUET:
                yield Refusal("unload", f"{word.upper()} does not go with PARQUET.", node.start, "r_UNLOAD")
    if {"cleanpath", "allowoverwrite"} <= words:
        yield Refusal("unload", "CLEANPATH does not go with ALLOWOVERWRITE.", unload.start, "r_UNLOAD")
    for first, others in (("csv", {"fixedwidth", "addquotes"}), ("fixedwidth", {"delimiter", "header"})):
        if first in words and words & others:
            yield Refusal(
                "unload",
                f"{min(words & others).upper()} does not go with {first.upper()}.",
                unload.start,
                "r_UNLOAD",
            )


def check(statement: Statement) -> Iterator[Refusal]:
    command = statement.command
    if command.rule == "copy":
        yield from _copy(statement, command)
    elif command.rule == "unload":
        yield from _unload(statement, command)
