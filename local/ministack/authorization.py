"""Asks MiniStack's own policy evaluator, the one behind its AUTH=true, whether a request is allowed.

AUTH=true itself decides for MiniStack's services alone, lets operations through that it does not know, and demands
nothing that AWS demands without a call (a key behind a table, say). So the gateway says what a request needs, and the
evaluator is asked here: POST /_local/authorize, for nobody but the gateway.

  {"accessKey", "sessionToken", "checks": [{"action", "resource", "context": {key: value or [values]}}]}
  {"service", "checks": [...]}   for an AWS service that takes on a role
  → {"principal": {...}, "policies": version, "decisions": [{"decision", "reason", "conditionKeys"}]}
  → {"error": "unknown" | "expired"}

GET /_local/policies → {"policies": version}. The version changes with every change of a policy; each answer of
MiniStack bears it as a header.
"""

import dataclasses
import functools
import json
import re
import time

from ministack.core import iam_evaluator as evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam, sts

VERSION_HEADER = b"x-local-policies"

# Modules whose definitions hold policies, or say which key something is encrypted with.
_HOLD_POLICIES = {"iam", "kms", "s3", "sqs", "sns", "secretsmanager", "dynamodb"}

_SERVED = ("/_local/authorize", "/_local/policies")

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}

# No pattern of a policy and no value of a request can hold it: what a variable without a value becomes.
_NOTHING = "\0"

_started = time.time_ns()
_changes = 0


def version() -> str:
    return f"{_started}.{_changes}"


def changed(module: str) -> None:
    """To be told of every change of definitions."""
    global _changes
    if module in _HOLD_POLICIES:
        _changes += 1


def keep_sessions() -> None:
    """MiniStack forgets the sessions of roles when it ends; environments that have their keys live on."""
    sts.get_state = lambda: {"sessions": sts._sessions}
    sts.load_persisted_state = lambda data: sts._sessions.update(data.get("sessions", {}))


def answering(app):
    """The ASGI application that answers authorization requests too, and tells the version with every answer."""

    @functools.wraps(app)
    async def answering_app(scope, receive, send):
        if scope["type"] == "http" and scope["path"] in _SERVED:
            await _serve(scope, receive, send)
        elif scope["type"] == "http":
            await app(scope, receive, _telling_version(send))
        else:
            await app(scope, receive, send)

    return answering_app


def _telling_version(send):
    async def telling(message):
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (VERSION_HEADER, version().encode())]
            message = {**message, "headers": headers}
        await send(message)

    return telling


async def _serve(scope, receive, send) -> None:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if scope["path"] == "/_local/policies":
        answer = {"policies": version()}
    else:
        answer = {"policies": version(), **decide(json.loads(body))}
    content = json.dumps(answer).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def decide(request: dict) -> dict:
    """Decides on every check of a request."""
    service = request.get("service")
    if service is not None:
        return {"decisions": [_decide_for_service(service, check) for check in request["checks"]]}
    account = get_account_id()
    credential = evaluator.resolve_credential(request["accessKey"], account, request.get("sessionToken") or "")
    if isinstance(credential, evaluator.CredentialResolutionError):
        return {"error": "expired" if credential.code == "ExpiredTokenException" else "unknown"}
    principal = evaluator.resolve_principal(credential.access_key_id, credential.account_id, credential)
    if isinstance(principal, evaluator.AuthError):
        return {"error": "unknown"}
    described = {
        "arn": principal.arn,
        "identity": _identity(principal),
        "userId": credential.principal_id,
        "expiresAt": credential.expiration,
        "root": principal.policies is None,
    }
    return {"principal": described, "decisions": [_decide(principal, check) for check in request["checks"]]}


def _identity(principal) -> str:
    """The ARN of whom policies are attached to: a session's role."""
    if principal.type != "AssumedRole":
        return principal.arn
    name = evaluator._role_name_from_assumed_arn(principal.arn)
    role = iam._roles.get_scoped(principal.account, None, name)
    return role["Arn"] if role else f"arn:aws:iam::{principal.account}:role/{name}"


