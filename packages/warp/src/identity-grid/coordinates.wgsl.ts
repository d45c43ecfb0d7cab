import type { Size } from "../resize/resize-bilinear.ts";

/** `coordinateOf` of both axes as WGSL: `fn coordinateOf(position: u32) -> vec2f`, position = row · width + column. */
export function coordinatesWgsl({ height, width }: Size): string {
  const along = (index: string, size: number) => (size === 1 ? "0.0" : `2.0 * (f32(${index}) / ${size - 1}.0) - 1.0`);
  return /* wgsl */ `
fn coordinateOf(position: u32) -> vec2f {
  return vec2f(${along(`position % ${width}u`, width)}, ${along(`position / ${width}u`, height)});
}`;
}
