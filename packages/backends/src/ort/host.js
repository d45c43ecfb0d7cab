// Plain JavaScript, because a worker thread of Node loads it as it is, without a build step.

/** @typedef {import("./messages.ts").SessionInfo} SessionInfo */
/** @typedef {import("./messages.ts").WireTensor} WireTensor */

/**
 * Holds the onnxruntime sessions of one backend and runs them: on a worker thread or on the caller's, in Node or in a
 * browser.
 *
 * @param {import("./messages.ts").Ort} ort
 */
export function createHost(ort) {
  /** @type {Map<number, import("onnxruntime-common").InferenceSession>} */
  const sessions = new Map();
  let next = 1;

  return {
    /**
     * @param {Uint8Array} model
     * @param {import("onnxruntime-common").InferenceSession.SessionOptions} options
     * @returns {Promise<SessionInfo>}
     */
    async load(model, options) {
      const session = await ort.InferenceSession.create(model, options);
      const key = next++;
      sessions.set(key, session);
      return { key, inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) };
    },

    /**
     * @param {number} key
     * @param {readonly WireTensor[]} feeds
     * @param {readonly string[]} outputs
     * @returns {Promise<WireTensor[]>}
     */
    async run(key, feeds, outputs) {
      const session = sessions.get(key);
      if (!session) throw new Error(`session ${key} is gone`);
      const inputs = Object.fromEntries(
        feeds.map(({ name, type, data, dims }) => [name, new ort.Tensor(type, /** @type {any} */ (data), dims)]),
      );
      const results = await session.run(inputs, [...outputs]);
      return outputs.map((name) => {
        const { type, dims, data } = /** @type {any} */ (results[name]);
        return { name, type, dims: [...dims], data };
      });
    },

    /** @param {number} key */
    async unload(key) {
      const session = sessions.get(key);
      sessions.delete(key);
      await session?.release();
    },
  };
}

/** @param {import("onnxruntime-common").InferenceSession["inputMetadata"]} metadata */
function describe(metadata) {
  return metadata.map((value) => {
    if (!value.isTensor) throw new Error(`"${value.name}" is not a tensor`);
    return { name: value.name, type: value.type, dims: [...value.shape] };
  });
}
