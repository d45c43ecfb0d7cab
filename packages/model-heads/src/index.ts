/**
 * The folder of bunraku's default model: a small first-order motion model of talking heads, trained on CC0 material.
 *
 * MODEL_CARD.md says what it can do and what it cannot. Bundlers copy the files when they see this URL pattern.
 *
 * @example await loadModel(backend, heads)
 */
export const heads: URL = new URL("../files/", import.meta.url);
