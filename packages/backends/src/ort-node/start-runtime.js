// Plain JavaScript, because a worker thread loads it as it is, without a build step.
import { createHost } from "../ort/host.js";
import { probeModel } from "../ort/probe-model.js";

/**
 * What onnxruntime-node told about itself when it started.
 *
 * @typedef {object} RuntimeInfo
 * @property {string} version
 * @property {readonly string[] | undefined} known Providers of this build, if the runtime tells.
 * @property {readonly { readonly provider: string, readonly problem?: string }[]} tried Those that were asked for, in order.
 */

/**
 * Imports the runtime on this thread and tries each provider alone: onnxruntime falls back only from node to node, and a
 * provider without its library or device would fail at the first load.
 *
 * @param {{ module: string, providers: readonly string[] }} settings
 */
export async function startRuntime({ module, providers }) {
  const imported = await import(/* @vite-ignore */ module);
  const ort = imported.default ?? imported;
  const known = ort.listSupportedBackends?.().map((/** @type {{ name: string }} */ { name }) => name);
  const tried = [];
  for (const provider of providers) {
    // The processor needs no proof, and what the build does not have is for the caller to refuse.
    if (provider === "cpu" || (known && !known.includes(provider))) tried.push({ provider });
    else tried.push({ provider, ...(await tryProvider(ort, provider)) });
  }
  /** @type {RuntimeInfo} */
  const info = { version: String(ort.env?.versions?.node ?? "of unknown version"), known, tried };
  return { host: createHost(ort), info };
}

/**
 * @param {typeof import("onnxruntime-node")} ort
 * @param {string} provider
 * @returns {Promise<{ problem?: string }>}
 */
async function tryProvider(ort, provider) {
  try {
    const session = await ort.InferenceSession.create(probeModel, {
      executionProviders: [provider],
      logSeverityLevel: 4, // what goes wrong is in the error
    });
    await session.release();
    return {};
  } catch (error) {
    return { problem: /** @type {Error} */ (error).message };
  }
}
