export type {
  Backend,
  LoadOptions,
  Progress,
  RunOptions,
  Session,
  ValueInfo,
  Values,
  Weights,
} from "./contract/backend.ts";
export { breathe } from "./contract/breathe.ts";
export { checkFeeds } from "./contract/check-feeds.ts";
export { BunrakuError, type ErrorCode, type Warning } from "./contract/error.ts";
export { expectShape } from "./contract/expect-shape.ts";
export type { BackendReport, Candidate, Check, DeviceDescription, Form } from "./contract/report.ts";
export { SerialQueue } from "./contract/serial-queue.ts";
export {
  type DataOf,
  type DType,
  type GlobalType,
  type Shape,
  sizeOf,
  type Tensor,
  tensor,
  zeros,
} from "./contract/tensor.ts";
