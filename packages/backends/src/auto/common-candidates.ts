import type { AutoCandidate } from "./candidate.ts";

// By the package's own name: bundled into a file of auto's, a backend would look for its worker beside that. The types are
// the sources': when the package is built for the first time, it has none under its name yet.

/** A GPU through onnxruntime-web, with kernels of ours; `onnxruntime-web` (in Node `webgpu`, too) is an optional peer. */
export const webgpuCandidate: AutoCandidate = {
  name: "webgpu",
  proves: true,
  async create({ kernels, precision, software, signal, onProgress, webgpu: more }) {
    const { webgpu } = (await import("@bunraku/backends/webgpu")) as unknown as typeof import("../webgpu/index.ts");
    return webgpu({
      ...(kernels && { kernels }),
      ...(precision && { precision }),
      ...(software !== undefined && { software }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...more,
    });
  },
};

/** WebAssembly, on as many threads as the page allows; `onnxruntime-web` is an optional peer. */
export const ortWebCandidate: AutoCandidate = {
  name: "ort-web",
  async create({ ortWeb: options }) {
    const { ortWeb } = (await import("@bunraku/backends/ort-web")) as unknown as typeof import("../ort-web/index.ts");
    return ortWeb(options);
  },
};

/** Plain TypeScript: right, slow, and there always. */
export const referenceCandidate: AutoCandidate = {
  name: "reference",
  unavailable: ({ operators }) =>
    operators ? undefined : "It is asked for by its operators: operators: [gridSampleOperator]",
  async create({ operators }) {
    const { reference } = (await import(
      "@bunraku/backends/reference"
    )) as unknown as typeof import("../reference/index.ts");
    return reference(operators ? { operators } : {});
  },
};
