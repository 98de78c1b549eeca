import { randomUUID } from "node:crypto";
import type { AddPermissionCommandInput } from "@aws-sdk/client-lambda";
import type { FunctionRecord, PolicyStatement } from "../../state";
import type { Context } from "../context";
import { calledFunction } from "../names";
import { answer, checkRevision, conflict, invalid, label, notFound, type Routes } from "../router";

/** Resource policies of functions: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export function permissionRoutes({ store }: Context): Routes {
  const POLICY = "/2015-03-31/functions/{FunctionName}/policy";
  return {
    [`POST ${POLICY}`]: (call) => {
      const { record, key, arn } = calledFunction(store, call);
      const input = call.body<AddPermissionCommandInput>();
      checkRevision(record.policyRevision, input.RevisionId);
      const statements = record.policies[key] ?? [];
      if (statements.some(({ Sid }) => Sid === input.StatementId))
        throw conflict(
          `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, ` +
            "or remove the existing statement.",
        );
      const added = statement(input, arn);
      record.policies[key] = [...statements, added];
      record.policyRevision = randomUUID();
      store.save();
      return answer(201, { Statement: JSON.stringify(added) });
    },
    [`GET ${POLICY}`]: (call) => {
      const { record, key } = calledFunction(store, call);
      const statements = record.policies[key] ?? [];
      if (statements.length === 0) throw notFound("The resource you requested does not exist.");
      const Policy = JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
      return answer(200, { Policy, RevisionId: record.policyRevision });
    },
    [`DELETE ${POLICY}/{StatementId}`]: (call) => {
      const { record, key } = calledFunction(store, call);
      const id = label(call, "StatementId");
      checkRevision(record.policyRevision, call.query.get("RevisionId"));
      const statements = record.policies[key] ?? [];
      const left = statements.filter(({ Sid }) => Sid !== id);
      if (left.length === statements.length)
        throw notFound(`Statement ${id} is not found in resource policy.`);
      record.policies[key] = left;
      record.policyRevision = randomUUID();
      store.save();
      return answer(204);
    },
  };
}

/** Whether anybody may use the function's URL of a qualifier without a signature. */
export function allowsPublicUrl(record: FunctionRecord, key: string): boolean {
  return (record.policies[key] ?? []).some(
    ({ Principal, Action, Condition }) =>
      Principal === "*" &&
      ["lambda:InvokeFunctionUrl", "lambda:*", "*"].includes(Action) &&
      (Condition?.StringEquals?.["lambda:FunctionUrlAuthType"] ?? "NONE") === "NONE",
  );
}

function statement(input: AddPermissionCommandInput, arn: string): PolicyStatement {
  const { StatementId, Action, Principal, SourceArn, SourceAccount } = input;
  const { FunctionUrlAuthType, PrincipalOrgID, EventSourceToken } = input;
  if (!StatementId || !Action || !Principal) throw invalid("StatementId, Action and Principal must be given");
  if (!/^[a-zA-Z0-9-_]{1,100}$/.test(StatementId))
    throw invalid(`StatementId must be up to 100 letters, digits, - and _, got ${StatementId}`);
  if (!/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(Action))
    throw invalid(`Action must be lambda:<operation>, lambda:* or *, got ${Action}`);
  const equals = {
    ...(SourceAccount === undefined ? {} : { "AWS:SourceAccount": SourceAccount }),
    ...(FunctionUrlAuthType === undefined ? {} : { "lambda:FunctionUrlAuthType": FunctionUrlAuthType }),
    ...(PrincipalOrgID === undefined ? {} : { "aws:PrincipalOrgID": PrincipalOrgID }),
    ...(EventSourceToken === undefined ? {} : { "lambda:EventSourceToken": EventSourceToken }),
  };
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": SourceArn } }),
    ...(input.InvokedViaFunctionUrl === undefined
      ? {}
      : { Bool: { "lambda:InvokedViaFunctionUrl": String(input.InvokedViaFunctionUrl) } }),
  };
  return {
    Sid: StatementId,
    Effect: "Allow",
    Principal: principal(Principal),
    Action,
    Resource: arn,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function principal(name: string): PolicyStatement["Principal"] {
  if (name === "*") return "*";
  if (/^\d{12}$/.test(name)) return { AWS: `arn:aws:iam::${name}:root` };
  return name.startsWith("arn:") ? { AWS: name } : { Service: name };
}
