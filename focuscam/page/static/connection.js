/* The one WebSocket: made again whenever it is lost, and known to be lost when nothing comes. */

const SILENCE_MS = 3500; // the server says something every second
const AGAIN_MS = 1000;

/**
 * @typedef {object} Listener
 * @property {(message: any) => void} said
 * @property {(box: import("./kinds.js").Box, jpeg: Blob) => Promise<void>} picture resolves once it is on the screen
 * @property {() => void} open
 * @property {(why: string) => void} lost
 */

export class Connection {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.heard = 0;
    this.ids = 0;
    this.failures = 0;
    this.due = 0;
    /** @type {Map<number, (why: string | null) => void>} */
    this.asked = new Map();
    setInterval(() => this.look(), 250);
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    addEventListener("online", () => this.look());
    this.join();
  }

  join() {
    const socket = new WebSocket(`ws://${location.host}/live`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heard = Date.now();
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.failures = 0;
      this.listener.open();
    };
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.heard = Date.now();
      if (typeof event.data === "string") this.take(JSON.parse(event.data));
      else this.show(socket, event.data);
    };
    socket.onclose = () => {
      if (socket !== this.socket) return;
      if (!opened) this.refused();
      this.leave("The connection is lost; trying again.");
    };
  }

  /** Nobody let us in: without the right key the way in is shown. */
  async refused() {
    this.failures += 1;
    if (this.failures % 3 !== 0) return;
    const answer = await fetch("/").catch(() => null);
    if (answer && answer.status === 401) location.reload();
  }

  look() {
    const now = Date.now();
    if (this.socket === null) {
      if (now >= this.due) this.join();
    } else if (now - this.heard > SILENCE_MS) {
      this.socket.close();
      this.leave("The connection is lost; trying again.");
    }
  }

  /** @param {string} why */
  leave(why) {
    this.socket = null;
    this.due = Date.now() + AGAIN_MS;
    for (const answered of this.asked.values()) answered(why);
    this.asked.clear();
    this.listener.lost(why);
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "answer" && this.asked.has(message.id)) {
      this.asked.get(message.id)?.(message.ok ? null : message.why);
      this.asked.delete(message.id);
    } else {
      this.listener.said(message);
    }
  }

  /** @param {WebSocket} socket @param {ArrayBuffer} data */
  async show(socket, data) {
    const length = new DataView(data).getUint16(0, true);
    const told = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 2, length)));
    await this.listener.picture(told.box, new Blob([new Uint8Array(data, 2 + length)], { type: "image/jpeg" }));
    if (socket.readyState === WebSocket.OPEN) socket.send('{"do":"took"}');
  }

  /** @param {object} look */
  say(look) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(look));
  }

  /**
   * Let the daemon do something; null, or why it does not.
   * @param {string} command
   * @param {unknown} [value]
   * @returns {Promise<string | null>}
   */
  order(command, value = null) {
    if (this.socket?.readyState !== WebSocket.OPEN) return Promise.resolve("There is no connection just now.");
    this.ids += 1;
    const id = this.ids;
    this.say({ do: command, id, value });
    return new Promise((answered) => this.asked.set(id, answered));
  }
}
