/**
 * The wire between the service and an execution environment. Plain CommonJS, because an environment starts
 * without a compiler; types and documentation are in frames.d.cts.
 */
const FRAME = { INVOKE: 1, READY: 2, INIT_ERROR: 3, RESULT: 4, ERROR: 5, FATAL: 6, LOG: 7, CREDENTIALS: 8 };

function encodeFrame(type, head, body) {
  const headBytes = Buffer.byteLength(head);
  const bodyBytes = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  const frame = Buffer.allocUnsafe(9 + headBytes + bodyBytes);
  frame.writeUInt32LE(5 + headBytes + bodyBytes, 0);
  frame[4] = type;
  frame.writeUInt32LE(headBytes, 5);
  frame.write(head, 9);
  if (typeof body === "string") frame.write(body, 9 + headBytes);
  else body.copy(frame, 9 + headBytes);
  return frame;
}

function frameReader(handle) {
  let chunks = [];
  let held = 0;
  let needed = 4;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.length;
    if (held < needed) return; // joins what is held only once a frame is whole: large events come in many chunks
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    while (bytes.length >= 4) {
      const length = bytes.readUInt32LE(0);
      if (bytes.length < 4 + length) break;
      const headBytes = bytes.readUInt32LE(5);
      handle(bytes[4], bytes.toString("utf8", 9, 9 + headBytes), bytes.subarray(9 + headBytes, 4 + length));
      bytes = bytes.subarray(4 + length);
    }
    chunks = bytes.length === 0 ? [] : [bytes];
    held = bytes.length;
    needed = held >= 4 ? 4 + bytes.readUInt32LE(0) : 4;
  };
}

module.exports = { FRAME, encodeFrame, frameReader };
