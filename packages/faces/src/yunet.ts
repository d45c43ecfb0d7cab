/**
 * The weights of the face detector, YuNet: 313 kB of ONNX, Apache-2.0 (files/LICENCE.txt travels with them).
 *
 * Bundlers copy the file when they see this URL pattern.
 *
 * @example await createFaceDetector(backend, await readFile(yunet))
 */
export const yunet: URL = new URL("../files/yunet.onnx", import.meta.url);
