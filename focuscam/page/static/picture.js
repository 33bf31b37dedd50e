/* The picture: what the camera sees, the region that the light looks at, what is in focus; and what fingers do to it. */

import { brush } from "./kinds.js";

const SPOT = 0.25; // the side of a region that is touched for the first time
const MOST = 8; // times
const STILL_PX = 10;
const LONG_MS = 600;

/** @typedef {import("./kinds.js").Box} Box */

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.min(Math.max(value, low), high);

export class PictureView {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(region: Box) => void} moved the region is wanted there
   * @param {(x: number, y: number) => void} pressed for long, at this place of the frame
   * @param {() => void} changed what is to be seen is another part, or has another size
   */
  constructor(canvas, moved, pressed, changed) {
    this.canvas = canvas;
    this.moved = moved;
    this.pressed = pressed;
    this.changed = changed;
    /** @type {import("./kinds.js").Picture | null} */
    this.picture = null;
    /** @type {(number | null)[][] | null} */
    this.map = null;
    /** @type {Box} */
    this.region = [0.375, 0.375, SPOT, SPOT];
    this.whole = false; // the light looks at all of it, or finds its place by itself
    this.threshold = 0.5;
    this.lit = false;
    this.tint = true;
    /** @type {Box} */
    this.seen = [0, 0, 1, 1];
    this.wished = 0;
    /** @type {Map<number, { x: number, y: number, startX: number, startY: number }>} */
    this.fingers = new Map();
    this.timer = 0;
    this.tapping = false;
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", (event) => this.up(event, true));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => { this.draw(); this.changed(); }).observe(canvas);
  }

  get times() {
    return 1 / this.seen[2];
  }

  /** px that a picture of what is seen would fill */
  get pixels() {
    return Math.round(this.canvas.clientWidth * Math.min(devicePixelRatio || 1, 3));
  }

  /**
   * Show a picture; resolves with the frame of the screen that has it.
   * @param {Box} box @param {Blob} jpeg
   */
  async show(box, jpeg) {
    const image = await createImageBitmap(jpeg).catch(() => null);
    if (image === null) return;
    this.picture?.image.close();
    this.picture = { box, image };
    const shape = (image.width / box[2]) / (image.height / box[3]);
    if (box[2] === 1 && box[3] === 1) this.canvas.parentElement?.style.setProperty("--shape", shape.toFixed(3));
    if (document.hidden) return;
    await new Promise((drawn) => requestAnimationFrame(() => { this.draw(); drawn(null); }));
  }

  /** @param {import("./kinds.js").Reading} reading */
  read(reading) {
    const lit = reading.light === "on";
    const whole = reading.region_name === "whole" || reading.region_name === "best";
    // What was just touched counts until the readings have heard of it.
    const region = performance.now() - this.wished < 700 ? this.region : reading.region;
    const changed = lit !== this.lit || whole !== this.whole || String(region) !== String(this.region);
    Object.assign(this, { lit, whole, region, threshold: reading.threshold });
    if (changed) this.draw();
  }

  /** There is nothing to be seen. */
  clear() {
    this.picture?.image.close();
    this.picture = this.map = null;
    this.lit = false;
    this.draw();
  }

  draw() {
    const { draw, width, height } = brush(this.canvas);
    const [left, top, across, down] = this.seen;
    /** @param {Box} box @returns {[number, number, number, number]} */
    const place = ([x, y, w, h]) => [
      ((x - left) / across) * width, ((y - top) / down) * height, (w / across) * width, (h / down) * height,
    ];
    draw.fillStyle = "#000";
    draw.fillRect(0, 0, width, height);
    if (this.picture) {
      draw.imageSmoothingEnabled = true;
      draw.imageSmoothingQuality = "high";
      draw.drawImage(this.picture.image, ...place(this.picture.box));
    }
    if (this.tint && this.map) {
      draw.fillStyle = "rgb(0 230 90 / 0.32)";
      const rows = this.map.length;
      this.map.forEach((cells, row) => cells.forEach((score, column) => {
        if (score === null || score < this.threshold) return;
        draw.fillRect(...place([column / cells.length, row / rows, 1 / cells.length, 1 / rows]));
      }));
    }
    const [x, y, w, h] = place(this.region);
    for (const [colour, thick] of /** @type {[string, number][]} */ ([["#000", 6], [this.lit ? "#00e676" : "#fff", 3]])) {
      draw.strokeStyle = colour;
      draw.lineWidth = thick;
      draw.strokeRect(x + 2, y + 2, Math.max(w - 4, 2), Math.max(h - 4, 2));
    }
  }

  /**
   * Magnify for the eye, and keep what is at this place of the frame where it is on the screen.
   * @param {number} times @param {number} [x] @param {number} [y]
   */
  magnify(times, x = this.region[0] + this.region[2] / 2, y = this.region[1] + this.region[3] / 2) {
    const side = 1 / within(times, 1, MOST);
    const ofX = within((x - this.seen[0]) / this.seen[2], 0, 1), ofY = within((y - this.seen[1]) / this.seen[3], 0, 1);
    this.look(x - ofX * side, y - ofY * side, side);
  }

  /** @param {number} x @param {number} y @param {number} side */
  look(x, y, side) {
    this.seen = [within(x, 0, 1 - side), within(y, 0, 1 - side), side, side];
    this.draw();
    this.changed();
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {[number, number]} the place of the frame */
  at(event) {
    const there = this.canvas.getBoundingClientRect();
    return [
      this.seen[0] + ((event.clientX - there.left) / there.width) * this.seen[2],
      this.seen[1] + ((event.clientY - there.top) / there.height) * this.seen[3],
    ];
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button > 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y } = event;
    this.fingers.set(event.pointerId, { x, y, startX: x, startY: y });
    clearTimeout(this.timer);
    this.tapping = this.fingers.size === 1;
    if (this.tapping) {
      this.timer = setTimeout(() => {
        this.tapping = false;
        this.pressed(...this.at(event));
      }, LONG_MS);
    }
  }

  /** @param {PointerEvent} event */
  move(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    const before = [...this.fingers.values()].map(({ x, y }) => ({ x, y }));
    finger.x = event.clientX;
    finger.y = event.clientY;
    if (Math.hypot(finger.x - finger.startX, finger.y - finger.startY) > STILL_PX) {
      clearTimeout(this.timer);
      if (this.tapping && this.times > 1) this.slide(before[0], finger);
      else if (this.fingers.size === 1 && this.times > 1) this.slide(before[0], finger);
      this.tapping = false;
    }
    if (this.fingers.size === 2) this.pinch(before, [...this.fingers.values()]);
  }

  /**
   * @param {{ x: number, y: number }} from
   * @param {{ x: number, y: number }} to
   */
  slide(from, to) {
    const { width, height } = this.canvas.getBoundingClientRect();
    const [left, top, side] = this.seen;
    this.look(left - ((to.x - from.x) / width) * side, top - ((to.y - from.y) / height) * side, side);
  }

  /**
   * @param {{ x: number, y: number }[]} from
   * @param {{ x: number, y: number }[]} to
   */
  pinch([a, b], [c, d]) {
    const grown = Math.hypot(c.x - d.x, c.y - d.y) / Math.max(Math.hypot(a.x - b.x, a.y - b.y), 1);
    const middle = this.at({ clientX: (c.x + d.x) / 2, clientY: (c.y + d.y) / 2 });
    this.magnify(this.times * grown, ...middle);
    this.slide({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 });
  }

  /** @param {PointerEvent} event @param {boolean} [cancelled] */
  up(event, cancelled = false) {
    clearTimeout(this.timer);
    if (!this.fingers.delete(event.pointerId) || !this.tapping || cancelled) return;
    this.tapping = false;
    this.centre(...this.at(event));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    this.magnify(this.times * Math.exp(-event.deltaY / 400), ...this.at(event));
  }

  /** @param {number} x @param {number} y */
  centre(x, y) {
    const [w, h] = this.whole ? [SPOT, SPOT] : [this.region[2], this.region[3]];
    const region = /** @type {Box} */ ([within(x - w / 2, 0, 1 - w), within(y - h / 2, 0, 1 - h), w, h]);
    this.region = region;
    this.whole = false;
    this.wished = performance.now();
    this.draw();
    this.moved(region);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const [x, y, w, h] = this.region;
    const middle = [x + w / 2, y + h / 2];
    const step = { ArrowLeft: [-w, 0], ArrowRight: [w, 0], ArrowUp: [0, -h], ArrowDown: [0, h] }[event.key];
    if (step) this.centre(middle[0] + step[0] / 4, middle[1] + step[1] / 4);
    else if (event.key === "+" || event.key === "=") this.magnify(this.times * 1.5);
    else if (event.key === "-") this.magnify(this.times / 1.5);
    else if (event.key === "Enter") this.pressed(middle[0], middle[1]);
    else return;
    event.preventDefault();
  }
}
