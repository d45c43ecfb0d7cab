import type { ConvSite } from "./conv-site.ts";
import type { SiteWriter } from "./site-writer.ts";

/** Another way to write a convolution: the same output, up to rounding. */
export interface ConvForm {
  /** Whether it can stand for this convolution. */
  fits(site: ConvSite): boolean;
  /** Multiplications of one run, transforms included. */
  products(site: ConvSite): number;
  /** Writes its nodes; the last one gives the site's output. */
  write(site: ConvSite, writer: SiteWriter): void;
}

/** Multiplications of a convolution as it stands. */
export function plainProducts({ batch, channels: [inputs, outputs], kernel, outputSize }: ConvSite): number {
  return batch * inputs * outputs * kernel[0] * kernel[1] * outputSize[0] * outputSize[1];
}
