"""Answers checks, a line of JSON each, from standard input to standard output, until the input ends.

Asked:    {"id": 1, "sql": "select 1; select 2", "functions": ["f_name"]}
Answered: {"id": 1, "statements": [{"line": 1, "column": 1, "at": 0, "end": 8, "alone": null, "creates": [],
          "refusals": [
          {"rule": …, "reason": …, "url": …, "suggestion": …, "line": 1, "column": 8}]}]}
"""

import json
import sys
import threading

from check import Checked, check


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        try:
            checked = check(request["sql"], frozenset(request.get("functions", ())))
            answer = {"statements": [_statement(request["sql"], each) for each in checked]}
        except RecursionError:
            answer = {"error": "it is nested too deeply"}
        except Exception as error:  # an answer that is missing would leave the asker waiting
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": request["id"], **answer}), flush=True)


def _statement(sql: str, checked: Checked) -> dict:
    return {
        **_place(sql, checked.at),
        "at": checked.at,
        "end": checked.end,
        "alone": checked.alone,
        "creates": sorted(checked.creates),
        "refusals": [
            {
                "rule": refusal.rule,
                "reason": refusal.reason,
                "says": refusal.says,
                "url": refusal.url,
                "suggestion": refusal.suggestion,
                **_place(sql, at),
            }
            for refusal, at in checked.refusals
        ],
    }


def _place(sql: str, at: int) -> dict:
    """Line and column, both from 1."""
    return {"line": sql.count("\n", 0, at) + 1, "column": at - sql.rfind("\n", 0, at)}


if __name__ == "__main__":
    # a statement may be nested deeply
    sys.setrecursionlimit(50_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
