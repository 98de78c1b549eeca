import { randomUUID } from "node:crypto";
import type {
  CreateFunctionCommandInput,
  FunctionCode,
  UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { functionArn } from "../../execution/deployment";
import { findVersion } from "../../execution/invoker";
import type { Configuration, FunctionRecord } from "../../state";
import type { Context } from "../context";
import { calledFunction, parseFunction } from "../names";
import {
  answer,
  type Call,
  checkRevision,
  conflict,
  invalid,
  label,
  notFound,
  page,
  type Routes,
} from "../router";
import { changedConfiguration, configurationAnswer, newConfiguration, touched } from "./configuration";

const MAX_NAME_CHARACTERS = 64;

/** A blob of a REST JSON request is base64. */
type OnTheWire<Input> = Omit<Input, "ZipFile" | "Code"> & { readonly ZipFile?: string };

/** Functions and their versions. */
export function functionRoutes(context: Context): Routes {
  const { store } = context;
  const FUNCTIONS = "/2015-03-31/functions";
  return {
    [`POST ${FUNCTIONS}`]: (call) => createFunction(context, call),
    [`GET ${FUNCTIONS}`]: (call) => {
      const all = call.query.get("FunctionVersion") === "ALL";
      const found = Object.values(store.state.functions).flatMap(({ latest, versions }) =>
        (all ? [latest, ...versions] : [latest]).map((each) =>
          configurationAnswer(each, all ? each.Version : undefined),
        ),
      );
      const [Functions, next] = page(call, found);
      return answer(200, { Functions, ...next });
    },
    [`GET ${FUNCTIONS}/{FunctionName}`]: (call) => {
      const { record, configuration, qualifier } = version(context, call);
      return answer(200, {
        Configuration: configurationAnswer(configuration, qualifier),
        Code: { RepositoryType: "S3", Location: context.codeLocation(configuration.CodeSha256) },
        ...(Object.keys(record.tags).length === 0 ? {} : { Tags: record.tags }),
        ...(record.reservedConcurrency === undefined
          ? {}
          : { Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency } }),
      });
    },
    [`GET ${FUNCTIONS}/{FunctionName}/configuration`]: (call) => {
      const { configuration, qualifier } = version(context, call);
      return answer(200, configurationAnswer(configuration, qualifier));
    },
    [`PUT ${FUNCTIONS}/{FunctionName}/configuration`]: async (call) => {
      const { record, name } = calledFunction(store, call);
      const input = call.body<UpdateFunctionConfigurationCommandInput>();
      checkRevision(record.latest.RevisionId, input.RevisionId);
      const changed = changedConfiguration(store, record.latest, input);
      if (changed.Role !== record.latest.Role) await context.checkRole(changed);
      record.latest = changed;
      store.save();
      await context.invoker.changed(name);
      return answer(200, configurationAnswer(record.latest));
    },
    [`PUT ${FUNCTIONS}/{FunctionName}/code`]: async (call) => {
      const { record, name } = calledFunction(store, call);
      const input = call.body<OnTheWire<UpdateFunctionCodeCommandInput>>();
      checkRevision(record.latest.RevisionId, input.RevisionId);
      const code = await uploadedPackage(context, input);
      const updated = touched({
        ...record.latest,
        CodeSha256: code.sha256,
        CodeSize: code.sizeBytes,
        Architectures: input.Architectures ?? record.latest.Architectures,
      });
      if (input.DryRun) return answer(200, configurationAnswer(updated));
      record.latest = updated;
      const published = input.Publish ? publish(record) : undefined;
      store.save();
      await context.invoker.changed(name);
      return answer(200, configurationAnswer(published ?? updated, published?.Version));
    },
    [`DELETE ${FUNCTIONS}/{FunctionName}`]: async (call) => {
      const { record, name, qualifier } = calledFunction(store, call);
      if (qualifier === "$LATEST")
        throw invalid("$LATEST version cannot be deleted without deleting the function.");
      if (qualifier !== undefined) {
        const index = record.versions.findIndex(({ Version }) => Version === qualifier);
        if (index < 0) throw invalid(`Version must be a published one, got ${qualifier}`);
        const aliases = Object.values(record.aliases).filter(
          ({ FunctionVersion }) => FunctionVersion === qualifier,
        );
        if (aliases.length > 0)
          throw conflict(
            `Version ${qualifier} cannot be deleted: aliases point to it: ${aliases.map(({ Name }) => Name)}`,
          );
        record.versions.splice(index, 1);
      } else {
        for (const key of Object.keys(record.urls)) await context.urls.close(name, key);
        delete store.state.functions[name];
        context.invoker.removed(name);
      }
      store.save();
      return answer(204);
    },
    [`POST ${FUNCTIONS}/{FunctionName}/versions`]: (call) => {
      const { record } = calledFunction(store, call);
      const { RevisionId, CodeSha256, Description } = call.body<{
        RevisionId?: string;
        CodeSha256?: string;
        Description?: string;
      }>();
      checkRevision(record.latest.RevisionId, RevisionId);
      if (CodeSha256 !== undefined && CodeSha256 !== record.latest.CodeSha256)
        throw invalid(`CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST`);
      const published = publish(record, Description);
      store.save();
      return answer(201, configurationAnswer(published, published.Version));
    },
    [`GET ${FUNCTIONS}/{FunctionName}/versions`]: (call) => {
      const { record } = calledFunction(store, call);
      const all = [record.latest, ...record.versions];
      const [Versions, next] = page(
        call,
        all.map((each) => configurationAnswer(each, each.Version)),
      );
      return answer(200, { Versions, ...next });
    },
  };
}

