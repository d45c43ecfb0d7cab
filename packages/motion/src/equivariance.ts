export { jacobianEquivariance, pointEquivariance } from "./random-thin-plate/equivariance.ts";
export {
  randomThinPlate,
  type ThinPlateTransform,
  transformImage,
  transformJacobians,
  transformPoints,
} from "./random-thin-plate/thin-plate-transform.ts";
