import {
  type BackendReport,
  type DataOf,
  type DType,
  type ErrorCode,
  type Session,
  tensor,
  type Values,
  type Warning,
} from "@bunraku/backends";

/** Tensors on their way, by name: elements with their type and dims. */
export type Packed = Readonly<Record<string, { type: DType; dims: readonly number[]; data: DataOf[DType] }>>;

/** What one end asks, and what the other answers. */
export interface Calls {
  describe: { args: object; answer: { name: string; warnings: readonly Warning[]; report?: BackendReport } };
  load: { args: { model: Uint8Array }; answer: { key: number } & Pick<Session, "inputs" | "outputs"> };
  run: { args: { key: number; feeds: Packed; outputs: readonly string[] }; answer: Packed };
  unload: { args: { key: number }; answer: undefined };
}

export type Question = { id: number } & { [Call in keyof Calls]: { call: Call } & Calls[Call]["args"] }[keyof Calls];

/** Errors go as words: a message does not keep the class of what it carries. */
export type Answer = { id: number; answer: unknown } | { id: number; error: { code: ErrorCode; message: string } };

/** Elements from wherever they are, as copies: the originals are borrowed, and a message may take copies along. */
export async function pack(values: Values): Promise<{ packed: Packed; buffers: ArrayBuffer[] }> {
  const entries = Object.entries(values).map(async ([name, value]) => {
    return [name, { type: value.type, dims: [...value.dims], data: (await value.read()).slice() }] as const;
  });
  const packed = Object.fromEntries(await Promise.all(entries));
  return { packed, buffers: Object.values(packed).map(({ data }) => data.buffer as ArrayBuffer) };
}

export function unpack(packed: Packed): Values {
  return Object.fromEntries(
    Object.entries(packed).map(([name, { type, dims, data }]) => [name, tensor(type, data, dims)]),
  );
}
