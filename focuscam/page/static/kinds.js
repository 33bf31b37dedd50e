/* The shapes of what the server says, for the other files and for tsc. */

/**
 * @typedef {[number, number, number, number]} Box x, y, width and height in fractions of the frame
 * @typedef {{ seconds: number, longest: number, reached: number }} Hello
 *
 * @typedef {object} Reading
 * @property {string | null} light
 * @property {number | null} score 0 to 1
 * @property {number | null} best
 * @property {number} threshold
 * @property {number | null} blur_px
 * @property {string} blur
 * @property {Box} region
 * @property {string | null} region_name
 * @property {number} zoom times, of the camera
 * @property {boolean} locked
 * @property {number | null} fps
 * @property {string} words what the hand should do
 * @property {number} lasts s after which it is of the past
 * @property {number | null} beeps a second
 * @property {number} tone Hz
 * @property {{ searching: boolean, continuous: boolean, said: string | null } | null} lens
 *
 * @typedef {object} State
 * @property {boolean} there whether the daemon is
 * @property {string | null} why it is not
 * @property {boolean} released
 * @property {Record<string, string | null>} can null, or why not
 * @property {string[]} stills names, the newest first
 * @property {number | null} delay from exposure to screen, s
 *
 * @typedef {{ box: Box, image: ImageBitmap }} Picture
 */

/**
 * An element of the page by its id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * A canvas with as many pixels as its place on the screen has; returns what draws on it in CSS px.
 * @param {HTMLCanvasElement} canvas
 */
export function brush(canvas) {
  const scale = Math.min(devicePixelRatio || 1, 3);
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const across = Math.max(1, Math.round(width * scale)), down = Math.max(1, Math.round(height * scale));
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const draw = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  draw.setTransform(scale, 0, 0, scale, 0, 0);
  return { draw, width, height, scale };
}
