export { type OrtWebOptions, ortWeb } from "./ort-web.ts";
