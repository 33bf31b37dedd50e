/* The page: joins what comes over the connection with what is shown, heard and touched. */

import { Connection } from "./connection.js";
import { Controls } from "./controls.js";
import { Curve } from "./curve.js";
import { part } from "./kinds.js";
import { PictureView } from "./picture.js";
import { Awake, Senses } from "./senses.js";
import { Stills } from "./stills.js";

const SPOKEN_MS = 1500;

const words = part("words", HTMLElement), veil = part("veil", HTMLElement), why = part("why", HTMLElement);
const back = part("back", HTMLButtonElement), more = part("more", HTMLElement);
const magnify = part("magnify", HTMLInputElement), magnified = part("magnified", HTMLOutputElement);
const scale = part("scale", HTMLElement), spoken = part("spoken", HTMLElement);

const senses = new Senses(), awake = new Awake(), stills = new Stills();
const curve = new Curve(part("curve", HTMLCanvasElement));

/** @type {import("./kinds.js").Reading | null} the last one, while it is of the present */
let reading = null;
/** @type {import("./kinds.js").State | null} */
let state = null;
let lost = "Connecting …", full = "", stale = 0, said = "", saidAt = 0, looked = "", pictures = 0, rate = 0;

const connection = new Connection({
  open: () => { looked = ""; look(); },
  lost: (sentence) => { lost = full || sentence; forget(); },
  picture: (box, jpeg) => { pictures += 1; return view.show(box, jpeg); },
  said: (message) => {
    lost = "";
    if (message.type === "reading") read(message);
    else if (message.type === "state") stand(message);
    else if (message.type === "map") view.map = message.score;
    else if (message.type === "notice" || message.type === "answer") controls.say(message.text ?? message.why);
    else if (message.type === "full") full = lost = message.why;
    else if (message.type === "hello") {
      full = "";
      curve.seconds = message.seconds;
      senses.longest = message.longest;
      senses.reached = message.reached;
    }
    show();
  },
});
const controls = new Controls(connection);
const view = new PictureView(
  part("picture", HTMLCanvasElement),
  (region) => controls.order("region", region.map((side) => (Math.floor(side * 1e4) / 1e4).toFixed(4)).join(",")),
  async (x, y) => {
    if (!controls.can.zoom && (reading?.zoom ?? 1) < 1.01) view.centre(x, y);
    await controls.zoom();
  },
  () => look(),
);

/** Tell what can be seen here just now. */
function look() {
  const times = view.times;
  magnified.value = `${times.toFixed(times % 1 > 0.05 ? 1 : 0)}×`;
  if (document.activeElement !== magnify || Math.abs(Number(magnify.value) - times) > 0.5) magnify.value = String(times);
  const seen = { do: "look", pictures: !document.hidden, box: view.seen.map((side) => Math.floor(side * 1e4) / 1e4),
    width: view.pixels, map: view.tint, quick: !document.hidden || senses.sound || senses.vibration };
  const text = JSON.stringify(seen);
  if (text !== looked) connection.say(seen);
  looked = text;
}

/** @param {import("./kinds.js").Reading} message */
function read(message) {
  reading = message;
  clearTimeout(stale);
  stale = setTimeout(() => { forget(); show(); }, message.lasts * 1000);
  view.read(message);
  curve.add(message);
  controls.read(message);
  senses.read(message);
}

/** @param {import("./kinds.js").State} message */
function stand(message) {
  state = message;
  if (!message.there || message.released) forget();
  controls.allow({ ...message.can, ...(senses.canVibrate ? {} : { vibrate: "This browser can't vibrate." }) }, message.released);
  stills.show(message.stills);
  rate = 0.7 * rate + 0.3 * pictures;
  pictures = 0;
}

/** What was is no more: no light, no sound, no picture that could be taken for one of now. */
function forget() {
  clearTimeout(stale);
  reading = null;
  senses.read(null);
  view.clear();
  show();
}

/** Why nothing is seen; empty where it is. */
function trouble() {
  if (lost) return lost;
  if (state && !state.there) return state.why ?? "The daemon is away.";
  if (state?.released) return "The camera is released: other programs may have it.";
  return reading ? "" : "No picture comes from the camera.";
}

function show() {
  const trouble_ = trouble();
  const light = trouble_ ? (!lost && state?.released ? "released" : "none") : reading?.light ?? "none";
  document.body.dataset.light = light;
  veil.hidden = !trouble_;
  why.textContent = trouble_;
  back.hidden = Boolean(lost) || !state?.released || Boolean(state?.can.resume);
  const told = trouble_ ? (lost || !state?.there ? "away" : state.released ? "released" : "no picture") : reading?.words || light;
  if (words.textContent !== told) words.textContent = told;
  part("score", HTMLElement).textContent = reading?.score == null ? "–" : reading.score.toFixed(2);
  part("best", HTMLElement).textContent = reading?.best == null ? "–" : reading.best.toFixed(2);
  part("blur", HTMLElement).textContent = reading?.blur_px == null ? "–" : reading.blur_px.toFixed(1);
  const zoom = reading?.zoom ?? 1, times = view.times;
  scale.hidden = times < 1.01 && zoom < 1.01;
  scale.textContent = [times > 1.01 ? `${times.toFixed(1)}×` : "", zoom > 1.01 ? `camera ${zoom.toFixed(1)}×` : ""].filter(Boolean).join(", ");
  more.textContent = reading ? [
    reading.fps ? `${reading.fps.toFixed(0)} frames, ${rate.toFixed(0)} pictures a second` : "",
    state?.delay != null ? `seen ${Math.round(state.delay * 1000)} ms after the exposure` : "",
  ].filter(Boolean).join("; ") : "";
  speak(trouble_ || (light === "on" ? `In focus: ${told}` : told));
}

/** Let a screen reader say it; not faster than anybody could listen. @param {string} sentence */
function speak(sentence) {
  const now = performance.now();
  if (sentence === said || now - saidAt < SPOKEN_MS) return;
  said = sentence;
  saidAt = now;
  spoken.textContent = sentence;
}

magnify.addEventListener("input", () => view.magnify(Number(magnify.value)));
controls.toggle("tint", (on) => { view.tint = on; view.map = null; view.draw(); look(); });
controls.toggle("sound", (on) => { senses.setSound(on); look(); });
controls.toggle("vibrate", (on) => { senses.setVibration(on); look(); });
controls.toggle("awake", async (on) => {
  const is = await awake.set(on);
  if (on && !is) controls.say("This browser does not let the page keep the screen awake.");
  return is;
});
document.addEventListener("visibilitychange", look);
if (location.hash) history.replaceState(null, "", "/");
