import type { Operator } from "../operator.ts";
import { binaryOperators } from "./binary.ts";
import { chooseOperators } from "./choose.ts";
import { conv } from "./conv.ts";
import { convertOperators } from "./convert.ts";
import { joinOperators } from "./join.ts";
import { gemm, matMulOperator } from "./matmul.ts";
import { batchNormalizationOperator, instanceNormalizationOperator } from "./normalization.ts";
import { averagePool, maxPool } from "./pool.ts";
import { rearrangeOperators } from "./rearrange.ts";
import { reduceOperators } from "./reduce.ts";
import { repeatOperators } from "./repeat.ts";
import { resizeOperator } from "./resize-operator.ts";
import { selectOperators } from "./select.ts";
import { unaryOperators } from "./unary.ts";

/** The generic operators. What belongs to a domain (GridSample) is handed in. */
export const operators: readonly Operator[] = [
  conv,
  gemm,
  matMulOperator,
  averagePool,
  maxPool,
  resizeOperator,
  batchNormalizationOperator,
  instanceNormalizationOperator,
  ...unaryOperators,
  ...binaryOperators,
  ...chooseOperators,
  ...reduceOperators,
  ...rearrangeOperators,
  ...joinOperators,
  ...selectOperators,
  ...repeatOperators,
  ...convertOperators,
];
