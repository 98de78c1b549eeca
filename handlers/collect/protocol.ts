import type { StoredFailure } from "../event/event";
import type { FailureReason } from "../event/failure";
import type { DecodedEvent } from "../event/stored/item";
import type { Source } from "./env";
import type { BodyProblem, ReadBody } from "./request/body";
import type { VisitorId } from "./request/cookie";
import type { VisitorColumns } from "./request/visitor";

/** A request as it came in. Names of headers are lower case. */
export interface CollectRequest {
  readonly method: string;
  readonly path: string;
  /** Without its question mark. @default empty */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `name=value` each, where they do not stand in the header. */
  readonly cookies?: readonly string[];
  readonly body: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly sourceIp: string | undefined;
  readonly receivedAt: Date;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Values of `Set-Cookie`. @default none */
  readonly cookies?: readonly string[];
  /**
   * JSON, `{"success":true}` or `{"error":"<code>","message":"<sentence>"}`; or bytes, whose type a header names.
   */
  readonly body?: Readonly<Record<string, unknown>> | Uint8Array;
}

/** What is taken of a request and of an event. */
export interface Limits {
  readonly eventBytes: number;
  readonly bodyBytes: number;
}

/** What all events of a request are read with. */
export interface Frame {
  readonly request: CollectRequest;
  readonly source: Source;
  readonly receivedAt: Date;
  readonly visitor: VisitorColumns;
  /** @default the events alone tell who the visitor is */
  readonly visitorId?: VisitorId | undefined;
  readonly limits: Limits;
  readonly body: ReadBody;
  /**
   * Whether numbers that a double has no room for are kept as text. It takes a slower reading, which few bodies
   * need: see `Outcome`.
   */
  readonly exactNumbers: boolean;
}

/** Why a message is no event. */
export interface Problem {
  readonly reason: FailureReason;
  readonly detail?: string;
  /** What the sender could not read itself and hands over. @default the message */
  readonly payload?: string;
}

/** What came of a body: each of its messages is an event, a failure, or a duplicate. */
export interface Outcome {
  readonly events: readonly DecodedEvent[];
  readonly failures: readonly StoredFailure[];
  /** Events left out because an earlier one of the request has the same id. */
  readonly duplicates: number;
  /** Whether a number was met that a double has no room for: the body is to be read again, with `exactNumbers`. */
  readonly overflows: boolean;
}

/** What a body must be, where it is not. */
export interface NotTaken {
  readonly expected: string;
}

/** One address of a protocol: how what is sent there becomes canonical events, and how that is answered. */
export interface Endpoint {
  /** As it stands in the events' `protocol`. */
  readonly protocol: string;
  readonly method: "GET" | "POST";
  /** The largest body that the protocol's clients send, where that is more than the collector's limit. */
  readonly leastBodyBytes?: number;
  /** Reads the body. @default JSON, gzipped or not */
  read?(request: CollectRequest): ReadBody | BodyProblem;
  /** The write key, where a header or the address names it. */
  keyOf(request: CollectRequest): string | undefined;
  /** The write key, where the body names it. */
  keyIn?(json: ReadBody["json"], knows: (key: string) => boolean): string | undefined;
  decode(frame: Frame): Outcome | NotTaken;
  /** The answer, once everything is stored. @param batches where: the ids of the stored items. */
  answer(outcome: Outcome, batches: () => string[]): Answer;
  /** The answer to a body that cannot be read, once it is kept: it ends the client's trying. */
  answerUnreadable(reason: FailureReason, message: string): Answer;
}
