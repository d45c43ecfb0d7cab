import type { InferenceSession } from "onnxruntime-common";
import { BunrakuError, type ErrorCode } from "../contract/error.ts";
import type { Host, Reply, Request, SessionInfo, WireError, WireTensor } from "./messages.ts";

type Waiting = { resolve: (result: unknown) => void; reject: (error: unknown) => void };
// Omit would merge the union's members; this keeps them apart.
type Message = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

/** What a thread must offer: a way to it, and an end. Which kind of worker it is, is its own affair. */
export interface Thread {
  post(request: Request, transfer: ArrayBuffer[]): void;
  /** Told when calls begin to wait, and when none waits any more. */
  busy?(waiting: boolean): void;
  terminate(): Promise<void> | void;
}

/** A host on another thread: calls go out as messages, and replies come back in any order. */
export class RemoteHost implements Host {
  #name: string;
  #thread: Thread;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #ended: BunrakuError | undefined;

  constructor(name: string, thread: Thread) {
    this.#name = name;
    this.#thread = thread;
  }

  /** Loads the runtime over there. @returns What it tells about itself. @throws What goes wrong, as it came. */
  async start<Info>(settings: unknown): Promise<Info> {
    return (await this.#call({ type: "start", settings })) as Info;
  }

  async load(model: Uint8Array, options: InferenceSession.SessionOptions, givenAway = false): Promise<SessionInfo> {
    // What moves to the other thread is gone here, and so would be whatever else lies in the same buffer.
    const movable = givenAway && model.buffer instanceof ArrayBuffer && model.length === model.buffer.byteLength;
    const moved = movable ? (model as Uint8Array<ArrayBuffer>) : model.slice();
    return (await this.#call({ type: "load", model: moved, options }, [moved.buffer])) as SessionInfo;
  }

  async run(key: number, feeds: WireTensor[], outputs: string[]): Promise<WireTensor[]> {
    // Copied here, because a message would copy the whole buffer behind a view.
    const copies = feeds.map((feed) => ({ ...feed, data: feed.data.slice() }));
    const transfer = copies.map(({ data }) => data.buffer as ArrayBuffer);
    return (await this.#call({ type: "run", key, feeds: copies, outputs }, transfer)) as WireTensor[];
  }

  async unload(key: number): Promise<void> {
    try {
      await this.#call({ type: "unload", key });
    } catch (error) {
      if (!this.#ended) throw error; // a thread that has ended holds no sessions
    }
  }

  async stop(): Promise<void> {
    this.end(new BunrakuError("DISPOSED", `${this.#name}: the backend was disposed.`));
    await this.#thread.terminate();
  }

  /** A reply has come. */
  settle(reply: Reply): void {
    const call = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#thread.busy?.(false);
    if (reply.error) call?.reject(revive(reply.error));
    else call?.resolve(reply.result);
  }

  /** The thread is gone: whatever waits, and whatever will be called, fails with `reason`. */
  end(reason: BunrakuError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }

  #call(message: Message, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#thread.busy?.(true);
      this.#thread.post({ id, ...message }, transfer);
    });
  }
}

function revive({ message, code, ours }: WireError): Error {
  if (ours) return new BunrakuError(code as ErrorCode, message);
  return Object.assign(new Error(message), { code });
}
