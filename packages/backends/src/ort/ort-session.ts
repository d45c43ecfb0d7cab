import type { RunOptions, Session, ValueInfo, Values } from "../contract/backend.ts";
import { checkFeeds } from "../contract/check-feeds.ts";
import { BunrakuError } from "../contract/error.ts";
import type { SerialQueue } from "../contract/serial-queue.ts";
import { type DType, type Tensor, tensor } from "../contract/tensor.ts";
import { describeFailure } from "./describe-failure.ts";
import type { Host, SessionInfo, WireTensor, WireValue } from "./messages.ts";

/** A session that lives in a host. */
export class OrtSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  onDispose: (() => void) | undefined;
  #name: string;
  #host: Host;
  #queue: SerialQueue;
  #key: number;
  #disposed: Promise<void> | undefined;

  /** @throws `UNSUPPORTED` when an input or output does not fit the contract. */
  constructor(name: string, host: Host, queue: SerialQueue, { key, inputs, outputs }: SessionInfo) {
    this.#name = name;
    this.#host = host;
    this.#queue = queue;
    this.#key = key;
    this.inputs = inputs.map((value) => describe(name, value));
    this.outputs = outputs.map((value) => describe(name, value));
  }

  async run(feeds: Values, { signal, outputs }: RunOptions = {}): Promise<Values> {
    if (this.#disposed) {
      throw new BunrakuError("DISPOSED", `${this.#name}: a session was run after it was disposed.`);
    }
    checkFeeds(this, feeds, outputs);
    const names = outputs ? [...outputs] : this.outputs.map((output) => output.name);
    return this.#queue.add(async () => {
      // Read in turn, not before: a feed that lives on a device takes its time, and must not lose its place.
      const wire = await Promise.all(Object.entries(feeds).map(toWire));
      let results: WireTensor[];
      try {
        results = await this.#host.run(this.#key, wire, names);
      } catch (cause) {
        throw describeFailure(`${this.#name}: the run failed`, cause);
      }
      return Object.fromEntries(
        results.map(({ name, type, data, dims }) => [name, tensor(type, data, dims) as Tensor]),
      );
    }, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#queue.add(async () => {
      this.onDispose?.();
      await this.#host.unload(this.#key);
    });
    await this.#disposed;
  }
}

async function toWire([name, feed]: [string, Tensor]): Promise<WireTensor> {
  return { name, type: feed.type, dims: [...feed.dims], data: await feed.read() };
}

const known: readonly string[] = ["float32", "uint8", "int32", "int64", "bool"] satisfies DType[];

function describe(backend: string, { name, type, dims }: WireValue): ValueInfo {
  const dynamic = dims.some((dim) => typeof dim !== "number" || dim < 0);
  if (!known.includes(type) || dynamic) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${backend}: "${name}" is ${type} [${dims.join(", ")}]; graphs need static dims and one of ${known.join(", ")}.`,
    );
  }
  return { name, type: type as DType, dims: dims as number[] };
}
