/** What a frame between the service and an execution environment says. */
export declare const FRAME: {
  /** Service → environment: an invocation; head is {@link InvocationHead}, body the event as JSON. */
  readonly INVOKE: 1;
  /** Environment → service: the handler is loaded. */
  readonly READY: 2;
  /** Environment → service: loading failed; body is the error as Lambda reports it. The process ends. */
  readonly INIT_ERROR: 3;
  /** Environment → service: the handler's result as JSON. */
  readonly RESULT: 4;
  /** Environment → service: the handler threw; body is the error as Lambda reports it. */
  readonly ERROR: 5;
  /** Environment → service: an error that nothing caught; as ERROR, and the process ends. */
  readonly FATAL: 6;
  /** Environment → service: something the code printed. */
  readonly LOG: 7;
  /** Service → environment, before anything else: body is the variables of the role's credentials as JSON. */
  readonly CREDENTIALS: 8;
};

/** Called for each whole frame; `body` is only valid during the call unless it is copied. */
export type FrameHandler = (type: number, head: string, body: Buffer) => void;

/** A frame as bytes: u32 length of the rest, u8 type, u32 length of the head, head, body. */
export declare function encodeFrame(type: number, head: string, body: string | Buffer): Buffer;

/** A function that takes the bytes of a stream as they come and calls back for each whole frame. */
export declare function frameReader(handle: FrameHandler): (chunk: Buffer) => void;
