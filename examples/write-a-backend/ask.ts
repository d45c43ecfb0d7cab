import { BunrakuError } from "@bunraku/backends";
import type { Answer, Calls } from "./messages.ts";

/** Asks the other end of a port; answers may come in any order. */
export type Ask = <Call extends keyof Calls>(
  call: Call,
  args: Calls[Call]["args"],
  buffers?: ArrayBuffer[],
) => Promise<Calls[Call]["answer"]>;

/** Questions go out with a number, and answers come back with it. What waits when the port closes, fails. */
export function asking(port: MessagePort): Ask {
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: BunrakuError) => void }>();
  const lost = new BunrakuError("BACKEND_UNAVAILABLE", "remote: the other end is gone. Connect again.");
  let closed = false;
  let next = 1;
  port.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const { resolve, reject } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if ("error" in data) reject(new BunrakuError(data.error.code, data.error.message));
    else resolve(data.answer as never);
  });
  port.addEventListener("close", () => {
    closed = true;
    for (const { reject } of waiting.values()) reject(lost);
  });
  port.start();
  return (call, args, buffers = []) =>
    new Promise((resolve, reject) => {
      if (closed) throw lost;
      waiting.set(next, { resolve, reject });
      port.postMessage({ id: next++, call, ...args }, buffers);
    });
}
