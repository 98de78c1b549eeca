"""How large DynamoDB counts what MiniStack counts as nothing: `SizeBytes` of stream records.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

_CONTAINER_BYTES = 3  # of a list or map, and one more for each element
_IMAGES = ("Keys", "NewImage", "OldImage")


def record_bytes(record: dict) -> int:
    """The size of a stream record: its keys and images, names included."""
    return sum(_item_bytes(record["dynamodb"].get(image) or {}) for image in _IMAGES)


def _item_bytes(item: dict) -> int:
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: dict) -> int:
    [(kind, content)] = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return _number_bytes(content)
    if kind == "B":
        return _binary_bytes(content)
    if kind == "SS":
        return sum(len(each.encode()) for each in content)
    if kind == "NS":
        return sum(map(_number_bytes, content))
    if kind == "BS":
        return sum(map(_binary_bytes, content))
    if kind == "L":
        return _CONTAINER_BYTES + len(content) + sum(map(_value_bytes, content))
    if kind == "M":
        return _CONTAINER_BYTES + len(content) + _item_bytes(content)
    return 1  # NULL and BOOL


def _number_bytes(text: str) -> int:
    """A byte for two significant digits and one more; another one for a sign."""
    digits = text.lower().split("e")[0].lstrip("+-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")


def _binary_bytes(content) -> int:
    """Base64 as it travels, or the bytes themselves."""
    if isinstance(content, bytes):
        return len(content)
    return len(content) * 3 // 4 - content[-2:].count("=")
