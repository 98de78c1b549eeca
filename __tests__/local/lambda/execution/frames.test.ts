import { encodeFrame, FRAME, frameReader } from "../../../../local/lambda/execution/runtime/frames.cjs";

test("frames come out as they went in, however the bytes are cut", () => {
  const frames: [number, string, string][] = [
    [FRAME.INVOKE, '{"a":1}', "é".repeat(1_000)],
    [FRAME.READY, "", ""],
    [FRAME.RESULT, "12", "null"],
  ];
  const bytes = Buffer.concat(frames.map(([type, head, body]) => encodeFrame(type, head, body)));
  for (const size of [1, 7, 512, bytes.length]) {
    const seen: [number, string, string][] = [];
    const read = frameReader((type, head, body) => seen.push([type, head, body.toString("utf8")]));
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
    expect(seen).toEqual(frames);
  }
});
