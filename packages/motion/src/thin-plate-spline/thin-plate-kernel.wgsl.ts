/** `thinPlateKernel` as WGSL: `fn thinPlateKernel(squared: f32) -> f32`. */
export const thinPlateKernelWgsl = /* wgsl */ `
fn thinPlateKernel(squared: f32) -> f32 {
  return squared * log(max(squared, 1e-30)); // the logarithm stays finite on a centre, where it is multiplied by 0
}`;