def _decide(principal, check: dict) -> dict:
    if principal.policies is None:
        return _decision("Allow", "", [])
    ctx = _context(principal.arn, principal.type, principal.account, check, principal.keys)
    resource_policy, required = _resource_policy(check)
    keys = _condition_keys([*principal.policies, *(stmts for limit in principal.limits for stmts in limit)])
    keys |= _condition_keys([evaluator.parse_policy_document(resource_policy)] if resource_policy else [])
    policies = _with_values(principal.policies, ctx)
    limits = [_with_values(limit, ctx) for limit in principal.limits]
    result = evaluator.evaluate(ctx, policies, *limits)
    by_identity = result.decision
    if resource_policy is not None or required:
        result = evaluator.combine_resource_policy(
            result, ctx, resource_policy, None, required=required, limits=tuple(limits)
        )
    if result.decision == "Allow":
        return _decision("Allow", "", keys)
    if result.decision == "Deny":
        where = "resource-based policy" if result.resource_policy_arn else "identity-based policy"
        return _decision("Deny", where, keys)
    if by_identity == "Allow":
        return _decision("ImplicitDeny", "resource-based policy", keys)
    unlimited = evaluator.evaluate(ctx, policies).decision == "Allow"
    return _decision("ImplicitDeny", "permissions boundary" if unlimited else "identity-based policy", keys)


def _decide_for_service(service: str, check: dict) -> dict:
    """Whether a role's trust policy lets a service take it on."""
    account = get_account_id()
    ctx = _context(f"arn:aws:iam::{account}:{service}", "Service", account, check, {})
    trust = _trust_policy(check["resource"])
    result = evaluator.evaluate_resource_policy(trust, ctx, service=service)
    return _decision(result.decision, "trust policy", _condition_keys([evaluator.parse_policy_document(trust)]))


def _decision(decision: str, reason: str, keys) -> dict:
    return {"decision": decision, "reason": reason, "conditionKeys": sorted(keys)}


def _context(arn: str, kind: str, account: str, check: dict, principal_keys: dict):
    return evaluator.EvalContext(
        principal_arn=arn,
        principal_type=kind,
        principal_account=account,
        action=check["action"],
        resource_arn=check["resource"],
        region=check.get("region", "us-east-1"),
        source_ip="127.0.0.1",
        secure_transport=True,  # the loopback interface stands for TLS
        service_context={key.lower(): value for key, value in check.get("context", {}).items()},
        principal_keys=principal_keys,
    )


def _resource_policy(check: dict) -> tuple:
    """The policy of the resource itself, and whether it must allow too."""
    service = check["action"].partition(":")[0]
    if service == "sts" and check["resource"].partition("/")[0].endswith(":role"):
        return _trust_policy(check["resource"]), True
    found = evaluator._resource_policy(service, check["resource"])
    return (found[0] if found else None), service in evaluator._POLICY_REQUIRED


def _trust_policy(role_arn: str):
    role = iam._roles.get_scoped(get_account_id(), None, role_arn.rpartition("/")[2])
    return role["AssumeRolePolicyDocument"] if role and role["Arn"] == role_arn else '{"Statement": []}'


def _condition_keys(policies) -> set:
    return {
        key.lower()
        for statements in policies
        for statement in statements
        for block in statement.conditions.values()
        if isinstance(block, dict)
        for key in block
    }


def _with_values(policies, ctx):
    """Policies with their variables (`${aws:userid}`) replaced, which the evaluator takes literally.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """

    def value(match) -> str:
        name, _, default = match[1].partition(",")
        if name in _LITERALS:
            return _LITERALS[name]
        found = evaluator._resolve_condition_key(name.strip(), ctx)
        if isinstance(found, str):
            return found
        return default.strip().strip("'") or _NOTHING

    def replaced(item):
        if isinstance(item, str):
            return _VARIABLE.sub(value, item) if "${" in item else item
        if isinstance(item, list):
            return [replaced(part) for part in item]
        if isinstance(item, dict):
            return {key: replaced(part) for key, part in item.items()}
        return item

    return [
        [
            dataclasses.replace(
                statement,
                resources=replaced(statement.resources),
                not_resources=replaced(statement.not_resources),
                conditions=replaced(statement.conditions),
            )
            for statement in statements
        ]
        for statements in policies
    ]
