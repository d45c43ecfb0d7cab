import { type Backend, BunrakuError } from "@bunraku/backends";

/** What `--backend` may name. */
export const backendNames = ["auto", "ort-node", "ort-web", "webgpu", "reference"] as const;
export type BackendName = (typeof backendNames)[number];

export interface BackendChoice {
  /** @default "ort-node", which starts at once; `auto` looks for a GPU first */
  readonly backend?: BackendName;
  readonly threads?: number;
  /** Milliseconds after which `auto` gives a candidate up. */
  readonly limit?: number;
}

/**
 * Makes the backend that a command was asked to use.
 *
 * @returns The backend, owned by the caller.
 * @throws `BACKEND_MISSING`, `BACKEND_UNAVAILABLE`; `OPTION` when threads are asked of one that has none; `signal.reason`
 */
export async function createBackend(
  { backend = "ort-node", threads, limit }: BackendChoice,
  signal: AbortSignal,
): Promise<Backend> {
  const ofThreads = threads === undefined ? {} : { threads };
  switch (backend) {
    case "ort-node":
      return (await import("@bunraku/backends/ort-node")).ortNode(ofThreads);
    case "ort-web":
      return (await import("@bunraku/backends/ort-web")).ortWeb(ofThreads);
    case "webgpu": {
      expectNoThreads(backend, threads);
      const { webgpu } = await import("@bunraku/animate/webgpu");
      return webgpu({ signal });
    }
    case "reference": {
      expectNoThreads(backend, threads);
      const { reference } = await import("@bunraku/backends/reference");
      return reference({ operators: [(await import("@bunraku/warp/reference")).gridSampleOperator] });
    }
    case "auto": {
      const { auto } = await import("@bunraku/backends/auto");
      const { kernels } = await import("@bunraku/animate/webgpu");
      const { gridSampleOperator } = await import("@bunraku/warp/reference");
      return auto({
        kernels,
        operators: [gridSampleOperator],
        ortNode: ofThreads,
        ortWeb: ofThreads,
        signal,
        ...(limit !== undefined && { limit }),
      });
    }
  }
}

function expectNoThreads(backend: BackendName, threads: number | undefined): void {
  if (threads === undefined) return;
  throw new BunrakuError("OPTION", `--threads is for ort-node and ort-web; ${backend} has none. Leave it out.`);
}
