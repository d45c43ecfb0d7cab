// Plain JavaScript, because a worker thread of Node loads it as it is, without a build step.

/**
 * The smallest graph there is a use for, `y = -x` [1] at opset 17, as the bytes of its .onnx file. Loading it starts a
 * runtime, so that what is missing is noticed when a backend is made.
 *
 * Written out, so that connectors need no writer of graphs.
 */
export const probeModel = Uint8Array.from(
  atob(
    "CAgSB2J1bnJha3U6bgoSCgF4EgNuZWcaA25lZyIDTmVnChwKA25lZxIBeRoIb3V0cHV0X3kiCElkZW50aXR5EgVwcm9iZVoPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFqEQoDbmVnEgoKCAgBEgQKAggBQgQKABAR",
  ),
  (character) => character.charCodeAt(0),
);
