// A module of its own: import() of the whole package would fetch all that it exports.
export { createOneEuroFilter } from "@bunraku/motion";
