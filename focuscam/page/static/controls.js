/* What can be touched: each control does its own thing, or is grey and says why not. */

import { part } from "./kinds.js";

const LABELS = /** @type {Record<string, string>} */ ({
  capture: "Still now", forget: "Forget best", lock: "Lock exposure", autofocus: "Autofocus", zoom: "Camera zoom",
  release: "Release camera", resume: "Take the camera back", threshold: "Threshold", region: "Region", vibrate: "Vibrate",
});
const TOAST_MS = 5000;
const OWN_MS = 1000; // for so long a slider says what a finger made of it, not what the last reading says

export class Controls {
  /** @param {import("./connection.js").Connection} connection */
  constructor(connection) {
    this.connection = connection;
    this.toast = part("toast", HTMLElement);
    this.threshold = part("threshold", HTMLInputElement);
    this.limit = part("limit", HTMLOutputElement);
    this.timer = 0;
    this.touched = 0;
    this.listed = "";
    /** @type {Record<string, string | null>} */
    this.can = {};
    /** @type {import("./kinds.js").Reading | null} */
    this.reading = null;
    this.released = false;
    for (const name of ["capture", "forget"]) this.on(name, () => this.order(name));
    this.on("lock", () => this.order("lock", !this.reading?.locked));
    this.on("autofocus", () => {
      const lens = this.reading?.lens;
      this.order("autofocus", lens && (lens.searching || lens.continuous) ? "stop" : "once");
    });
    this.on("zoom", () => this.zoom());
    this.on("release", () => this.order(this.released ? "resume" : "release"));
    this.on("back", () => this.order("resume"));
    this.threshold.addEventListener("input", () => {
      this.touched = performance.now();
      this.limit.value = Number(this.threshold.value).toFixed(2);
    });
    this.threshold.addEventListener("change", () => this.order("threshold", Number(this.threshold.value)));
  }

  /** @param {string} id @param {() => void} act */
  on(id, act) {
    part(id, HTMLButtonElement).addEventListener("click", act);
  }

  /** @param {string} id @param {(on: boolean) => unknown} set false, or a promise of it: it did not come true */
  toggle(id, set) {
    const button = part(id, HTMLButtonElement);
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return this.say(this.can[id] ?? "");
      const on = button.getAttribute("aria-pressed") !== "true";
      press(button, on);
      const is = await set(on);
      if (on && is === false) press(button, false);
    });
  }

  /** @param {string} command @param {unknown} [value] */
  async order(command, value = null) {
    const why = this.can[command] || (await this.connection.order(command, value));
    if (why) this.say(why);
  }

  /** Magnify in the camera: twice, four times, and back. */
  zoom() {
    const zoom = this.reading?.zoom ?? 1;
    return this.order("zoom", zoom < 1.5 ? 2 : zoom < 3 ? 4 : 1);
  }

  /** @param {string} sentence */
  say(sentence) {
    this.toast.textContent = sentence;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.toast.textContent = ""; }, TOAST_MS);
  }

  /** @param {import("./kinds.js").Reading} reading */
  read(reading) {
    this.reading = reading;
    press(part("lock", HTMLElement), reading.locked);
    press(part("zoom", HTMLElement), reading.zoom > 1.01);
    press(part("autofocus", HTMLElement), Boolean(reading.lens?.searching || reading.lens?.continuous));
    if (performance.now() - this.touched > OWN_MS) {
      this.threshold.value = String(reading.threshold);
      this.limit.value = reading.threshold.toFixed(2);
    }
  }

  /**
   * @param {Record<string, string | null>} can null, or why not
   * @param {boolean} released
   */
  allow(can, released) {
    this.can = can;
    this.released = released;
    const release = part("release", HTMLElement);
    press(release, released);
    release.textContent = LABELS[released ? "resume" : "release"];
    /** @type {Map<string, string[]>} */
    const reasons = new Map();
    for (const [command, why] of Object.entries(can)) {
      const id = command === "resume" ? (released ? "release" : "") : command === "release" && released ? "" : command;
      const control = id ? document.getElementById(id) : null;
      if (control) control.setAttribute("aria-disabled", String(Boolean(why)));
      if (why && (id || command === "region")) reasons.set(why, [...(reasons.get(why) ?? []), LABELS[command] ?? command]);
    }
    const key = JSON.stringify([...reasons]);
    if (key === this.listed) return;
    this.listed = key;
    part("reasons", HTMLElement).replaceChildren(...[...reasons].map(([why, names]) => {
      const item = document.createElement("li"), name = document.createElement("b");
      name.textContent = `${names.join(", ")}: `;
      item.append(name, why);
      return item;
    }));
  }
}

/** @param {HTMLElement} button @param {boolean} on */
export function press(button, on) {
  button.setAttribute("aria-pressed", String(on));
}
