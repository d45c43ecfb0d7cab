export { type FommConfig, parseFommConfig } from "./models/fomm/fomm-config.ts";
