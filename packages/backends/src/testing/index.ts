export { compareTensors, type TensorComparison } from "./compare-tensors.ts";
export { type MockBackend, type MockOptions, type MockRun, mockBackend } from "./mock-backend.ts";
export { noise } from "./noise.ts";
export { runPiece } from "./run-piece.ts";
export { type TestBackendOptions, testBackend } from "./test-backend.ts";
export { type TestKernelOptions, testKernel } from "./test-kernel.ts";