async function createFunction(context: Context, call: Call): Promise<ReturnType<typeof answer>> {
  const input = call.body<OnTheWire<CreateFunctionCommandInput> & { Code?: OnTheWire<FunctionCode> }>();
  const { name } = parseFunction(input.FunctionName ?? "");
  if (name.length > MAX_NAME_CHARACTERS)
    throw invalid(`FunctionName must have at most ${MAX_NAME_CHARACTERS} characters, got ${name.length}`);
  if (context.store.state.functions[name] !== undefined) throw conflict(`Function already exist: ${name}`);
  const code = await uploadedPackage(context, input.Code ?? {});
  const record: FunctionRecord = {
    latest: newConfiguration(context.store, { ...input, FunctionName: name }, code),
    versions: [],
    lastVersion: 0,
    aliases: {},
    policies: {},
    policyRevision: randomUUID(),
    urls: {},
    eventInvoke: {},
    tags: input.Tags ?? {},
    recursiveLoop: "Terminate",
  };
  await context.checkRole(record.latest);
  const published = input.Publish ? publish(record) : undefined;
  context.store.state.functions[name] = record;
  context.store.save();
  return answer(201, configurationAnswer(published ?? record.latest, published?.Version));
}

/** The package that a request holds or names. */
export async function uploadedPackage(
  context: Context,
  code: {
    readonly ZipFile?: string;
    readonly S3Bucket?: string | undefined;
    readonly S3Key?: string | undefined;
    readonly S3ObjectVersion?: string | undefined;
    readonly ImageUri?: string | undefined;
  },
): Promise<{ sha256: string; sizeBytes: number }> {
  if (code.ImageUri) throw invalid("ImageUri must not be given: the local Lambda runs no images");
  if (code.ZipFile !== undefined) return context.code.add(Buffer.from(code.ZipFile, "base64"));
  if (code.S3Bucket === undefined || code.S3Key === undefined)
    throw invalid("Please provide a source for function code.");
  return context.code.add(await context.readObject(code.S3Bucket, code.S3Key, code.S3ObjectVersion));
}

/** Publishes `$LATEST`; one that has not changed since the last version is not published again. */
function publish(record: FunctionRecord, description?: string): Configuration {
  const last = record.versions.at(-1);
  if (last !== undefined && sameSettings(last, record.latest)) return last;
  record.lastVersion += 1;
  const published = touched({
    ...record.latest,
    Version: String(record.lastVersion),
    Description: description ?? record.latest.Description,
  });
  record.versions.push(published);
  return published;
}

function sameSettings(a: Configuration, b: Configuration): boolean {
  const settings = (each: Configuration): string =>
    JSON.stringify({ ...each, Version: "", LastModified: "", RevisionId: "", Description: "" });
  return settings(a) === settings(b);
}

function version(
  context: Context,
  call: Call,
): { record: FunctionRecord; configuration: Configuration; qualifier?: string } {
  const { name, qualifier } = parseFunction(label(call, "FunctionName"), call.query.get("Qualifier"));
  const record = context.store.state.functions[name];
  const configuration = record && findVersion(record, qualifier);
  if (record === undefined || configuration === undefined)
    throw notFound(`Function not found: ${functionArn(name, qualifier)}`);
  return { record, configuration, ...(qualifier === undefined ? {} : { qualifier }) };
}
