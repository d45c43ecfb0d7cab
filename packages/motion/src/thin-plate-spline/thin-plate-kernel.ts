/**
 * The thin plate's radial function U = r² log r², and 0 on its centre.
 *
 * @param squared r², squared distance from the centre
 * @see Bookstein 1989, "Principal Warps", equation 1
 */
export function thinPlateKernel(squared: number): number {
  return squared > 0 ? squared * Math.log(squared) : 0;
}
