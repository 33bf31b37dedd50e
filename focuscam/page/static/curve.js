/* The score of the last seconds, with the threshold, the light and the best marked. */

import { brush } from "./kinds.js";

export class Curve {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.seconds = 20;
    /** @type {{ at: number, score: number | null, lit: boolean }[]} */
    this.points = [];
    this.threshold = 0.5;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** @param {import("./kinds.js").Reading} reading */
  add(reading) {
    const at = performance.now() / 1000;
    this.points.push({ at, score: reading.score, lit: reading.light === "on" });
    while (this.points[0].at < at - this.seconds) this.points.shift();
    this.threshold = reading.threshold;
    if (!document.hidden) this.draw();
  }

  draw() {
    const { draw, width, height } = brush(this.canvas);
    const style = getComputedStyle(this.canvas);
    const ink = style.color, green = style.getPropertyValue("--green"), line = style.getPropertyValue("--soft");
    const now = performance.now() / 1000, edge = 8;
    /** @param {number} at */
    const across = (at) => width - edge - ((now - at) / this.seconds) * (width - 2 * edge);
    /** @param {number} score */
    const up = (score) => height - edge - score * (height - 2 * edge);
    draw.clearRect(0, 0, width, height);
    draw.fillStyle = green;
    draw.globalAlpha = 0.35;
    for (let i = 1, from = 0; i < this.points.length; i += 1) {
      if (!this.points[i].lit) continue;
      if (!this.points[i - 1].lit) from = i;
      if (!this.points[i + 1]?.lit) draw.fillRect(across(this.points[from].at), 0, across(this.points[i].at) - across(this.points[from].at) + 2, height);
    }
    draw.globalAlpha = 1;
    draw.strokeStyle = line;
    draw.setLineDash([5, 5]);
    draw.lineWidth = 1.5;
    draw.beginPath();
    draw.moveTo(0, up(this.threshold));
    draw.lineTo(width, up(this.threshold));
    draw.stroke();
    draw.setLineDash([]);
    draw.strokeStyle = ink;
    draw.lineWidth = 3;
    draw.lineJoin = "round";
    draw.beginPath();
    let drawing = false;
    for (const { at, score } of this.points) {
      if (score !== null) draw[drawing ? "lineTo" : "moveTo"](across(at), up(score));
      drawing = score !== null;
    }
    draw.stroke();
    this.mark(draw, across, up, ink);
  }

  /**
   * @param {CanvasRenderingContext2D} draw
   * @param {(at: number) => number} across
   * @param {(score: number) => number} up
   * @param {string} ink
   */
  mark(draw, across, up, ink) {
    let best = null;
    for (const point of this.points) if (point.score !== null && point.score >= (best?.score ?? -1)) best = point;
    if (best === null || best.score === null) return;
    draw.beginPath();
    draw.arc(across(best.at), up(best.score), 6, 0, 2 * Math.PI);
    draw.fillStyle = "#00c853";
    draw.fill();
    draw.lineWidth = 2;
    draw.strokeStyle = ink;
    draw.stroke();
  }
}
