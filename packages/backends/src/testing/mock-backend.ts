import type { Backend, LoadOptions, RunOptions, Session, ValueInfo, Values } from "../contract/backend.ts";
import { checkFeeds } from "../contract/check-feeds.ts";
import { BunrakuError, type Warning } from "../contract/error.ts";
import { SerialQueue } from "../contract/serial-queue.ts";
import { type DataOf, type DType, sizeOf, type Tensor, tensor } from "../contract/tensor.ts";
import { decodeModel } from "../onnx/decode-model.ts";

/** One run of a mock session. */
export interface MockRun {
  readonly session: Session;
  readonly feeds: Values;
  /** Names of the outputs that were asked for. */
  readonly outputs: readonly string[];
}

export interface MockOptions {
  /** @default "mock" */
  readonly name?: string;
  /** Computes all outputs of a run. @default zeros of the dims that the graph declares */
  readonly answer?: (feeds: Values, session: Session) => Values | Promise<Values>;
  /** How long a run takes, in milliseconds. @default 0 */
  readonly delay?: number;
  /** @default none */
  readonly warnings?: readonly Warning[];
}

/** A backend that computes nothing and remembers what was asked of it. */
export interface MockBackend extends Backend {
  /** The runs so far, in order. */
  readonly runs: readonly MockRun[];
  /** Sessions and output tensors that nobody has disposed yet: 0 at the end of a program that leaks nothing. */
  readonly live: number;
}

/**
 * A stand-in for a backend, for the tests of applications: no runtime, no arithmetic, the real contract.
 *
 * Models are read (damaged ones are refused with `MODEL`), feeds are checked, runs queue, aborts and disposal work as
 * everywhere; only the numbers are made up.
 *
 * @example
 * const backend = mockBackend({ answer: () => ({ heat: zeros([1, 10, 58, 58]) }) });
 * // … run the application …
 * expect(backend.live).toBe(0);
 */
export function mockBackend(options: MockOptions = {}): MockBackend {
  return new Mock(options);
}

class Mock implements MockBackend {
  readonly contract = 1;
  readonly name: string;
  readonly warnings: readonly Warning[];
  readonly runs: MockRun[] = [];
  readonly options: MockOptions;
  readonly queue = new SerialQueue();
  readonly sessions = new Set<MockSession>();
  tensors = 0;
  #disposed = false;

  constructor(options: MockOptions) {
    this.options = options;
    this.name = options.name ?? "mock";
    this.warnings = options.warnings ?? [];
  }

  get live(): number {
    return this.sessions.size + this.tensors;
  }

  async load(model: Uint8Array, { signal, onProgress }: LoadOptions = {}): Promise<Session> {
    if (this.#disposed) throw new BunrakuError("DISPOSED", `${this.name}: the backend was used after it was disposed.`);
    signal?.throwIfAborted();
    const { inputs, outputs } = decodeModel(model);
    onProgress?.({ phase: "compile", loaded: 1, total: 1 });
    const session = new MockSession(this, inputs, outputs);
    this.sessions.add(session);
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.sessions].map((session) => session[Symbol.asyncDispose]()));
  }
}

class MockSession implements Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  #mock: Mock;

  constructor(mock: Mock, inputs: readonly ValueInfo[], outputs: readonly ValueInfo[]) {
    this.#mock = mock;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  async run(feeds: Values, { signal, outputs }: RunOptions = {}): Promise<Values> {
    this.#checkAlive();
    checkFeeds(this, feeds, outputs);
    const { answer, delay = 0 } = this.#mock.options;
    return this.#mock.queue.add(async () => {
      this.#checkAlive();
      const wanted = this.outputs.filter(({ name }) => outputs?.includes(name) ?? true);
      this.#mock.runs.push({ session: this, feeds, outputs: wanted.map(({ name }) => name) });
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      const answers = await answer?.(feeds, this);
      return Object.fromEntries(wanted.map((output) => [output.name, this.#answered(output, answers)]));
    }, signal);
  }

  /** A copy of the answer that counts as live until it is disposed. */
  #answered({ name, type, dims }: ValueInfo, answers: Values | undefined): Tensor {
    const given = answers?.[name];
    if (answers && (given?.type !== type || given.dims.join() !== dims.join())) {
      const got = given ? `${given.type} [${given.dims.join(", ")}]` : "nothing";
      throw new BunrakuError(
        "SHAPE",
        `${this.#mock.name}: the answer for "${name}" must be ${type} [${dims.join(", ")}], got ${got}.`,
      );
    }
    return counted(this.#mock, tensor(type, given ? given.data.slice() : zeroElements(type, sizeOf(dims)), dims));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#mock.sessions.delete(this)) await this.#mock.queue.idle();
  }

  #checkAlive(): void {
    if (this.#mock.sessions.has(this)) return;
    throw new BunrakuError("DISPOSED", `${this.#mock.name}: the session was used after it was disposed.`);
  }
}

function counted(mock: Mock, value: Tensor): Tensor {
  const release = value[Symbol.dispose].bind(value);
  let alive = true;
  mock.tensors++;
  return Object.assign(value, {
    [Symbol.dispose]: () => {
      if (alive) mock.tensors--;
      alive = false;
      release();
    },
  });
}

function zeroElements(type: DType, size: number): DataOf[DType] {
  if (type === "float32") return new Float32Array(size);
  if (type === "int32") return new Int32Array(size);
  return type === "int64" ? new BigInt64Array(size) : new Uint8Array(size);
}
